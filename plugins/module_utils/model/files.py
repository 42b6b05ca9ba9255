# Copyright: cloudwait.jobs contributors
# GNU General Public License v3.0 or later (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Small files, read whole. Knows neither HTTP nor Ansible."""

from __future__ import annotations

import errno
import os
import stat

MAX_FILE = 1024 * 1024
# Neither a pipe nor a terminal keeps a task waiting.
NOT_WAITING = os.O_NONBLOCK | os.O_NOCTTY


def read_file(path: str) -> bytes:
    """Return the content of a regular file of at most MAX_FILE bytes.

    Raises OSError, with the reason in `strerror`, and ValueError where `path` can be no name of a file.
    """
    with open(path, "rb", opener=_descriptor) as file:
        if not stat.S_ISREG(os.fstat(file.fileno()).st_mode):
            raise OSError(errno.EINVAL, "it is no regular file", path)
        content = file.read(MAX_FILE + 1)
    if len(content) > MAX_FILE:
        raise OSError(errno.EFBIG, f"it is larger than {MAX_FILE // (1024 * 1024)} MiB", path)
    return content


def _descriptor(path: str, flags: int) -> int:
    return os.open(path, flags | NOT_WAITING)
