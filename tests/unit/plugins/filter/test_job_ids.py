# Copyright: cloudwait.jobs contributors
# GNU General Public License v3.0 or later (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The filter `job_ids`: one line per answer."""

from __future__ import annotations

import typing as t

import pytest
from ansible.errors import AnsibleFilterError
from ansible_collections.cloudwait.jobs.plugins.filter.job_ids import FilterModule
from jinja2 import StrictUndefined, UndefinedError

job_ids = FilterModule().filters()["job_ids"]

CPH_BATCH = {
    "request_id": "r1",
    "jobs": [
        {"phone_id": "p1", "job_id": "j1", "error_code": None, "error_msg": None},
        {"phone_id": "p2", "job_id": "j2", "error_code": "", "error_msg": ""},
    ],
}
CPH_MIXED = {
    "request_id": "r1",
    "jobs": [
        {"phone_id": "p1", "job_id": "j1"},
        {"phone_id": "p2", "error_code": "CPS.0005", "error_msg": "The phone does not exist."},
        {"phone_id": "p3", "job_id": "j3"},
    ],
}
CPH_ERROR = {"request_id": "r1", "error_code": "CPS.0004", "error_msg": "The parameter is wrong."}
UPHONE = {"RetCode": 0, "Action": "InstallUPhoneAppVersionResponse", "Message": "", "JobId": "u1"}


@pytest.mark.parametrize(
    ("answer", "ids"),
    [
        # CPH answers a batch with one item per phone, or per server; empty error fields are no error
        (CPH_BATCH, ["j1", "j2"]),
        ({"request_id": "r", "jobs": [{"server_id": "s1", "job_id": "j1"}]}, ["j1"]),
        # CPH answers a single piece of work with the id at the top
        ({"request_id": "r", "job_id": "j1"}, ["j1"]),
        # IMS and DWS: at the top
        ({"job_id": "i1"}, ["i1"]),
        # DWS sends its success as an error code
        ({"error_code": "DWS.0000", "error_msg": None, "job_id": "d1"}, ["d1"]),
        # DWS: inside the cluster
        ({"cluster": {"id": "c1", "job_id": "d1"}}, ["d1"]),
        # the id of the answer itself goes before ids deeper down, which belong to something else
        ({"job_id": "i1", "entities": {"sub_jobs_result": [{"job_id": "i2"}]}}, ["i1"]),
        # a text that is no error stands beside the id in many answers
        ({"job_id": "i1", "message": "accepted"}, ["i1"]),
        ({"meta": {"message": "accepted"}, "job": {"job_id": "d1"}}, ["d1"]),
        # UPhone: one id, several, and a list of jobs
        (UPHONE, ["u1"]),
        ({"RetCode": 0, "JobIds": ["u2", "u1"]}, ["u2", "u1"]),
        ({"RetCode": 0, "Jobs": [{"JobId": "u1", "UPhoneId": "p1"}, {"JobId": "u2", "UPhoneId": "p2"}]}, ["u1", "u2"]),
        # UPhone: the same job under both names is one job
        ({"RetCode": 0, "JobId": "u1", "JobIds": ["u1"]}, ["u1"]),
        # UPhone: a RetCode as text is that number
        ({"RetCode": "0", "JobId": "u1"}, ["u1"]),
        # RDS and TaurusDB have their ids under other names, too
        ({"workflowId": "w1"}, ["w1"]),
        ({"workflow_id": "w1", "message": "accepted"}, ["w1"]),
        ({"jobId": "r1"}, ["r1"]),
        # … and the job's own name goes first
        ({"workflow_id": "w1", "job_id": "r1"}, ["r1"]),
        # the databases, Kafka and EIP: batches, in lists of any name
        ({"results": [{"id": "i1", "job_id": "r1"}, {"id": "i2", "job_id": "r2"}]}, ["r1", "r2"]),
        ({"records": [{"job_id": "r1"}], "restore_result": [{"job_id": "r2"}]}, ["r1", "r2"]),
        ({"upgrade_results": [{"instance_id": "i1", "job_id": "r1"}]}, ["r1"]),
        ({"update_result": [{"workflow_id": "w1"}, {"workflow_id": "w2"}]}, ["w1", "w2"]),
        ({"job_ids": ["e1", "e2"]}, ["e1", "e2"]),
        # the id at the top goes before those of the items
        ({"job_id": "g1", "jobs": [{"job_id": "g2"}], "global_eips": [{"job_id": "g3"}]}, ["g1"]),
        # CCE, CAE, MRS and the checks of ELB: inside
        ({"kind": "Cluster", "status": {"phase": "Creating", "jobID": "c1"}}, ["c1"]),
        ({"metadata": {"uid": "c0"}, "status": {"jobId": "c1"}}, ["c1"]),
        ({"jobid": "c1"}, ["c1"]),
        ({"job_submit_result": {"job_id": "m1", "state": "COMPLETE"}}, ["m1"]),
        ({"member_check": {"job_id": "e1"}}, ["e1"]),
        # CBR
        ({"operation_log_id": "b1"}, ["b1"]),
        ({"sync": [{"status": "syncing", "operation_log_id": "b1"}, {"operation_log_id": "b2"}]}, ["b1", "b2"]),
        # UCDN and UDTS
        ({"RetCode": 0, "Action": "RefreshNewUcdnDomainCacheResponse", "TaskId": "t1"}, ["t1"]),
        ({"RetCode": 0, "Data": {"TaskId": "t1"}}, ["t1"]),
        ({"RetCode": 0, "TaskID": "t1"}, ["t1"]),
        # … but UPhone's tasks are parts of its jobs
        ({"RetCode": 0, "Jobs": [{"JobId": "u1", "Tasks": [{"TaskId": "t1"}]}]}, ["u1"]),
        # a service that counts its jobs with numbers
        ({"jobId": 4711}, ["4711"]),
        # published answers hold such ids
        ({"job_id": " i1"}, ["i1"]),
        ({"jobs": [{"job_id": "\ufeffj1\u200b"}, {"job_id": "j2\u00a0\n"}]}, ["j1", "j2"]),
        # a plain blank inside may belong to it
        ({"job_id": "a b"}, ["a b"]),
        # what a vendor's command line tool printed
        ({"rc": 0, "stdout": '{"job_id": "i1"}', "stdout_lines": ['{"job_id": "i1"}']}, ["i1"]),
        ({"rc": 0, "stdout": '{"RetCode": 0, "JobIds": ["u1", "u2"]}\n'}, ["u1", "u2"]),
        # CPH's list of jobs is no answer to a submit: a job that has failed since was not refused
        (
            {"jobs": [{"job_id": "j1", "status": -1, "error_code": "CPS.0005", "error_msg": "It failed."}]},
            ["j1"],
        ),
        # tasks that were skipped, as in check mode, have started nothing
        ({"changed": False, "skipped": True}, []),
        ([{"changed": False, "skipped": True}, {"changed": False, "skipped": True}], []),
        ({"changed": False, "skipped": True, "results": [{"skipped": True}, {"skipped": True}]}, []),
        ({"changed": False, "skipped": True, "results": [], "skipped_reason": "No items in the list"}, []),
        # several answers: order and repetitions are kept
        ([UPHONE, {"job_id": "i1"}, UPHONE], ["u1", "i1", "u1"]),
        ([CPH_BATCH, [UPHONE]], ["j1", "j2", "u1"]),
        # the result of a task of ansible.builtin.uri, or of a module that hands the answer's keys on
        ({"changed": False, "status": 200, "json": CPH_BATCH}, ["j1", "j2"]),
        ({"changed": True, "job_id": "i1"}, ["i1"]),
        # the result of a looped task, with an item that was skipped
        (
            {
                "changed": False,
                "msg": "All items completed",
                "results": [
                    {"item": "a", "json": UPHONE, "status": 200},
                    {"item": "b", "skipped": True, "changed": False},
                    {"item": "c", "json": {"job_id": "i1"}, "status": 200},
                ],
            },
            ["u1", "i1"],
        ),
    ],
)
def test_ids_are_taken_in_order(answer: t.Any, ids: list[str]) -> None:
    assert job_ids(answer) == ids


@pytest.mark.parametrize(
    ("answer", "field", "ids"),
    [
        # APIG and KPS; DCS, RocketMQ and GaussDB have a task_id that is none of a job
        ({"task_id": "t1", "instance_id": "i1"}, "task_id", ["t1"]),
        ({"task_id": "t1", "message": "accepted"}, "task_id", ["t1"]),
        ({"tasks": [{"task_id": "t1"}, {"task_id": "t2"}]}, "task_id", ["t1", "t2"]),
        ({"tasks": [{"task_id": "t1"}, {"task_id": "t2"}]}, "tasks[].task_id", ["t1", "t2"]),
        ({"tasks": [{"task_id": "t1"}, {"task_id": "t2"}]}, "tasks.task_id", ["t1", "t2"]),
        # in the service's spelling, or in another
        ({"taskId": "t1"}, "task_id", ["t1"]),
        # OMS and DLI have no other name than id
        ({"id": 4711}, "id", ["4711"]),
        # a key that others have, too, by its path
        ({"metadata": {"uid": "c1"}, "spec": {"uid": "c2"}}, "metadata.uid", ["c1"]),
        ({"metadata": {"uid": "c1"}}, "uid", ["c1"]),
        # in place of the name that would be taken
        ({"job_id": "r1", "workflow_id": "w1"}, "workflow_id", ["w1"]),
        ({"jobs": [{"job_id": "j1", "id": "i1"}]}, "id", ["i1"]),
        ({"ids": ["a", "b"]}, "ids", ["a", "b"]),
        # in whatever holds the answer
        ({"changed": False, "status": 200, "json": {"task_id": "t1"}}, "task_id", ["t1"]),
        ({"rc": 0, "stdout": '{"task_id": "t1"}'}, "task_id", ["t1"]),
        ([{"task_id": "t1"}, {"task_id": "t2"}], "task_id", ["t1", "t2"]),
        ({"changed": True, "results": [{"json": {"task_id": "t1"}}, {"skipped": True}]}, "task_id", ["t1"]),
        # the result of a module that sends requests, which cannot know that name
        ({"changed": True, "status": 200, "json": {"task_id": "t1"}, "job_ids": [], "refused": []}, "task_id", ["t1"]),
        ({"changed": True, "status": None, "json": None, "job_ids": [], "refused": []}, "task_id", []),
    ],
)
def test_a_named_field_has_the_ids(answer: t.Any, field: str, ids: list[str]) -> None:
    assert job_ids(answer, field=field) == ids


@pytest.mark.parametrize(
    ("answer", "field", "message"),
    [
        # it is not there, or holds nothing
        ({"task_id": "t1"}, "uid", "it has no uid with an id, its keys are task_id; check the name of the field, or"),
        ({"metadata": {"uid": ""}}, "metadata.uid", "it has no metadata.uid with an id, its keys are metadata;"),
        ({"metadata": "uid"}, "metadata.uid", "it has no metadata.uid"),
        # of a batch every item must have it, or an error
        ({"tasks": [{"task_id": "t1"}, {"name": "n2"}]}, "task_id", "from job 2 of `tasks` of the answer: the service"),
        ({"tasks": [{"task_id": "t1"}, {"name": "n2"}]}, "tasks[].task_id", "from job 2 of the answer: the service"),
        ({"tasks": [{"task_id": "t1"}, {"error_code": "K.1"}]}, "task_id", "refused 1 of 2 items at submit: job 2 of"),
        ({"tasks": [{"task_id": "t1"}, {"error_code": "K.1"}]}, "tasks.task_id", "1 of 2 items at submit: job 2 of"),
        # the request was refused
        (CPH_ERROR, "task_id", "the answer (CPS.0004: The parameter is wrong.)"),
        (CPH_ERROR, "metadata.uid", "the answer (CPS.0004: The parameter is wrong.)"),
        ({"error": "forbidden"}, "metadata.uid", "the answer (forbidden)"),
        ({"RetCode": 299, "Message": "No.", "TaskId": "t1"}, "TaskId", "the answer (RetCode 299: No.)"),
        # what cannot be an id
        ({"metadata": {"uid": {}, "name": "x"}}, "metadata.uid", "it has no metadata.uid"),
        ({"metadata": {"uid": {"a": 1}}}, "metadata.uid", "is not a job id."),
        # what names no place
        ({"task_id": "t1"}, "", "The option field holds '', which is no path;"),
        ({"task_id": "t1"}, "a..b", "The option field holds 'a..b', which is no path;"),
        ({"task_id": "t1"}, 7, "The option field holds 7, which is no path;"),
    ],
)
def test_a_named_field_that_has_none_is_refused(answer: t.Any, field: t.Any, message: str) -> None:
    with pytest.raises(AnsibleFilterError) as caught:
        job_ids(answer, field=field)
    assert message in str(caught.value)


@pytest.mark.parametrize(
    ("answer", "message"),
    [
        # one item of a batch, named by what it works on
        (
            CPH_MIXED,
            (
                "The service refused 1 of 3 items at submit: phone_id p2 (CPS.0005: The phone does not exist.); submit "
                "again what was refused, or use job_ids(skip_refused=true) to go on with the rest."
            ),
        ),
        # an item with an id and an error is refused, too
        ({"jobs": [{"server_id": "s1", "job_id": "j1", "error_code": "CPS.0009"}]}, "server_id s1 (CPS.0009)"),
        # an item that says nothing about itself is named by its place
        ({"jobs": [{"error_code": "CPS.0009", "error_msg": "No."}]}, "job 1 of the answer (CPS.0009: No.)"),
        # an error without a code
        ({"jobs": [{"phone_id": "p1", "error_msg": "No."}]}, "phone_id p1 (No.)"),
        # a long list of refusals is cut
        (
            {"jobs": [{"phone_id": f"p{n}", "error_code": "E"} for n in range(5)]},
            "refused 5 of 5 items at submit: phone_id p0 (E), phone_id p1 (E), phone_id p2 (E) and 2 more; correct",
        ),
        # the request as a whole, in every error shape
        (
            CPH_ERROR,
            (
                "The service refused the request at submit: the answer (CPS.0004: The parameter is wrong.); correct "
                "the request and submit it again."
            ),
        ),
        ({"error": {"code": "IMG.0029", "message": "Bad image."}}, "the answer (IMG.0029: Bad image.)"),
        ({"error": {"code": 401, "title": "Unauthorized"}}, "the answer (401: Unauthorized)"),
        ({"error": "forbidden"}, "the answer (forbidden)"),
        ({"errCode": "DWS.0015", "externalMessage": "Not there."}, "the answer (DWS.0015: Not there.)"),
        ({"errorCode": "E1", "errorMsg": "Wrong."}, "the answer (E1: Wrong.)"),
        ({"code": "E2", "message": "Wrong."}, "the answer (E2: Wrong.)"),
        ({"error_msg": "Request failed.", "error_code": ""}, "the answer (Request failed.)"),
        # DWS: an error inside the object that names the job
        ({"cluster": {"job_id": "d1", "error_code": "DWS.0047"}}, "`cluster` of the answer (DWS.0047)"),
        # a batch of another name, of which something was accepted, or nothing
        ({"results": [{"id": "i1", "job_id": "r1"}, {"id": "i2", "error_code": "DBS.1"}]}, "1 of 2 items"),
        ({"results": [{"id": "i2", "error_code": "DBS.1", "error_msg": "No."}]}, "id i2 (DBS.1: No.)"),
        # UPhone: any RetCode but 0, also with an id beside it, and also one that cannot be read
        ({"RetCode": 299, "Message": "Denied."}, "the answer (RetCode 299: Denied.)"),
        ({"RetCode": 8039, "Message": "Busy.", "JobId": "u1"}, "the answer (RetCode 8039: Busy.)"),
        ({"RetCode": None, "JobId": "u1"}, "the answer (RetCode None)"),
        ({"RetCode": False, "JobId": "u1"}, "the answer (RetCode False)"),
        # one answer of several
        ([UPHONE, CPH_ERROR], "1 of 2 items at submit: answer 2 (CPS.0004: The parameter is wrong.)"),
        # a task of ansible.builtin.uri that failed: the service's own words first
        (
            {"failed": True, "status": 400, "msg": "Status code was 400 and not [200]", "json": CPH_ERROR},
            "the answer (CPS.0004: The parameter is wrong.)",
        ),
        (
            {"failed": True, "status": 502, "msg": "Status code was 502 and not [200]"},
            "the answer (HTTP 502: Status code was 502 and not [200])",
        ),
        ({"failed": True, "status": -1, "msg": "Connection refused"}, "the answer (Connection refused)"),
        # … also when there is an id, as the user's own failed_when spoke
        ({"failed": True, "status": 200, "msg": "Not good enough", "json": UPHONE}, "(HTTP 200: Not good enough)"),
        ({"msg": "One failed", "results": [{"failed": True, "msg": "Boom"}, {"json": UPHONE}]}, "results[0] (Boom)"),
    ],
)
def test_refusals_are_named_with_code_and_text(answer: t.Any, message: str) -> None:
    with pytest.raises(AnsibleFilterError) as caught:
        job_ids(answer)
    assert message in str(caught.value)


@pytest.mark.parametrize(
    ("answer", "message"),
    [
        # an answer without any id
        ({"request_id": "r1", "jobs": []}, "from the answer: it holds none, its keys are jobs, request_id;"),
        ({}, "its keys are none"),
        ({"RetCode": 0, "JobId": "", "Action": "RenewUPhoneResponse"}, "it holds none, its keys are Action, JobId"),
        ({f"key{n:02}": n for n in range(12)}, "key08, key09, …;"),
        # every answer must have one: nothing is left out silently
        ([UPHONE, {"request_id": "r1"}], "from answer 2: it holds none"),
        ({"jobs": [{"phone_id": "p1", "job_id": "j1"}, {"phone_id": "p2", "job_id": None}]}, "from phone_id p2: the"),
        ({"results": [{"id": "i1", "job_id": "r1"}, {"id": "i2"}]}, "from id i2: the service lists it without"),
        # a task_id is a job's in the answers of some services alone
        ({"task_id": "t1"}, "its keys are task_id; name the key that has it with job_ids(field=...), or give"),
        # names are no ids
        ({"jobs": ["j1"]}, "from job 1 of the answer: the service lists it without a job id"),
        # what cannot be an id
        ({"job_id": "  "}, "from the answer: '' is not a job id."),
        ({"job_id": True}, "'True' is not a job id."),
        ({"JobIds": ["u1", None]}, "'' is not a job id."),
        # what is no answer
        ([], "the list of answers is empty"),
        # text that is not JSON
        ({"rc": 0, "stdout": "job i1 was started"}, "what the command printed is not JSON"),
        ({"rc": 0, "stdout": ""}, "with `stdout | from_json`"),
        # what nobody sees inside an id
        ({"job_id": "a\u200bb"}, "holds the invisible character U+200B"),
        ({"job_id": "a\tb"}, "holds the invisible character U+0009"),
        ('{"job_id": "i1"}', "not text; parse it with from_json first."),
        ("i1", "an object, not text; use the answer"),
        (["i1"], "No job id can be taken from answer 1"),
        (None, "not nothing."),
        (42, "not a value of type int."),
        ({"json": None}, "not nothing."),
    ],
)
def test_input_without_an_id_is_refused(answer: t.Any, message: str) -> None:
    with pytest.raises(AnsibleFilterError) as caught:
        job_ids(answer)
    assert message in str(caught.value)


@pytest.mark.parametrize(
    ("answer", "ids"),
    [
        (CPH_MIXED, ["j1", "j3"]),
        ([CPH_ERROR, UPHONE], ["u1"]),
        (UPHONE, ["u1"]),
    ],
)
def test_refused_items_can_be_left_out(answer: t.Any, ids: list[str]) -> None:
    assert job_ids(answer, skip_refused=True) == ids


def test_nothing_left_after_leaving_out_is_refused() -> None:
    with pytest.raises(AnsibleFilterError, match=r"the service refused everything: the answer \(CPS.0004: "):
        job_ids(CPH_ERROR, skip_refused=True)


def test_an_answer_without_id_is_refused_even_when_refusals_are_left_out() -> None:
    with pytest.raises(AnsibleFilterError, match="from answer 2: it holds none"):
        job_ids([CPH_ERROR, {"request_id": "r1"}, UPHONE], skip_refused=True)


def test_texts_of_the_service_come_on_one_line_and_cut() -> None:
    with pytest.raises(AnsibleFilterError) as caught:
        job_ids({"error_code": "E", "error_msg": "first\n\tsecond " + "x" * 1000})
    assert "(E: first second xxx" in str(caught.value)
    assert len(str(caught.value)) < 500


def test_a_value_that_holds_itself_ends() -> None:
    answer: dict[str, t.Any] = {}
    answer["again"] = answer
    with pytest.raises(AnsibleFilterError, match="it holds none, its keys are again"):
        job_ids(answer)
    answers: list[t.Any] = []
    answers.append(answers)
    with pytest.raises(AnsibleFilterError, match="nested too deeply"):
        job_ids(answers)


def test_an_undefined_variable_is_reported_as_such() -> None:
    with pytest.raises(UndefinedError, match="'reset' is undefined"):
        job_ids(StrictUndefined(name="reset"))


def test_the_answer_is_left_as_it_was() -> None:
    answer = {"jobs": [{"phone_id": "p1", "job_id": "j1"}]}
    job_ids(answer)
    assert answer == {"jobs": [{"phone_id": "p1", "job_id": "j1"}]}
