# Copyright: cloudwait.jobs contributors
# GNU General Public License v3.0 or later (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The controller's standard error, for the one moment when Ansible's own `Display` shows nothing any more.

Private to this collection: it may change without notice.

A worker's lines travel to the main process, which stops reading them as soon as it is interrupted, and since
ansible-core 2.19 a worker's own descriptors lead nowhere. So this copy of descriptor 2 is made when the module is
imported, which for an action plugin happens in the main process, before the workers fork.
"""

from __future__ import annotations

import contextlib
import os

STDERR: int | None = None
with contextlib.suppress(OSError):
    STDERR = os.dup(2)


def write(text: str) -> None:
    """Write a line to the controller's standard error; nothing happens where there is none."""
    if STDERR is None:
        return
    with contextlib.suppress(OSError):
        # What a terminal shows as ^C has no end of line of its own.
        lead = "\n" if os.isatty(STDERR) else ""
        os.write(STDERR, f"{lead}{text}\n".encode(errors="replace"))
