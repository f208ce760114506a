"""The public keys inbound tokens are signed with, fetched without blocking the event loop.

Takes the place of the SDK's own key store, which blocks, and refuses a rotated key for a day.
"""

from __future__ import annotations

import asyncio
import logging
import time
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import aiohttp
import orjson
from jwt.algorithms import RSAAlgorithm

from bot.logs import tell
from sharepoint import outward

log = logging.getLogger(__name__)

DAY = 86_400.0
UNKNOWN_KEY_EVERY = 300.0
NO_KEYS_EVERY = 5.0


class NotAuthentic(Exception):
    """The caller did not prove to be Teams: answer 401."""


class KeysUnavailable(Exception):
    """The issuer's keys could not be fetched, so nobody can be authenticated: answer 503."""


@dataclass(frozen=True, slots=True)
class SigningKey:
    """One key, in the shape the SDK's token extractor reads."""

    public_key: Any
    endorsements: list[str]


class KeyCache:
    """Keys by id. Fetched anew each day, and for an unknown id at most every five minutes.

    While the issuer is down the keys known so far stay good; with none at all, `KeysUnavailable` is raised. `fetches`
    counts how often they came.
    """

    def __init__(self, metadata_url: str, *, timeout: float = 5.0, clock: Callable[[], float] = time.monotonic) -> None:
        self._url = metadata_url
        self._timeout = aiohttp.ClientTimeout(total=timeout)
        self._clock = clock
        self._keys: dict[str, SigningKey] = {}
        self.fetches = 0
        self._fetched = self._tried = float("-inf")
        self._lock = asyncio.Lock()

    async def get(self, key_id: str) -> SigningKey:
        """Return the key with this id; the name and signature are those the SDK calls.

        Whoever asks for a key that is not there while the keys are being fetched waits for them.
        """
        if self._due(key_id) or (self._lock.locked() and key_id not in self._keys):
            async with self._lock:
                if self._due(key_id):
                    await self._refresh()
        if not self._keys:
            raise KeysUnavailable("the keys of the token issuer could not be fetched")
        if key_id not in self._keys:
            raise NotAuthentic("the token is signed with an unknown key")
        return self._keys[key_id]

    def _due(self, key_id: str) -> bool:
        now = self._clock()
        if not self._keys:
            return now - self._tried >= NO_KEYS_EVERY
        due = key_id not in self._keys or now - self._fetched >= DAY
        return due and now - self._tried >= UNKNOWN_KEY_EVERY

    async def _refresh(self) -> None:
        self._tried = self._clock()
        try:
            connector = aiohttp.TCPConnector(ssl=outward.trusted())
            async with aiohttp.ClientSession(timeout=self._timeout, connector=connector) as session:
                metadata = await _fetch(session, self._url)
                keys = (await _fetch(session, str(metadata["jwks_uri"])))["keys"]
            self._keys = dict(_parsed(key) for key in keys if key.get("kty") == "RSA") or self._keys
            self._fetched = self._clock()
            self.fetches += 1
        except (aiohttp.ClientError, OSError, ValueError, TypeError, LookupError, AttributeError) as error:
            tell(log, logging.WARNING, "keys of the token issuer not fetched", error=type(error).__name__)


async def _fetch(session: aiohttp.ClientSession, url: str) -> Any:
    async with session.get(url, raise_for_status=True, proxy=outward.proxy(url)) as response:
        return orjson.loads(await response.read())


def _parsed(key: dict[str, Any]) -> tuple[str, SigningKey]:
    public_key = RSAAlgorithm.from_jwk({name: str(key[name]) for name in ("kty", "n", "e")})
    return str(key["kid"]), SigningKey(public_key, [str(name) for name in key.get("endorsements") or []])
