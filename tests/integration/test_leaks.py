# Copyright: cloudwait.jobs contributors
# GNU General Public License v3.0 or later (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Nothing that is secret comes out anywhere, however much Ansible is asked to tell, and whatever a service quotes."""

from __future__ import annotations

import base64
import json
import re
from collections.abc import Callable, Mapping
from typing import TYPE_CHECKING, Any
from urllib.parse import quote

import pytest
from ansible_collections.cloudwait.jobs.plugins.module_utils.services.names import PROVIDERS
from ansible_collections.cloudwait.jobs.tests.integration.scenarios.plays import GROUPS, PATHS
from ansible_collections.cloudwait.jobs.tests.integration.told import (
    ARGUMENTS,
    GIVEN,
    MADE_BY_ANSIBLE,
    in_full,
    leaks,
    left_behind,
    obtained,
    texts,
)
from ansible_collections.cloudwait.jobs.tests.services import FACTS
from ansible_collections.cloudwait.jobs.tests.spellings import found
from simulator import credentials
from simulator.tokens import Token

if TYPE_CHECKING:
    from concurrent.futures import Future

    from ansible_collections.cloudwait.jobs.tests.integration.conftest import Played, Player
    from ansible_collections.cloudwait.jobs.tests.integration.scenarios.plays import Run
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
NOT_SECRET = {credentials.USER, credentials.DOMAIN}


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
    name, password = credentials.USER, credentials.PASSWORD
    pair = f"{name}:{password}"
    spelt = f"{password} {escaped(password)} Basic {base64.b64encode(pair.encode()).decode()}"
    cloud.fault("error", service="iam", code="x", status=401, message=f"There is no {name} with {spelt}.")
    refused = {
        "name": "password unknown",
        "cloudwait.jobs.ims_job_info": {**options_of("password"), "job_ids": ["a"], "until": "succeeded"},
        "ignore_errors": True,
    }
    played = play(
        [refused, *(task for way in WAYS for task in tasks_for(cloud, way))],
        environment=in_full(play.folder),
        arguments=[*ARGUMENTS, secrets_file(play, ways=WAYS)],
        connection=connection,
    )
    return played, texts(play.folder, played)


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
    played, told = play_all(play, cloud, "local" if path == "direct" else "elsewhere")
    check_results(played)
    on_the_way = obtained(cloud)
    assert len(on_the_way) > 10
    assert leaks(told, on_the_way, by_module=path == "module") == {}
    # The module keeps no file of its own: there is one for each task, and it is Ansible's.
    assert left_behind(told, by_module=path == "module") == []
    made = [place for place in told if MADE_BY_ANSIBLE.fullmatch(place)]
    assert len(made) == (len(played.tasks) if path == "module" else 0)


@pytest.mark.parametrize("path", PATHS)
def test_nor_does_the_role_tell_it(path: str, cloud: Cloud, play: Player) -> None:
    """Connection options go through it, and a job of each service quotes the credentials."""
    keys = {"huaweicloud": WAYS["keys"], "ucloud": WAYS["ucloud"]}
    groups = []
    for provider in PROVIDERS:
        facts, job_id = FACTS[provider], f"quotes-{provider}"
        quoted = f"I was asked with {' and '.join(keys['ucloud' if facts.is_ucloud else 'huaweicloud'].values())}."
        told = {"error": {"message": quoted}} if facts.fields.message else {"fields": {"Message": quoted}}
        cloud.submit({"provider": provider, "states": {0: "failed"}, "job_id": job_id, **told})
        groups.append({"provider": provider, "job_ids": [job_id], "options": dict(facts.options)})
    variables = {f"wait_{cloud_}": f"{{{{ {cloud_} | combine(keys.{cloud_}) }}}}" for cloud_ in keys}
    played = play(
        [
            {
                "name": "Role",
                "ansible.builtin.include_role": {"name": "cloudwait.jobs.wait"},
                "vars": {"wait_jobs": groups, "wait_interval": 0.1, **variables},
            }
        ],
        environment=in_full(play.folder),
        arguments=[*ARGUMENTS, secrets_file(play, keys=keys)],
        connection=path,
    )
    assert played.code == 2
    assert MASK in played["Wait for the jobs"]["msg"]
    assert [job["state"] for job in played["Wait for the jobs"]["jobs"]] == ["failed"] * len(PROVIDERS)
    assert leaks(texts(play.folder, played), obtained(cloud), by_module=path != "local") == {}


@pytest.mark.parametrize("group", GROUPS)
@pytest.mark.parametrize("path", PATHS)
def test_no_scenario_tells_a_secret(group: str, path: str, runs: dict[tuple[str, str], Future[Run]]) -> None:
    done = runs[group, path].result()
    assert leaks(done.told, done.obtained, by_module=path != "local") == {}
    assert left_behind(done.told, by_module=path != "local") == []


def escaped(text: str) -> str:
    return quote(text, safe="")


# How a secret may stand in a text.
ECHOES: dict[str, Callable[[str], str]] = {
    "plain": lambda secret: f"x{secret}y",
    "a query": lambda secret: f"?token={escaped(secret)}&",
    "a query in lower case": lambda secret: f"?token={re.sub('%..', lambda match: match[0].lower(), escaped(secret))}&",
    "JSON": lambda secret: f'{{"a": {json.dumps(secret)}}}',
    "base64": lambda secret: base64.b64encode(secret.encode()).decode(),
    **{
        f"base64 behind {before} bytes": lambda secret, before=before: base64.b64encode(  # type: ignore[misc]
            b"user:pass:"[:before] + secret.encode() + b"; and more"
        ).decode()
        for before in range(1, 7)
    },
    "base64 of a URL": lambda secret: base64.urlsafe_b64encode(f"??{secret}??".encode()).decode(),
}


@pytest.mark.parametrize("spelling", ECHOES)
def test_the_search_finds_what_is_there(spelling: str) -> None:
    """A test that could not fail would be worth nothing."""
    for secret in GIVEN:
        assert found(ECHOES[spelling](secret), GIVEN) == [secret]


@pytest.mark.parametrize("place", ["standard output", "log", "remote/ansible-tmp-1/result.json"])
def test_it_finds_that_in_every_place(place: str) -> None:
    told = {"standard output": "", "log": "", place: f"... {GIVEN[0]} ..."}
    assert leaks(told, [], by_module=True) == {place: [GIVEN[0]]}
    assert leaks({place: "signature"}, ["signature"], by_module=True) == {place: ["signature"]}


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
        environment=in_full(play.folder),
        arguments=[*ARGUMENTS, secrets_file(play, environments=ENVIRONMENTS)],
    )
    for way in ENVIRONMENTS:
        assert played[way]["failure"]["kind"] == "job_failed", played.output
        assert MASK in json.dumps(played[way]["jobs"][0]["raw"])
    told = texts(play.folder, played)
    assert leaks(told, obtained(cloud), by_module=connection != "local") == {}


WORDS = ["know", "e", "succeeded", "status"]


def tasks_with(token: str) -> list[dict[str, Any]]:
    """A task of a module, and the role, each with the token."""
    options = {"job_ids": ["ended", "unheard-of"], "until": "succeeded", "not_found_grace": 0, "timeout": 60}
    group = {"provider": "ims", "job_ids": options["job_ids"], "options": {"not_found_grace": 0}}
    return [
        {
            "name": f"Module, {token}",
            "cloudwait.jobs.ims_job_info": {**options, "token": token},
            "ignore_errors": True,
        },
        {
            "name": f"Role, {token}",
            "block": [
                {
                    "name": f"Role, {token}",
                    "ansible.builtin.include_role": {"name": "cloudwait.jobs.wait"},
                    "vars": {
                        "wait_jobs": [group],
                        "wait_huaweicloud": f"{{{{ huaweicloud | combine({{'token': '{token}'}}) }}}}",
                    },
                }
            ],
            "rescue": [{"name": f"End, {token}", "ansible.builtin.debug": {"msg": "{{ ansible_failed_result.msg }}"}}],
        },
    ]


@pytest.mark.parametrize("path", PATHS)
def test_a_token_that_is_a_word_changes_no_result(path: str, cloud: Cloud, play: Player) -> None:
    """Neither of a module nor of the role, which reads the module's result by its keys."""
    cloud.submit({"provider": "ims", "states": {0: "succeeded"}, "job_id": "ended"})
    for word in WORDS:
        cloud.tokens._tokens[word] = Token(word, credentials.PROJECT_ID, float("inf"))
    played = play([task for word in WORDS for task in tasks_with(word)], connection=path)
    assert played.code == 0, played.output
    of_the_role = [task["result"] for task in played.tasks if task["task"].endswith("Wait for the jobs")]
    for word, waited in zip(WORDS, of_the_role, strict=True):
        result = played[f"Module, {word}"]
        assert [job["state"] for job in result["jobs"]] == ["succeeded", "not_found"], word
        assert result["failure"]["kind"] == "not_found", word
        assert "1 of 2 jobs was not found in region " in result["msg"], word
        assert result["invocation"]["module_args"]["token"] == "VALUE_SPECIFIED_IN_NO_LOG_PARAMETER", word
        assert result["invocation"]["module_args"]["until"] == ["succeeded"], word
        assert "1 of 2 jobs was not found in region " in played[f"End, {word}"]["msg"], word
        assert waited["summary"] == result["summary"], word


@pytest.mark.parametrize("path", PATHS)
def test_keys_that_are_ansible_s_own_fail_no_task(path: str, cloud: Cloud, play: Player) -> None:
    cloud.submit({"provider": "ims", "states": {0: "succeeded"}, "job_id": "odd"})
    reserved = {name: {"__ansible_type": "x"} for name in ("__ansible_type", "__ansible_unsafe", "__ansible_vault")}
    cloud.fault("merge", service="ims", job_id="odd", body={"more": reserved})
    options = {**WAYS["token"], "job_ids": ["odd"], "until": "succeeded"}
    played = play([{"name": "Wait", "cloudwait.jobs.ims_job_info": options}], connection=path)
    assert played.code == 0, played.output
    kept = ("ansible_type", "ansible_unsafe", "ansible_vault")
    assert played["Wait"]["jobs"][0]["raw"]["more"] == {name: {"ansible_type": "x"} for name in kept}


# What is wrong in a group, and what is said of it. SECRET stands where a token should not.
BAD_GROUPS: list[tuple[dict[str, Any], str]] = [
    ({"provider": "none"}, "There is no provider none"),
    ({"options": {"until": "SECRET"}}, "value of until must be one"),
    ({"options": {"timeout": "SECRET"}}, "has timeout among its options"),
    ({"options": {"delay": "SECRET"}}, "we were unable to convert to float"),
    ({"options": {"endpoint": "SECRET"}}, "The option endpoint must be a URL"),
    ({"job_ids": ["SECRET" + "x" * 2000]}, "an id of"),
    ({"job_ids": [["SECRET"]]}, "which is not an id"),
    ({"SECRET": 1}, "has the unknown key"),
    ({"options": {"SECRET": 1}}, "has the option"),
    ({"provider": "SECRET"}, "There is no provider"),
]


@pytest.mark.parametrize("path", PATHS)
def test_a_bad_group_tells_no_secret(path: str, cloud: Cloud, play: Player) -> None:
    """Where a token stands where it should not, beside where it should."""
    secret = "MIIa-token/that+stands=where.it-should-not"
    tasks, groups = [], []
    for number, (wrong, _told) in enumerate(BAD_GROUPS):
        bad = json.loads(json.dumps(wrong).replace("SECRET", secret))
        group = {"provider": "ims", "job_ids": ["a"], **bad, "options": {"token": secret, **bad.get("options", {})}}
        groups.append([group])
        options = {"jobs": f"{{{{ groups_of_jobs[{number}] }}}}", "timeout": 5}
        tasks.append({"name": str(number), "cloudwait.jobs.wait_for_jobs": options, "ignore_errors": True})
    played = play(tasks, arguments=[secrets_file(play, groups_of_jobs=groups)], connection=path)
    for number, (_wrong, told) in enumerate(BAD_GROUPS):
        text = json.dumps(played[str(number)])
        assert played.status(str(number)) == "ignored", told
        assert told in text
        assert not found(text, [secret])
        assert secret[:20] not in text
    assert cloud.requests == []
