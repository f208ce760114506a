"""The way out of this machine that its environment names: the proxy to an address, and whom to trust there.

requests and aiohttp both read the environment for every request, and look for a password in `.netrc` besides: requests
then sends that in place of the token, and aiohttp fails. aiohttp takes two threads a request for it (`docs/speed.md`).
So both are told not to look, and what a look would have found when their session opened.
"""

from __future__ import annotations

import os
import ssl
from collections.abc import Mapping
from typing import Final
from urllib.parse import urlsplit

from requests.utils import get_environ_proxies, select_proxy

AUTHORITIES: Final = ("REQUESTS_CA_BUNDLE", "CURL_CA_BUNDLE")
"""Settings that name a file or folder of certificate authorities: those of requests, which the sign-in heeds too."""

PROXIES: Final = ("HTTPS_PROXY", "https_proxy", "HTTP_PROXY", "http_proxy", "ALL_PROXY", "all_proxy")
NAMES: Final = (*AUTHORITIES, *PROXIES, "NO_PROXY", "no_proxy")
HERE: Final = ("127.0.0.1", "localhost", "::1")


def proxy(url: str) -> str | None:
    """The proxy to this address by `HTTPS_PROXY`, `HTTP_PROXY`, `ALL_PROXY` and `NO_PROXY`; none to this machine."""
    found = None if urlsplit(url).hostname in HERE else select_proxy(url, get_environ_proxies(url))
    return with_scheme(found) if found else None


def adopt(written: Mapping[str, str | None]) -> None:
    """Put the way out that a settings file names into the environment, where the sign-in's libraries look for it too.
    What the environment says already stands."""
    for name in NAMES:
        if said := (written.get(name) or "").strip():
            os.environ.setdefault(name, said)


def with_scheme(said: str) -> str:
    """A proxy as an address; one without a scheme (`proxy:8080`) is taken as http."""
    return said if "://" in said else f"http://{said}"


def authorities() -> str | None:
    """The file or folder of certificate authorities to trust in place of the usual ones."""
    return next((os.environ[name] for name in AUTHORITIES if os.environ.get(name)), None)


def trusted() -> ssl.SSLContext | bool:
    """What aiohttp is to prove an address by; True is its default. Raises OSError when what is named is not there."""
    named = authorities()
    if named is None:
        return True
    folder = os.path.isdir(named)
    return ssl.create_default_context(cafile=None if folder else named, capath=named if folder else None)
