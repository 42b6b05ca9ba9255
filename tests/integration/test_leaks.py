# Copyright: cloudwait.jobs contributors
# GNU General Public License v3.0 or later (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Nothing that is secret comes out anywhere, however much Ansible is asked to tell, and whatever a service quotes."""

from __future__ import annotations

import base64
import json
import re
from collections.abc import Mapping
from typing import TYPE_CHECKING, Any
from urllib.parse import parse_qsl, quote, quote_plus

import pytest
from simulator import credentials

if TYPE_CHECKING:
    from ansible_collections.cloudwait.jobs.tests.integration.conftest import Played, Player
    from simulator.cloud import Cloud

MASK = "********"
# Every way to sign in, by the options that a task gives.
WAYS: dict[str, dict[str, str]] = {
    "token": {"token": credentials.TOKEN},
    "password": {
        "username": credentials.USER,
        "password": credentials.PASSWORD,
        "user_domain_name": credentials.DOMAIN,
    },
    "keys": {"access_key": credentials.ACCESS_KEY, "secret_key": credentials.SECRET_KEY},
    "temporary": {
        "access_key": credentials.TEMPORARY_ACCESS_KEY,
        "secret_key": credentials.TEMPORARY_SECRET_KEY,
        "security_token": credentials.SECURITY_TOKEN,
    },
    "ucloud": {"public_key": credentials.UCLOUD_PUBLIC_KEY, "private_key": credentials.UCLOUD_PRIVATE_KEY},
    "ucloud_temporary": {
        "public_key": credentials.UCLOUD_TEMPORARY_PUBLIC_KEY,
        "private_key": credentials.UCLOUD_TEMPORARY_PRIVATE_KEY,
        "security_token": credentials.UCLOUD_SECURITY_TOKEN,
    },
}
# Where a module runs as a module, Ansible itself tells the arguments of every module: at ANSIBLE_DEBUG, within the
# commands that it executes (`environment`), and in the files that it makes.
TOLD_BY_ANSIBLE = re.compile(r"^.*(?:done with _execute_module \(|EXEC /bin/sh -c ).*$", re.MULTILINE)
MADE_BY_ANSIBLE = re.compile(r"remote/ansible-tmp-[^/]+/AnsiballZ_\w+_job_info\.py")
NOT_SECRET = {credentials.USER, credentials.DOMAIN}
GIVEN = sorted({value for options in WAYS.values() for value in options.values()} - NOT_SECRET)


def spellings(secret: str) -> set[str]:
    """A secret as it may be written: plain, percent-encoded, in base64, within JSON."""
    coded = base64.b64encode(secret.encode()).decode()
    return {secret, quote(secret, safe=""), quote_plus(secret), coded.rstrip("="), json.dumps(secret)[1:-1]}


def found(text: str, secrets: list[str]) -> list[str]:
    """The secrets that a text holds in any spelling."""
    return [secret for secret in secrets if any(spelt in text for spelt in spellings(secret))]


def obtained(cloud: Cloud) -> list[str]:
    """What came into being on the way: tokens that were issued, and the signature of every request."""
    tokens = [value for value in cloud.tokens.values() if value != credentials.TOKEN]
    signatures = [request.headers["Authorization"] for request in cloud.requests if "Authorization" in request.headers]
    forms = [dict(parse_qsl(request.body)) for request in cloud.requests if request.service == "uphone"]
    return [
        *tokens,
        *(signature.rpartition("Signature=")[2] for signature in signatures),
        *(form["Signature"] for form in forms),
    ]


def module_of(way: str) -> tuple[str, str]:
    """The module that signs in that way, and its service."""
    return ("uphone_job_info", "uphone") if way.startswith("ucloud") else ("ims_job_info", "ims")


def options_of(way: str) -> dict[str, str]:
    """Options without the secrets themselves, since Ansible shows lines of a playbook whose task fails."""
    return {name: f"{{{{ ways['{way}']['{name}'] }}}}" for name in WAYS[way]}


def secrets_file(play: Player, **variables: Any) -> str:
    """Put variables into a file, and return the argument that reads them from there."""
    path = play.folder / "secrets.json"
    path.write_text(json.dumps(variables), encoding="utf-8")
    return f"--extra-vars=@{path}"


def tasks_for(cloud: Cloud, way: str) -> list[dict[str, Any]]:
    """A wait that succeeds; one that is refused in words that quote the credentials; a job that quotes them."""
    module, service = module_of(way)
    quoted = f"I was asked with {' and '.join(sorted({*WAYS[way].values()} - NOT_SECRET))}."
    message = {"Message": quoted} if service == "uphone" else {"fail_reason": quoted}
    submitted = {
        "waits": cloud.submit({"provider": service, "states": {0: "running", 0.3: "succeeded"}}),
        "quotes": cloud.submit({"provider": service, "states": {0: "failed"}, "fields": message}),
    }
    ids = {name: str(answer.get("job_id") or answer.get("JobId")) for name, answer in submitted.items()}
    ids["refused"] = f"refused-{way}"
    for status in (401, 403):
        cloud.fault("echo", service=service, job_id=ids["refused"], status=status, times=1 if status == 401 else None)
    return [
        {
            "name": f"{way} {name}",
            f"cloudwait.jobs.{module}": {**options_of(way), "job_ids": [job_id], "until": "succeeded", "interval": 0.1},
            "ignore_errors": True,
        }
        for name, job_id in ids.items()
    ]


@pytest.fixture
def huaweicloud(cloud: Cloud) -> dict[str, Any]:
    """No credentials beside those of each task."""
    return {
        "endpoint": cloud.url,
        "auth_url": cloud.url,
        "region": credentials.REGION,
        "project_id": credentials.PROJECT_ID,
    }


@pytest.fixture
def ucloud(cloud: Cloud) -> dict[str, Any]:
    """No credentials beside those of each task."""
    return {"endpoint": cloud.url, "region": credentials.UCLOUD_REGION, "project_id": credentials.UCLOUD_PROJECT_ID}


def play_all(play: Player, cloud: Cloud, connection: str) -> tuple[Played, dict[str, str]]:
    """Play every task of every login, told in full; what was played, and every text that came out, by its place."""
    # IAM refuses the first login in words that quote the password.
    spelt = " ".join(sorted(spellings(credentials.PASSWORD)))
    cloud.fault("error", service="iam", code="x", status=401, message=f"There is no {credentials.USER} with {spelt}.")
    refused = {
        "name": "password unknown",
        "cloudwait.jobs.ims_job_info": {**options_of("password"), "job_ids": ["a"], "until": "succeeded"},
        "ignore_errors": True,
    }
    folders = {name: play.folder / name for name in ("remote", "tmp")}
    for folder in folders.values():
        folder.mkdir()
    log = play.folder / "ansible.log"
    played = play(
        [refused, *(task for way in WAYS for task in tasks_for(cloud, way))],
        environment={
            "ANSIBLE_DEBUG": "true",
            "ANSIBLE_LOG_PATH": str(log),
            "ANSIBLE_KEEP_REMOTE_FILES": "true",
            "ANSIBLE_REMOTE_TEMP": str(folders["remote"]),
            "TMPDIR": str(folders["tmp"]),
        },
        arguments=["-vvvv", secrets_file(play, ways=WAYS)],
        connection=connection,
    )
    texts = {
        "standard output": played.stdout,
        "standard error": played.stderr,
        "log": log.read_text(encoding="utf-8"),
        "results": (play.folder / "results.jsonl").read_text(encoding="utf-8"),
    }
    for folder in folders.values():
        for path in folder.rglob("*"):
            if path.is_file():
                texts[str(path.relative_to(play.folder))] = path.read_text(encoding="utf-8", errors="replace")
    return played, texts


def check_results(played: Played) -> None:
    """Every task did what it was made for, and told of the credentials as of something masked."""
    assert played["password unknown"]["failure"]["kind"] == "authentication"
    assert MASK in played["password unknown"]["msg"]
    for way in WAYS:
        assert played.status(f"{way} waits") == "ok", played.output
        assert played[f"{way} waits"]["summary"]["succeeded"] == 1
        refused, quoting = played[f"{way} refused"], played[f"{way} quotes"]
        assert refused["failure"]["kind"] == "authentication", refused
        assert MASK in refused["msg"]
        assert MASK in refused["failure"]["message"]
        assert quoting["failure"]["kind"] == "job_failed"
        assert MASK in json.dumps(quoting["jobs"][0]["raw"])


@pytest.mark.parametrize("path", ["direct", "module"])
def test_nothing_secret_comes_out(path: str, cloud: Cloud, play: Player) -> None:
    played, texts = play_all(play, cloud, "local" if path == "direct" else "elsewhere")
    check_results(played)
    on_the_way = obtained(cloud)
    assert len(on_the_way) > 10
    # What came into being on the way is known to nobody but us.
    assert {place: found(text, on_the_way) for place, text in texts.items() if found(text, on_the_way)} == {}
    files = {place for place in texts if "/" in place}
    if path == "direct":
        assert files == set()
    else:
        # The module keeps no file of its own: there is one for each task, and it is Ansible's.
        assert len(files) == len(played.tasks)
        assert all(MADE_BY_ANSIBLE.fullmatch(place) for place in files)
        texts = {place: TOLD_BY_ANSIBLE.sub("", text) for place, text in texts.items() if place not in files}
    assert {place: found(text, GIVEN) for place, text in texts.items() if found(text, GIVEN)} == {}


def test_the_search_finds_what_is_there() -> None:
    """A test that could not fail would be worth nothing."""
    for secret in GIVEN:
        for text in (
            f"x{secret}y",
            f"?token={quote(secret, safe='')}&",
            f'{{"a": {json.dumps(secret)}}}',
            base64.b64encode(secret.encode()).decode(),
        ):
            assert found(text, GIVEN) == [secret]


ENVIRONMENTS: Mapping[str, Mapping[str, str]] = {
    "token": {"HW_AUTH_TOKEN": credentials.TOKEN},
    "keys": {"HUAWEICLOUD_SDK_AK": credentials.ACCESS_KEY, "HUAWEICLOUD_SDK_SK": credentials.SECRET_KEY},
    "password": {
        "OS_USERNAME": credentials.USER,
        "OS_PASSWORD": credentials.PASSWORD,
        "OS_USER_DOMAIN_NAME": credentials.DOMAIN,
    },
}


@pytest.mark.parametrize("connection", ["local", "elsewhere"])
def test_nor_what_comes_from_the_environment(connection: str, cloud: Cloud, play: Player) -> None:
    """Credentials out of the environment are no options, so nobody but us knows that they are secret."""
    tasks = []
    for way, environment in ENVIRONMENTS.items():
        quoted = f"I was asked with {' '.join({*environment.values()} - NOT_SECRET)}."
        script = {"provider": "ims", "states": {0: "failed"}, "fields": {"fail_reason": quoted}}
        tasks.append(
            {
                "name": way,
                "cloudwait.jobs.ims_job_info": {"job_ids": [cloud.submit(script)["job_id"]], "until": "succeeded"},
                "environment": f"{{{{ environments['{way}'] }}}}",
                "ignore_errors": True,
            }
        )
    played = play(
        tasks,
        connection=connection,
        arguments=["-vvvv", secrets_file(play, environments=ENVIRONMENTS)],
    )
    for way in ENVIRONMENTS:
        assert played[way]["failure"]["kind"] == "job_failed", played.output
        assert MASK in json.dumps(played[way]["jobs"][0]["raw"])
    text = played.output + (play.folder / "results.jsonl").read_text(encoding="utf-8")
    assert found(text, obtained(cloud)) == []
    assert found(text if connection == "local" else TOLD_BY_ANSIBLE.sub("", text), GIVEN) == []
