# Copyright: cloudwait.jobs contributors
# GNU General Public License v3.0 or later (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Plots of delay over requests, as SVG: panels side by side with one legend, both axes logarithmic."""

from __future__ import annotations

import math
import typing as t
from dataclasses import dataclass
from html import escape

WIDTH, HEIGHT, LEFT, TOP, GAP, LEGEND = 270, 260, 52, 34, 20, 230
OURS, THEIRS, GRID = "#0b6e4f", "#5a6270", "#d9dde3"


@dataclass(frozen=True)
class Point:
    """One system: requests per job, mean delay in seconds."""

    name: str
    requests: float
    delay: float
    ours: bool


def decades(values: t.Sequence[float]) -> tuple[float, float]:
    """The powers of ten around the values, as exponents."""
    return math.floor(math.log10(min(values))), math.ceil(math.log10(max(values)))


def panel(title: str, points: t.Sequence[Point], offset: float) -> list[str]:
    """One panel, `offset` pixels from the left."""
    low_x, high_x = decades([point.requests for point in points])
    low_y, high_y = decades([point.delay for point in points])

    def x(value: float) -> float:
        return offset + (math.log10(value) - low_x) / (high_x - low_x) * WIDTH

    def y(value: float) -> float:
        return TOP + HEIGHT - (math.log10(value) - low_y) / (high_y - low_y) * HEIGHT

    parts = [f'<text x="{offset}" y="{TOP - 12}" font-weight="bold">{escape(title)}</text>']
    for power in range(int(low_x), int(high_x) + 1):
        at = x(10.0**power)
        parts.append(f'<path d="M{at:.1f} {TOP}v{HEIGHT}" stroke="{GRID}"/>')
        parts.append(f'<text x="{at:.1f}" y="{TOP + HEIGHT + 16}" text-anchor="middle">{10.0**power:g}</text>')
    for power in range(int(low_y), int(high_y) + 1):
        at = y(10.0**power)
        parts.append(f'<path d="M{offset} {at:.1f}h{WIDTH}" stroke="{GRID}"/>')
        parts.append(f'<text x="{offset - 6}" y="{at + 4:.1f}" text-anchor="end">{10.0**power:g}</text>')
    middle = offset + WIDTH / 2
    parts.append(f'<text x="{middle}" y="{TOP + HEIGHT + 34}" text-anchor="middle">requests per job</text>')
    # Ours last, so that they stand in front.
    for number, point in sorted(enumerate(points, 1), key=lambda item: item[1].ours):
        parts += mark(x(point.requests), y(point.delay), number, point.ours)
    return parts


def mark(x: float, y: float, number: int, ours: bool) -> list[str]:
    """A numbered dot."""
    return [
        f'<circle cx="{x:.1f}" cy="{y:.1f}" r="8" fill="{OURS if ours else THEIRS}" stroke="#fff"/>',
        f'<text x="{x:.1f}" y="{y + 3.5:.1f}" font-size="10" fill="#fff" text-anchor="middle">{number}</text>',
    ]


def legend(points: t.Sequence[Point], offset: float) -> list[str]:
    """What the numbers stand for."""
    parts = []
    for number, point in enumerate(points, 1):
        y = TOP + 20.0 * number
        parts += [
            *mark(offset, y, number, point.ours),
            f'<text x="{offset + 14}" y="{y + 4}">{escape(point.name)}</text>',
        ]
    return parts


def draw(panels: t.Mapping[str, t.Sequence[Point]]) -> str:
    """The SVG. All panels show the same systems, in the same order."""
    width, height = len(panels) * (WIDTH + LEFT + GAP) + LEGEND, TOP + HEIGHT + 44
    style = 'font-family="sans-serif" font-size="11" fill="#24292f"'
    middle = TOP + HEIGHT / 2
    parts = [
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {width} {height}" {style}>',
        f'<rect width="{width}" height="{height}" fill="#fff"/>',
        f'<text x="12" y="{middle}" transform="rotate(-90 12 {middle})" text-anchor="middle">mean delay, s</text>',
    ]
    for number, (title, points) in enumerate(panels.items()):
        parts += panel(title, points, LEFT + number * (WIDTH + LEFT + GAP))
    parts += legend(next(iter(panels.values())), width - LEGEND + 10)
    return "\n".join([*parts, "</svg>", ""])
