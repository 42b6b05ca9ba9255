# Copyright: cloudwait.jobs contributors
# GNU General Public License v3.0 or later (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""From an answer to a job: states, times, errors, and what each service declares."""

from __future__ import annotations

from ansible_collections.cloudwait.jobs.tests.mutation.change import (
    after,
    always,
    before,
    never,
    replace,
    value,
    without,
)
from ansible_collections.cloudwait.jobs.tests.mutation.mutant import HTTP, MODEL, NETWORK, SERVICES, UNIT, mutants

# The tests of what each service declares.
FACTS = f"{UNIT}/services"

READING = [
    *mutants(
        f"{SERVICES}/verdict.py",
        f"{UNIT}/services",
        ("a status that nobody knows is a success", "read_state", replace("A.get(B, _)", "A.get(B, State.SUCCEEDED)")),
        ("a status that nobody knows is a failure", "read_state", replace("A.get(B, _)", "A.get(B, State.FAILED)")),
        ("a missing status is a success", "read_state", replace("return State.UNKNOWN", "return State.SUCCEEDED")),
        ("true is taken for the status 1", "read_state", without("isinstance(_, bool)")),
        (
            "2.5 is taken for the status 2",
            "read_state",
            before("if isinstance(A, bool) or _: ...", "A = int(A) if isinstance(A, float) else A"),
        ),
        ("a number in a text is no status", "read_state", without("A = int(A)")),
    ),
    *mutants(
        f"{SERVICES}/progress.py",
        f"{UNIT}/services",
        ("progress leaves 0 to 100", "_percent", always("0 <= _ <= 100")),
        (
            "a failed task does not count towards progress",
            "share_ended",
            replace("A in FINAL", "A is State.SUCCEEDED"),
        ),
    ),
    *mutants(
        f"{SERVICES}/reader.py",
        f"{UNIT}/services",
        ("what was read at the last poll is told for ever", "JobReader.read", without("_.raw == _")),
        ("a job may take less than no time", "JobReader.read", without("_.seconds >= _.seconds")),
        ("the service's own answer is left out", "JobReader.read", without("raw=_")),
        ("the error of a failed job is lost", "_error", replace("A is State.SUCCEEDED", "A in FINAL")),
        ("what a running job is doing is an error", "_error", never("_ in UNDER_WAY and _")),
        ("a job that runs has an end", "JobReader.read", replace("A if _ in FINAL else None", "A")),
        ("the code for success is an error", "NO_ERROR", without('"DWS.0000"')),
        ("one of several images is called the image", "_resources", replace("len(A) == 1", "A")),
    ),
    *mutants(
        f"{SERVICES}/cph.py",
        f"{UNIT}/test_module.py",
        ("a failure of CPH is unknown", "CPH", without("-1: _")),
    ),
    *mutants(
        f"{SERVICES}/cph.py",
        f"{NETWORK}/test_huaweicloud_errors.py",
        ("`try again later` is final", "CPH", replace('"CPS.0003": _', '"CPS.0003": ErrorClass.INVALID')),
        (
            "a frozen account is a mistake of the caller's",
            "CPH",
            replace('"CPS.0007": _', '"CPS.0007": ErrorClass.INVALID'),
        ),
    ),
    *mutants(
        f"{SERVICES}/dws.py",
        FACTS,
        ("a job that was stopped is a success", "DWS", replace('"STOP": _', '"STOP": State.SUCCEEDED')),
        ("a scheduled job runs", "DWS", replace('"DELAY_SCHEDULED": _', '"DELAY_SCHEDULED": State.RUNNING')),
        ("times of DWS are UTC", "DWS", without("time_format=_")),
    ),
    *mutants(
        f"{SERVICES}/dws.py",
        f"{NETWORK}/test_huaweicloud_errors.py",
        ("a cluster that nobody knows is a mistake of the caller's", "DWS", without('"DWS.0047": _')),
    ),
    *mutants(
        f"{SERVICES}/ims.py",
        f"{NETWORK}/test_sources.py",
        ("an image job that failed runs", "STATES", replace('"FAIL": _', '"FAIL": State.RUNNING')),
    ),
    *mutants(
        f"{SERVICES}/ims.py",
        FACTS,
        ("images of sub jobs are lost", "IMAGE_IDS", without('"entities.sub_jobs_result[].entities.image_id"')),
        ("the error that IMS puts under entities is lost", "IMS", without('"entities.error"')),
        ("a share of the work is a percentage", "IMS", replace("Scale.FRACTION", "Scale.PERCENT")),
    ),
    *mutants(
        f"{SERVICES}/uphone.py",
        FACTS,
        (
            "a partial success of UPhone is a success",
            "STATES",
            replace('"PARTIAL_SUCCESS": _', '"PARTIAL_SUCCESS": State.SUCCEEDED'),
        ),
        ("the errors of UPhone's tasks are lost", "UPHONE", without("error_from_sub_jobs=True")),
    ),
    *mutants(
        f"{SERVICES}/uphone.py",
        f"{NETWORK}/test_sources.py",
        ("UPhone jobs are asked for one by one", "UPHONE", replace("per_call=_", "per_call=1")),
    ),
    *mutants(
        f"{SERVICES}/uphone.py",
        f"{UNIT}/test_argspec.py",
        ("a waiting UPhone job has no grace of its own", "UPHONE", replace("not_found_grace=_", "not_found_grace=60")),
    ),
    *mutants(
        f"{MODEL}/job.py",
        f"{UNIT}/test_job.py",
        ("an unknown state is final", "FINAL", after("State.FAILED", "State.UNKNOWN")),
        ("a job that waits has started", "UNTIL", replace('"started": A', '"started": A | {State.PENDING}')),
        (
            "a partial success arrives at `succeeded`",
            "UNTIL",
            replace('"succeeded": A', '"succeeded": A | {State.PARTIALLY_SUCCEEDED}'),
        ),
        (
            "a job that is not found has ended",
            "Job.finished",
            replace("return A", "return A or self.state is State.NOT_FOUND"),
        ),
        ("a job that was asked for twice counts twice", "summarise", replace("once(A)", "A")),
    ),
    *mutants(
        f"{MODEL}/times.py",
        f"{UNIT}/test_times.py",
        ("a time of an unknown zone is UTC", "_calendar", replace('A or ("Z" if _ else "")', 'A or "Z"')),
        ("Unix times lose their zone", "_unix", replace('"Z"', '""')),
    ),
    *mutants(
        f"{MODEL}/text.py",
        f"{UNIT}/test_answers.py",
        ("a service's words may break the line", "display_text", replace("single_line(A, B)", "(A)[:B]")),
        ("a service's words may turn the direction of a line", "single_line", never("not _.isprintable()")),
    ),
    *mutants(
        f"{MODEL}/text.py",
        f"{UNIT}/test_bounds.py",
        ("a service's words are quoted without a bound", "MAX_TEXT", value("500_000")),
    ),
    *mutants(
        f"{MODEL}/errors.py",
        f"{UNIT}/test_odd_texts.py",
        ("an error may turn the direction of its line", "CloudwaitError.__init__", replace("single_line(A, _)", "A")),
    ),
    *mutants(
        f"{MODEL}/errors.py",
        f"{UNIT}/test_report.py",
        ("the service's code is not told with a failure", "CloudwaitError.as_failure", replace("self.code", "None")),
    ),
    *mutants(
        f"{HTTP}/json_body.py",
        f"{UNIT}/test_answers.py",
        ("an answer that names a key twice is believed", "_object", never("len(_) != len(_)")),
        ("NaN is taken for JSON", "_constant", replace("raise _", "return None")),
        ("half a character of an answer is told", "decode", never("_ in _ and re.search(...)")),
    ),
    *mutants(
        f"{HTTP}/json_body.py",
        f"{UNIT}/test_bounds.py",
        ("an answer may hold millions of values", "MAX_VALUES", value("300_000_000")),
        ("answers nest without a bound", "MAX_DEPTH", value("900")),
    ),
]
