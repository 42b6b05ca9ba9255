# Copyright: cloudwait.jobs contributors
# GNU General Public License v3.0 or later (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""YAML files, by the parser that ansible-core brings along. On a remote host there may be none."""

from __future__ import annotations

import typing as t

from ..model.errors import InvalidError

try:
    import yaml
except ImportError:
    HAS_YAML = False
else:
    HAS_YAML = True

    # What anchors and merge keys can make of a small file is bounded by these.
    MAX_ALIASES = 100
    MAX_KEYS = 1000
    # Numbers and dates stay the text that somebody wrote.
    TAGS = ("tag:yaml.org,2002:null", "tag:yaml.org,2002:merge")

    class Loader(yaml.SafeLoader):
        """Loads nothing but texts, nulls, lists and dictionaries."""

        yaml_implicit_resolvers = {  # noqa: RUF012 - as the base class has it
            first: [(tag, pattern) for tag, pattern in resolvers if tag in TAGS]
            for first, resolvers in yaml.SafeLoader.yaml_implicit_resolvers.items()
        }
        aliases = 0

        def compose_node(self, parent: t.Any, index: t.Any) -> t.Any:
            """Compose a node, and count the aliases."""
            if self.check_event(yaml.AliasEvent):
                self.aliases += 1
                if self.aliases > MAX_ALIASES:
                    raise yaml.YAMLError
            return super().compose_node(parent, index)

        def flatten_mapping(self, node: t.Any) -> None:
            """Merge what a mapping names by merge keys."""
            super().flatten_mapping(node)
            if len(node.value) > MAX_KEYS:
                raise yaml.YAMLError


def parse_yaml(path: str, text: str) -> t.Any:
    """Return the value of a YAML document, every scalar but null as text.

    Raises InvalidError where it is none: by file and line, never by what stands there.
    """
    try:
        return yaml.load(text, Loader=Loader)  # noqa: S506 - derived from the safe one
    except (yaml.YAMLError, ValueError, RecursionError, TypeError, LookupError, AttributeError) as exc:
        mark = getattr(exc, "problem_mark", None)
        where = f", line {mark.line + 1}," if mark else ""
        raise InvalidError(
            f"The file {path}{where} is not YAML that can be read; mend it or give the credentials as options."
        ) from None
