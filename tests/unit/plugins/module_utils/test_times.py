# Copyright: cloudwait.jobs contributors
# GNU General Public License v3.0 or later (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The services' time spellings: one line per spelling."""

from __future__ import annotations

import typing as t

import pytest
from ansible_collections.cloudwait.jobs.plugins.module_utils.model.times import TimeFormat, read_time

UTC, NO_ZONE, SECONDS, MILLISECONDS = TimeFormat.UTC, TimeFormat.NO_ZONE, TimeFormat.SECONDS, TimeFormat.MILLISECONDS


@pytest.mark.parametrize(
    ("value", "clock", "text"),
    [
        # CPH, and the second spelling of IMS
        ("2019-04-26T07:00:06Z", UTC, "2019-04-26T07:00:06Z"),
        ("2022-05-17T14:42:20.859Z", UTC, "2022-05-17T14:42:20.859Z"),
        # the first spelling of IMS, with and without milliseconds
        ("04-Jun-2015 18:11:06:586", UTC, "2015-06-04T18:11:06.586Z"),
        ("04-Jun-2015 18:11:06", UTC, "2015-06-04T18:11:06Z"),
        ("31-Dec-1999 23:59:59:000", UTC, "1999-12-31T23:59:59Z"),
        # IAM's microseconds, and .NET's ten millionths, are cut to milliseconds
        ("2019-02-13T06:52:13.855000Z", UTC, "2019-02-13T06:52:13.855Z"),
        ("2019-02-13T06:52:13.8559999Z", UTC, "2019-02-13T06:52:13.855Z"),
        # documented as UTC, but without the letter
        ("2019-04-26T07:00:06", UTC, "2019-04-26T07:00:06Z"),
        ("2019-04-26 07:00:06", UTC, "2019-04-26T07:00:06Z"),
        # a zone that the text itself names is kept
        ("2018-08-06T10:41:14+08:00", UTC, "2018-08-06T10:41:14+08:00"),
        ("2022-11-09T20:25:00Z", NO_ZONE, "2022-11-09T20:25:00Z"),
        # DWS documents no zone, so none is claimed
        ("2022-11-09T20:25:00", NO_ZONE, "2022-11-09T20:25:00"),
        ("2022-11-09T20:25:00.5", NO_ZONE, "2022-11-09T20:25:00.500"),
        # CCE: as Go writes a time
        ("2020-02-02 08:12:40.672772389 +0000 UTC", UTC, "2020-02-02T08:12:40.672+00:00"),
        ("2020-02-02 08:12:40.672772 +0800 CST", UTC, "2020-02-02T08:12:40.672+08:00"),
        # CFW counts milliseconds, and writes some times out
        ("2019-04-26T07:00:06+0800", MILLISECONDS, "2019-04-26T07:00:06+08:00"),
        # UPhone: Unix seconds, as a number and as text
        (1667996700, SECONDS, "2022-11-09T12:25:00Z"),
        ("1667996700", SECONDS, "2022-11-09T12:25:00Z"),
        (" 1667996700 ", SECONDS, "2022-11-09T12:25:00Z"),
        (3, SECONDS, "1970-01-01T00:00:03Z"),
        # DCS: Unix milliseconds, as text and as a number
        ("1667996700123", MILLISECONDS, "2022-11-09T12:25:00.123Z"),
        (1667996700000, MILLISECONDS, "2022-11-09T12:25:00Z"),
        # a leap day
        ("2024-02-29T00:00:00Z", UTC, "2024-02-29T00:00:00Z"),
    ],
)
def test_spelling(value: t.Any, clock: TimeFormat, text: str) -> None:
    time = read_time(value, clock)
    assert time is not None
    assert time.text == text


@pytest.mark.parametrize(
    ("name", "number"),
    [
        *(("Jan", "01"), ("Feb", "02"), ("Mar", "03"), ("Apr", "04"), ("May", "05"), ("Jun", "06")),
        *(("Jul", "07"), ("Aug", "08"), ("Sep", "09"), ("Oct", "10"), ("Nov", "11"), ("Dec", "12")),
    ],
)
def test_month(name: str, number: str) -> None:
    time = read_time(f"04-{name}-2015 18:11:06:586", UTC)
    assert time is not None
    assert time.text == f"2015-{number}-04T18:11:06.586Z"


@pytest.mark.parametrize("clock", TimeFormat)
@pytest.mark.parametrize(
    "value",
    [
        # there is no time: null, empty, blank, and zero as UCloud writes it
        *(None, "", "   ", 0, "0"),
        # not a time: other JSON types
        *(True, False, 2.5, 1667996700.5, [], ["2019-04-26T07:00:06Z"], {}, {"time": 1667996700}),
        # not a time: letters where numbers belong, as in UPhone's own sample
        *("qamMsYcQ", "null", "None", "-", "now"),
        # no day of any calendar, no hour of any day
        *("2019-02-29T07:00:06Z", "2019-13-01T07:00:06Z", "2019-04-26T24:00:06Z", "0000-01-01T00:00:00Z"),
        *("31-Jun-2015 18:11:06:586", "04-Foo-2015 18:11:06:586", "04-jun-2015 18:11:06:586"),
        # half a time, and a time with more behind it
        *("2019-04-26", "07:00:06", "2019-04-26T07:00Z", "2019-04-26T07:00:06Zulu", "04-Jun-2015"),
        # digits of other scripts
        *("٢٠١٩-04-26T07:00:06Z", "\uff11\uff16\uff16\uff17\uff19\uff19\uff16\uff17\uff10\uff10"),
        # before the epoch, after the last year, and larger than any number of the machine
        *(-1, "-1667996700", 10**15 - 1, 10**15, 10**19, 10**400, "9" * 15, "9" * 400),
        # not written as a whole number
        *("1e9", "1667996700.0", "+1667996700", "0x10"),
    ],
)
def test_no_time(value: t.Any, clock: TimeFormat) -> None:
    assert read_time(value, clock) is None


@pytest.mark.parametrize(
    ("value", "clock"),
    [
        # text where numbers belong, and numbers where text belongs
        ("2019-04-26T07:00:06", SECONDS),
        ("04-Jun-2015 18:11:06:586", MILLISECONDS),
        (1667996700, UTC),
        ("1667996700", NO_ZONE),
        # milliseconds where seconds belong lie after the last year
        (1667996700000, SECONDS),
    ],
)
def test_another_clock(value: t.Any, clock: TimeFormat) -> None:
    assert read_time(value, clock) is None


@pytest.mark.parametrize(
    ("begin", "end", "clock", "seconds"),
    [
        # the two spellings of IMS may stand in one answer
        ("17-May-2022 14:42:10:859", "2022-05-17T14:42:20.859Z", UTC, 10.0),
        # zones that the texts name count
        ("2022-05-17T14:42:20+08:00", "2022-05-17T06:42:20Z", UTC, 0.0),
        ("2022-05-17T14:42:20-0130", "2022-05-17T16:12:20Z", UTC, 0.0),
        ("2022-05-17T14:42:20+13:45", "2022-05-17T00:57:20Z", UTC, 0.0),
        # without a zone the difference still holds
        ("2022-11-09T20:25:00", "2022-11-09T20:30:00", NO_ZONE, 300.0),
        # over midnight and the end of a year
        ("31-Dec-2015 23:59:59:500", "01-Jan-2016 00:00:00:250", UTC, 0.75),
        (1667996700, "1667997000", SECONDS, 300.0),
        ("1667996700000", 1667996700001, MILLISECONDS, 0.001),
    ],
)
def test_difference(begin: t.Any, end: t.Any, clock: TimeFormat, seconds: float) -> None:
    first, last = read_time(begin, clock), read_time(end, clock)
    assert first is not None
    assert last is not None
    assert last.seconds - first.seconds == pytest.approx(seconds, abs=1e-5)
