# Copyright: cloudwait.jobs contributors
# GNU General Public License v3.0 or later (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The role's variables: its argument specs, its defaults, its task, its README and the modules' options all agree."""

from __future__ import annotations

import pathlib
import re
import typing as t

import pytest
import yaml
from ansible_collections.cloudwait.jobs.plugins.module_utils.clouds.registry import CLOUDS
from ansible_collections.cloudwait.jobs.plugins.module_utils.services.uphone import UPHONE
from ansible_collections.cloudwait.jobs.plugins.module_utils.task.groups import KEYS
from ansible_collections.cloudwait.jobs.plugins.module_utils.task.options import WAIT_OPTIONS
from ansible_collections.cloudwait.jobs.plugins.module_utils.task.provider import argument_spec

ROLE = pathlib.Path(__file__).resolve().parents[2] / "roles" / "wait"
PREFIX = "wait_"


def load(path: str) -> t.Any:
    return yaml.safe_load((ROLE / path).read_text(encoding="utf-8"))


SPECS = load("meta/argument_specs.yml")["argument_specs"]["main"]["options"]
DEFAULTS = load("defaults/main.yml")
TASK = load("tasks/main.yml")[0]["cloudwait.jobs.wait_for_jobs"]
README = (ROLE / "README.md").read_text(encoding="utf-8")
# `until` and `timeout` have defaults of the role's own.
OPTIONAL = sorted(set(WAIT_OPTIONS) - {"until", "timeout"})


def test_every_wait_option_of_the_modules_has_its_variable() -> None:
    variables = {PREFIX + name for name in (*WAIT_OPTIONS, "jobs", *CLOUDS)}
    assert set(SPECS) == variables
    assert set(re.findall(r"\bwait_[a-z_]+", str(TASK))) == variables
    assert set(re.findall(r"`(wait_[a-z_]+)`", README.partition("## Variables")[2].partition("##")[0])) == variables


@pytest.mark.parametrize("name", SPECS)
def test_it_is_checked_inside(name: str) -> None:
    """Where the refusal can be told in the result."""
    assert (SPECS[name]["type"], SPECS[name].get("required"), SPECS[name].get("choices")) == ("raw", None, None)


@pytest.mark.parametrize("choice", WAIT_OPTIONS["until"]["choices"])
def test_the_states_are_named(choice: str) -> None:
    assert f"V({choice})" in " ".join(SPECS["wait_until"]["description"])


def test_defaults_are_documented() -> None:
    assert {name: spec["default"] for name, spec in SPECS.items() if "default" in spec} == DEFAULTS
    assert DEFAULTS["wait_timeout"] == WAIT_OPTIONS["timeout"]["default"]


@pytest.mark.parametrize("name", OPTIONAL)
def test_the_default_of_a_module_is_told(name: str) -> None:
    text = " ".join(SPECS[PREFIX + name]["description"])
    if "default" not in WAIT_OPTIONS[name]:
        assert "when it is not set" not in text
        return
    default = WAIT_OPTIONS[name]["default"]
    told = f"V({str(default).lower()})" if isinstance(default, bool) else f" {default}"
    assert f"{told} when it is not set" in text
    (row,) = [line for line in README.splitlines() if re.match(rf"\| [^|]*`{PREFIX}{name}`", line)]
    assert f"`{str(default).lower()}`" in row


def test_uphone_is_told_apart() -> None:
    uphone = argument_spec(UPHONE)["argument_spec"]["not_found_grace"]["default"]
    assert f"{uphone} for UPhone" in " ".join(SPECS["wait_not_found_grace"]["description"])
    assert f"`{uphone}` for UPhone" in README


def test_the_keys_of_a_group() -> None:
    assert set(SPECS["wait_jobs"]["options"]) == set(KEYS)
