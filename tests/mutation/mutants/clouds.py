# Copyright: cloudwait.jobs contributors
# GNU General Public License v3.0 or later (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What is asked for, and where; who signs in, and what an error of a cloud means."""

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
from ansible_collections.cloudwait.jobs.tests.mutation.mutant import CLOUDS, HUAWEICLOUD, NETWORK, UCLOUD, UNIT, mutants

SOURCES = f"{NETWORK}/test_sources.py"
LOGIN = f"{NETWORK}/test_huaweicloud_login.py"
ERRORS = f"{NETWORK}/test_huaweicloud_errors.py"
CONNECT = f"{UNIT}/test_connect.py"

ACCOUNTS = [
    *mutants(
        f"{CLOUDS}/connection.py",
        f"{UNIT}/test_wait_for_jobs.py",
        ("groups that sign in alike sign in apart", "Connection.share", always("_ not in _")),
        ("the lowest rate that a group names is ignored", "Connection.rate_limiter", without("_.limit_to(_)")),
    ),
    *mutants(
        f"{CLOUDS}/account.py",
        LOGIN,
        ("every poll tries refused keys anew", "Account.refuse", without("self._refusals[_] = _")),
        ("several calls try wrong keys at once", "Account._must_wait", replace("return _", "return False")),
    ),
    *mutants(
        f"{CLOUDS}/account.py",
        f"{NETWORK}/test_ucloud_client.py",
        ("refused keys of UCloud are tried again", "Account._enter", never("_ is not None")),
    ),
]

HUAWEI_CLOUD = [
    *mutants(
        f"{HUAWEICLOUD}/endpoints.py",
        f"{UNIT}/huaweicloud/test_endpoints.py",
        ("regions of the European cloud lead to the other one", "service_url", without("cloud = EUROPE")),
    ),
    *mutants(
        f"{HUAWEICLOUD}/endpoints.py",
        CONNECT,
        ("a region may lead to another host", "service_url", never("not _.fullmatch(_)")),
    ),
    *mutants(
        f"{HUAWEICLOUD}/cloud.py",
        CONNECT,
        ("auth_url is taken with /v3 at its end", "_addresses", replace('_ if A.endswith("/v3") else A', "A")),
        (
            "an agency is asked without being told to",
            "_login",
            replace("use_agency", "use_agency or settings.access_key"),
        ),
    ),
    *mutants(
        f"{HUAWEICLOUD}/project.py",
        f"{UNIT}/test_odd_texts.py",
        ("a project may be a step upwards", "Project.id", never('not _.strip(".")')),
    ),
    *mutants(
        f"{HUAWEICLOUD}/project.py",
        LOGIN,
        ("one of several projects of that name is taken", "Project._look_up", replace("len(A) != 1", "not A")),
        (
            "a project is looked up without end",
            "Project.id",
            replace("if _:\n    self.known_id = A", "self.known_id = A"),
        ),
    ),
    *mutants(
        f"{HUAWEICLOUD}/signing.py",
        f"{UNIT}/test_signing.py",
        ("the query is signed in the order it comes", "sign", replace("sorted(_.query)", "request.query")),
        ("a signature does not cover the host", "sign", without('_["host"] = _')),
    ),
    *mutants(
        f"{HUAWEICLOUD}/signing.py",
        LOGIN,
        (
            "the project's name is not encoded",
            "encode_query",
            replace('f"{A}={percent_encode(B)}"', 'f"{A}={B}"'),
        ),
    ),
    *mutants(
        f"{HUAWEICLOUD}/job_source.py",
        SOURCES,
        ("an answer for another job is taken for this one's", "JobSource._read", never("_.job_id != _")),
    ),
    *mutants(
        f"{HUAWEICLOUD}/job_source.py",
        ERRORS,
        ("an error in spite of HTTP 200 is taken for a job", "JobSource._read", never("A is not None")),
    ),
    *mutants(
        f"{HUAWEICLOUD}/request_source.py",
        SOURCES,
        ("only the first page of a request's jobs is read", "RequestSource.list_jobs", always("not _ or _ <= _")),
        (
            "a request that has no jobs hides the others",
            "RequestSource.fetch",
            replace(
                "if len(A) > 1:\n    return _", "if len(A) > 1:\n    return {key: [self._nothing(None)] for key in A}"
            ),
        ),
    ),
    *mutants(
        f"{HUAWEICLOUD}/request_source.py",
        f"{UNIT}/test_bounds.py",
        ("a list of requests without an end is read for ever", "MAX_PAGES", value("2000")),
    ),
    *mutants(
        f"{HUAWEICLOUD}/batch_source.py",
        SOURCES,
        (
            "jobs that a list does not tell of are not found",
            "JobSourceByRequest._fetch_listed",
            replace("self._request_of.pop(A, None)", "jobs[A] = []"),
        ),
        (
            "a list that does not work ends the wait",
            "JobSourceByRequest._fetch_listed",
            always("isinstance(_, AuthenticationError) or _"),
        ),
    ),
    *mutants(
        f"{HUAWEICLOUD}/exchange.py",
        ERRORS,
        (
            "an answer that is not JSON is taken for one",
            "Exchange.send",
            without("if _.nonsense:\n    raise ServiceError(...)"),
        ),
        ("an HTTP error is taken for an answer", "Exchange.send", never("not _.response.ok")),
        ("an empty body is an answer", "Exchange.send", never("not _.response.body")),
    ),
    *mutants(
        f"{HUAWEICLOUD}/exchange.py",
        ERRORS,
        ("the rate that a throttle names is not kept to", "Exchange._error", without("_.limit_to(_)")),
    ),
    *mutants(
        f"{HUAWEICLOUD}/exchange.py",
        LOGIN,
        (
            "a second refusal leads to another login",
            "Exchange.respond",
            replace("(False, True)", "(False, False, True)"),
        ),
    ),
    *mutants(
        f"{HUAWEICLOUD}/errors.py",
        ERRORS,
        ("an error body of the older spelling is lost", "error_detail", without('(_.get("errCode"), _)')),
        ("the nested error body is lost", "error_detail", replace("_ if isinstance(_, dict) else A", "A")),
        ("a code without its dot is not known", "service_code", replace("return _ if _ else A", "return A")),
        ("the text of a throttle is ignored", "throttle_seconds", always("_ != GATEWAY_THROTTLES or ...")),
        (
            "a gateway that throttles is not believed without HTTP 429",
            "_error_class",
            without("_ == GATEWAY_THROTTLES"),
        ),
        ("a wrong address is a job that is not there", "GATEWAY_NO_SUCH_API", value("frozenset()")),
    ),
    *mutants(
        f"{HUAWEICLOUD}/errors.py",
        LOGIN,
        ("a code for `not found` is a refused login", "is_refusal", without("_ is None")),
    ),
    *mutants(
        f"{HUAWEICLOUD}/settings.py",
        f"{UNIT}/huaweicloud/test_huaweicloud_credentials.py",
        ("half a pair of keys is accepted", "Settings.has_credentials", never("bool(_) != bool(_)")),
        ("a region is signed as it is written", "PARTS_OF_HOSTS", value("()")),
    ),
    *mutants(
        f"{HUAWEICLOUD}/credentials.py",
        f"{UNIT}/huaweicloud/test_huaweicloud_credentials.py",
        (
            "the environment goes before the options",
            "find_settings",
            before("chosen = A if B else None", "sources = sources[::-1]"),
        ),
        ("credentials of two sources are mixed", "SHARED", after('"auth_url"', '"security_token"')),
        ("a project of another region is used", "_complete", always("_.settings.region in _")),
        ("two ways to sign in are taken at once", "_from_options", never("len(_) > 1")),
        ("an address of the environment goes before the region of the options", "PLACE", value("()")),
        ("OpenStack's file goes before KooCLI's", "FILES", replace("(A, B, C)", "(A, C, B)")),
    ),
    *mutants(
        f"{HUAWEICLOUD}/sources/environment.py",
        f"{UNIT}/huaweicloud/test_huaweicloud_credentials.py",
        ("Terraform's names go before the SDK's", "PREFIXES", replace("(A, B, C)", "(B, A, C)")),
    ),
    *mutants(
        f"{HUAWEICLOUD}/sources/koocli.py",
        f"{UNIT}/huaweicloud/test_koocli.py",
        ("what KooCLI has encrypted is taken for keys", "read_koocli", never("_is_encrypted(_) and _")),
        ("another profile than the current one is taken", "read_koocli", always('_.get("name") == name')),
    ),
    *mutants(
        f"{HUAWEICLOUD}/sources/clouds_yaml.py",
        f"{UNIT}/huaweicloud/test_clouds_yaml.py",
        ("secure.yaml is passed over", "read_clouds_yaml", never("secure is not None")),
        ("a way to sign in that there is not is passed over", "_read_cloud", never("_ not in AUTH_TYPES and _")),
    ),
]

SIGNING_IN = [
    *mutants(
        f"{HUAWEICLOUD}/auth/keys.py",
        LOGIN,
        ("a refused signature is sent again", "AccessKeys.is_worth_repeating", replace("return A", "return A or True")),
        ("temporary keys go without their token", "AccessKeys.headers", without('_["X-Security-Token"] = _')),
    ),
    *mutants(
        f"{HUAWEICLOUD}/auth/login.py",
        LOGIN,
        ("a given token is tried twice", "Login.is_worth_repeating", replace("return False", "return True")),
    ),
    *mutants(
        f"{HUAWEICLOUD}/auth/password.py",
        LOGIN,
        ("an expired token ends the wait", "Password.is_worth_repeating", replace("return True", "return False")),
        (
            "a token that another call has renewed is thrown away",
            "Password.is_worth_repeating",
            always("_ == self._token"),
        ),
        ("a token is used to its very end", "Password._current", without("_ >= self._renew_at")),
        ("a login that was refused for a while is final", "Password._log_in", always("not _.transient")),
    ),
    *mutants(
        f"{HUAWEICLOUD}/auth/password.py",
        "tests/fuzz/test_fuzz_logins.py",
        ("a refused login is repeated", "Password._log_in", without("self._refused = _")),
    ),
    *mutants(
        f"{HUAWEICLOUD}/auth/agency.py",
        LOGIN,
        ("an agency is asked for keys with every poll", "AgencyKeys._current", always("_ is None or _ >= _")),
        ("a machine without an agency is waited for", "AgencyKeys._fetch", replace("transient=_", "transient=True")),
    ),
    *mutants(
        f"{HUAWEICLOUD}/auth/clock.py",
        LOGIN,
        ("a wrong clock is not corrected", "ServiceClock.correct", always("_ is None or _ <= CLOCK_TOLERANCE")),
        ("a clock is corrected twice", "ServiceClock.correct", never("self._learnt is not None")),
        (
            "a clock that was set right is corrected once more",
            "ServiceClock.correct",
            before("self._learnt = _", "self._context = self._context._replace(clock=self._context.now)"),
        ),
        ("a wrong clock is not told", "ServiceClock.correct", without("self._context.warn(_)")),
    ),
]

U_CLOUD = [
    *mutants(
        f"{UCLOUD}/exchange.py",
        f"{NETWORK}/test_ucloud_client.py",
        ("an error code of UCloud is taken for an answer", "Exchange.call", never("_.error is not None")),
        (
            "the private key is sent",
            "Exchange.respond",
            after('"PublicKey": A.public_key', '"PrivateKey": A.private_key'),
        ),
        ("a throttled action of UCloud ends the wait", "TRANSIENT_CODES", without("153")),
        ("an address that IAM refuses is a wrong login", "PERMISSION_CODES", without("294")),
    ),
    *mutants(
        f"{UCLOUD}/signing.py",
        f"{UNIT}/test_signing.py",
        ("UCloud's parameters are signed in the order they come", "sign", replace("sorted(A)", "A")),
        ("a signature of UCloud does not cover the private key", "sign", replace("A + private_key", "A")),
    ),
    *mutants(
        f"{UCLOUD}/cloud.py",
        CONNECT,
        ("plain http needs no address of one's own", "open_exchange", without('options["endpoint"]')),
    ),
    *mutants(
        f"{UCLOUD}/action_source.py",
        SOURCES,
        ("UPhone's older answer is not read", "ActionSource._page", never("_ not in _ and _ and _ in _")),
        (
            "a job that a listing gives no id is left out as if it were done",
            "ActionSource._listing",
            replace("if A.job_id is None:\n    raise _", "if A.job_id is None:\n    continue"),
        ),
        ("several states are asked for as one", "ActionSource._listing", replace("len(A) == 1", "A")),
        ("only the first page of a listing is read", "ActionSource._listing", always("not _ or _ >= _")),
        (
            "jobs in other states than those asked for are listed",
            "ActionSource._matches",
            replace("return _", "return True"),
        ),
    ),
    *mutants(
        f"{UCLOUD}/action_source.py",
        f"{UNIT}/test_bounds.py",
        ("a list of jobs without an end is read for ever", "MAX_PAGES", value("2000")),
    ),
    *mutants(
        f"{UCLOUD}/settings.py",
        f"{UNIT}/ucloud/test_ucloud_credentials.py",
        ("half a pair of UCloud's keys is accepted", "Settings.has_credentials", never("bool(_) != bool(_)")),
    ),
    *mutants(
        f"{UCLOUD}/credentials.py",
        f"{UNIT}/ucloud/test_ucloud_credentials.py",
        ("credentials of two sources of UCloud are mixed", "SHARED", after('"endpoint"', '"security_token"')),
        ("UCloud's address is taken from anywhere", "_complete", never('_ == "endpoint" and _')),
        (
            "the environment goes before UCloud's options",
            "find_settings",
            replace(
                'A.has_credentials("options")', 'A.has_credentials("options") and not environ.get("UCLOUD_PUBLIC_KEY")'
            ),
        ),
        ("a profile that was named is passed over", "find_settings", without("not profile")),
    ),
]

CLOUD_MUTANTS = [*ACCOUNTS, *HUAWEI_CLOUD, *SIGNING_IN, *U_CLOUD]
