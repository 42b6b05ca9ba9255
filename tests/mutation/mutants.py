# Copyright: cloudwait.jobs contributors
# GNU General Public License v3.0 or later (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Behaviours that matter, each with a small change to the code that breaks it, and the quickest tests that must notice.

The old text must occur exactly once in its file. A mutant must be a program that runs: one that fails to import, or
that never ends, proves nothing.
"""

from __future__ import annotations

import typing as t


class Mutant(t.NamedTuple):
    """A broken behaviour: in `file`, `old` becomes `new`; `tests` are arguments of pytest."""

    behaviour: str
    file: str
    old: str
    new: str
    tests: str


UTILS = "plugins/module_utils"
HUAWEI = f"{UTILS}/huaweicloud"
UNIT = "tests/unit/plugins/module_utils"
NETWORK = f"{UNIT}/network"

PARSE = f"{UNIT}/test_parse.py"
ANSWERS = f"{UNIT}/test_answers.py"
WAIT = f"{UNIT}/test_wait.py"
SCHEDULE = f"{UNIT}/test_schedule.py"
PACE = f"{UNIT}/test_pace.py"
HTTP = f"{UNIT}/test_http.py"
EXCHANGE = f"{NETWORK}/test_http_exchange.py"
ERRORS = f"{NETWORK}/test_huaweicloud_errors.py"
LOGIN = f"{NETWORK}/test_huaweicloud_login.py"
SOURCES = f"{NETWORK}/test_sources.py"
UCLOUD = f"{NETWORK}/test_ucloud_client.py"
CONNECT = f"{UNIT}/test_connect.py"
ARGSPEC = f"{UNIT}/test_argspec.py"
REPORT = f"{UNIT}/test_report.py"
ODD = f"{UNIT}/test_odd_texts.py"
BOUNDS = f"{UNIT}/test_bounds.py"

VERDICTS = [
    Mutant(
        "a status that nobody knows counts as success",
        f"{UTILS}/parse.py",
        "return states.get(status, State.UNKNOWN)",
        "return states.get(status, State.SUCCEEDED)",
        PARSE,
    ),
    Mutant(
        "a status that nobody knows counts as failure",
        f"{UTILS}/parse.py",
        "return states.get(status, State.UNKNOWN)",
        "return states.get(status, State.FAILED)",
        PARSE,
    ),
    Mutant(
        "a missing status counts as success",
        f"{UTILS}/parse.py",
        "isinstance(status, (int, str)):\n        return State.UNKNOWN",
        "isinstance(status, (int, str)):\n        return State.SUCCEEDED",
        PARSE,
    ),
    Mutant(
        "true is taken for the status 1",
        f"{UTILS}/parse.py",
        "if isinstance(status, bool) or not isinstance(status, (int, str)):",
        "if not isinstance(status, (int, str)):",
        PARSE,
    ),
    Mutant(
        "2.5 is taken for the status 2",
        f"{UTILS}/parse.py",
        "if isinstance(status, bool) or not isinstance(status, (int, str)):",
        "status = int(status) if isinstance(status, float) else status\n"
        "    if isinstance(status, bool) or not isinstance(status, (int, str)):",
        PARSE,
    ),
    Mutant(
        "an unknown state counts as final",
        f"{UTILS}/job.py",
        "FINAL = frozenset({State.SUCCEEDED, State.PARTIALLY_SUCCEEDED, State.FAILED})",
        "FINAL = frozenset({State.SUCCEEDED, State.PARTIALLY_SUCCEEDED, State.FAILED, State.UNKNOWN})",
        f"{WAIT} -k Unknown",
    ),
    Mutant(
        "a job that waits counts as started",
        f"{UTILS}/job.py",
        '"started": FINAL | {State.RUNNING}',
        '"started": FINAL | {State.RUNNING, State.PENDING}',
        f"{WAIT} -k test_until",
    ),
    Mutant(
        "a partial success counts as success",
        f"{UTILS}/services/uphone.py",
        '"PARTIAL_SUCCESS": State.PARTIALLY_SUCCEEDED',
        '"PARTIAL_SUCCESS": State.SUCCEEDED',
        f"{UNIT}/services/test_uphone.py",
    ),
    Mutant(
        "a job that was stopped counts as success",
        f"{UTILS}/services/dws.py",
        '"STOP": State.FAILED',
        '"STOP": State.SUCCEEDED',
        f"{UNIT}/services/test_dws.py",
    ),
    Mutant(
        "an answer for another job is taken for this one's",
        f"{HUAWEI}/sources.py",
        "if job.job_id != job_id:",
        "if False:",
        f"{SOURCES} -k OneByOne",
    ),
    Mutant(
        "an answer that names a key twice is believed",
        f"{UTILS}/answers.py",
        "if len(value) != len(pairs):",
        "if False:",
        ANSWERS,
    ),
    Mutant(
        "an answer that contradicts itself ends a job",
        f"{UTILS}/wait.py",
        "and (before is None or before.finished)",
        "and (before is None or job.finished)",
        f"{WAIT} -k OddAnswers",
    ),
    Mutant(
        "an error code of UCloud is taken for an answer",
        f"{UTILS}/ucloud/client.py",
        "if code != 0:",
        "if False:",
        f"{UCLOUD} -k ret_code",
    ),
    Mutant(
        "the code for success counts as an error",
        f"{UTILS}/parse.py",
        'NO_ERROR = frozenset({"DWS.0000", ',
        "NO_ERROR = frozenset({",
        f"{UNIT}/services/test_dws.py",
    ),
]

FACTS = [
    Mutant(
        "the error of a failed job is lost",
        f"{UTILS}/parse.py",
        "if state is State.SUCCEEDED:\n        return None",
        "if state in FINAL:\n        return None",
        f"{UNIT}/services/test_cph.py",
    ),
    Mutant(
        "the error body of the older spelling is lost",
        f"{UTILS}/answers.py",
        '        (value.get("errCode"), value.get("externalMessage")),\n',
        "",
        ANSWERS,
    ),
    Mutant(
        "the nested error body is lost",
        f"{UTILS}/answers.py",
        '(inner.get("code"), inner.get("message") or inner.get("title")) if isinstance(inner, dict) else (None, None)',
        "(None, None)",
        ANSWERS,
    ),
    Mutant(
        "progress leaves 0 to 100",
        f"{UTILS}/parse.py",
        "if 0 <= percent <= 100 else None",
        "if percent >= 0 else None",
        f"{UNIT}/services/test_ims.py {UNIT}/services/test_dws.py",
    ),
    Mutant(
        "the service's own answer is left out",
        f"{UTILS}/parse.py",
        "        raw=raw,\n",
        "        raw=None,\n",
        f"{UNIT}/services/test_cph.py",
    ),
    Mutant(
        "a time of an unknown zone is called UTC",
        f"{UTILS}/times.py",
        'zone = zone or ("Z" if clock is Clock.UTC else "")',
        'zone = zone or "Z"',
        f"{UNIT}/test_times.py",
    ),
    Mutant(
        "a job that was asked for twice counts twice",
        f"{UTILS}/job.py",
        "            if job.job_id in seen:\n",
        "            if False:\n",
        f"{UNIT}/test_job.py",
    ),
    Mutant(
        "requests are not counted",
        f"{UTILS}/http.py",
        "self.requests += 1",
        "self.requests += 0",
        f"{EXCHANGE} {NETWORK}/test_login_figures.py",
    ),
]

WAITING = [
    Mutant(
        "the deadline is ignored",
        f"{UTILS}/wait.py",
        "self._deadline = self._started + options.timeout",
        "self._deadline = self._started + options.timeout * 2",
        f"{WAIT} -k Rule1",
    ),
    Mutant(
        "the last look is skipped",
        f"{UTILS}/wait.py",
        "                self._begin_last_looks(now)\n",
        "                self._timed_out = True\n                break\n",
        f"{WAIT} -k Rule1",
    ),
    Mutant(
        "the looks at the deadline have no end",
        f"{UTILS}/wait.py",
        "LAST_LOOK_SECONDS = 10.0",
        "LAST_LOOK_SECONDS = 100000.0",
        BOUNDS,
    ),
    Mutant(
        "a request may outlast the deadline",
        f"{UTILS}/http.py",
        "end = min(until, start + self._timeout)",
        "end = start + self._timeout",
        f"{EXCHANGE} -k Bounds",
    ),
    Mutant(
        "the first look comes without the delay",
        f"{UTILS}/wait.py",
        "first = self._started + min(options.delay, options.timeout)",
        "first = self._started",
        f"{WAIT} -k Rule2",
    ),
    Mutant(
        "jitter leaves the bounds of the interval",
        f"{UTILS}/schedule.py",
        "return clamp(pause * (1 - JITTER + 2 * JITTER * chance), shortest, longest)",
        "return clamp(pause, shortest, longest) * (1 - JITTER + 2 * JITTER * chance)",
        SCHEDULE,
    ),
    Mutant(
        "there is no jitter",
        f"{UTILS}/schedule.py",
        "2 * JITTER * chance",
        "JITTER",
        SCHEDULE,
    ),
    Mutant(
        "progress does not bring the next look nearer",
        f"{UTILS}/schedule.py",
        "    if remains is not None:\n",
        "    if False:\n",
        SCHEDULE,
    ),
    Mutant(
        "duplicates are asked for twice",
        f"{UTILS}/wait.py",
        "if key not in self._targets:\n",
        "if True:\n",
        BOUNDS,
    ),
    Mutant(
        "the order of the result is not the one asked",
        f"{UTILS}/wait.py",
        "for key in self._asked if self._kind is not Keys.LISTING else ():",
        "for key in sorted(self._asked) if self._kind is not Keys.LISTING else ():",
        f"{WAIT} -k Rule3",
    ),
    Mutant(
        "a job that failed is waited for",
        f"{UTILS}/wait.py",
        "if job.state in self._options.until or job.finished:",
        "if job.state in self._options.until:",
        f"{WAIT} -k test_until",
    ),
    Mutant(
        "fail_fast is ignored",
        f"{UTILS}/wait.py",
        "self._stopped = self._stopped or self._options.fail_fast",
        "self._stopped = self._stopped or False",
        f"{WAIT} -k Rule3",
    ),
    Mutant(
        "the first failure ends the wait for the others",
        f"{UTILS}/wait.py",
        "self._stopped = self._stopped or self._options.fail_fast",
        "self._stopped = True",
        f"{WAIT} -k Rule3",
    ),
    Mutant(
        "jobs that are due together are asked for one by one",
        f"{UTILS}/wait.py",
        "horizon = now + (self._options.max_interval / 2 if self._calls.batch_size > 1 else 0.0)",
        "horizon = now",
        BOUNDS,
    ),
    Mutant(
        "the pace is ignored",
        f"{UTILS}/pace.py",
        "if len(self._turns) >= count:",
        "if False:",
        PACE,
    ),
    Mutant(
        "a burst takes all of a second's requests",
        f"{UTILS}/pace.py",
        "windows = ((burst, burst / self._max_rate), ",
        "windows = (",
        PACE,
    ),
    Mutant(
        "intervals do not stretch to what the pace allows",
        f"{UTILS}/schedule.py",
        "return max(max_interval, targets / (max_rate * batch_size))",
        "return max_interval",
        f"{SCHEDULE} {WAIT} -k longest or Rule5",
    ),
    Mutant(
        "an unconfirmed success is believed",
        f"{UTILS}/wait.py",
        "track.agreeing < self._options.confirmations",
        "track.agreeing < 1",
        f"{WAIT} -k Rule12",
    ),
    Mutant(
        "confirmations need not agree",
        f"{UTILS}/wait.py",
        "track.agreeing = track.agreeing + 1 if track.ever_seen and job.state is track.job.state else 1",
        "track.agreeing = track.agreeing + 1",
        f"{WAIT} -k Rule12",
    ),
    Mutant(
        "a job is not found without any grace",
        f"{UTILS}/wait.py",
        "elif now >= track.missing_since + self._options.not_found_grace:",
        "elif True:",
        f"{WAIT} -k Rule10",
    ),
    Mutant(
        "a job that is not there is waited for to the deadline",
        f"{UTILS}/wait.py",
        "elif now >= track.missing_since + self._options.not_found_grace:",
        "elif False:",
        f"{WAIT} -k Rule10",
    ),
    Mutant(
        "a job that vanished and came back has no grace left",
        f"{UTILS}/wait.py",
        "        track.ever_seen = True\n        track.missing_since = None\n",
        "        track.ever_seen = True\n",
        f"{WAIT} -k Rule10 or TestRequests",
    ),
    Mutant(
        "one look calls an absent UPhone job not found",
        f"{UTILS}/wait.py",
        "        if self._options.until is None:\n            track.settled = True\n        elif",
        "        if self._options.until is None:\n            track.job = replace(track.job, state=State.NOT_FOUND)\n"
        "            track.settled = True\n        elif",
        f"{WAIT} -k Rule10",
    ),
    Mutant(
        "a waiting UPhone job has no grace of its own",
        f"{UTILS}/services/uphone.py",
        "not_found_grace=300",
        "not_found_grace=60",
        f"{ARGSPEC} tests/unit/test_guard.py",
    ),
    Mutant(
        "unfinished forgets a job that was not found",
        f"{UTILS}/wait.py",
        "if not arrived and not (track.settled and job.finished):",
        "if not track.settled:",
        f"{WAIT} -k Rule10",
    ),
    Mutant(
        "unfinished names jobs that failed",
        f"{UTILS}/wait.py",
        "if not arrived and not (track.settled and job.finished):",
        "if not arrived:",
        f"{WAIT} -k test_until or Rule3",
    ),
    Mutant(
        "an unknown status is not warned of",
        f"{UTILS}/wait.py",
        "        if job.state is State.UNKNOWN:\n",
        "        if False:\n",
        f"{WAIT} -k Rule11",
    ),
    Mutant(
        "warnings have no bound",
        f"{UTILS}/wait.py",
        "MAX_WARNINGS = 20",
        "MAX_WARNINGS = 20000",
        f"{WAIT} -k Rule11",
    ),
    Mutant(
        "a failed call counts as a look",
        f"{UTILS}/wait.py",
        "            self._last_error = error\n",
        "            self._last_error = error\n            self._polls += 1\n",
        f"{WAIT} -k Rule6",
    ),
    Mutant(
        "one look is tried more than three times",
        f"{UTILS}/wait.py",
        "TRIES = 3",
        "TRIES = 5",
        f"{WAIT} -k Rule6",
    ),
    Mutant(
        "a silent service is waited for without a budget",
        f"{UTILS}/wait.py",
        "now - self._silent_since > self._options.error_grace",
        "False",
        f"{WAIT} -k Rule6",
    ),
    Mutant(
        "answers do not renew the budget for errors",
        f"{UTILS}/wait.py",
        "        self._silent_since = now\n        # An answer",
        "        # An answer",
        f"{WAIT} -k Rule6",
    ),
    Mutant(
        "the silence that a service asked for uses up its budget",
        f"{UTILS}/wait.py",
        "            self._silent_since += pause\n",
        "",
        f"{WAIT} -k Rule8",
    ),
    Mutant(
        "Retry-After holds for one job alone",
        f"{UTILS}/wait.py",
        "            self._leave_alone_until = max(self._leave_alone_until, now + pause)\n",
        "",
        f"{WAIT} -k Rule8",
    ),
    Mutant(
        "Retry-After: 0 is taken at its word",
        f"{UTILS}/wait.py",
        "pause = max(schedule.back_off(tries, self._options.max_interval, self._random()), error.wait or 0.0)",
        "pause = schedule.back_off(tries, self._options.max_interval, self._random())\n"
        "        pause = pause if error.wait is None else max(error.wait, 0.01)",
        f"{WAIT} -k Rule8",
    ),
    Mutant(
        "a job that is refused ends the wait for the others",
        f"{UTILS}/wait.py",
        "if len(targets) != 1 or not (error.about_job or others_answered):",
        "if True:",
        f"{WAIT} -k Rule6",
    ),
    Mutant(
        "a timeout hides a job that failed",
        f"{UTILS}/report.py",
        "    if outcome.ended_elsewhere:\n        first",
        "    if outcome.ended_elsewhere and not outcome.timed_out:\n        first",
        REPORT,
    ),
    Mutant(
        "a request that has no jobs yet is left out",
        f"{UTILS}/wait.py",
        "        elif not target.tracks:\n            target.tracks[target.key]",
        "        elif not target.tracks and self._kind is not Keys.REQUESTS:\n            target.tracks[target.key]",
        f"{WAIT} -k TestRequests",
    ),
    Mutant(
        "groups of the role get the whole time each",
        "plugins/plugin_utils/one_deadline.py",
        "left = max(0, int(timeout - (clock() - start)))",
        "left = timeout",
        "tests/unit/plugins/plugin_utils/test_one_deadline.py",
    ),
]

TRANSPORT = [
    Mutant(
        "redirects are followed",
        f"{UTILS}/http.py",
        "answer = adapter.send(prepared, stream=True, timeout=timeout, **self._connection(url))",
        "answer = self._session.send(\n                prepared, stream=True, allow_redirects=True, timeout=timeout, "
        "**self._connection(url)\n            )",
        f"{EXCHANGE} -k Redirect",
    ),
    Mutant(
        "a redirect is taken for an answer",
        f"{UTILS}/http.py",
        "if answer.status_code in REDIRECTS:",
        "if False:",
        f"{EXCHANGE} -k Redirect",
    ),
    Mutant(
        "plain http goes to other machines",
        f"{UTILS}/http.py",
        "and not allow_http and not is_loopback(host)",
        "and False",
        HTTP,
    ),
    Mutant(
        "every address counts as this machine",
        f"{UTILS}/http.py",
        'return host.lower() == "localhost"',
        'return host.lower().startswith("localhost")',
        HTTP,
    ),
    Mutant(
        "credentials may stand in an address",
        f"{UTILS}/http.py",
        'r"(?P<scheme>https?)://(?P<host>',
        'r"(?P<scheme>https?)://(?:[^/@]*@)?(?P<host>',
        HTTP,
    ),
    Mutant(
        "certificates are not verified",
        f"{UTILS}/http.py",
        "(ca_path or True) if validate_certs else False",
        "False",
        f"{EXCHANGE} -k TLS",
    ),
    Mutant(
        "a body has no largest size",
        f"{UTILS}/http.py",
        "if len(body) > MAX_BODY:",
        "if len(body) > 30 * MAX_BODY:",
        f"{EXCHANGE} -k Bounds",
    ),
    Mutant(
        "a compressed body is taken",
        f"{UTILS}/http.py",
        'if answer.headers.get("Content-Encoding", "identity").lower() != "identity":',
        "if False:",
        f"{EXCHANGE} -k Useless",
    ),
    Mutant(
        "every read has the whole time anew",
        f"{UTILS}/session.py",
        "self._sock.settimeout(left)",
        "self._sock.settimeout(max(left, 5.0))",
        f"{EXCHANGE} -k Bounds",
    ),
    Mutant(
        "the credentials of .netrc are sent",
        f"{UTILS}/http.py",
        "prepared = requests.Request(method, url, headers=dict(headers), data=body).prepare()",
        "prepared = self._session.prepare_request(requests.Request(method, url, headers=dict(headers), data=body))",
        f"{EXCHANGE} -k Connection",
    ),
    Mutant(
        "plain http goes by a proxy",
        f"{UTILS}/http.py",
        'if parts.scheme == "http":',
        "if False:",
        f"{EXCHANGE} -k Proxy",
    ),
    Mutant(
        "Retry-After is ignored",
        f"{UTILS}/http.py",
        'if re.fullmatch(r"\\d{1,18}", text, re.ASCII):',
        "if False:",
        HTTP,
    ),
    Mutant(
        "a date in Retry-After is ignored",
        f"{UTILS}/http.py",
        "        if until is None:\n            return None\n",
        "        if True:\n            return None\n",
        HTTP,
    ),
    Mutant(
        "Retry-After has no bound",
        f"{UTILS}/http.py",
        "MAX_RETRY_AFTER = 24 * 3600.0",
        "MAX_RETRY_AFTER = 1e18",
        HTTP,
    ),
    Mutant(
        "a misspelt host is asked for again and again",
        f"{UTILS}/http.py",
        "transient=host in self._answered",
        "transient=True",
        f"{EXCHANGE} -k NoConnection",
    ),
    Mutant(
        "HTTP 503 is final",
        f"{UTILS}/http.py",
        "TRANSIENT_STATUS = frozenset({408, 429, 500, 502, 503, 504})",
        "TRANSIENT_STATUS = frozenset({408, 429, 500, 502, 504})",
        f"{ERRORS} {UCLOUD}",
    ),
    Mutant(
        "answers nest without a bound",
        f"{UTILS}/answers.py",
        "MAX_DEPTH = 32",
        "MAX_DEPTH = 900",
        BOUNDS,
    ),
    Mutant(
        "a service's words may break the line",
        f"{UTILS}/answers.py",
        'text = CONTROL.sub(" ", text).strip()',
        "text = text.strip()",
        ANSWERS,
    ),
    Mutant(
        "a service's words are quoted without a bound",
        f"{UTILS}/answers.py",
        "MAX_TEXT = 500",
        "MAX_TEXT = 500000",
        BOUNDS,
    ),
]

REQUESTS = [
    Mutant(
        "an id is not encoded",
        f"{HUAWEI}/client.py",
        "filled = {name: percent_encode(value) for name, value in fill.items()}",
        "filled = dict(fill)",
        f"{LOGIN} -k EveryLogin",
    ),
    Mutant(
        "a project is not encoded",
        f"{HUAWEI}/client.py",
        'filled["project_id"] = percent_encode(project_id)',
        'filled["project_id"] = project_id',
        ODD,
    ),
    Mutant(
        "a project may be a step upwards",
        f"{HUAWEI}/client.py",
        'if not self._project_id.strip("."):',
        "if False:",
        ODD,
    ),
    Mutant(
        "an id may be a step upwards",
        f"{UTILS}/argspec.py",
        'if not value.strip("."):',
        "if False:",
        ARGSPEC,
    ),
    Mutant(
        "a blank id is asked for",
        f"{UTILS}/argspec.py",
        "    if not value.strip():\n",
        "    if not value:\n",
        ARGSPEC,
    ),
    Mutant(
        "NaN is a number of seconds",
        f"{UTILS}/argspec.py",
        "if not 0 <= options[name] <= A_YEAR:",
        "if options[name] < 0 or options[name] > A_YEAR:",
        ARGSPEC,
    ),
    Mutant(
        "a region may lead to another host",
        f"{HUAWEI}/endpoints.py",
        "if not pattern.fullmatch(name):",
        "if False:",
        CONNECT,
    ),
    Mutant(
        "the private key is sent",
        f"{UTILS}/ucloud/client.py",
        '"PublicKey": settings.public_key,\n',
        '"PublicKey": settings.public_key,\n                "PrivateKey": settings.private_key,\n',
        f"{UCLOUD} -k TestRequest",
    ),
    Mutant(
        "UCloud's parameters are signed in the order they come",
        f"{UTILS}/ucloud/signing.py",
        "for name in sorted(params) if",
        "for name in params if",
        f"{UNIT}/test_signing.py",
    ),
    Mutant(
        "Huawei Cloud's query is signed in the order it comes",
        f"{HUAWEI}/signing.py",
        "query = sorted(parse_qsl(parts.query, keep_blank_values=True))",
        "query = parse_qsl(parts.query, keep_blank_values=True)",
        f"{UNIT}/test_signing.py",
    ),
    Mutant(
        "UPhone jobs are asked for one by one",
        f"{UTILS}/services/uphone.py",
        "per_call=100",
        "per_call=1",
        f"{SOURCES} -k UPhone",
    ),
    Mutant(
        "a list without an end is read for ever",
        f"{UTILS}/sources.py",
        "MAX_PAGES = 100",
        "MAX_PAGES = 2000",
        BOUNDS,
    ),
]

SIGNING_IN = [
    Mutant(
        "a refused signature is sent again",
        f"{HUAWEI}/login.py",
        "return self._clock.correct(signed.timestamp(), refusal)",
        "return self._clock.correct(signed.timestamp(), refusal) or True",
        f"{LOGIN} -k TestKeys",
    ),
    Mutant(
        "every look tries refused keys anew",
        f"{HUAWEI}/client.py",
        "                self._refused = self._refusal(response)\n                raise self._refused\n",
        "                raise self._refusal(response)\n",
        f"{LOGIN} -k TestKeys",
    ),
    Mutant(
        "several workers try wrong keys at once",
        f"{HUAWEI}/client.py",
        "        if self._proven:\n",
        "        if True:\n",
        f"{LOGIN} -k TestKeys",
    ),
    Mutant(
        "a refused login is repeated",
        f"{HUAWEI}/login.py",
        "                self._refused = error\n",
        "                pass\n",
        "tests/fuzz/test_fuzz_logins.py -k refused_login",
    ),
    Mutant(
        "refused keys of UCloud are tried again",
        f"{UTILS}/ucloud/client.py",
        "        if self._refused is not None:\n",
        "        if False:\n",
        f"{UCLOUD} -k TestKeys",
    ),
    Mutant(
        "a given token is tried twice",
        f"{HUAWEI}/login.py",
        '        """Never: it would be the same token."""\n        return False',
        '        """Never: it would be the same token."""\n        return True',
        f"{LOGIN} -k TestToken",
    ),
    Mutant(
        "an expired token ends the wait",
        f"{HUAWEI}/login.py",
        "                self._token = None\n        return True",
        "                self._token = None\n        return False",
        f"{LOGIN} -k TestPassword",
    ),
    Mutant(
        "a token is used to its very end",
        f"{HUAWEI}/login.py",
        "if self._token is None or self._environment.clock() >= self._renew_at:",
        "if self._token is None:",
        f"{LOGIN} -k TestPassword",
    ),
    Mutant(
        "a wrong clock is not corrected",
        f"{HUAWEI}/login.py",
        "if theirs is None or abs(theirs - signed) <= CLOCK_TOLERANCE:",
        "if True:",
        f"{LOGIN} -k TestKeys",
    ),
    Mutant(
        "a clock is corrected twice",
        f"{HUAWEI}/login.py",
        "            if self._learnt is not None:\n                return False\n",
        "",
        f"{LOGIN} -k TestKeys",
    ),
    Mutant(
        "a clock that was set right is corrected once more",
        f"{HUAWEI}/login.py",
        "            self._learnt = (theirs, self._environment.clock())\n",
        "            self._environment = self._environment._replace(clock=self._environment.now)\n"
        "            self._learnt = (theirs, self._environment.clock())\n",
        f"{LOGIN} -k TestKeys",
    ),
    Mutant(
        "a wrong clock is not told",
        f"{HUAWEI}/login.py",
        "        self._environment.warn(\n",
        "        str(\n",
        f"{LOGIN} -k TestKeys",
    ),
    Mutant(
        "the text of a throttle is ignored",
        f"{HUAWEI}/client.py",
        "            if gateway == GATEWAY_THROTTLES:\n",
        "            if False:\n",
        f"{ERRORS} -k TestWait",
    ),
    Mutant(
        "a code for `not found` counts as a refused login",
        f"{HUAWEI}/client.py",
        "return response.status == 401 and service_code(said) not in codes",
        "return response.status == 401",
        f"{LOGIN} -k TestPassword",
    ),
    Mutant(
        "a wrong address looks like a job that is not there",
        f"{HUAWEI}/client.py",
        'GATEWAY_NO_SUCH_API = frozenset({"0101", "0103"})',
        "GATEWAY_NO_SUCH_API: frozenset[str] = frozenset()",
        ERRORS,
    ),
    Mutant(
        "`try again later` is final",
        f"{UTILS}/services/cph.py",
        '"CPS.0003": Trouble.TRY_AGAIN',
        '"CPS.0003": Trouble.MISTAKE',
        f"{ERRORS} -k test_cph",
    ),
    Mutant(
        "half a pair of keys is accepted",
        f"{HUAWEI}/credentials.py",
        "if bool(self.access_key) != bool(self.secret_key):",
        "if False:",
        f"{UNIT}/huaweicloud/test_huaweicloud_credentials.py",
    ),
    Mutant(
        "half a pair of UCloud's keys is accepted",
        f"{UTILS}/ucloud/credentials.py",
        "if bool(self.public_key) != bool(self.private_key):",
        "if False:",
        f"{UNIT}/ucloud/test_ucloud_credentials.py",
    ),
    Mutant(
        "credentials of two sources are mixed",
        f"{HUAWEI}/credentials.py",
        'for name in ("region", "auth_url", ',
        'for name in ("security_token", "region", "auth_url", ',
        f"{UNIT}/huaweicloud/test_huaweicloud_credentials.py",
    ),
    Mutant(
        "credentials of two sources of UCloud are mixed",
        f"{UTILS}/ucloud/credentials.py",
        'for name in ("region", "project_id", "endpoint"):',
        'for name in ("region", "project_id", "endpoint", "security_token"):',
        f"{UNIT}/ucloud/test_ucloud_credentials.py",
    ),
    Mutant(
        "a project of another region is used",
        f"{HUAWEI}/credentials.py",
        "if not source.region or source.region == values",
        "if True or source.region == values",
        f"{UNIT}/huaweicloud/test_huaweicloud_credentials.py",
    ),
]

SECRETS = [
    Mutant(
        "an echo of the token is told",
        f"{UTILS}/mask.py",
        "return response if body is response.body else response._replace(body=body)",
        "return response",
        f"{UNIT}/test_mask.py",
    ),
    Mutant(
        "an echo of the token in another spelling is told",
        f"{UTILS}/mask.py",
        "body = _every_spelling(core).sub(MASK.encode(), body)",
        "body = body.replace(core.encode(), MASK.encode())",
        f"{UNIT}/test_mask.py",
    ),
    Mutant(
        "Huawei Cloud's answers are told as they are",
        f"{HUAWEI}/client.py",
        "return mask_body(response, [sent[name] for name in SECRET_HEADERS if name in sent]), sent",
        "return response, sent",
        f"{LOGIN} -k EveryLogin",
    ),
    Mutant(
        "a login's answer is told with the password",
        f"{HUAWEI}/login.py",
        "        response = mask_body(response, [str(self._settings.password)])\n",
        "",
        f"{LOGIN} -k TestPassword",
    ),
    Mutant(
        "UCloud's answers are told as they are",
        f"{UTILS}/ucloud/client.py",
        "response, [secret for secret in (form",
        "response, [secret for secret in () and (form",
        f"{UCLOUD} -k TestKeys",
    ),
    Mutant(
        "an obtained token is not kept secret",
        f"{HUAWEI}/login.py",
        "        environment.learn(token)\n",
        "",
        f"{LOGIN} -k EveryLogin",
    ),
    Mutant(
        "temporary keys are not kept secret",
        f"{HUAWEI}/login.py",
        "            environment.learn(text)\n",
        "            pass\n",
        f"{LOGIN} -k EveryLogin",
    ),
    Mutant(
        "credentials of the environment are not kept secret",
        f"{HUAWEI}/cloud.py",
        "    tools.secrets.update(filter(None, (getattr(settings, name) for name in SECRETS)))\n",
        "",
        CONNECT,
    ),
    Mutant(
        "UCloud's credentials of the environment are not kept secret",
        f"{UTILS}/ucloud/cloud.py",
        "    tools.secrets.update(filter(None, (settings.public_key, settings.private_key, "
        "settings.security_token)))\n",
        "",
        CONNECT,
    ),
    Mutant(
        "the password is logged",
        f"{HUAWEI}/cloud.py",
        '"password": {"type": "str", "no_log": True}',
        '"password": {"type": "str", "no_log": False}',
        f"{ARGSPEC} tests/unit/test_guard.py",
    ),
    Mutant(
        "the private key is logged",
        f"{UTILS}/ucloud/cloud.py",
        '"private_key": {"type": "str", "no_log": True}',
        '"private_key": {"type": "str", "no_log": False}',
        f"{ARGSPEC} tests/unit/test_guard.py",
    ),
    Mutant(
        "a header that cannot be sent is quoted",
        f"{UTILS}/http.py",
        "if isinstance(exc, (requests.exceptions.InvalidHeader, UnicodeError)):",
        "if False:",
        f"{EXCHANGE} -k TestHeaders",
    ),
    Mutant(
        "the module's result is not masked",
        f"{UTILS}/module.py",
        "    module.no_log_values.update(secrets)\n",
        "",
        f"{UNIT}/test_module.py",
    ),
    Mutant(
        "the action's result is not masked",
        "plugins/plugin_utils/direct.py",
        "masked: dict[str, t.Any] = remove_values(result, secrets)",
        "masked: dict[str, t.Any] = result",
        "tests/unit/plugins/plugin_utils/test_direct.py",
    ),
]

AROUND = [
    Mutant(
        "check mode waits",
        f"{UTILS}/module.py",
        '    named = [] if check_mode else options["until"] or []',
        '    named = options["until"] or []',
        f"{UNIT}/test_module.py",
    ),
    Mutant(
        "an interrupt loses what is known",
        f"{UTILS}/module.py",
        "    except (KeyboardInterrupt, Interrupted):\n",
        "    except KeyError:\n",
        f"{UNIT}/test_module.py",
    ),
    Mutant(
        "a defect of our own holds up the wait",
        f"{UTILS}/calls.py",
        "        self._answers.put(answer)\n",
        "        if answer.error is None or answer.error.kind != 'service':\n            self._answers.put(answer)\n",
        f"{UNIT}/test_calls.py",
    ),
    Mutant(
        "an item that was refused at submit is passed over",
        "plugins/filter/job_ids.py",
        "if finding.refusals and not skip_refused:",
        "if False:",
        "tests/unit/plugins/filter/test_job_ids.py",
    ),
    Mutant(
        "a result without jobs is a success",
        "plugins/test/jobs.py",
        "return bool(states) and all(state is State.SUCCEEDED for state in states)",
        "return all(state is State.SUCCEEDED for state in states)",
        "tests/unit/plugins/test/test_jobs.py",
    ),
    Mutant(
        "a line of progress may move the cursor",
        "plugins/plugin_utils/progress.py",
        'char if char.isprintable() else " "',
        "char",
        "tests/unit/plugins/plugin_utils/test_progress.py",
    ),
    Mutant(
        "a partial success passes the test for success",
        "plugins/test/jobs.py",
        "all(state is State.SUCCEEDED for state in states)",
        "all(state in (State.SUCCEEDED, State.PARTIALLY_SUCCEEDED) for state in states)",
        "tests/unit/plugins/test/test_jobs.py",
    ),
    Mutant(
        "an error may turn the direction of its line round",
        f"{UTILS}/errors.py",
        r"\u2028-\u202e\u2066-\u2069",
        r"\u2028\u2029",
        ODD,
    ),
    Mutant(
        "a service's words may turn the direction of a line round",
        f"{UTILS}/answers.py",
        r"\u2028-\u202e\u2066-\u2069",
        r"\u2028\u2029",
        ANSWERS,
    ),
    Mutant(
        "the tarball tells when its files were made",
        "scripts/normalise",
        "member.size, member.mtime = len(data), DATE",
        "member.size, member.mtime = len(data), old.mtime",
        "tests/supply/test_tarball.py -k same_bytes",
    ),
    Mutant(
        "the tarball lists its files in the order of the file system",
        "scripts/normalise",
        'files["files"].sort(key=lambda entry: str(entry["name"]))',
        'files["files"].sort(key=lambda entry: 0)',
        "tests/supply/test_tarball.py -k same_bytes",
    ),
]

MUTANTS = [*VERDICTS, *FACTS, *WAITING, *TRANSPORT, *REQUESTS, *SIGNING_IN, *SECRETS, *AROUND]
