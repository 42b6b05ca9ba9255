# Copyright: cloudwait.jobs contributors
# GNU General Public License v3.0 or later (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""An embedded cloud for tests, demos and benchmarks; README.md beside this file describes it."""

from __future__ import annotations

from .clock import Clock, ManualClock, RealClock
from .cloud import Cloud
from .faults import FaultError
from .script import ScriptError
from .server import running

__all__ = ["Clock", "Cloud", "FaultError", "ManualClock", "RealClock", "ScriptError", "running"]
