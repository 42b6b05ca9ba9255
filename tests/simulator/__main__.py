# Copyright: cloudwait.jobs contributors
# GNU General Public License v3.0 or later (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Starts the embedded cloud: ``python tests/simulator`` or ``python -m simulator``."""

from __future__ import annotations

import sys
from pathlib import Path

if __name__ == "__main__":
    # Run by its path, this folder stands first on sys.path and would hide other modules; its parent holds the package.
    here = Path(__file__).resolve().parent
    sys.path[:] = [str(here.parent), *(entry for entry in sys.path if Path(entry).resolve() != here)]
    try:
        from simulator.cli import main
    except ModuleNotFoundError as exc:
        sys.exit(
            f"The embedded cloud needs {exc.name}, which {sys.executable} does not have; "
            "`make demo` sets up an interpreter that has it, below .venv/."
        )

    sys.exit(main())
