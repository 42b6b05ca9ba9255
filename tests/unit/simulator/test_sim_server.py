# Copyright: cloudwait.jobs contributors
# GNU General Public License v3.0 or later (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The server around the cloud: control API, record, base path, TLS, command line."""

from __future__ import annotations

import datetime as dt
import ipaddress
import os
import signal
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
import requests
from ansible_collections.cloudwait.jobs.tests.simulator import Cloud, ManualClock, credentials, running
from ansible_collections.cloudwait.jobs.tests.simulator.cli import main
from ansible_collections.cloudwait.jobs.tests.simulator.control import ACTIONS
from ansible_collections.cloudwait.jobs.tests.simulator.faults import KINDS
from ansible_collections.cloudwait.jobs.tests.simulator.script import KINDS as KEYS
from ansible_collections.cloudwait.jobs.tests.unit.simulator.asking import job_target
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec

SIMULATOR = Path(__file__).resolve().parents[2] / "simulator"
SAMPLE = job_target("ims", "ff8080814dbd65d7014dbe0d84db0013")
HEADERS = {"X-Auth-Token": credentials.TOKEN}


def control(cloud: Cloud, method: str, name: str, data: Any = None) -> Any:
    """Call the control API and return its answer."""
    response = requests.request(method, f"{cloud.url}/_control/{name}", json=data, timeout=10)
    assert response.status_code == 200, response.text
    return response.json()


def test_a_story_over_http(served: Cloud) -> None:
    answer = control(served, "POST", "jobs", {"script": "phone-reset", "count": 2})
    job_id = answer["jobs"][0]["job_id"]
    jobs = [job for job in control(served, "GET", "jobs") if not job["script"].startswith("sample-")]
    assert {job["job_id"]: job["state"] for job in jobs} == {job["job_id"]: "running" for job in answer["jobs"]}
    control(served, "POST", "faults", [{"kind": "throttle"}, {"kind": "reset", "service": "dws"}])
    url = served.url + job_target("cph", job_id)
    assert [requests.get(url, headers=HEADERS, timeout=10).status_code for _request in range(2)] == [429, 200]
    assert [fault["hits"] for fault in control(served, "GET", "faults")] == [1, 0]
    assert control(served, "DELETE", "faults") == []
    assert control(served, "POST", "clock", {"seconds": 6}) == {"now": 6}
    assert requests.get(url, headers=HEADERS, timeout=10).json()["status"] == 2

    first, _second, third = control(served, "GET", f"requests?service=cph&job_id={job_id}")
    assert (first["status"], first["fault"], first["time"], third["time"]) == (429, "throttle", 0, 6)
    assert (first["method"], first["headers"]["X-Auth-Token"]) == ("GET", credentials.TOKEN)
    assert len(control(served, "GET", "requests?after=2")) == 1
    assert control(served, "GET", "requests?operation=list_jobs") == []
    assert control(served, "GET", "counts") == {
        "total": 3,
        "services": {"cph": 3},
        "operations": {"cph.show_job": 3},
        "statuses": {"429": 1, "200": 2},
        "jobs": {job_id: 3},
        "logins": 0,
        "throttled": 0,
    }
    assert control(served, "DELETE", "requests")["total"] == 0
    control(served, "POST", "reset")
    assert requests.get(url, headers=HEADERS, timeout=10).status_code == 400


def test_settings_and_tokens(served: Cloud) -> None:
    assert control(served, "GET", "settings") == {"skew": 0, "rate": None, "token_lifetime": 86400}
    changed = {"skew": 60, "rate": 1, "token_lifetime": 5}
    assert control(served, "POST", "settings", changed) == changed
    url = served.url + SAMPLE
    assert [requests.get(url, headers=HEADERS, timeout=10).status_code for _request in range(2)] == [200, 429]
    assert control(served, "POST", "settings", {"rate": None})["rate"] is None
    assert control(served, "POST", "tokens/revoke", {"token": "nobody's"})["valid"] == [credentials.TOKEN]
    assert control(served, "POST", "tokens/revoke")["valid"] == []
    assert requests.get(url, headers=HEADERS, timeout=10).status_code == 401


def test_start_page_lists_every_call(served: Cloud) -> None:
    page = control(served, "GET", "")
    assert len(page["calls"]) == len(ACTIONS)
    assert any(credentials.SECRET_KEY in line for line in page["credentials"])
    assert control(served, "GET", "scripts")["phone-reset"] == "cph"


@pytest.mark.parametrize(
    ("method", "name", "data"),
    [
        ("POST", "jobs", b"{"),
        ("POST", "jobs", b"[]"),
        ("POST", "jobs", b'{"script": "nobody"}'),
        ("POST", "jobs", b'{"script": "phone-reset", "self": 1}'),
        ("POST", "faults", b'{"kind": "nobody"}'),
        ("POST", "faults", b"\xff"),
        ("POST", "settings", b'{"speed": 5}'),
        ("POST", "settings", b'{"skew": "much"}'),
        ("POST", "settings", b"[1]"),
        ("POST", "clock", b'{"seconds": -1}'),
        ("POST", "clock", b"{}"),
        ("POST", "tokens/revoke", b"[1]"),
        ("GET", "requests?after=x", b""),
    ],
)
def test_control_calls_that_cannot_be_carried_out(served: Cloud, method: str, name: str, data: bytes) -> None:
    response = requests.request(method, f"{served.url}/_control/{name}", data=data, timeout=10)
    assert (response.status_code, set(response.json())) == (400, {"error"})
    assert response.json()["error"].endswith(".")


def test_control_knows_its_calls(served: Cloud) -> None:
    assert requests.get(f"{served.url}/_control/nothing", timeout=10).status_code == 404


def test_a_real_clock_cannot_be_moved() -> None:
    with running(Cloud()) as cloud:
        response = requests.post(f"{cloud.url}/_control/clock", json={"seconds": 1}, timeout=10)
    assert response.status_code == 400


def test_base_path(clock: ManualClock) -> None:
    with running(Cloud(clock=clock, base_path="gate/way/")) as cloud:
        assert cloud.url.endswith("/gate/way")
        assert requests.get(cloud.url + SAMPLE, headers=HEADERS, timeout=10).status_code == 200
        outside = cloud.url.removesuffix("/gate/way")
        assert requests.get(outside + SAMPLE, headers=HEADERS, timeout=10).json()["error_code"] == "APIGW.0101"
        assert requests.get(cloud.url + "x" + SAMPLE, headers=HEADERS, timeout=10).status_code == 404
        for root in ("", "/"):
            assert requests.post(cloud.url + root, data={"Action": ""}, timeout=10).json()["RetCode"] == 160
        assert control(cloud, "GET", "counts")["total"] == 5


def test_one_connection_serves_many_requests(served: Cloud) -> None:
    with requests.Session() as session:
        session.headers.update(HEADERS)
        answers = [session.get(served.url + SAMPLE, timeout=10).status_code for _request in range(20)]
    assert answers == [200] * 20
    assert [request.number for request in served.requests] == list(range(1, 21))


@pytest.fixture
def certificate(tmp_path: Path) -> tuple[Path, Path]:
    """A certificate for 127.0.0.1 that signs itself, and its key."""
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(x509.NameOID.COMMON_NAME, "embedded cloud")])
    now = dt.datetime.now(dt.UTC)
    made = (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(name)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(now - dt.timedelta(hours=1))
        .not_valid_after(now + dt.timedelta(hours=1))
        .add_extension(x509.SubjectAlternativeName([x509.IPAddress(ipaddress.ip_address("127.0.0.1"))]), critical=False)
        .sign(key, hashes.SHA256())
    )
    encoding = serialization.Encoding.PEM
    text = key.private_bytes(encoding, serialization.PrivateFormat.PKCS8, serialization.NoEncryption())
    (tmp_path / "cert.pem").write_bytes(made.public_bytes(encoding))
    (tmp_path / "key.pem").write_bytes(text)
    return tmp_path / "cert.pem", tmp_path / "key.pem"


def test_tls(cloud: Cloud, certificate: tuple[Path, Path]) -> None:
    with running(cloud, tls=certificate):
        assert cloud.url.startswith("https://127.0.0.1:")
        with pytest.raises(requests.exceptions.SSLError):
            requests.get(cloud.url + SAMPLE, headers=HEADERS, timeout=10)
        verify = str(certificate[0])
        assert requests.get(cloud.url + SAMPLE, headers=HEADERS, timeout=10, verify=verify).status_code == 200
        for kind in ("reset", "cut"):
            cloud.fault(kind)
            with pytest.raises(requests.RequestException):
                requests.get(cloud.url + SAMPLE, headers=HEADERS, timeout=10, verify=verify)


def command(*arguments: str, cwd: Path) -> list[str]:
    """Return the command line; it is run from elsewhere, as a playbook's would be."""
    assert cwd != SIMULATOR
    return [sys.executable, str(SIMULATOR), *arguments]


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGINT])
def test_command_line(tmp_path: Path, number: signal.Signals) -> None:
    jobs = tmp_path / "jobs.yml"
    jobs.write_text(
        "scripts: {mine: {provider: ims, states: {0: failed}}}\n"
        "jobs: [{script: mine, job_id: one}, {script: dws-runs, job_id: two}]\n"
    )
    arguments = command("--base-path", "/x", "--jobs", str(jobs), cwd=tmp_path)
    # Deprecation warnings and leaked sockets show on standard error, which must stay empty.
    environment = {**os.environ, "PYTHONDEVMODE": "1"}
    with subprocess.Popen(
        arguments, cwd=tmp_path, env=environment, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True
    ) as process:
        assert process.stdout is not None
        url = process.stdout.readline().strip()
        assert url.endswith("/x")
        for provider, job_id, status in (("ims", "one", "FAIL"), ("dws", "two", "RUNNING")):
            answer = requests.get(url + job_target(provider, job_id), headers=HEADERS, timeout=10)
            assert answer.json()["status"] == status
        process.send_signal(number)
        rest, errors = process.communicate(timeout=10)
    assert (process.returncode, rest, errors) == (0, "", "")


@pytest.mark.parametrize(
    ("arguments", "says"),
    [
        (["--speed", "0"], "speed must be above 0"),
        (["--jobs", "missing.yml"], "missing.yml"),
        (["--jobs", "broken.yml"], "is not YAML"),
        (["--jobs", "list.yml"], "must be a mapping with the keys scripts and jobs"),
        (["--jobs", "unknown.yml"], "There is no script 'nobody'"),
        (["--jobs", "nameless.yml"], "must be a mapping with the key script"),
        (["--tls", "missing.pem", "missing.pem"], "No such file"),
        (["--port", "70000"], "port"),
    ],
)
def test_command_line_says_why_it_cannot_start(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch, arguments: list[str], says: str
) -> None:
    texts = {"broken": "[", "list": "[]", "unknown": "jobs: [{script: nobody}]", "nameless": "jobs: [x]"}
    for name, text in texts.items():
        (tmp_path / f"{name}.yml").write_text(text)
    monkeypatch.chdir(tmp_path)
    assert main(arguments) == 2
    output = capsys.readouterr()
    assert output.out == ""
    assert output.err.startswith("The embedded cloud cannot start: ")
    assert says in output.err


def test_an_interpreter_without_the_libraries_gets_a_sentence(tmp_path: Path) -> None:
    # -S leaves out what is installed
    command = [sys.executable, "-SB", str(SIMULATOR)]
    ended = subprocess.run(command, cwd=tmp_path, env={}, capture_output=True, text=True, timeout=30, check=False)
    assert ended.returncode == 1
    assert ended.stderr.startswith("The embedded cloud needs ")
    assert ended.stderr.count("\n") == 1


def test_help_names_the_credentials(capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit):
        main(["--help"])
    text = capsys.readouterr().out
    assert all(value in text for value in (credentials.TOKEN, credentials.SECRET_KEY, credentials.UCLOUD_PRIVATE_KEY))


def test_readme_documents_every_kind_key_and_call() -> None:
    text = (SIMULATOR / "README.md").read_text(encoding="utf-8")
    words = [f"`{kind}`" for kind in KINDS] + [name for _method, name in ACTIONS]
    undocumented = [word for word in words if word not in text]
    undocumented += [key for key in KEYS if f"`{key}`" not in text and f"{key}:" not in text]
    assert undocumented == []
