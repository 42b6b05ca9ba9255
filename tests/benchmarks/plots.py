# Copyright: cloudwait.jobs contributors
# GNU General Public License v3.0 or later (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Plots of delay over requests, as SVG: panels one below the other with one legend, both axes logarithmic.

They are as wide as a phone, so that their text is as large there as that of the page.
"""

from __future__ import annotations

import math
import typing as t
from dataclasses import dataclass
from html import escape

WIDTH, LEFT, RIGHT, TOP, HEIGHT, BOTTOM, LINE = 360, 56, 14, 34, 200, 52, 22
FONT = 'font-family="sans-serif" font-size="13"'
STYLE = """
.page { fill: #fff } text { fill: #24292f } .grid { stroke: #d9dde3 } circle { stroke: #fff }
.ours { fill: #0b6e4f } .theirs { fill: #5a6270 } .number { fill: #fff; font-size: 12px; text-anchor: middle }
@media (prefers-color-scheme: dark) {
.page { fill: #16191d } text { fill: #d7dbe0 } .grid { stroke: #3a4048 } circle { stroke: #16191d }
.ours { fill: #3fbf8f } .theirs { fill: #a0a8b4 } .number { fill: #101316 }
}
"""


@dataclass(frozen=True)
class Point:
    """One system: requests per job, mean delay in seconds."""

    name: str
    requests: float
    delay: float
    ours: bool


def decades(values: t.Sequence[float]) -> tuple[int, int]:
    """The powers of ten around the values, as exponents."""
    return math.floor(math.log10(min(values))), math.ceil(math.log10(max(values)))


def panel(title: str, points: t.Sequence[Point], top: float) -> list[str]:
    """One panel, `top` pixels from the top."""
    wide, upper = WIDTH - LEFT - RIGHT, top + TOP
    low_x, high_x = decades([point.requests for point in points])
    low_y, high_y = decades([point.delay for point in points])

    def x(value: float) -> float:
        return LEFT + (math.log10(value) - low_x) / (high_x - low_x) * wide

    def y(value: float) -> float:
        return upper + HEIGHT - (math.log10(value) - low_y) / (high_y - low_y) * HEIGHT

    middle = upper + HEIGHT / 2
    parts = [
        f'<text x="{LEFT}" y="{upper - 12}" font-weight="bold">{escape(title)}</text>',
        f'<text x="14" y="{middle}" transform="rotate(-90 14 {middle})" text-anchor="middle">mean delay, s</text>',
        f'<text x="{LEFT + wide / 2}" y="{upper + HEIGHT + 38}" text-anchor="middle">requests per job</text>',
    ]
    for power in range(low_x, high_x + 1):
        at = x(10.0**power)
        parts.append(f'<path class="grid" d="M{at:.1f} {upper}v{HEIGHT}"/>')
        parts.append(f'<text x="{at:.1f}" y="{upper + HEIGHT + 18}" text-anchor="middle">{10.0**power:g}</text>')
    for power in range(low_y, high_y + 1):
        at = y(10.0**power)
        parts.append(f'<path class="grid" d="M{LEFT} {at:.1f}h{wide}"/>')
        parts.append(f'<text x="{LEFT - 6}" y="{at + 4:.1f}" text-anchor="end">{10.0**power:g}</text>')
    # Ours last, so that they stand in front.
    for number, point in sorted(enumerate(points, 1), key=lambda item: item[1].ours):
        parts += mark(x(point.requests), y(point.delay), number, point.ours)
    return parts


def mark(x: float, y: float, number: int, ours: bool) -> list[str]:
    """A numbered dot."""
    return [
        f'<circle class="{"ours" if ours else "theirs"}" cx="{x:.1f}" cy="{y:.1f}" r="10"/>',
        f'<text class="number" x="{x:.1f}" y="{y + 4:.1f}">{number}</text>',
    ]


def legend(points: t.Sequence[Point], top: float) -> list[str]:
    """What the numbers stand for."""
    parts = []
    for number, point in enumerate(points, 1):
        y = top + LINE * (number - 0.5)
        parts += [*mark(18, y, number, point.ours), f'<text x="34" y="{y + 4.5}">{escape(point.name)}</text>']
    return parts


def draw(panels: t.Mapping[str, t.Sequence[Point]]) -> str:
    """The SVG. All panels show the same systems, in the same order."""
    systems = next(iter(panels.values()))
    below = len(panels) * (TOP + HEIGHT + BOTTOM)
    height = below + LINE * len(systems) + 10
    parts = [
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {WIDTH} {height}" {FONT}>',
        f"<style>{STYLE}</style>",
        f'<rect class="page" width="{WIDTH}" height="{height}"/>',
    ]
    for number, (title, points) in enumerate(panels.items()):
        parts += panel(title, points, number * (TOP + HEIGHT + BOTTOM))
    parts += legend(systems, below)
    return "\n".join([*parts, "</svg>", ""])
