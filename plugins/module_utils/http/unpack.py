# Copyright: cloudwait.jobs contributors
# GNU General Public License v3.0 or later (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Bodies that something on the way has compressed, unpacked piece by piece."""

from __future__ import annotations

import re
import typing as t
import zlib

from .failures import CUT_OFF

# RFC 9110, section 8.4.1. What calls itself deflate is zlib's format, or what is within that.
GZIP = 16 + zlib.MAX_WBITS
ZLIB = zlib.MAX_WBITS
DEFLATE = -zlib.MAX_WBITS
FORMATS = {"gzip": GZIP, "x-gzip": GZIP, "deflate": ZLIB}
# The content codings that are registered with IANA, of which alone a name is told.
KNOWN = re.compile(r"aes128gcm|br|compress|dcb|dcz|exi|pack200-gzip|x-compress|zstd")


class UnpackError(Exception):
    """A body that cannot be unpacked; the message says why, as the end of a sentence."""


class Unpacker:
    """Unpacks a body of one content coding; of what has none, hands every piece on.

    Raises UnpackError, also for a coding that cannot be unpacked.
    """

    def __init__(self, content_encoding: str) -> None:
        names = [name.strip().lower() for name in content_encoding.split(",")]
        names = [name for name in names if name not in ("", "identity")]
        unknown = [name for name in names if name not in FORMATS]
        if unknown or len(names) > 1:
            name = next((name for name in unknown or names if KNOWN.fullmatch(name)), None)
            raise UnpackError(
                f"its body is compressed {f'as {name}' if name else 'in an unknown way'}, which was not asked for"
            )
        self._bits = FORMATS[names[0]] if names else None
        self._stream: t.Any = None

    def unpack(self, packed: bytes, most: int) -> t.Iterator[bytes]:
        """Yield what a piece unpacks to, in pieces of `most` bytes at most."""
        if self._bits is None:
            yield packed
            return
        more = bool(packed)
        while packed or more:
            if self._stream is None:
                self._stream = zlib.decompressobj(self._format(packed))
            try:
                unpacked = self._stream.decompress(packed, most)
            except zlib.error:
                raise UnpackError(CUT_OFF) from None
            # What was read may stand for more than was asked for.
            more = len(unpacked) == most and not self._stream.eof
            packed = self._stream.unconsumed_tail or self._stream.unused_data
            if self._stream.eof:
                # Another part may follow (RFC 1952, section 2.2).
                self._stream = None
            yield unpacked

    def finish(self) -> None:
        """Take note of the end of the body."""
        if self._stream is not None:
            raise UnpackError(CUT_OFF)

    def _format(self, packed: bytes) -> int:
        is_bare = self._bits == ZLIB and packed[0] & 0x0F != zlib.DEFLATED
        return DEFLATE if is_bare else int(self._bits or 0)
