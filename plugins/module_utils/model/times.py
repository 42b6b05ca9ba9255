# Copyright: cloudwait.jobs contributors
# GNU General Public License v3.0 or later (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The time spellings of the services, as ISO 8601. Knows neither HTTP nor Ansible."""

from __future__ import annotations

import datetime as dt
import enum
import re
import typing as t

# RFC 3339; also as Go writes a time, with a blank before the zone, and its name behind.
ISO = re.compile(
    r"(\d{4})-(\d\d)-(\d\d)[T ](\d\d):(\d\d):(\d\d)(?:\.(\d{1,9}))?(Z| ?[+-]\d\d:?\d\d)?(?: [A-Z]{3,5})?", re.ASCII
)
# IMS also writes 04-Jun-2015 18:11:06:586
DAY_MONTH_YEAR = re.compile(r"(\d\d)-([A-Z][a-z]{2})-(\d{4}) (\d\d):(\d\d):(\d\d)(?::(\d{3}))?", re.ASCII)
MONTHS = ("Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec")
UNIX = re.compile(r"\d{1,15}", re.ASCII)


class TimeFormat(enum.Enum):
    """A way in which services tell the time."""

    UTC = "text, documented as UTC"
    NO_ZONE = "text, in an undocumented zone"
    SECONDS = "Unix seconds"
    MILLISECONDS = "Unix milliseconds"


class Time(t.NamedTuple):
    """A point in time: as ISO 8601, and in seconds since an epoch that is the same for both times of a job."""

    text: str
    seconds: float


def read_time(value: object, clock: TimeFormat) -> Time | None:
    """Return a service's time as `Time`; None where there is none, or none that can be understood."""
    if isinstance(value, bool) or not isinstance(value, (int, str)):
        return None
    text = str(value).strip()
    try:
        iso = ISO.fullmatch(text)
        # A service that counts may write one of its times out.
        if clock in (TimeFormat.SECONDS, TimeFormat.MILLISECONDS) and not (iso and iso.group(8)):
            return _unix(text, 1000 if clock is TimeFormat.MILLISECONDS else 1)
        return _calendar(text, clock)
    except (ValueError, OverflowError):
        return None


def _unix(text: str, per_second: int) -> Time | None:
    if not UNIX.fullmatch(text) or int(text) == 0:
        return None
    seconds = int(text) / per_second
    moment = dt.datetime.fromtimestamp(seconds, dt.timezone.utc)
    return Time(_iso(moment.replace(tzinfo=None), "Z"), seconds)


def _calendar(text: str, clock: TimeFormat) -> Time | None:
    iso = ISO.fullmatch(text)
    if iso:
        year, month, day, hour, minute, second, fraction, zone = iso.groups()
    else:
        named = DAY_MONTH_YEAR.fullmatch(text)
        if not named or named.group(2) not in MONTHS:
            return None
        day, name, year, hour, minute, second, fraction = named.groups()
        month, zone = MONTHS.index(name) + 1, None
    micro = int((fraction or "").ljust(6, "0")[:6])
    moment = dt.datetime(int(year), int(month), int(day), int(hour), int(minute), int(second), micro)  # noqa: DTZ001
    zone = (zone or "").strip() or ("Z" if clock is TimeFormat.UTC else "")
    if len(zone) == len("+0000"):
        zone = f"{zone[:3]}:{zone[3:]}"
    seconds = (moment - dt.datetime(1970, 1, 1)).total_seconds()  # noqa: DTZ001
    if zone not in ("", "Z"):
        offset = int(zone[1:3]) * 3600 + int(zone[-2:]) * 60
        seconds -= -offset if zone[0] == "-" else offset
    return Time(_iso(moment, zone), seconds)


def _iso(moment: dt.datetime, zone: str) -> str:
    return moment.isoformat(timespec="milliseconds" if moment.microsecond else "seconds") + zone
