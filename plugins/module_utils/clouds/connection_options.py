# Copyright: cloudwait.jobs contributors
# GNU General Public License v3.0 or later (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The connection options of the clouds, by the names that declarations give these."""

from __future__ import annotations

import typing as t

from .huaweicloud.options import OPTIONS as HUAWEICLOUD
from .options import Spec
from .ucloud.options import OPTIONS as UCLOUD

CONNECTION_OPTIONS: t.Mapping[str, Spec] = {"huaweicloud": HUAWEICLOUD, "ucloud": UCLOUD}
