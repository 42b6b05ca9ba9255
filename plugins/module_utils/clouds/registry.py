# Copyright: cloudwait.jobs contributors
# GNU General Public License v3.0 or later (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The clouds by the names that declarations give them."""

from __future__ import annotations

import typing as t

from .connection import Cloud
from .huaweicloud import cloud as huaweicloud
from .ucloud import cloud as ucloud

CLOUDS: t.Mapping[str, Cloud] = {"huaweicloud": huaweicloud, "ucloud": ucloud}
