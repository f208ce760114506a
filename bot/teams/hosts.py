"""Which hosts the bot may send its token to; one rule for what comes in and for what goes out."""

from __future__ import annotations

import re
from dataclasses import dataclass

# The public cloud's hosts (GCC included), exact names only: anyone may register another name under trafficmanager.net.
# https://microsoft.github.io/teams-sdk/python/essentials/app-configuration/service-url-validation
TEAMS_HOSTS = frozenset(
    {
        "smba.trafficmanager.net",
        "smba.onyx.prod.teams.trafficmanager.net",
        "smba.infra.gcc.teams.microsoft.com",
    }
)

_PATH = r"(?:/[A-Za-z0-9._~/-]{0,400})?"
_PUBLIC = re.compile(rf"https://([a-z0-9.-]{{1,253}})(?::443)?{_PATH}", re.ASCII | re.IGNORECASE)
_LOOPBACK = re.compile(rf"https?://(?:127\.0\.0\.1|localhost|\[::1\])(?::\d{{1,5}})?{_PATH}", re.ASCII | re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class ServiceHosts:
    """The rule. Without authentication only loopback is allowed; with it, https on Teams' hosts and `extra`."""

    extra: frozenset[str] = frozenset()
    loopback_only: bool = False

    def allow(self, url: str) -> bool:
        """Say whether `url` may be used as a service URL; a user name, a query or an odd port is never allowed."""
        if self.loopback_only:
            return _LOOPBACK.fullmatch(url) is not None
        found = _PUBLIC.fullmatch(url)
        if found is None:
            return False
        host = found.group(1).lower()
        return host in TEAMS_HOSTS or host in self.extra
