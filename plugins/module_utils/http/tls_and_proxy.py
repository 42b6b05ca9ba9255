# Copyright: cloudwait.jobs contributors
# GNU General Public License v3.0 or later (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The settings between a request and its service: certificates to trust, and a proxy."""

from __future__ import annotations

import os
import re
import ssl
import typing as t
from urllib.parse import urlsplit

from ..model.errors import InvalidError
from ..model.files import read_file
from ..model.libraries import install_command

try:
    import requests.exceptions
    import requests.utils
    import urllib3.exceptions
    import urllib3.util
except ImportError:
    # Whoever sends a request has asked http.py for HAS_REQUESTS.
    pass


class Authorities(t.NamedTuple):
    """What is trusted beside, or in place of, the authorities that requests brings along."""

    file: str | None = None
    directory: str | None = None


def authorities_of_openssl(environ: t.Mapping[str, str]) -> Authorities:
    """Return what SSL_CERT_FILE and SSL_CERT_DIR name, as OpenSSL, and so ansible.builtin.uri, would trust it.

    Beside a file that is named OpenSSL trusts its usual directory as well. Raises InvalidError where one of the
    variables names nothing of the kind.
    """
    file, directory = environ.get("SSL_CERT_FILE"), environ.get("SSL_CERT_DIR")
    if file:
        check_authorities(file, "The environment (SSL_CERT_FILE)")
    if directory and not any(map(os.path.isdir, directory.split(os.pathsep))):
        check_authorities(directory, "The environment (SSL_CERT_DIR)")
    if file and not directory:
        usual = ssl.get_default_verify_paths().openssl_capath
        directory = usual if os.path.isdir(usual) else None
    return Authorities(file or None, directory or None)


def check_authorities(path: str, named_by: str) -> None:
    """Raise InvalidError where `path` holds no certificates to trust; `named_by` begins the sentence."""
    try:
        if not os.path.isdir(path):
            # OpenSSL would wait for a pipe, and take in a device for ever.
            read_file(path)
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
        context.load_verify_locations(**{"capath" if os.path.isdir(path) else "cafile": path})
    except (OSError, ValueError) as exc:
        # A name with a NUL, or with half a character, is refused by ValueError.
        reason = exc.strerror if isinstance(exc, OSError) else "it is no name of a file"
        trouble = "holds no certificates" if isinstance(exc, ssl.SSLError) else f"cannot be read ({reason})"
        raise InvalidError(
            f"{named_by} names {path}, which {trouble}; name a file of certificates in PEM format, or leave it out."
        ) from None


def check_proxy(adapter: t.Any, origin: str, proxies: t.Any) -> None:
    """Raise InvalidError where the environment names a proxy that no request to `origin` can go by.

    `adapter` is the one that would send it, `proxies` those of requests, by scheme and host. The sentence does not
    quote a proxy's address, which may hold a password.
    """
    proxy = requests.utils.select_proxy(origin, proxies)
    if not proxy:
        return
    with_scheme: t.Any = requests.utils.prepend_scheme_if_needed
    try:
        proxy = with_scheme(proxy, "http")
        host = urllib3.util.parse_url(proxy).host or ""
        # urllib3 looks at labels when it connects, and before 2 never at blanks.
        is_address = re.fullmatch(rb"\S+", host.encode("idna")) is not None
        adapter.proxy_manager_for(proxy)
    except requests.exceptions.InvalidSchema:
        raise InvalidError(
            f"The environment names a SOCKS proxy for {urlsplit(origin).netloc}, which takes the Python library "
            f"PySocks to use; install that where the task runs, with `{install_command('PySocks')}`, or name an HTTP "
            "proxy with HTTPS_PROXY."
        ) from None
    except (ValueError, urllib3.exceptions.HTTPError):
        is_address = False
    if not is_address:
        raise InvalidError(
            f"The environment names a proxy for {urlsplit(origin).netloc} by what is no address of one; correct "
            "HTTPS_PROXY or ALL_PROXY to be like http://proxy.example.com:3128, or name the host in NO_PROXY."
        )
