# Copyright: cloudwait.jobs contributors
# GNU General Public License v3.0 or later (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""YAML as people write it: keys in their order, lists indented, long texts folded."""

from __future__ import annotations

import math
import re
import textwrap
import typing as t

import yaml

WIDTH = 120
NEEDS_QUOTES = re.compile(r"^$|^[\s'\"%@`&*!|>{}\[\]?,-]|: | #|:$|\s$|\n")
# What stands before a value: blanks and dashes, and perhaps a key.
KEY = re.compile(r"((?: |- )*)([\w.]+: )?")


class _Dumper(yaml.SafeDumper):
    def increase_indent(self, flow: bool = False, indentless: bool = False) -> None:
        """Indent the items of a list, as the style of Ansible wants it."""
        super().increase_indent(flow, indentless=False)

    def ignore_aliases(self, data: t.Any) -> bool:
        """Write everything out: a reader should not have to look for anchors."""
        return True


def _text(dumper: yaml.SafeDumper, text: str) -> yaml.ScalarNode:
    """Quote a text where it must be, doubly where that needs no escapes."""
    if not NEEDS_QUOTES.search(text) and yaml.safe_load(text) == text:
        return dumper.represent_scalar("tag:yaml.org,2002:str", text)
    style = "'" if any(char in text for char in '"\\\n') else '"'
    return dumper.represent_scalar("tag:yaml.org,2002:str", text, style=style)


_Dumper.add_representer(str, _text)


def dump(value: t.Any, indent: int = 0) -> str:
    """Return a value as a block of YAML, with every line indented."""
    text = yaml.dump(
        value, Dumper=_Dumper, sort_keys=False, allow_unicode=True, width=math.inf, default_flow_style=False
    )
    return "".join(_folded(" " * indent + line) for line in text.splitlines())


def _folded(line: str) -> str:
    """Return a line as lines that are short enough; what is folded is read as one line again."""
    beginning = t.cast("re.Match[str]", KEY.match(line))
    continuation = " " * (len(beginning.group(1)) + (2 if beginning.group(2) else 0))
    lines = textwrap.wrap(
        line[len(beginning.group(0)) :],
        WIDTH,
        initial_indent=beginning.group(0),
        subsequent_indent=continuation,
        break_long_words=False,
        break_on_hyphens=False,
    )
    return "\n".join(lines or [line]) + "\n"
