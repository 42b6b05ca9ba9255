# Copyright: cloudwait.jobs contributors
# GNU General Public License v3.0 or later (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Small files, read whole. Knows neither HTTP nor Ansible."""

from __future__ import annotations

import errno
import os
import stat

MAX_FILE = 1024 * 1024
# Nothing of a pipe or a terminal is waited for.
FLAGS = os.O_RDONLY | os.O_NONBLOCK | os.O_NOCTTY | os.O_CLOEXEC


def read_file(path: str) -> bytes:
    """Return the content of a regular file of at most MAX_FILE bytes.

    Raises OSError, with the reason in `strerror`, and ValueError where `path` can be no name of a file.
    """
    descriptor = os.open(path, FLAGS)
    try:
        mode = os.fstat(descriptor).st_mode
        if stat.S_ISDIR(mode):
            raise IsADirectoryError(errno.EISDIR, os.strerror(errno.EISDIR), path)
        if not stat.S_ISREG(mode):
            raise OSError(errno.EINVAL, "it is no regular file", path)
        content = b""
        while len(content) <= MAX_FILE:
            piece = os.read(descriptor, MAX_FILE + 1 - len(content))
            if not piece:
                return content
            content += piece
    finally:
        os.close(descriptor)
    raise OSError(errno.EFBIG, f"it is larger than {MAX_FILE // (1024 * 1024)} MiB", path)
