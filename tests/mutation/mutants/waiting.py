# Copyright: cloudwait.jobs contributors
# GNU General Public License v3.0 or later (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What is polled when, what it means, and when the wait ends."""

from __future__ import annotations

from ansible_collections.cloudwait.jobs.tests.mutation.change import after, always, never, replace, value, without
from ansible_collections.cloudwait.jobs.tests.mutation.mutant import ENGINE, UNIT, mutants

WAITING = [
    *mutants(
        f"{ENGINE}/wait.py",
        f"{UNIT}/test_wait.py",
        ("the deadline is ignored", "Wait.__init__", replace("A + timeout", "A + timeout * 2")),
        ("the last poll is skipped", "Wait.run", replace("A.begin_last_polls(_)", "A.stop()")),
        ("fail_fast does not end the other groups", "Wait.run", never("self._fail_fast and _")),
        ("the first group that fails ends the others", "Wait.run", replace("self._fail_fast and A", "A")),
        ("groups that share a rate do not know of each other", "Wait.__init__", without("_.peers = _")),
    ),
    *mutants(
        f"{ENGINE}/group.py",
        f"{UNIT}/test_wait.py",
        ("the first poll comes without the delay", "Group.__init__", replace("A + min(_.delay, _)", "A")),
        (
            "the order of the result is not the one asked",
            "Group.__init__",
            replace("[self._targets[A] for A in B]", "[self._targets[A] for A in sorted(B)]"),
        ),
        ("jobs that arrived are polled again", "Group.due_calls", without("not _.done")),
        ("what is due last goes first", "Group.due_calls", replace("A.batch(list(B))", "A.batch(list(B)[::-1])")),
        ("more calls are in flight than may be", "Group.due_calls", replace("_.max_in_flight - A", "100 - A")),
        (
            "a silence that is longer than the time left outlasts it",
            "Group.next_event",
            replace("A if B is None else B", "max(A, self._pause_until) if B is None else B"),
        ),
        ("a call that never comes back is waited for", "OVERDUE_SECONDS", value("1000.0")),
        ("a failed call counts as a poll", "Group.take", after("self._last_error = _", "self._polls += 1")),
        ("answers do not renew the budget for errors", "Group.take", without("self._silent_since = _")),
        ("what comes together with the end is thrown away", "Group.take", replace("A and _.error", "A")),
        (
            "jobs of a listing that appear later are waited for",
            "Group._expand",
            replace("TargetKind.JOBS", "self._kind"),
        ),
        (
            "a request that has no jobs yet is left out",
            "Group._take_poll",
            replace("not A and not B.tracked", "not A and not B.tracked and self._kind is not TargetKind.REQUESTS"),
        ),
        (
            "the grace for a job that is not there begins with the wait",
            "Group._take_poll",
            replace("missing_since=_", "missing_since=self._started"),
        ),
        (
            "`not done yet` spends the budget for errors",
            "Group._take_poll",
            replace("A.tries = 0", "A.tries += 1\nself._silent_since -= 10"),
        ),
        (
            "nobody is warned of an unknown status",
            "Group._take_poll",
            never("_ is not None and _.state is State.UNKNOWN"),
        ),
        ("fail_fast is ignored", "Group._fail", replace("A or _.fail_fast", "A")),
        ("the first failure ends the wait for the others", "Group._fail", replace("_ or _.fail_fast", "True")),
        ("the ends of other jobs tell nothing of the rest", "Group._count_end", without("self._ended.append(_)")),
        ("an error that will not pass is tried again", "Group._take_error", without("not _.transient")),
        (
            "Retry-After: 0 is taken at its word",
            "Group._take_error",
            replace("max(A, B.wait or 0.0)", "A if B.wait is None else max(B.wait, 0.01)"),
        ),
        (
            "the silence that a service asked for uses up its budget",
            "Group._excuse",
            without("self._silent_since += _"),
        ),
        ("a service may ask for silence without end", "Group._excuse", replace("min(A, _)", "A")),
        ("the same silence counts for every call", "Group._excuse", replace("max(A, self._excused_until)", "A")),
        ("what fails at the deadline is no timeout", "Group._take_error", without("self._timed_out = True")),
        ("the first list of a request is believed", "Group._take_poll", always("_ is not TargetKind.REQUESTS")),
        ("Retry-After holds for one job alone", "Group._take_error", without("self._pause_until = _")),
        ("one poll is tried more than three times", "TRIES", value("5")),
        ("a single poll waits as long as a service asks", "Group._is_given_up", without("_ > _.max_interval")),
        ("a silent service is waited for without a budget", "Group._is_given_up", never("_ > _.error_grace")),
        ("a job that is refused ends the wait for the others", "Group._give_up", always("len(_) != 1 or _")),
        ("the polls before the deadline crowd", "Group._schedule", replace("A > B - _ / 2", "A > B")),
        (
            "intervals do not stretch to what the rate allows",
            "Group._plan_at",
            replace("max(A.max_interval, _)", "A.max_interval"),
        ),
        (
            "unfinished forgets a job that was not found",
            "Group.outcome",
            replace("not _ and not (A.settled and _)", "not A.settled"),
        ),
        ("unfinished names jobs that failed", "Group.outcome", replace("not A and not (_.settled and _)", "not A")),
    ),
    *mutants(
        f"{ENGINE}/group.py",
        f"{UNIT}/test_bounds.py",
        ("the polls at the deadline have no end", "LAST_POLL_SECONDS", value("100_000.0")),
        ("jobs that are due together are polled one by one", "Group.due_calls", replace("A + (_ if _ else 0.0)", "A")),
    ),
    *mutants(
        f"{ENGINE}/tracker.py",
        f"{UNIT}/test_wait.py",
        ("warnings have no bound", "MAX_WARNINGS", value("20_000")),
        ("a job that failed is waited for", "TrackedJob.see", replace("A or B.finished", "A")),
        ("an unconfirmed success is believed", "TrackedJob.see", never("_ < _.confirmations")),
        ("confirmations need not agree", "TrackedJob.see", replace("A + 1 if _ else 1", "A + 1")),
        ("a failure has to be confirmed", "TrackedJob.see", replace("A.state in SUCCESSES", "A.finished")),
        (
            "a single poll has to be confirmed",
            "TrackedJob.see",
            replace("A is None or (B and C)", "(A is None or B) and C"),
        ),
        ("a job that vanished and came back has no grace left", "TrackedJob.see", without("self.missing_since = None")),
        ("a job that was not seen is no break in its confirmations", "TrackedJob.miss", without("self.agreeing = 0")),
        ("a job is not found without any grace", "TrackedJob.miss", always("_ >= _ + _.not_found_grace")),
        (
            "a job that is not there is waited for to the deadline",
            "TrackedJob.miss",
            never("_ >= _ + _.not_found_grace"),
        ),
        (
            "one poll calls an absent job not found",
            "TrackedJob.miss",
            after(
                "self.agreeing = 0",
                "if options.until is None:\n    self.job = replace(self.job, state=State.NOT_FOUND)",
            ),
        ),
        ("the last known state is lost within the grace", "TrackedJob.miss", without("not self.ever_seen")),
        (
            "an answer that contradicts itself ends a job",
            "distinct",
            replace("A is not B and A.finished", "A is not B and B.finished"),
        ),
    ),
    *mutants(
        f"{ENGINE}/schedule.py",
        f"{UNIT}/test_schedule.py",
        ("intervals do not grow", "GROWTH", value("0.0")),
        ("intervals grow without a bound", "poll_interval", replace("clamp(A, B, _)", "max(A, B)")),
        (
            "jitter leaves the bounds of the interval",
            "poll_interval",
            replace("clamp(A * B, C, D)", "clamp(A, C, D) * B"),
        ),
        ("there is no jitter", "poll_interval", replace("2 * JITTER * _", "JITTER")),
        ("progress does not bring the next poll nearer", "poll_interval", never("_ is not None")),
        ("a progress that rushes ahead overruns the end", "poll_interval", replace("min(A, _)", "A")),
        ("two percent are enough to tell the speed", "PROGRESS_FLOOR", value("1")),
        ("a failed call is tried again at once", "BACK_OFF", value("0.0")),
        ("pauses after failed calls do not grow", "back_off", replace("2.0 ** A", "1.0 ** A")),
    ),
    *mutants(
        f"{ENGINE}/threads.py",
        f"{UNIT}/test_threads.py",
        (
            "a defect of our own holds up the wait",
            "ThreadExecutor._run",
            replace("A.put(B)", "if B.error is None or B.error.kind != 'service':\n    A.put(B)"),
        ),
    ),
]
