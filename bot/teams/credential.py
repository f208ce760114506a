"""The bot's own token for Teams, fetched off the event loop and kept until shortly before it expires."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Callable
from functools import partial
from typing import Any, Protocol

from bot.turn import TeamsBusy, TeamsRefused

RESOURCE = "https://api.botframework.com"
EARLY = 300.0  # seconds before its end in which a token is no longer used
_TIMEOUT = 10  # seconds for the token endpoint


class Credential(Protocol):
    """Where `TeamsChannel` gets its bearer token from."""

    async def token(self) -> str:
        """Return a token that is good now; raises TeamsBusy or TeamsRefused."""
        ...

    def forget(self) -> None:
        """Drop the token: Teams did not accept it."""
        ...


class AppCredential:
    """A token for one app registration: by managed identity, certificate (PEM with its key) or secret.

    However many ask at once, the token endpoint is asked once. `acquire` stands in for msal in tests; it blocks and
    returns msal's answer (`access_token` and `expires_in`, or `error`).
    """

    def __init__(
        self,
        app_id: str,
        tenant_id: str = "",
        *,
        secret: str = "",
        certificate: str = "",
        managed_identity: bool = False,
        authority: str = "https://login.microsoftonline.com",
        acquire: Callable[[], dict[str, Any]] | None = None,
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        self._app_id = app_id
        self._authority = f"{authority}/{tenant_id}"
        self._secret = secret
        self._certificate = certificate
        self._managed_identity = managed_identity
        self._acquire = acquire
        self._clock = clock
        self._token = ""
        self._good_until = float("-inf")
        self._lock = asyncio.Lock()

    async def token(self) -> str:
        """Return a token that is good for at least five minutes, where the endpoint gives such."""
        if self._clock() < self._good_until:
            return self._token
        async with self._lock:
            if self._clock() >= self._good_until:
                await self._refresh()
        return self._token

    def forget(self) -> None:
        """Ask for a new token next time."""
        self._good_until = float("-inf")

    async def _refresh(self) -> None:
        try:
            answer = await asyncio.to_thread(self._ask)
        except (OSError, ValueError) as error:  # requests' own errors are OSErrors; msal's are ValueErrors
            raise TeamsBusy(f"no token for Teams: {type(error).__name__}") from error
        if "access_token" not in answer:
            code = str(answer.get("error", ""))[:100]
            raise TeamsRefused(f"no token for Teams: {code}", code=code)
        self._token = str(answer["access_token"])
        lifetime = float(answer.get("expires_in", 0))
        self._good_until = self._clock() + max(lifetime - EARLY, min(lifetime, 60.0) / 2)

    def _ask(self) -> dict[str, Any]:
        """Ask the token endpoint, in a thread."""
        if self._acquire is None:
            self._acquire = self._managed() if self._managed_identity else self._confidential()
        return self._acquire()

    def _managed(self) -> Callable[[], dict[str, Any]]:
        import msal  # noqa: PLC0415 - 0.1 s that a bot without credentials need not spend
        import requests  # noqa: PLC0415

        identity = msal.UserAssignedManagedIdentity(client_id=self._app_id)

        def acquire() -> dict[str, Any]:
            with requests.Session() as session:
                session.request = partial(session.request, timeout=_TIMEOUT)  # type: ignore[method-assign]
                # A client of its own each time: msal would give back from its cache a token we were told to forget.
                client = msal.ManagedIdentityClient(identity, http_client=session)
                return dict(client.acquire_token_for_client(resource=RESOURCE))

        return acquire

    def _confidential(self) -> Callable[[], dict[str, Any]]:
        import msal  # noqa: PLC0415 - as above

        pem = {"private_key": self._certificate, "public_certificate": self._certificate}
        app = msal.ConfidentialClientApplication(
            self._app_id,
            authority=self._authority,
            client_credential=pem if self._certificate else self._secret,
            instance_discovery=False,
            timeout=_TIMEOUT,
        )
        # The same cache again, which this client can empty.
        return lambda: dict(app.remove_tokens_for_client() or app.acquire_token_for_client([f"{RESOURCE}/.default"]))
