# Copyright: cloudwait.jobs contributors
# GNU General Public License v3.0 or later (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The result of a task that sends a request: its answer, the jobs that it names, and what went wrong."""

from __future__ import annotations

import typing as t
from dataclasses import dataclass

from ..model.job import Failure
from ..services.submit_answer import Finding, found_in
from .messages import sentence
from .options import MAX_ID
from .result import GroupResult, result_of
from .submit import UNCLEAR, Submission

# The refusals that a sentence names.
NAMED = 3
RESUME = (
    "To keep waiting, pass `unfinished` of this result as job_ids to the module for such jobs; do not send the request "
    "again."
)
NOT_SENT = "In check mode the request was not sent, since it would change something."


@dataclass(frozen=True)
class RequestResult:
    """The end of a task that sends a request.

    `group`: the wait for the jobs that the answer names, None where nothing is waited for; `submission` None: check
    mode kept the request back; `is_reading`: it changes nothing.
    """

    submission: Submission | None
    group: GroupResult | None = None
    is_reading: bool = True

    @property
    def finding(self) -> Finding:
        """What the answer tells of jobs, but for ids that no request can name."""
        answer = self.submission.answer if self.submission is not None else None
        finding = found_in(answer.value) if answer is not None else Finding()
        finding.ids = [job_id for job_id in dict.fromkeys(finding.ids) if len(job_id) <= MAX_ID and job_id.strip(".")]
        if self.is_reading and self.group is None:
            # An error in what was asked for is no refusal.
            finding.refusals = []
        return finding

    def as_dict(self, requests: int = 0, throttled: int = 0) -> dict[str, t.Any]:
        """Return the result; the numbers of requests belong to a wait."""
        finding = self.finding
        answer = self.submission.answer if self.submission is not None else None
        waiting = result_of(self.group, requests, throttled) if self.group is not None else {}
        failure, message = self._verdict(finding)
        return {
            **{name: value for name, value in waiting.items() if name not in ("failed", "failure")},
            "changed": self._is_changed(finding),
            "status": answer.status if answer else None,
            "json": answer.value if answer else None,
            "content": answer.content if answer else None,
            "headers": dict(answer.headers) if answer else {},
            "request_id": answer.request_id if answer else None,
            "job_ids": finding.ids,
            "refused": [refusal.as_dict() for refusal in finding.refusals],
            "msg": message,
            **({"failed": True, "failure": failure.as_dict()} if failure is not None else {}),
        }

    def _is_changed(self, finding: Finding) -> bool:
        if self.submission is None:
            return True
        answer = self.submission.answer
        # Where every part was refused, nothing was taken on.
        is_accepted = answer is not None and answer.is_accepted and (not finding.refusals or bool(finding.ids))
        return not self.is_reading and (is_accepted or self.submission.is_unclear)

    def _verdict(self, finding: Finding) -> tuple[Failure | None, str]:
        """Return why the task fails, if it does, and its message."""
        if self.submission is None:
            return None, NOT_SENT
        error, answer = self.submission.error, self.submission.answer
        if error is not None:
            text = f"{error}{UNCLEAR if self.submission.is_unclear else ''}"
            return Failure(error.kind, error.code, text), text
        refused = _refused(finding)
        said, failure = "", None
        if self.group is not None and self.group.outcome is not None:
            said, failure = sentence(self.group, RESUME), self.group.failure
        if failure is not None:
            return failure, " ".join(filter(None, [said, refused]))
        if refused:
            return Failure("service", finding.refusals[0].code or None, refused), " ".join(
                filter(None, [refused, said])
            )
        return None, said or f"The service answers HTTP {answer.status if answer else None}."


def _refused(finding: Finding) -> str:
    """Return the sentence about what the service refused at submit, if anything."""
    if not finding.refusals:
        return ""
    named = ", ".join(str(refusal) for refusal in finding.refusals[:NAMED])
    more = len(finding.refusals) - NAMED
    named += f" and {more} more" if more > 0 else ""
    share = f"{len(finding.refusals)} of {finding.items} items" if finding.items > 1 else "the request"
    return f"The service refused {share} at submit: {named}; correct what was refused, and submit it again."
