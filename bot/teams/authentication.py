"""Who may call the edge: the Bot Framework's own token check, with the doors it leaves open shut."""

from __future__ import annotations

import hashlib
import re
import time
from collections import OrderedDict
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from botframework.connector.auth import (
    AuthenticationConstants,
    ChannelValidation,
    ClaimsIdentity,
    JwtTokenExtractor,
    SimpleCredentialProvider,
    VerifyOptions,
)

from bot.teams.keys import KeyCache, KeysUnavailable, NotAuthentic

_BEARER = re.compile(r"Bearer [\w-]+\.[\w-]+\.[\w-]+", re.ASCII)
_LEEWAY = 300  # seconds, as the SDK has it

GOOD_FOR = 300.0
"""Seconds for which a token that was checked is not checked again: no longer than a withdrawn key is used anyway."""

REMEMBERED = 256
"""Checked tokens that are remembered. Teams calls a bot with one for about an hour."""


def anonymous() -> Any:
    """Return the identity of a caller while authentication is off."""
    return ClaimsIdentity({}, True, AuthenticationConstants.ANONYMOUS_AUTH_TYPE)


@dataclass(frozen=True, slots=True)
class _Checked:
    """What a token proved, by which fetch of the keys, and until when that is taken without another look."""

    identity: Any
    fetch: int
    until: float


class Authenticator:
    """Accepts a token only if Teams' channel service signed it for this bot and for this service URL.

    It runs the channel path of the SDK's `JwtTokenValidation`; the emulator and skill paths have no place behind
    Teams, and each would decode the token once more. What it adds: `exp` and the service URL are required, and every
    failure is `NotAuthentic` (or `KeysUnavailable`), whatever the SDK raised.

    The same token comes with every turn of an hour, and checking it is a third of what a small turn costs: so what was
    found is kept for `GOOD_FOR` by the token's digest, never beyond its end, and never once the keys were fetched
    again. Whom a turn comes from and which service it is for are compared with it each time.
    """

    def __init__(self, app_id: str, keys: KeyCache, *, clock: Callable[[], float] = time.time) -> None:
        self._keys = keys
        self._clock = clock
        self._checked: OrderedDict[tuple[bytes, str], _Checked] = OrderedDict()
        self._credentials = SimpleCredentialProvider(app_id, "")
        options = VerifyOptions(
            issuer=[AuthenticationConstants.TO_BOT_FROM_CHANNEL_TOKEN_ISSUER],
            audience=None,  # checked by validate_identity
            clock_tolerance=_LEEWAY,
            ignore_expiration=False,
        )
        self._extractor = JwtTokenExtractor(options, "", AuthenticationConstants.ALLOWED_SIGNING_ALGORITHMS)
        self._extractor.open_id_metadata = keys

    def check_form(self, header: str) -> None:
        """Raise `NotAuthentic` unless the header could hold a token; cheap, before anything is read."""
        if len(header) > 16_384 or _BEARER.fullmatch(header) is None:
            raise NotAuthentic("a bearer token is required")

    async def check(self, header: str, channel_id: str, service_url: str) -> Any:
        """Return the caller's claims, or raise `NotAuthentic` or `KeysUnavailable`."""
        name = (hashlib.sha256(header.encode()).digest(), channel_id)
        known = self._checked.get(name)
        if known is None or known.fetch != self._keys.fetches or self._clock() >= known.until:
            self._checked.pop(name, None)
            known = self._checked[name] = await self._prove(header, channel_id)
            if len(self._checked) > REMEMBERED:
                self._checked.popitem(last=False)
        if not service_url or known.identity.get_claim_value(ChannelValidation.SERVICE_URL_CLAIM) != service_url:
            raise NotAuthentic("the token is for another service URL")
        return known.identity

    async def _prove(self, header: str, channel_id: str) -> _Checked:
        """Check a token from its signature on."""
        self.check_form(header)
        try:
            identity = await self._extractor.get_identity_from_auth_header(header, channel_id, [])
            await ChannelValidation.validate_identity(identity, self._credentials)
        except (NotAuthentic, KeysUnavailable):
            raise
        except Exception as error:  # the SDK and its JWT library raise many kinds; all mean the same here
            raise NotAuthentic(f"the token was refused: {type(error).__name__}") from error
        end = identity.get_claim_value("exp")
        if end is None:
            raise NotAuthentic("the token never expires")
        return _Checked(identity, self._keys.fetches, min(self._clock() + GOOD_FOR, float(end) + _LEEWAY))
