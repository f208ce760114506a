"""Who may call the edge: the Bot Framework's own token check, with the doors it leaves open shut."""

from __future__ import annotations

import re
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


def anonymous() -> Any:
    """Return the identity of a caller while authentication is off."""
    return ClaimsIdentity({}, True, AuthenticationConstants.ANONYMOUS_AUTH_TYPE)


class Authenticator:
    """Accepts a token only if Teams' channel service signed it for this bot and for this service URL.

    It runs the channel path of the SDK's `JwtTokenValidation`; the emulator and skill paths have no place behind
    Teams, and each would decode the token once more. What it adds: `exp` and the service URL are required, and every
    failure is `NotAuthentic` (or `KeysUnavailable`), whatever the SDK raised.
    """

    def __init__(self, app_id: str, keys: KeyCache) -> None:
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
        self.check_form(header)
        try:
            identity = await self._extractor.get_identity_from_auth_header(header, channel_id, [])
            await ChannelValidation.validate_identity(identity, self._credentials)
        except (NotAuthentic, KeysUnavailable):
            raise
        except Exception as error:  # the SDK and its JWT library raise many kinds; all mean the same here
            raise NotAuthentic(f"the token was refused: {type(error).__name__}") from error
        if identity.get_claim_value("exp") is None:
            raise NotAuthentic("the token never expires")
        if not service_url or identity.get_claim_value(ChannelValidation.SERVICE_URL_CLAIM) != service_url:
            raise NotAuthentic("the token is for another service URL")
        return identity
