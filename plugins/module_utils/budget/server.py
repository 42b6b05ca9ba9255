# Copyright: cloudwait.jobs contributors
# GNU General Public License v3.0 or later (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""A budget for all machines that use one account: Redis or Valkey count, by one script, on the server's clock.

A key holds the Turns of one account at one service, and is forgotten by the server when it is not used. Its name is a
hash of the account's credentials, and tells nothing.
"""

from __future__ import annotations

import hashlib
import threading
import typing as t

from .budget import BudgetError
from .turns import HALVED_EVERY, LEAST, QUIET, RAISE, USED

try:
    import redis
except ImportError:
    HAS_REDIS = False
else:
    HAS_REDIS = True

# Seconds for an answer. A budget that takes longer is given up.
TIMEOUT = 1.0
# Seconds after which a key that is not used is forgotten.
FORGOTTEN = 3600
# The same as turns.py, in one step on the server. ARGV: what to do, the rate, the longest wait; times in seconds.
SCRIPT = f"""
local time = redis.call('TIME')
local now = tonumber(time[1]) + tonumber(time[2]) / 1000000
local kept = redis.call('HMGET', KEYS[1], 'turn', 'share', 'throttled')
local turn, share, throttled = tonumber(kept[1]) or 0, tonumber(kept[2]) or 1, tonumber(kept[3]) or -1
if throttled >= 0 then
  share = math.min(1, share + {RAISE} * math.floor(math.max(0, now - throttled) / {QUIET}))
end
local wait = 0
if ARGV[1] == 'throttled' then
  if throttled < 0 or now - throttled >= {HALVED_EVERY} then
    share = math.max({LEAST}, share / 2)
    redis.call('HSET', KEYS[1], 'share', tostring(share), 'throttled', string.format('%.6f', now))
  end
else
  turn = math.max(turn, now)
  wait = turn - now
  if wait > tonumber(ARGV[3]) then
    return '-1'
  end
  redis.call('HSET', KEYS[1], 'turn', string.format('%.6f', turn + 1 / (tonumber(ARGV[2]) * {USED} * share)))
end
redis.call('EXPIRE', KEYS[1], {FORGOTTEN})
return string.format('%.6f', wait)
"""
# What stands for no limit; Lua has no infinity in a text.
NO_LIMIT = 1e9


class ServerBudget:
    """The turns of one account at one service, shared through a server."""

    def __init__(self, url: str, name: t.Hashable) -> None:
        digest = hashlib.blake2b(repr(name).encode("utf-8", "surrogatepass"), digest_size=16).hexdigest()
        self._key = f"cloudwait.jobs:{digest}"
        try:
            client = redis.Redis.from_url(
                url, socket_timeout=TIMEOUT, socket_connect_timeout=TIMEOUT, retry=None, retry_on_timeout=False
            )
            self._script = client.register_script(SCRIPT)
        except (ValueError, redis.exceptions.RedisError):
            # What it says may quote the URL.
            raise BudgetError("its URL cannot be read; write it as redis://HOST:PORT/DB") from None
        self._lock = threading.Lock()

    def reserve(self, rate: float, longest: float) -> float | None:
        """Take the next turn at so many requests per second; return the seconds until it comes, or None."""
        wait = self._run("reserve", rate, min(longest, NO_LIMIT))
        return None if wait < 0 else wait

    def throttled(self) -> None:
        """Take note that the service refused a request for coming too soon."""
        self._run("throttled", 0.0, 0.0)

    def _run(self, what: str, rate: float, longest: float) -> float:
        try:
            with self._lock:
                return float(self._script(keys=[self._key], args=[what, rate, longest]))
        except (redis.exceptions.RedisError, OSError, ValueError) as exc:
            raise BudgetError(f"the server does not answer as it should ({type(exc).__name__})") from None
