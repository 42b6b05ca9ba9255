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
from ansible_collections.cloudwait.jobs.plugins.action.wait_for_jobs import ARGUMENT_SPEC
from ansible_collections.cloudwait.jobs.plugins.module_utils.model import errors
from ansible_collections.cloudwait.jobs.plugins.module_utils.model.job import (
    ErrorDetail,
    Failure,
    Job,
    State,
    SubJob,
    summarise,
)
from ansible_collections.cloudwait.jobs.plugins.module_utils.services.declaration import (
    HuaweiCloudService,
    Service,
    UCloudService,
)
from ansible_collections.cloudwait.jobs.plugins.module_utils.task import module
from ansible_collections.cloudwait.jobs.plugins.plugin_utils.action_groups import groups_of
from ansible_collections.cloudwait.jobs.tests.simulator.exchange import Call
from ansible_collections.cloudwait.jobs.tests.simulator.routes import resolve
from ansible_collections.cloudwait.jobs.tests.unit.plugins.module_utils.given import validated

ROOT = pathlib.Path(__file__).resolve().parents[2]
PLUGINS = ROOT / "plugins"
PACKAGE = "ansible_collections.cloudwait.jobs"


def declared(name: str) -> Service:
    """The one service that a file of plugins/module_utils/services declares."""
    members = vars(importlib.import_module(f"{PACKAGE}.plugins.module_utils.services.{name}")).values()
    (service,) = [member for member in members if isinstance(member, (HuaweiCloudService, UCloudService))]
    return service


NAMES = sorted(
    path.stem
    for path in (PLUGINS / "module_utils" / "services").glob("[!_]*.py")
    if path.stem not in ("declaration", "reader")
)
SERVICES = [pytest.param(declared(name), id=name) for name in NAMES]


def cloud_of(service: Service) -> str:
    """The name of the package that holds the service's cloud."""
    return str(vars(service.cloud)["__name__"]).split(".")[-2]


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
    assert len(NAMES) >= 4
    assert [declared(name).provider for name in NAMES] == NAMES


@pytest.mark.parametrize("service", SERVICES)
def test_module(service: Service) -> None:
    text = (PLUGINS / "modules" / f"{service.provider}_job_info.py").read_text(encoding="utf-8")
    assert f"module_utils.services.{service.provider} import {service.provider.upper()}\n" in text
    assert f"main_job_info({service.provider.upper()})\n" in text


@pytest.mark.parametrize("service", SERVICES)
def test_action(service: Service) -> None:
    action = importlib.import_module(f"{PACKAGE}.plugins.action.{service.provider}_job_info")
    assert action.ActionModule.service is service


@pytest.mark.parametrize("service", SERVICES)
def test_fragments(service: Service) -> None:
    cloud = cloud_of(service)
    extended = documentation(f"{service.provider}_job_info", "DOCUMENTATION")["extends_documentation_fragment"]
    wanted = ["wait", cloud, "connection", "attributes", f"attributes.actiongroup_{cloud}"]
    assert extended == [f"cloudwait.jobs.{name}" for name in wanted]
    membership = fragment(extended[-1])["attributes"]["action_group"]["membership"]
    assert membership == ["cloudwait.jobs.all", f"cloudwait.jobs.{cloud}"]


@pytest.mark.parametrize("service", SERVICES)
def test_action_groups(service: Service) -> None:
    assert groups_of(f"{service.provider}_job_info") == ["all", cloud_of(service)]


def test_action_groups_hold_nothing_else() -> None:
    groups = yaml.safe_load((ROOT / "meta" / "runtime.yml").read_text(encoding="utf-8"))["action_groups"]
    members = [entry for group in groups.values() for entry in group if isinstance(entry, str)]
    assert sorted(members) == [f"{name}_job_info" for name in NAMES]
    assert groups["all"] == [{"metadata": {"extend_group": sorted(set(groups) - {"all"})}}]


def section(provider: str) -> str:
    """What the guide to the services says about one of them, up to the next label of its level."""
    label = ".. _ansible_collections.cloudwait.jobs.docsite.guide_services."
    guide = (ROOT / "docs" / "docsite" / "rst" / "guide_services.rst").read_text(encoding="utf-8")
    return next((part for part in guide.split(label) if part.startswith(f"{provider}:\n")), "")


@pytest.mark.parametrize("service", SERVICES)
def test_guide(service: Service) -> None:
    text = section(service.provider)
    assert f":ansplugin:`cloudwait.jobs.{service.provider}_job_info#module`" in text
    # a task that can be copied, and every status with its state
    assert f"cloudwait.jobs.{service.provider}_job_info:\n" in text
    rows = {
        word.strip(): state
        for words, state in re.findall(r"\* - (.+)\n\s+- :ansval:`(\w+)`", text)
        for word in words.split(",")
    }
    assert rows == {str(value): state.value for value, state in service.mapping.states.items()}


@pytest.mark.parametrize("service", SERVICES)
def test_readme(service: Service) -> None:
    text = (ROOT / "README.md").read_text(encoding="utf-8")
    assert f"| `cloudwait.jobs.{service.provider}_job_info` | module |" in text


@pytest.mark.parametrize("service", SERVICES)
def test_table(service: Service) -> None:
    path = ROOT / "tests/unit/plugins/module_utils/services" / f"test_{service.provider}.py"
    text = path.read_text(encoding="utf-8")
    # every status of the service has its line
    for status in service.mapping.states:
        assert re.search(rf"\(\"?{re.escape(str(status))}\"?, \"", text), status


@pytest.mark.parametrize("service", SERVICES)
def test_simulator(service: Service) -> None:
    if isinstance(service, HuaweiCloudService):
        fill = {"project_id": "p", "job_id": "a"}
        query = "&".join(f"{name}={value.format_map(fill)}" for name, value in service.query.items())
        call = Call("GET", service.path.format_map(fill) + (f"?{query}" if query else ""), {})
    else:
        call = Call("POST", "/", {}, f"Action={service.action}&{service.ids}.0=a".encode())
    operation = resolve(call)
    assert operation is not None
    assert (operation.service, operation.job_ids) == (service.provider, ("a",))


@pytest.mark.parametrize("service", SERVICES)
def test_simulator_scripts(service: Service) -> None:
    scripts = yaml.safe_load((ROOT / "tests/simulator/scripts" / f"{service.provider}.yml").read_text(encoding="utf-8"))
    assert any(script["provider"] == service.provider for script in scripts.values())


@pytest.mark.parametrize("service", SERVICES)
def test_options(service: Service) -> None:
    documented = documented_options(f"{service.provider}_job_info")
    specified = service.cloud.argument_spec(service)["argument_spec"]
    assert sorted(documented) == sorted(specified)
    for name, spec in specified.items():
        assert comparable(documented[name]) == comparable(spec), name


def test_options_of_wait_for_jobs() -> None:
    documented = documented_options("wait_for_jobs")
    assert sorted(documented) == sorted(ARGUMENT_SPEC)
    for name, spec in ARGUMENT_SPEC.items():
        assert comparable(documented[name]) == comparable(spec), name


class OneJob:
    """A source that knows one job."""

    batch_size = window = workers = 1

    def __init__(self, provider: str) -> None:
        self.provider = provider

    def batch(self, keys: t.Sequence[str]) -> t.Sequence[str]:
        return keys[:1]

    def fetch(self, keys: t.Sequence[str], until: float) -> dict[str, list[Job]]:
        return {key: [Job(key, self.provider, State.FAILED)] for key in keys}


def results(service: Service, monkeypatch: pytest.MonkeyPatch) -> dict[str, dict[str, t.Any]]:
    """A module's result in every case: fine, failed, and refused before anything was sent."""
    given = {"job_ids": "a", "until": ["failed"]}
    refused = module.run_job_info(service, validated(service, **given), False, {}, set()).result
    monkeypatch.setattr(module, "connect", lambda *_arguments: OneJob(service.provider))
    return {
        "refused": refused,
        "fine": module.run_job_info(service, validated(service, **given), False, {}, set()).result,
        "failed": module.run_job_info(
            service, validated(service, **{**given, "until": ["succeeded"]}), False, {}, set()
        ).result,
    }


@pytest.mark.parametrize("service", SERVICES)
def test_return_keys(service: Service, monkeypatch: pytest.MonkeyPatch, tmp_path: pathlib.Path) -> None:
    monkeypatch.setenv("HOME", str(tmp_path))
    documented = documentation(f"{service.provider}_job_info", "RETURN")
    always = {name for name, said in documented.items() if said["returned"] == "always"}
    assert set(documented) - always == {"failure"}
    # what every module returns is not documented by each
    common = {"changed", "msg"}
    found = results(service, monkeypatch)
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
    credentials = importlib.import_module(f"{PACKAGE}.plugins.module_utils.{cloud_of(service)}.credentials")
    read = set(re.findall(r"\b(?:HUAWEICLOUD|HW|OS|UCLOUD)_[A-Z_]*[A-Z]\b", str(vars(credentials))))
    guide = (ROOT / "docs" / "docsite" / "rst" / "guide_signing_in.rst").read_text(encoding="utf-8")
    fragments = str(fragment(f"cloudwait.jobs.{cloud_of(service)}"))
    known = set(re.findall(r":ansenvvar:`(\w+)`", guide)) | set(re.findall(r"E\((\w+)\)", fragments))
    prefixes = tuple({name.split("_")[0] + "_" for name in read})
    assert {name for name in known if name.startswith(prefixes)} == read
