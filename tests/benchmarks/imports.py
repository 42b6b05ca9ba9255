# Copyright: cloudwait.jobs contributors
# GNU General Public License v3.0 or later (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The import of one module beside that of another revision: python tests/benchmarks/imports.py REVISION

Both revisions take turns, each in a fresh interpreter that has its bytecode. The figure is the median of the processor
time of the import, with all that it imports in its turn. Exits with 1 where this checkout takes longer.
"""

from __future__ import annotations

import os
import runpy
import statistics
import subprocess
import sys
import tempfile
from pathlib import Path

if __name__ == "__main__":
    runpy.run_path(str(Path(__file__).with_name("checkout.py")))["use"]()

from ansible_collections.cloudwait.jobs.tests.benchmarks import revision

ROUNDS = 21
# What two runs of the same code differ by.
NOISE = 1.05
RUN = """
import time
begin = time.process_time()
import ansible_collections.cloudwait.jobs.plugins.modules.ims_job_info
print(time.process_time() - begin)
"""


def milliseconds(folder: Path, bytecode: str) -> float:
    """Return the processor time of the import, by the collection below a folder."""
    environ = {**os.environ, "PYTHONPATH": str(folder), "PYTHONPYCACHEPREFIX": bytecode}
    done = subprocess.run([sys.executable, "-c", RUN], env=environ, capture_output=True, text=True, check=False)
    if done.returncode:
        sys.exit(f"The module cannot be imported: {done.stderr}")
    return 1000 * float(done.stdout)


def main() -> int:
    """Measure and print; 1 where this checkout takes longer."""
    if len(sys.argv) != 2:
        sys.exit("Name the revision to measure beside: python tests/benchmarks/imports.py REVISION")
    names = ("this checkout", sys.argv[1])
    measured: dict[str, list[float]] = {name: [] for name in names}
    with revision.tree(None) as ours, revision.tree(sys.argv[1]) as theirs, tempfile.TemporaryDirectory() as bytecode:
        folders = dict(zip(names, (ours, theirs), strict=True))
        for name in names:
            milliseconds(folders[name], bytecode)
        for number in range(ROUNDS):
            for name in names if number % 2 else reversed(names):
                measured[name].append(milliseconds(folders[name], bytecode))
    medians = {name: statistics.median(each) for name, each in measured.items()}
    for name, value in medians.items():
        print(f"{name:20}{value:8.1f} ms of the processor for the import of ims_job_info")
    ratio = medians["this checkout"] / medians[sys.argv[1]]
    print(f"ratio {ratio:.3f}, at most {NOISE}: {'yes' if ratio <= NOISE else 'NO'}")
    return 0 if ratio <= NOISE else 1


if __name__ == "__main__":
    sys.exit(main())
