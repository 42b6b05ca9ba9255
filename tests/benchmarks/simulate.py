# Copyright: cloudwait.jobs contributors
# GNU General Public License v3.0 or later (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Measures the wait engine against other systems, in simulated time.

`python tests/benchmarks/simulate.py` prints the tables, and writes plots and figures for the documentation;
with `--check` it says which goals are reached, and exits with 1 where one is missed.
"""

from __future__ import annotations

import runpy
import sys
from pathlib import Path

if __name__ == "__main__":
    runpy.run_path(str(Path(__file__).with_name("checkout.py")))["use"]()
    from ansible_collections.cloudwait.jobs.tests.benchmarks.simulation import main

    sys.exit(main())
