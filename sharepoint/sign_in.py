"""How the store proves who it is to the site: a token that is kept, renewed early and dropped when it is not accepted.

A renewal is made five minutes before the end, in a thread of its own, so nobody waits for it; while it fails the token
in hand goes on being used to its end. Only when there is no good token is anybody kept waiting, for one fetch that all
share, and for a bounded time.
"""

from __future__ import annotations

import logging
import threading
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Protocol

from sharepoint.errors import StoreBusy, StoreError

log = logging.getLogger("mhrmb.sign_in")

NEVER = 365 * 24 * 3600
EARLY = 300.0
"""Seconds before its end at which a token is renewed. Entra's app-only tokens last 60 to 90 minutes (doc)."""
MARGIN = 30.0
"""Seconds before its end from which a token is no longer sent: it has to arrive, and clocks differ."""
AGAIN = 30.0
"""Seconds after which an early renewal that failed is tried again."""
SHARED_WAIT = 20.0
"""The longest that anybody waits for a fetch which somebody else is making."""
DROPS_APART = 60.0
"""A token is dropped for a 401 once in so many seconds: one that is refused when new will not be mended by another."""


@dataclass(frozen=True, slots=True)
class Token:
    """A bearer token and how many seconds it is good for. The token is left out of its own description."""

    value: str = field(repr=False)
    expires_in: float


class SignIn(Protocol):
    """Where the client gets its token."""

    def ready(self) -> Token | None:
        """The token in hand if it is good, without waiting; None when `token` would have to fetch one."""
        ...

    def token(self) -> Token:
        """A token to send now; called from threads, and may block for a bounded time.

        Raises StoreBusy or StoreRefused with a sentence for whoever operates the bot."""
        ...

    def drop(self, used_since: float) -> bool:
        """Drop the token because the site refused it; `used_since` is `time.monotonic()` when the request began.

        True when asking again may help.
        """
        ...


@dataclass(frozen=True, slots=True)
class Static:
    """A token that never changes: dropping it helps nobody."""

    value: str = field(repr=False)

    def ready(self) -> Token:
        """The token as it was given."""
        return Token(self.value, NEVER)

    def token(self) -> Token:
        """The token as it was given."""
        return self.ready()

    def drop(self, used_since: float) -> bool:
        """Nothing can be done about it here."""
        return False


def static(token: str) -> Static:
    """The embedded server's fixed bearer token. SharePoint Online takes none such."""
    return Static(token)


class Kept:
    """Keeps what `fetch` brings. `fetch` blocks, makes one attempt, and raises StoreBusy or StoreRefused.

    Safe from any thread. `what` names the token in the log. `clock` is in seconds and never goes back.
    """

    def __init__(
        self, fetch: Callable[[], Token], *, what: str = "SharePoint", clock: Callable[[], float] = time.monotonic
    ) -> None:
        self._fetch, self._what, self._clock = fetch, what, clock
        self._token: Token | None = None
        self._fetched_at = self._good_until = self._renew_at = self._dropped_at = float("-inf")
        self._fetching = threading.Lock()
        self._attempts = 0
        self._failure: StoreError | None = None

    def ready(self) -> Token | None:
        """The token in hand if it is good, without waiting; begins its renewal when that is due."""
        token, now = self._token, self._clock()
        if token is None or now >= self._good_until:
            return None
        if now >= self._renew_at and self._fetching.acquire(blocking=False):
            # The lock is held until the renewal ends, and released by its thread.
            threading.Thread(target=self._renew, name=f"token for {self._what}", daemon=True).start()
        return token

    def token(self) -> Token:
        """A token that is good now, fetched if need be: however many ask at once, the issuer is asked once."""
        token = self.ready()
        if token is not None:
            return token
        attempts = self._attempts
        if not self._fetching.acquire(timeout=SHARED_WAIT):
            raise StoreBusy(f"no token for {self._what} yet: the issuer is slow to answer", retry_after=1.0)
        try:
            return self._after_waiting(attempts)
        finally:
            self._fetching.release()

    def _after_waiting(self, attempts: int) -> Token:
        """What those who waited meanwhile got, good or bad; otherwise a fetch of one's own."""
        if self._attempts == attempts:
            return self._fetch_now()
        if self._failure is not None:
            raise self._failure.with_traceback(None)
        return self._token if self._token is not None else self._fetch_now()

    def _fetch_now(self) -> Token:
        started = self._clock()
        try:
            token = self._fetch()
        except StoreError as error:
            self._failure = error
            raise
        finally:
            self._attempts += 1
        life = token.expires_in
        self._failure, self._token, self._fetched_at = None, token, started
        self._good_until = started + max(life - MARGIN, life / 2)
        self._renew_at = started + max(life - EARLY, life / 2)
        return token

    def _renew(self) -> None:
        try:
            self._fetch_now()
        except StoreError as error:
            left = max(0.0, self._good_until - self._clock())
            self._renew_at = self._clock() + AGAIN
            log.warning("no new token for %s; the old one is good for %.0f s more: %s", self._what, left, error)
        finally:
            self._fetching.release()

    def drop(self, used_since: float) -> bool:
        """Drop the token unless it is newer than the request that was refused, and unless one was dropped just now."""
        now = self._clock()
        if max(self._fetched_at, self._dropped_at) > used_since:  # somebody else's request saw to it meanwhile
            return True
        if self._token is None or now - self._dropped_at < DROPS_APART:
            return False
        log.warning("%s did not accept a token that was kept; another is fetched", self._what)
        self._token, self._dropped_at = None, now
        return True
