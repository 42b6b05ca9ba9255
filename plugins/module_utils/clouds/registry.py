# Copyright: cloudwait.jobs contributors
# GNU General Public License v3.0 or later (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The clouds by the names that declarations give them: what leads to their jobs, and what users write themselves."""

from __future__ import annotations

import typing as t

from .connection import Cloud, Declarations, Senders
from .huaweicloud import cloud as huaweicloud
from .huaweicloud import declared as huaweicloud_declared
from .huaweicloud import sender as huaweicloud_sender
from .ucloud import cloud as ucloud
from .ucloud import declared as ucloud_declared
from .ucloud import sender as ucloud_sender

CLOUDS: t.Mapping[str, Cloud] = {"huaweicloud": huaweicloud, "ucloud": ucloud}
DECLARATIONS: t.Mapping[str, Declarations] = {"huaweicloud": huaweicloud_declared, "ucloud": ucloud_declared}
SENDERS: t.Mapping[str, Senders] = {"huaweicloud": huaweicloud_sender, "ucloud": ucloud_sender}
