# Copyright: cloudwait.jobs contributors
# GNU General Public License v3.0 or later (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Which action groups a module is in, read from the collection's own metadata."""

from __future__ import annotations

import pytest
from ansible_collections.cloudwait.jobs.plugins.plugin_utils.action_groups import action_groups, groups_of, providers


@pytest.mark.parametrize(
    ("module", "groups"),
    [
        ("cph_job_info", ["all", "huaweicloud"]),
        ("dws_job_info", ["all", "huaweicloud"]),
        ("ims_job_info", ["all", "huaweicloud"]),
        ("uphone_job_info", ["all", "ucloud"]),
        # not a module of this collection
        ("ecs_job_info", []),
    ],
)
def test_groups_from_the_widest_to_the_narrowest(module: str, groups: list[str]) -> None:
    assert groups_of(module) == groups


def test_providers_are_those_that_have_a_module() -> None:
    assert providers() == ["cph", "dws", "ims", "uphone"]


def test_groups_by_their_names() -> None:
    assert action_groups() == ["all", "huaweicloud", "ucloud"]
