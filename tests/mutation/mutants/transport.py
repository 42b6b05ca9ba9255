# Copyright: cloudwait.jobs contributors
# GNU General Public License v3.0 or later (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Requests and answers on their way: connections, bounds, and what a failure means."""

from __future__ import annotations

from ansible_collections.cloudwait.jobs.tests.mutation.change import after, always, never, replace, value, without
from ansible_collections.cloudwait.jobs.tests.mutation.mutant import HTTP, NETWORK, UNIT, mutants

TRANSPORT = [
    *mutants(
        f"{HTTP}/client.py",
        f"{NETWORK}/test_http_exchange.py",
        ("certificates are not verified", "HttpClient.__init__", replace("_ if validate_certs else False", "False")),
        ("ca_path is ignored", "HttpClient.__init__", replace("ca_path or True", "True")),
        ("a ca_path without certificates goes unnoticed", "HttpClient.__init__", never("validate_certs and _")),
        (
            "redirects are followed",
            "HttpClient.send",
            replace(
                "_.send(A, stream=True, timeout=B, **C)",
                "self._session.send(A, stream=True, allow_redirects=True, timeout=B, **C)",
            ),
        ),
        ("a redirect is taken for an answer", "HttpClient._read", never("_ in REDIRECTS")),
        (
            "the credentials of .netrc are sent",
            "HttpClient.send",
            replace("A.prepare()", "self._session.prepare_request(A)"),
        ),
        (
            "cookies are kept",
            "HttpClient.send",
            replace(
                "A = B.send(C, stream=True, timeout=D, **E)",
                "C.prepare_cookies(self._session.cookies)\n"
                "A = B.send(C, stream=True, timeout=D, **E)\n"
                "self._session.cookies.update(A.cookies)",
            ),
        ),
        ("an address is quoted anew", "HttpClient.send", without("_.url = _")),
        ("a request may outlast the deadline", "HttpClient._begin", replace("min(_, A)", "A")),
        ("requests are sent after the end", "HttpClient._begin", without("not self._closed")),
        ("requests are not counted", "HttpClient._begin", without("self.requests += _")),
        ("plain http goes by a proxy", "HttpClient._settings_for", never('_.startswith("http://")')),
        ("a body has no largest size", "HttpClient._body", never("_ > MAX_BODY")),
        (
            "a body that is cut off is taken for whole",
            "HttpClient._body",
            after("A = B.raw", 'A.enforce_content_length = False\nB.headers.pop("Content-Length", None)'),
        ),
    ),
    *mutants(
        f"{HTTP}/client.py",
        f"{NETWORK}/test_hostile_answers.py",
        ("a body that unpacks to nothing has no largest size", "HttpClient._body", replace("max(received, A)", "A")),
        ("a password that a proxy refused is sent again", "HttpClient.send", never("_ in self._refused")),
        ("HTTP 407 is an answer", "HttpClient._read", never("_ == PROXY_WANTS_LOGIN")),
    ),
    *mutants(
        f"{HTTP}/unpack.py",
        f"{NETWORK}/test_hostile_answers.py",
        ("a body that is cut off when packed is taken for whole", "Unpacker.finish", never("_ is not None")),
        ("whatever compressed a body is quoted", "Unpacker.__init__", always("KNOWN.fullmatch(_)")),
        ("a body is unpacked at once", "Unpacker.unpack", replace("A.decompress(B, most)", "A.decompress(B)")),
    ),
    *mutants(
        f"{HTTP}/total_timeout.py",
        f"{NETWORK}/test_hostile_answers.py",
        ("a proxy's own words are told", "TimedResponse._read_status", replace('A.get(status, "")', "_phrase")),
        ("an interim answer counts", "TimedResponse._read_status", replace("range(MAX_INTERIM + 1)", "range(0)")),
        (
            "every address has the whole time",
            "TimedConnection._new_conn",
            replace("max(0.001, A / B)", "whole"),
        ),
    ),
    *mutants(
        f"{HTTP}/client.py",
        f"{UNIT}/test_http.py",
        ("Retry-After is ignored", "Response.retry_after", never("re.fullmatch(...)")),
        ("a date in Retry-After is ignored", "Response.retry_after", always("_ is None")),
        ("Retry-After has no bound", "MAX_RETRY_AFTER", value("1e18")),
    ),
    *mutants(
        f"{HTTP}/client.py",
        f"{NETWORK}/test_huaweicloud_errors.py",
        ("HTTP 503 is final", "TRANSIENT_STATUS", without("503")),
        ("HTTP 501 passes", "TRANSIENT_STATUS", after("503", "501")),
    ),
    *mutants(
        f"{HTTP}/total_timeout.py",
        f"{NETWORK}/test_http_exchange.py",
        (
            "every read has the whole time anew",
            "TimedReader.readinto",
            replace("A.settimeout(B)", "A.settimeout(max(B, 5.0))"),
        ),
    ),
    *mutants(
        f"{HTTP}/failures.py",
        f"{NETWORK}/test_http_exchange.py",
        ("a misspelt host is asked for again and again", "failure_of", replace("transient=answered", "transient=True")),
        (
            "a name that no longer resolves ends the wait",
            "failure_of",
            replace("transient=answered", "transient=False"),
        ),
        (
            "a certificate that does not verify is tried again",
            "failure_of",
            replace("TransportError(A)", "TransportError(A, transient=True)"),
        ),
        (
            "a connection that breaks ends the wait",
            "failure_of",
            # The last one: the others stand alone in their branches.
            replace("A\nreturn TransportError(B, transient=True)", "A\nreturn TransportError(B)"),
        ),
        (
            "an answer that comes too slowly ends the wait",
            "failure_of",
            replace(
                "if any(isinstance(A, TIMEOUTS) and B for A in C):\n    return TransportError(D, transient=True)",
                "if any(isinstance(A, TIMEOUTS) and B for A in C):\n    return TransportError(D)",
            ),
        ),
    ),
    *mutants(
        f"{HTTP}/rate_limit.py",
        f"{UNIT}/test_pace.py",
        ("the rate is ignored", "RateLimiter.acquire", never("len(_) >= _")),
        ("a burst takes all of a second's requests", "RateLimiter.acquire", replace("((_, _), A)", "(A,)")),
        ("a request whose turn comes too late is sent anyway", "RateLimiter.acquire", never("_ > deadline")),
        ("a lower rate that a service asks for is ignored", "RateLimiter.limit_to", without("self.rate = _")),
        ("a service that slows us down may speed us up", "RateLimiter.limit_to", replace("min(_, A)", "A")),
    ),
    *mutants(
        f"{HTTP}/urls.py",
        f"{UNIT}/test_http.py",
        ("plain http goes to other machines", "check_url", never("not is_loopback(_)")),
        ("every address is this machine", "is_loopback", replace('A == "localhost"', 'A.startswith("localhost")')),
        (
            "credentials may stand in an address",
            "URL",
            replace("re.compile(A, B)", 're.compile(A.replace("(?P<host>", "(?:[^/@]*@)?(?P<host>"), B)'),
        ),
    ),
    *mutants(
        f"{HTTP}/urls.py",
        f"{NETWORK}/test_huaweicloud_login.py",
        ("an id is not encoded", "fill_path", replace("quote(A, ...)", "A")),
    ),
]
