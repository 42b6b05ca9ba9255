# Copyright: cloudwait.jobs contributors
# GNU General Public License v3.0 or later (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What belongs to a service: nothing of it may be forgotten, and the documentation says what the code does.

A new service is an entry in plugins/module_utils/services; this test then tells what is still missing.
"""

from __future__ import annotations

import ast
import importlib
import pathlib
import re
import typing as t

import pytest
import yaml
from ansible_collections.cloudwait.jobs.plugins.module_utils.clouds.registry import CLOUDS
from ansible_collections.cloudwait.jobs.plugins.module_utils.model import errors
from ansible_collections.cloudwait.jobs.plugins.module_utils.model.job import (
    ErrorDetail,
    Failure,
    Job,
    State,
    SubJob,
    summarise,
)
from ansible_collections.cloudwait.jobs.plugins.module_utils.services.declaration import Service
from ansible_collections.cloudwait.jobs.plugins.module_utils.services.names import PROVIDERS
from ansible_collections.cloudwait.jobs.plugins.module_utils.services.registry import service_of
from ansible_collections.cloudwait.jobs.plugins.module_utils.task.job_info import run_job_info
from ansible_collections.cloudwait.jobs.plugins.module_utils.task.provider import argument_spec, of_service
from ansible_collections.cloudwait.jobs.plugins.module_utils.task.run import TaskContext
from ansible_collections.cloudwait.jobs.plugins.module_utils.task.wait_for_jobs import WAIT_FOR_JOBS
from ansible_collections.cloudwait.jobs.plugins.plugin_utils.in_process import InProcessAction, module_of
from ansible_collections.cloudwait.jobs.tests.services import FACTS
from ansible_collections.cloudwait.jobs.tests.unit.plugins.module_utils.given import validated
from ansible_collections.cloudwait.jobs.tests.unit.plugins.module_utils.simulated import FixedRate

ROOT = pathlib.Path(__file__).resolve().parents[2]
PLUGINS = ROOT / "plugins"
PACKAGE = "ansible_collections.cloudwait.jobs"


FILES = sorted(path.stem for path in (PLUGINS / "module_utils" / "services").glob("*.yml"))
SERVICES = [pytest.param(service_of(name), id=name) for name in PROVIDERS]


def documentation(name: str, part: str) -> dict[str, t.Any]:
    """DOCUMENTATION or RETURN of a module, without its fragments."""
    tree = ast.parse((PLUGINS / "modules" / f"{name}.py").read_text(encoding="utf-8"))
    for node in tree.body:
        if isinstance(node, ast.Assign) and ast.unparse(node.targets[0]) == part:
            return t.cast("dict[str, t.Any]", yaml.safe_load(ast.literal_eval(node.value)))
    raise AssertionError(f"{name} has no {part}")


def fragment(name: str) -> dict[str, t.Any]:
    """A fragment by the name under which a module extends it."""
    assert name.startswith("cloudwait.jobs."), name
    file, _dot, section = name.removeprefix("cloudwait.jobs.").partition(".")
    fragments = importlib.import_module(f"{PACKAGE}.plugins.doc_fragments.{file}").ModuleDocFragment
    return t.cast("dict[str, t.Any]", yaml.safe_load(getattr(fragments, section.upper() or "DOCUMENTATION")))


def documented_options(name: str) -> dict[str, dict[str, t.Any]]:
    """A module's options as ansible-doc shows them: what the module says goes before what its fragments say."""
    own = documentation(name, "DOCUMENTATION")
    options: dict[str, dict[str, t.Any]] = {}
    for extended in own.get("extends_documentation_fragment", []):
        for option, said in fragment(extended)["options"].items():
            assert option not in options, f"two fragments of {name} describe {option}"
            options[option] = said
    for option, said in own.get("options", {}).items():
        options[option] = {**options.get(option, {}), **said}
    return options


def comparable(said: t.Mapping[str, t.Any]) -> dict[str, t.Any]:
    """What documentation and argument spec both say about an option."""
    return {
        "type": said.get("type", "str"),
        "elements": said.get("elements"),
        "default": said.get("default"),
        "required": said.get("required", False),
        "choices": sorted(said.get("choices") or []),
        "aliases": sorted(said.get("aliases") or []),
    }


def test_every_file_declares_a_service() -> None:
    assert list(PROVIDERS) == FILES
    assert [service_of(name).provider for name in FILES] == FILES


@pytest.mark.parametrize("service", SERVICES)
def test_module(service: Service) -> None:
    text = (PLUGINS / "modules" / f"{service.provider}_job_info.py").read_text(encoding="utf-8")
    assert f"module_utils.clouds.{service.cloud} import cloud\n" in text
    assert f"module_utils.services.{service.provider} import {service.provider.upper()}\n" in text
    assert f"main(job_info({service.provider.upper()}, cloud))\n" in text


@pytest.mark.parametrize("name", [*(f"{name}_job_info" for name in PROVIDERS), "wait_for_jobs"])
def test_action(name: str) -> None:
    action = importlib.import_module(f"{PACKAGE}.plugins.action.{name}")
    assert issubclass(action.ActionModule, InProcessAction)
    assert module_of(name).spec["argument_spec"]


@pytest.mark.parametrize("service", SERVICES)
def test_fragments(service: Service) -> None:
    cloud = service.cloud
    extended = documentation(f"{service.provider}_job_info", "DOCUMENTATION")["extends_documentation_fragment"]
    wanted = ["wait", cloud, "connection", "attributes", f"attributes.actiongroup_{cloud}"]
    assert extended == [f"cloudwait.jobs.{name}" for name in wanted]
    membership = fragment(extended[-1])["attributes"]["action_group"]["membership"]
    assert membership == ["cloudwait.jobs.all", f"cloudwait.jobs.{cloud}"]


def test_action_groups() -> None:
    groups = yaml.safe_load((ROOT / "meta" / "runtime.yml").read_text(encoding="utf-8"))["action_groups"]
    assert groups.pop("all") == [{"metadata": {"extend_group": sorted(CLOUDS)}}]
    assert groups == {
        cloud: sorted(
            [
                *(f"{name}_job_info" for name in PROVIDERS if service_of(name).cloud == cloud),
                f"{cloud}_job_info",
                f"{cloud}_request",
            ]
        )
        for cloud in CLOUDS
    }


@pytest.mark.parametrize("service", SERVICES)
def test_guide(service: Service) -> None:
    text = (ROOT / "docs" / "docsite" / "rst" / f"service_{service.provider}.rst").read_text(encoding="utf-8")
    assert f":ansplugin:`cloudwait.jobs.{service.provider}_job_info#module`" in text
    rows = {
        word.strip(): state
        for words, state in re.findall(r"\* - (.+)\n\s+- :ansval:`(\w+)`", text)
        for word in words.split(",")
    }
    assert rows == {str(value): state.value for value, state in service.mapping.states.items()}


@pytest.mark.parametrize("service", SERVICES)
def test_facts(service: Service) -> None:
    # those of the vendor's reference, by which the table test, the embedded cloud and others know the service
    assert service.provider in FACTS


@pytest.mark.parametrize("service", SERVICES)
def test_options(service: Service) -> None:
    documented = documented_options(f"{service.provider}_job_info")
    specified = argument_spec(service)["argument_spec"]
    assert sorted(documented) == sorted(specified)
    for name, spec in specified.items():
        assert comparable(documented[name]) == comparable(spec), name


def test_options_of_wait_for_jobs() -> None:
    documented = documented_options("wait_for_jobs")
    specified = WAIT_FOR_JOBS.spec["argument_spec"]
    assert sorted(documented) == sorted(specified)
    for name, spec in specified.items():
        assert comparable(documented[name]) == comparable(spec), name


class OneJob:
    """A cloud, and a source in it that knows one job."""

    place = ""
    batch_size = window = max_in_flight = 1

    def __init__(self, service: Service) -> None:
        self.provider = service.provider
        self.rate_limiter = FixedRate(10.0)

    def open_source(self, *_arguments: t.Any) -> OneJob:
        return self

    def batch(self, keys: t.Sequence[str]) -> t.Sequence[str]:
        return keys[:1]

    def fetch(self, keys: t.Sequence[str], deadline: float) -> dict[str, list[Job]]:
        return {key: [Job(key, self.provider, State.FAILED)] for key in keys}


def results(service: Service) -> dict[str, dict[str, t.Any]]:
    """A module's result in every case: fine, failed, and refused before anything was sent."""
    context = TaskContext(False, {}, set())

    def result(until: str, cloud: t.Any) -> dict[str, t.Any]:
        options = validated(service, job_ids="a", until=[until], **FACTS[service.provider].options)
        return run_job_info(of_service(service, cloud), options, context).result

    return {
        "refused": result("failed", CLOUDS[service.cloud]),
        "fine": result("failed", OneJob(service)),
        "failed": result("succeeded", OneJob(service)),
    }


@pytest.mark.parametrize("service", SERVICES)
def test_return_keys(service: Service, monkeypatch: pytest.MonkeyPatch, tmp_path: pathlib.Path) -> None:
    monkeypatch.setenv("HOME", str(tmp_path))
    documented = documentation(f"{service.provider}_job_info", "RETURN")
    always = {name for name, said in documented.items() if said["returned"] == "always"}
    assert set(documented) - always == {"failure"}
    # what every module returns is not documented by each
    common = {"changed", "msg"}
    found = results(service)
    assert set(found["fine"]) == always | common
    assert set(found["failed"]) == set(found["refused"]) == always | common | {"failure", "failed"}


@pytest.mark.parametrize("service", SERVICES)
def test_return_keys_inside(service: Service) -> None:
    documented = documentation(f"{service.provider}_job_info", "RETURN")
    job = documented["jobs"]["contains"]
    assert set(job) == set(Job("a", service.provider, State.FAILED).as_dict())
    assert set(job["error"]["contains"]) == set(ErrorDetail("c", "m").as_dict())
    assert set(documented["failure"]["contains"]) == set(Failure("timeout", None, "m").as_dict())
    assert set(documented["summary"]["sample"]) == set(summarise([]))
    assert job["provider"]["sample"] == service.provider
    # parts, where the service has any
    parts = {"contains": dict.fromkeys(SubJob("t", State.FAILED).as_dict())} if service.mapping.sub_jobs else {}
    assert set(job["tasks"].get("contains", ())) == set(parts.get("contains", ()))
    # every id that a job can have
    for name in service.mapping.resources:
        assert f"C({name})" in str(job["resources"]["description"]), name


def words(said: t.Mapping[str, t.Any]) -> list[str]:
    """The values that a description names, in their order."""
    return list(dict.fromkeys(re.findall(r"V\((\w+)\)", " ".join(said["description"]))))


@pytest.mark.parametrize("service", SERVICES)
def test_return_values(service: Service) -> None:
    documented = documentation(f"{service.provider}_job_info", "RETURN")
    assert set(words(documented["jobs"]["contains"]["state"])) == {state.value for state in State}
    raised = {kind.kind for kind in vars(errors).values() if isinstance(kind, type) and hasattr(kind, "kind")}
    assert set(words(documented["failure"]["contains"]["kind"])) == {*raised, "job_failed", "timeout"}


@pytest.mark.parametrize("service", SERVICES)
def test_environment_variables(service: Service) -> None:
    # every variable that is read is documented with the options, and none that is not
    files = (PLUGINS / "module_utils" / "clouds" / service.cloud).rglob("*.py")
    text = "".join(path.read_text(encoding="utf-8") for path in files)
    read = set(re.findall(r"\b(?:HUAWEICLOUD|HW|OS|UCLOUD)_[A-Z_]*[A-Z]\b", text))
    assert read
    guide = (ROOT / "docs" / "docsite" / "rst" / "guide_signing_in.rst").read_text(encoding="utf-8")
    fragments = str(fragment(f"cloudwait.jobs.{service.cloud}"))
    known = set(re.findall(r":ansenvvar:`(\w+)`", guide)) | set(re.findall(r"E\((\w+)\)", fragments))
    prefixes = tuple({name.split("_")[0] + "_" for name in read})
    assert {name for name in known if name.startswith(prefixes)} == read
