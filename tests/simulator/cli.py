# Copyright: cloudwait.jobs contributors
# GNU General Public License v3.0 or later (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The command line: ``python tests/simulator``."""

from __future__ import annotations

import argparse
import asyncio
import signal
import sys
from collections.abc import Sequence
from pathlib import Path

import yaml

from .cloud import DAY, Cloud
from .credentials import overview
from .script import ScriptError, parse
from .server import start, stop


def parser() -> argparse.ArgumentParser:
    """Return the parser; its help ends with the credentials that the cloud knows."""
    made = argparse.ArgumentParser(
        prog="simulator",
        description="An embedded cloud on loopback. Prints its URL as the first line and runs until it is stopped.",
        epilog="credentials:\n" + overview(),
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    made.add_argument("--port", type=int, default=0, help="port on 127.0.0.1 (default: a free one)")
    made.add_argument("--speed", type=float, default=1.0, help="jobs run this many times as fast (default: 1.0)")
    made.add_argument("--base-path", default="", help="serve everything below this path")
    made.add_argument(
        "--jobs", type=Path, nargs="+", default=[], metavar="FILE.yml", help="scripts and jobs to begin with"
    )
    made.add_argument("--tls", type=Path, nargs=2, metavar=("CERT", "KEY"), help="serve https with this certificate")
    made.add_argument("--rate", type=int, help="requests per second before it answers 429")
    made.add_argument("--token-lifetime", type=float, default=DAY, help="seconds (default: a day)")
    made.add_argument("--skew", type=float, default=0.0, help="seconds by which the server's clock is ahead")
    made.add_argument("--seed", type=int, help="what faults by chance depend on (default: on nothing)")
    return made


def load_jobs(cloud: Cloud, path: Path) -> None:
    """Take scripts (``scripts``: a mapping) and jobs (``jobs``: a list of submits) from a YAML file.

    Raises ScriptError and OSError.
    """
    try:
        data = yaml.safe_load(path.read_text(encoding="utf-8"))
    except yaml.YAMLError as error:
        raise ScriptError(f"{path} is not YAML: {error}.") from error
    if not isinstance(data, dict) or set(data) - {"scripts", "jobs"}:
        raise ScriptError(f"{path} must be a mapping with the keys scripts and jobs.")
    for name, script in (data.get("scripts") or {}).items():
        cloud.scripts[str(name)] = parse(str(name), script)
    for job in data.get("jobs") or []:
        if not isinstance(job, dict) or "script" not in job:
            raise ScriptError(f"Every job in {path} must be a mapping with the key script.")
        cloud.submit(job["script"], **{str(key): value for key, value in job.items() if key != "script"})


async def serve(cloud: Cloud, port: int, tls: tuple[Path, Path] | None) -> None:
    """Serve until SIGTERM or SIGINT."""
    ended = asyncio.Event()
    for number in (signal.SIGTERM, signal.SIGINT):
        asyncio.get_running_loop().add_signal_handler(number, ended.set)
    runner = await start(cloud, port, tls)
    print(cloud.url, flush=True)
    await ended.wait()
    await stop(runner)


def main(arguments: Sequence[str] | None = None) -> int:
    """Run the command; returns the exit code, 2 with one sentence on standard error for what cannot be done."""
    options = parser().parse_args(arguments)
    try:
        if not 0 <= options.port <= 65535:
            raise ValueError(f"The port must be from 0 to 65535, it is {options.port}.")
        cloud = Cloud(
            speed=options.speed,
            base_path=options.base_path,
            rate=options.rate,
            token_lifetime=options.token_lifetime,
            skew=options.skew,
            seed=options.seed,
        )
        for path in options.jobs:
            load_jobs(cloud, path)
        asyncio.run(serve(cloud, options.port, options.tls and tuple(options.tls)))
    except (OSError, TypeError, ValueError) as error:
        print(f"The embedded cloud cannot start: {error}", file=sys.stderr)
        return 2
    return 0
