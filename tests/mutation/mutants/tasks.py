# Copyright: cloudwait.jobs contributors
# GNU General Public License v3.0 or later (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Tasks: their options, results and sentences, the direct path, the filter, the tests, and the tarball."""

from __future__ import annotations

from ansible_collections.cloudwait.jobs.tests.mutation.change import always, never, replace, value, without
from ansible_collections.cloudwait.jobs.tests.mutation.mutant import CONTROLLER, SERVICES, TASK, TESTS, UNIT, mutants

OPTIONS = [
    *mutants(
        f"{TASK}/options.py",
        f"{UNIT}/test_argspec.py",
        ("a blank id is asked for", "_check_id", never("not trimmed(_)")),
        ("an id may be a step upwards", "_check_id", never('not _.strip(".")')),
        ("an id with a control character is asked for", "_check_id", replace("stray_character(_)", "None")),
        ("an id may be of any length", "_check_id", never("len(_) > MAX_ID")),
        ("several requests may hide in one id", "_check_id", never('"," in _')),
        ("an empty list of ids is taken", "check_options", never("not check_mode")),
        ("ids that YAML read as numbers are taken", "_check_texts_of_ids", never("isinstance(_, (int, float))")),
        ("items of lists keep their blanks", "_trimmed_items", replace("trimmed(A)", "A")),
        ("an interval of 0 is taken", "BOUNDS", replace("Bounds(0, A_YEAR, above=True)", "Bounds(0, A_YEAR)")),
        (
            "NaN is a number of seconds",
            "check_options",
            replace("not (A < B if _ else A <= B) or not B <= C", "B < A or B > C"),
        ),
    ),
    *mutants(
        f"{TASK}/options.py",
        f"{TESTS}/plugin_utils/test_direct.py",
        ("an infinite number ends in a traceback of Ansible's", "_is_infinite", replace("math.isinf(_)", "False")),
        (
            "a number of hundreds of digits ends in a traceback of Ansible's",
            "_is_huge",
            replace("return True", "return False"),
        ),
    ),
    *mutants(
        f"{TASK}/groups.py",
        f"{UNIT}/test_groups.py",
        ("a group may have a deadline of its own", "NOT_IN_OPTIONS", without('**dict.fromkeys(("timeout", *_), _)')),
        (
            "what all groups share goes before a group's own options",
            "merge_options",
            without("merged.update(under_names(spec, group.options))"),
        ),
        ("connections of another cloud are taken", "merge_options", replace("group.provider.cloud_name", '"ucloud"')),
    ),
]

RESULTS = [
    *mutants(
        f"{TASK}/run.py",
        f"{UNIT}/test_module.py",
        ("check mode waits", "TaskContext.until", replace("[] if _ else A", "A")),
        ("an interrupt loses what is known", "wait_for", replace("(KeyboardInterrupt, Interrupted)", "KeyError")),
    ),
    *mutants(
        f"{TASK}/result.py",
        f"{UNIT}/test_module.py",
        ("a module says that it changed something", "result_of", replace('"changed": False', '"changed": True')),
        (
            "a failure is told without what is known of the jobs",
            "result_of",
            replace('"jobs": A', '"jobs": [] if failure else A'),
        ),
    ),
    *mutants(
        f"{TASK}/result.py",
        f"{UNIT}/test_report.py",
        (
            "a job that was not found is told before one that failed",
            "GroupResult.failure",
            replace("if A.ended_elsewhere:\n    B", "if A.ended_elsewhere and not A.missing:\n    B"),
        ),
        (
            "a timeout hides a job that failed",
            "GroupResult.failure",
            replace("if A.ended_elsewhere:\n    B", "if A.ended_elsewhere and not A.timed_out:\n    B"),
        ),
        (
            "a single poll fails for a job that nobody knows",
            "GroupResult.failure",
            replace("A.missing and _", "A.missing"),
        ),
    ),
    *mutants(
        f"{TASK}/result.py",
        f"{UNIT}/test_several_groups.py",
        (
            "the jobs of a group that could not be polled are forgotten",
            "GroupResult.unfinished",
            replace("A if B else _", "A if B else ()"),
        ),
    ),
    *mutants(
        f"{TASK}/wait_for_jobs.py",
        f"{UNIT}/test_wait_for_jobs.py",
        ("secrets in the options of a group are shown", "secrets", replace("secrets_in(_)", "set()")),
        ("with fail_fast the others are polled for a group that cannot be", "run", without("is_lost=_")),
    ),
    *mutants(
        f"{TASK}/table.py",
        f"{UNIT}/test_several_groups.py",
        ("the table shows a job twice", "table", replace("once(A)", "list(A)")),
    ),
    *mutants(
        f"{TASK}/messages.py",
        f"{UNIT}/test_report.py",
        ("a message does not say how to go on", "sentence", never("_.until and _ and any(_)")),
        ("a message does not name the last error", "sentence", never("_.timed_out and _.last_error not in _")),
        ("a message does not name the jobs", "_parts", replace("', '.join(_some(_))", '""')),
        ("a message goes on where nothing was answered", "sentence", replace("_.polls > 0", "True")),
        ("one of several jobs is told as if it were the only one", "_parts", always("total == 1")),
        ("a message names every job, however many there are", "NAMED", value("5000")),
    ),
]

CONTROLLER_SIDE = [
    *mutants(
        f"{CONTROLLER}/in_process.py",
        f"{TESTS}/plugin_utils/test_direct.py",
        ("a remote task runs on the controller", "InProcessAction._is_direct", without("_.transport in _")),
        ("become is ignored", "InProcessAction._is_direct", without("not self._play_context.become")),
        (
            "a connection's own become is ignored",
            "InProcessAction._is_direct",
            without("self._connection.become is None"),
        ),
        ("async is ignored", "InProcessAction._is_direct", without("not self._task.async_val")),
        ("check mode is not handed on", "InProcessAction._wait", replace("bool(self._task.check_mode)", "False")),
        ("a task with no_log shows progress", "InProcessAction._wait", without("self._task.no_log")),
    ),
    *mutants(
        f"{CONTROLLER}/in_process.py",
        f"{TESTS}/plugin_utils/test_arguments.py",
        (
            "a task's environment stays for the next one",
            "_environment",
            without("os.environ.clear()\nos.environ.update(_)"),
        ),
        ("a task's environment is ignored", "_environment", without("os.environ.update({_: _ for _, _ in _})")),
    ),
    *mutants(
        f"{CONTROLLER}/group_state.py",
        f"{TESTS}/plugin_utils/test_progress.py",
        ("a line of progress may move the cursor", "name_of", replace("single_line(A, _)", "A")),
        ("all is done before the end", "GroupState._percent", replace("mean < 100", "True")),
        ("jobs that are not polled yet are not counted", "GroupState._total", replace("sum(self.unseen)", "0")),
    ),
    *mutants(
        f"{CONTROLLER}/progress_lines.py",
        f"{TESTS}/plugin_utils/test_progress.py",
        ("the end of a wait is not told", "ProgressLines._is_due", replace("all(_)", "False")),
        ("progress floods the terminal", "ProgressLines._is_due", always("_ >= _ - SLACK")),
        ("a long silence is not broken", "HEARTBEAT", value("6000.0")),
    ),
    *mutants(
        f"{CONTROLLER}/signals.py",
        f"{TESTS}/plugin_utils/test_interruption.py",
        (
            "a second signal ends a task before it told what is known",
            "Interruption._take",
            without("signal.signal(signal.SIGTERM, _)"),
        ),
        ("an interrupted task may take its time", "Interruption._take", without("signal.alarm(_)")),
        ("a task outlives the main process", "bound_to_parent.guard", without("os.kill(...)")),
    ),
    *mutants(
        "plugins/filter/job_ids.py",
        f"{TESTS}/filter/test_job_ids.py",
        ("an item that was refused at submit is passed over", "_job_ids", never("_.refusals and not skip_refused")),
        ("skip_refused is ignored", "_job_ids", without("not skip_refused")),
    ),
    *mutants(
        f"{SERVICES}/submit_answer.py",
        f"{TESTS}/filter/test_job_ids.py",
        ("an answer without a job id is passed over", "read_answer", replace("not A and not B", "False")),
        ("an item of a batch without a job is passed over", "_read_items", without("raise InvalidError(...)")),
        (
            "an error code of UCloud at submit is passed over",
            "refusal_in",
            replace("None if _ else Refusal(...)", "None"),
        ),
    ),
    *mutants(
        "plugins/test/jobs.py",
        f"{TESTS}/test/test_jobs.py",
        ("a result without jobs is a success", "jobs_succeeded", without("bool(_)")),
        (
            "a partial success passes the test for success",
            "jobs_succeeded",
            replace("A is State.SUCCEEDED", "A in (State.SUCCEEDED, State.PARTIALLY_SUCCEEDED)"),
        ),
        ("a job that goes on passes the test for finished", "jobs_finished", replace("all(A)", "any(A)")),
        ("one failure among many passes unseen", "jobs_failed", replace("A in B", "{A} == set(B)")),
        (
            "a skipped task passes for jobs that are fine",
            "_states",
            replace(
                'if A.get("skipped") is True:\n    raise _',
                'if A.get("skipped") is True:\n    return [State.SUCCEEDED]',
            ),
        ),
    ),
    *mutants(
        "scripts/normalise",
        "tests/supply/test_tarball.py",
        ("the tarball tells when its files were made", "tar", replace("DATE", "old.mtime")),
        (
            "the tarball lists its files in the order of the file system",
            "normalised",
            replace("A.sort(key=_)", "A.sort(key=lambda entry: 0)"),
        ),
    ),
]

TASKS = [*OPTIONS, *RESULTS, *CONTROLLER_SIDE]
