"""Posting to Teams: the `Channel` of the bot, on one pooled session, with cards passed through untouched.

How Teams' answers become our errors:

- not posted for certain: `TeamsBusy` (429, 412) and `TeamsDown` (503, no connection) are tried again here first;
  `TeamsRefused` (any other 4xx, a redirect, a host that is not allowed) needs a person;
- perhaps posted: `OutcomeUnknown` (502, 504 and other 5xx, a time-out, a broken connection, a success without an
  id). A POST is never repeated then, the caller decides; an update is, since repeating it changes nothing.

Posts ask for `room` first, which keeps them within Teams' limits. Answers to people do not wait for it. A post is given
`may_send`, which each request asks as its bytes are handed to the connection: after every wait for a token, a pause
between tries, a free connection or a handshake. What is on the wire by then cannot be called back.
"""

from __future__ import annotations

import asyncio
import logging
import random
from contextvars import ContextVar
from dataclasses import dataclass
from functools import lru_cache
from typing import Any
from urllib.parse import quote

import aiohttp
import orjson
from yarl import URL

from bot.logs import tell
from bot.teams.answers import attachment
from bot.teams.breaker import Breaker
from bot.teams.credential import Credential
from bot.teams.hosts import ServiceHosts
from bot.teams.limits import Limits
from bot.teams.outcomes import id_in, outcome
from bot.teams.withheld import Body
from bot.turn import (
    JSON,
    MaySend,
    Message,
    OutcomeUnknown,
    Reference,
    Scope,
    Sent,
    TeamsBusy,
    TeamsDown,
    TeamsError,
    TeamsRefused,
)
from sharepoint import outward

log = logging.getLogger(__name__)

ROOM_WITHIN = 10.0
"""Seconds a post waits for room in its conversation before it is told to come back."""


@dataclass(slots=True)
class Asked:
    """How many calls a turn has made until now, each counted once however often it was tried."""

    calls: int = 0


asked: ContextVar[Asked | None] = ContextVar("asked", default=None)
"""Where the calls of the current turn are counted; nothing is outside a turn."""


class TeamsChannel:
    """Speaks in Teams. `requests` counts HTTP requests made, tries included; call `close()` at the end.

    `attempts` bounds the tries of one call, `first_wait` is the first pause in seconds (doubled, with jitter) and
    `longest_wait` the longest: a Retry-After beyond it is left to the caller. `timeout` bounds one request.
    """

    def __init__(
        self,
        hosts: ServiceHosts,
        credential: Credential | None = None,
        *,
        attempts: int = 3,
        first_wait: float = 0.5,
        longest_wait: float = 5.0,
        timeout: float = 10.0,
        connections: int = 50,
        limits: Limits | None = None,
    ) -> None:
        self._hosts = hosts
        self._credential = credential
        self._attempts = attempts
        self._first_wait = first_wait
        self._longest_wait = longest_wait
        self._timeout = aiohttp.ClientTimeout(total=timeout, connect=min(3.0, timeout))
        self._connections = connections
        self.limits = limits or Limits()
        self.breaker = Breaker()
        self._session: aiohttp.ClientSession | None = None
        self._way = lru_cache(maxsize=32)(outward.proxy)
        self.requests = 0

    async def start(self, where: Reference, message: Message, *, may_send: MaySend | None = None) -> Sent:
        """Start a conversation in the channel of `where`; in a chat this is the same as `send`."""
        if where.scope is not Scope.CHANNEL:
            return await self._sent(where, message, may_send)
        channel_id = where.channel_id or where.root().conversation_id
        body: JSON = {
            "isGroup": True,
            "bot": {"id": where.bot_id},
            "tenantId": where.tenant_id,
            "channelData": {"channel": {"id": channel_id}, "tenant": {"id": where.tenant_id}},
            "activity": _activity(where, message),
        }
        answer = await self._call(_Call("POST", "v3/conversations", body, may_send), where)
        conversation_id = id_in(answer, "id")
        # Teams names a channel's conversation after its first post, should it not state the post's own id.
        activity_id = id_in(answer, "activityId") or conversation_id.partition(";messageid=")[2]
        if not (conversation_id and activity_id):
            raise OutcomeUnknown("Teams answered without the ids of the new conversation")
        return Sent(activity_id, conversation_id)

    async def send(self, where: Reference, message: Message) -> Sent:
        """Send into the conversation of `where` at once: somebody waits. It is counted, so that posts make room."""
        self.limits.count(where.conversation_id, where.tenant_id)
        return await self._sent(where, message)

    async def _sent(self, where: Reference, message: Message, may_send: MaySend | None = None) -> Sent:
        path = f"v3/conversations/{_segment(where.conversation_id)}/activities"
        answer = await self._call(_Call("POST", path, _activity(where, message), may_send), where)
        activity_id = id_in(answer, "id")
        if not activity_id:
            raise OutcomeUnknown("Teams answered without the id of the message")
        return Sent(activity_id, where.conversation_id)

    async def update(
        self, where: Reference, activity_id: str, message: Message, *, may_send: MaySend | None = None
    ) -> None:
        """Replace a message; `where` is the conversation it was posted in."""
        path = f"v3/conversations/{_segment(where.conversation_id)}/activities/{_segment(activity_id)}"
        await self._call(_Call("PUT", path, {**_activity(where, message), "id": activity_id}, may_send), where)

    @property
    def down(self) -> bool:
        """Whether Teams did not answer when it was last asked several times in a row."""
        return self.breaker.down

    @property
    def down_for(self) -> float:
        """Seconds that Teams is left alone for that; 0 when it may be asked."""
        return self.breaker.down_for

    async def room(self, where: Reference) -> None:
        """Wait, ten seconds at most, until one more post there is within Teams' limits, and count it."""
        if (rest := self.breaker.down_for) > 0:
            raise TeamsDown("Teams is left alone for a while, since it does not answer", rest)
        await self.limits.let_pass(where.conversation_id, where.tenant_id, longest=ROOM_WITHIN)

    async def close(self) -> None:
        """Close the connections; the channel opens new ones when it is used again."""
        session, self._session = self._session, None
        if session is not None:
            await session.close()

    async def _call(self, call: _Call, where: Reference) -> Any:
        """Make one call, trying again where that is safe; return the parsed answer (None: not JSON)."""
        if not self._hosts.allow(where.service_url):
            raise TeamsRefused("the service URL is not one of Teams' own", code="ServiceUrlNotAllowed")
        if (turns := asked.get()) is not None:
            turns.calls += 1
        url = f"{where.service_url.rstrip('/')}/{call.path}"
        for attempt in range(1, self._attempts + 1):
            try:
                return await self._guarded(call, url)
            except NotOurs:
                raise
            except (TeamsBusy, OutcomeUnknown) as error:
                again = isinstance(error, TeamsBusy) or call.method == "PUT"
                pause = self._pause(attempt, getattr(error, "retry_after", None))
                if not again or attempt == self._attempts or pause is None:
                    raise
                tell(log, logging.INFO, "Teams call repeated", method=call.method, attempt=attempt, error=error)
                await asyncio.sleep(pause)
        raise AssertionError("attempts must be at least 1")

    def _pause(self, attempt: int, retry_after: float | None) -> float | None:
        """Return how long to wait before the next try, or None when Teams asks for longer than we may wait."""
        if retry_after is not None and retry_after > self._longest_wait:
            return None
        pause = min(self._first_wait * float(2 ** (attempt - 1)), self._longest_wait)
        return max(retry_after or 0.0, pause * random.uniform(0.5, 1.0))  # noqa: S311 - jitter, not a secret

    async def _guarded(self, call: _Call, url: str) -> Any:
        """Make one request unless Teams is down, and learn from it whether it is."""
        headers = {"Content-Type": "application/json"}
        if self._credential is not None:
            headers["Authorization"] = f"Bearer {await self._credential.token()}"
        if (rest := self.breaker.down_for) > 0:
            raise TeamsDown("Teams is left alone for a while, since it does not answer", rest)
        if call.may_send is not None and not call.may_send():
            raise NotOurs
        self.breaker.asked()
        try:
            answer = await self._request(call, url, headers)
        except NotOurs:
            raise  # says nothing of Teams
        except (TeamsDown, OutcomeUnknown):
            self.breaker.failed()
            raise
        except TeamsError:
            self.breaker.answered()
            raise
        self.breaker.answered()
        return answer

    async def _request(self, call: _Call, url: str, headers: dict[str, str]) -> Any:
        """Make one request and translate its failure."""
        self.requests += 1
        data, address = Body(orjson.dumps(call.body), call.may_send), URL(url, encoded=True)
        try:
            async with self._opened().request(
                call.method,
                address,
                data=data,
                headers=headers,
                allow_redirects=False,
                proxy=self._way(str(address.origin())),
            ) as response:
                content = await response.read()
        except (aiohttp.ClientConnectorError, aiohttp.ClientHttpProxyError, aiohttp.ConnectionTimeoutError) as error:
            raise TeamsDown("Teams cannot be reached") from error
        except TimeoutError as error:
            raise OutcomeUnknown("Teams did not answer in time") from error
        except (aiohttp.ClientError, OSError) as error:
            if data.withheld:
                raise NotOurs from error
            if _never_sent(error):
                raise TeamsBusy("the connection to Teams was closed before sending") from error
            raise OutcomeUnknown("the connection to Teams broke") from error
        if response.status == 401 and self._credential is not None:
            self._credential.forget()
        return outcome(response.status, response.headers.get("Retry-After"), content)

    def _opened(self) -> aiohttp.ClientSession:
        if self._session is None:
            self._session = aiohttp.ClientSession(
                connector=aiohttp.TCPConnector(limit=self._connections, ssl=outward.trusted()),
                cookie_jar=aiohttp.DummyCookieJar(),
                timeout=self._timeout,
            )
        return self._session


@dataclass(frozen=True, slots=True)
class _Call:
    """One call to make: `path` is below the service URL."""

    method: str
    path: str
    body: JSON
    may_send: MaySend | None = None


class NotOurs(TeamsBusy):
    """Not sent, since this process may not send any more: trying again here is no use."""

    def __init__(self) -> None:
        super().__init__("another process posts now")


def _never_sent(error: BaseException) -> bool:
    """Say whether a kept connection turned out closed at the first write, as after a restart on the other side."""
    cause = error.__cause__ or error
    return isinstance(cause, aiohttp.ClientConnectionResetError) and "closing transport" in str(cause)


def _activity(where: Reference, message: Message) -> JSON:
    activity: JSON = {"type": "message", "conversation": {"id": where.conversation_id}}
    if where.bot_id:
        activity["from"] = {"id": where.bot_id}
    if message.summary:
        activity["summary"] = message.summary
    if message.text:
        activity["text"] = message.text
    if message.card is not None:
        activity["attachments"] = [attachment(message.card)]
    return activity


def _segment(identifier: str) -> str:
    """Return an id as one segment of a path; `.` and `..` would name another resource."""
    if identifier.strip(".") == "":
        raise TeamsRefused("the conversation or message has no id", code="NoId")
    return quote(identifier, safe="")
