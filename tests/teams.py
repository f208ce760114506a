"""A local stand-in for Teams: the connector the bot posts to, and a client that people use to talk to the bot.

    async with Teams(bot="http://127.0.0.1:3978/api/messages") as teams:
        amy = Person("Amy Archer")
        board = teams.channel("Board")
        status, _ = await teams.say(amy, "tracker", board)
        status, answer = await teams.press(amy, teams.posts_in(board)[-1], {"verb": "done", "data": {}})

Nothing here imports the bot, so it can drive one in another process. Times and ids are counted, never random.
"""

from __future__ import annotations

import asyncio
import re
import time
import uuid
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field, replace
from typing import Any, Self
from urllib.parse import unquote

import aiohttp
import orjson
from aiohttp import web

JSON = dict[str, Any]
CARD = "application/vnd.microsoft.card.adaptive"
TENANT = "6b8f2a4e-51d3-4c0a-9a7e-0d2f5c1e7b90"
BOT_ID = "28:4f1c9a7e-0000-4000-8000-00000000b071"
_EPOCH_MS = 1_767_600_000_000  # 5 January 2026, 08:00 UTC


@dataclass(frozen=True)
class Person:
    """Someone in Teams. `user_id` is the Entra object id, made from the name when it is not given; "" sends none."""

    name: str
    user_id: str | None = None

    @property
    def object_id(self) -> str:
        return str(uuid.uuid5(uuid.NAMESPACE_OID, self.name)) if self.user_id is None else self.user_id

    @property
    def teams_id(self) -> str:
        return f"29:1{uuid.uuid5(uuid.NAMESPACE_URL, self.name).hex}"


@dataclass(frozen=True)
class Place:
    """A conversation: a channel, a thread in it, or a personal chat."""

    scope: str
    conversation_id: str
    channel_id: str = ""
    channel_name: str = ""
    team_id: str = ""
    team_name: str = ""

    def thread(self, message_id: str) -> Place:
        """The thread that the message with this id started."""
        return replace(self, conversation_id=f"{self.channel_id};messageid={message_id}")


@dataclass
class Post:
    """A message as people see it now: `activity` is its latest state, `edits` how often it was replaced."""

    id: str
    conversation_id: str
    activity: JSON
    edits: int = 0
    versions: list[JSON] = field(default_factory=list)

    @property
    def card(self) -> JSON:
        """The card it shows; raises LookupError when it shows none."""
        for each in self.activity.get("attachments", []):
            if each["contentType"] == CARD:
                return each["content"]  # type: ignore[no-any-return]
        raise LookupError(f"no card, but {self.text!r}")

    @property
    def text(self) -> str:
        return str(self.activity.get("text", ""))


@dataclass(frozen=True)
class Call:
    """One request the bot made: `body` is its JSON as it was sent, `status` what it was answered (0: dropped).

    `at` is when, by the clock that Teams was given.
    """

    method: str
    conversation_id: str
    activity_id: str
    body: bytes
    status: int
    authorization: str = ""
    at: float = 0.0

    @property
    def json(self) -> JSON:
        return dict(orjson.loads(self.body))


@dataclass
class _Fault:
    what: int | str
    headers: dict[str, str]
    body: bytes | None
    made: bool
    method: str


class Teams:
    """Both sides of Teams. `bot` is the URL of the bot's endpoint; `token(service_url)` gives an Authorization header.

    `posts` holds every message by id, `calls` every request the bot made, in order.
    """

    def __init__(
        self,
        bot: str = "",
        *,
        bot_id: str = BOT_ID,
        bot_name: str = "MHRMB",
        tenant_id: str = TENANT,
        service_url: str = "",
        token: Callable[[str], str] | None = None,
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        self._clock = clock
        self.bot = bot
        self.bot_id = bot_id
        self.bot_name = bot_name
        self.tenant_id = tenant_id
        self.posts: dict[str, Post] = {}
        self.calls: list[Call] = []
        self._service_url = service_url
        self._token = token
        self._port = 0
        self._runner: web.AppRunner | None = None
        self._client: aiohttp.ClientSession | None = None
        self._faults: list[_Fault] = []
        self._places: dict[str, Place] = {}
        self._count = 0
        self._stopping = asyncio.Event()

    # The stand-in's life

    async def __aenter__(self) -> Self:
        await self.start()
        return self

    async def __aexit__(self, *_: object) -> None:
        await self.close()

    async def start(self) -> None:
        """Serve on loopback, on the port it had before if it was stopped."""
        self._stopping = asyncio.Event()
        app = web.Application(client_max_size=1024 * 1024)
        app.router.add_route("*", "/{rest:.*}", self._served)
        self._runner = web.AppRunner(app, shutdown_timeout=0.2, access_log=None)
        await self._runner.setup()
        site = web.TCPSite(self._runner, "127.0.0.1", self._port, reuse_address=True)
        await site.start()
        self._port = int(self._runner.addresses[0][1])

    async def stop(self) -> None:
        """Play an outage: nothing listens until `start`."""
        self._stopping.set()
        runner, self._runner = self._runner, None
        if runner is not None:
            await runner.cleanup()

    async def close(self) -> None:
        """Stop for good."""
        await self.stop()
        client, self._client = self._client, None
        if client is not None:
            await client.close()

    @property
    def service_url(self) -> str:
        """The service URL activities carry, with a path as Teams' own have."""
        return self._service_url or f"http://127.0.0.1:{self._port}/uk/"

    def fail_next(
        self,
        what: int | str,
        count: int = 1,
        headers: dict[str, str] | None = None,
        *,
        body: JSON | None = None,
        made: bool = False,
        method: str = "",
    ) -> None:
        """Let the next `count` calls fail: with a status, or "drop", "html", "timeout", "empty" or "no id".

        `made` says whether the post is made all the same. With a `method`, only calls by it fail and count. Faults
        asked for later come after these.
        """
        data = None if body is None else orjson.dumps(body)
        self._faults += [_Fault(what, dict(headers or {}), data, made, method) for _ in range(count)]

    def recover(self) -> None:
        """Forget the faults asked for that no call has met yet."""
        self._faults.clear()

    # The connector

    async def _served(self, request: web.Request) -> web.StreamResponse:
        body = await request.read()
        parts = [unquote(part) for part in request.raw_path.split("?")[0].split("/")]
        path = parts[parts.index("v3") :] if "v3" in parts else []
        fault = self._next_fault(request.method)
        known = path[1:2] == ["conversations"] and len(path) in {2, 4, 5}
        answer = self._take(request.method, path, body) if known and (fault is None or fault.made) else None
        status = 404 if fault is None and answer is None else 201
        if fault is not None:
            status = fault.what if isinstance(fault.what, int) else 200 if fault.what != "drop" else 0
        authorization = request.headers.get("Authorization", "")
        where = (path[2] if len(path) > 2 else "", path[4] if len(path) > 4 else "")
        self.calls.append(Call(request.method, *where, body, status, authorization, self._clock()))
        if fault is not None:
            return await self._failed(request, fault)
        return _json(answer, 201) if answer is not None else _error(404, "ConversationNotFound")

    def _take(self, method: str, path: list[str], body: bytes) -> JSON | None:
        """Do what the bot asked; None when there is no such thing."""
        sent = orjson.loads(body)
        if method == "POST" and len(path) == 2:
            channel_id = sent["channelData"]["channel"]["id"]
            new = self._next_id()
            post = self._post(new, f"{channel_id};messageid={new}", sent["activity"])
            return {"id": post.conversation_id, "activityId": post.id}
        if method == "POST" and len(path) == 4:
            return {"id": self._post(self._next_id(), path[2], sent).id}
        found = self.posts.get(path[4]) if method == "PUT" and len(path) == 5 else None
        if found is None:
            return None
        found.versions.append(found.activity)
        found.activity, found.edits = sent, found.edits + 1
        return {"id": found.id}

    def _post(self, post_id: str, conversation_id: str, activity: JSON) -> Post:
        self.posts[post_id] = Post(post_id, conversation_id, activity)
        return self.posts[post_id]

    def _next_fault(self, method: str) -> _Fault | None:
        at = next((at for at, fault in enumerate(self._faults) if fault.method in ("", method)), None)
        return None if at is None else self._faults.pop(at)

    async def _failed(self, request: web.Request, fault: _Fault) -> web.StreamResponse:
        if fault.what == "drop":
            assert request.transport is not None
            request.transport.abort()
            return web.Response()
        if fault.what == "timeout":
            await self._stopping.wait()
            return web.Response(status=500)
        if fault.what == "html":
            return web.Response(
                text="<html><body>Our services aren't available</body></html>", content_type="text/html"
            )
        if fault.what == "empty":
            return web.Response()
        if fault.what == "no id":
            return _json({}, 201)
        body = (
            fault.body if fault.body is not None else orjson.dumps({"error": {"code": "Fault", "message": "asked for"}})
        )
        return web.Response(
            status=int(fault.what), body=body, headers={"Content-Type": "application/json", **fault.headers}
        )

    # What people can see

    def posts_in(self, place: Place) -> list[Post]:
        """The messages of a place, oldest first: a channel with all its threads, one thread, or a chat."""
        if place.conversation_id == place.channel_id:
            wanted = [p for p in self.posts.values() if p.conversation_id.split(";")[0] == place.channel_id]
        else:
            wanted = [p for p in self.posts.values() if p.conversation_id == place.conversation_id]
        return wanted

    def last(self, place: Place) -> Post:
        """The newest message of a place; raises IndexError when there is none."""
        return self.posts_in(place)[-1]

    def channel(self, name: str = "General", team: str = "Mental Health Risk Management Board") -> Place:
        """A standard channel of a team."""
        thread = f"19:{uuid.uuid5(uuid.NAMESPACE_URL, team + name).hex}@thread.tacv2"
        team_id = f"19:{uuid.uuid5(uuid.NAMESPACE_URL, team).hex}@thread.tacv2"
        return self._places.setdefault(thread, Place("channel", thread, thread, name, team_id, team))

    def chat(self, person: Person) -> Place:
        """The person's own chat with the bot."""
        return Place("personal", f"a:1{uuid.uuid5(uuid.NAMESPACE_X500, person.name).hex}")

    # What people do

    async def say(self, person: Person, text: str, place: Place) -> tuple[int, Any]:
        """Type a message; in a channel the bot is mentioned first, and a new message starts a thread."""
        activity = self.activity(person, place, "message", textFormat="plain")
        if place.scope == "channel":
            mention = f"<at>{self.bot_name}</at>"
            account = {"id": self.bot_id, "name": self.bot_name}
            activity["entities"].insert(0, {"type": "mention", "mentioned": account, "text": mention})
            text = f"{mention} {text}"
            if place.conversation_id == place.channel_id:
                activity["conversation"]["id"] = place.thread(activity["id"]).conversation_id
        return await self.deliver({**activity, "text": text, "attachments": []})

    async def press(
        self, person: Person, post: Post, action: JSON | str, inputs: JSON | None = None, place: Place | None = None
    ) -> tuple[int, Any]:
        """Press an Action.Execute on a posted card, given as itself or by its title, with what was typed beside it."""
        found = find_action(post.card, title=action) if isinstance(action, str) else action
        data = {**(found.get("data") or {}), **(inputs or {})}
        executed = {"type": "Action.Execute", "verb": found.get("verb", ""), "data": data}
        activity = self.activity(person, place or self._place_of(post), "invoke", name="adaptiveCard/action")
        activity["replyToId"] = post.id
        return await self.deliver({**activity, "value": {"action": executed, "trigger": "manual"}})

    async def open(self, person: Person, data: JSON, place: Place) -> tuple[int, Any]:
        """Press an Action.Submit that opens a dialog (`msteams.type` is task/fetch)."""
        return await self._dialog(person, "task/fetch", {"msteams": {"type": "task/fetch"}, **data}, place)

    async def submit(self, person: Person, data: JSON, inputs: JSON, place: Place) -> tuple[int, Any]:
        """Submit a dialog: the data of its submit action, with what was typed."""
        return await self._dialog(person, "task/submit", {**data, **inputs}, place)

    async def search(self, person: Person, command: str, text: str, place: Place, *, skip: int = 0) -> tuple[int, Any]:
        """Type into the app's search box; nothing typed is what Teams asks with when the box opens."""
        typed = {"name": "text", "value": text} if text else {"name": "initialRun", "value": "true"}
        value = {"commandId": command, "parameters": [typed], "queryOptions": {"skip": skip, "count": 25}}
        activity = self.activity(person, place, "invoke", name="composeExtension/query")
        return await self.deliver({**activity, "value": value})

    async def begin(self, person: Person, command: str, place: Place, message: JSON | None = None) -> tuple[int, Any]:
        """Choose a command of the app: from the menu of a message, or beside the box a message is written in."""
        value: JSON = {"commandId": command, "commandContext": "message" if message else "compose"}
        value |= {"messagePayload": message} if message else {}
        activity = self.activity(person, place, "invoke", name="composeExtension/fetchTask")
        return await self.deliver({**activity, "value": {**value, "context": {"theme": "default"}}})

    async def send(self, person: Person, command: str, data: JSON, inputs: JSON, place: Place) -> tuple[int, Any]:
        """Submit a dialog that such a command opened."""
        activity = self.activity(person, place, "invoke", name="composeExtension/submitAction")
        value = {"commandId": command, "commandContext": "compose", "data": {**data, **inputs}}
        return await self.deliver({**activity, "value": {**value, "context": {"theme": "default"}}})

    def message_payload(self, content: str, place: Place, *, html: bool = True) -> JSON:
        """A message as Teams describes it to a command of its menu."""
        new = self._next_id()
        link = f"https://teams.microsoft.com/l/message/{place.channel_id}/{new}?tenantId={self.tenant_id}"
        return {
            "id": new,
            "messageType": "message",
            "createdDateTime": "2026-01-05T08:00:00.000Z",
            "linkToMessage": f"{link}&teamName=Ward%20Seven&channelName={place.channel_name}",
            "from": {"user": {"id": "0", "displayName": "Ann Author"}},
            "body": {"contentType": "html" if html else "text", "content": content},
            "attachments": [],
            "mentions": [],
        }

    async def _dialog(self, person: Person, name: str, data: JSON, place: Place) -> tuple[int, Any]:
        activity = self.activity(person, place, "invoke", name=name)
        return await self.deliver({**activity, "value": {"data": data, "context": {"theme": "default"}}})

    async def install(self, place: Place, person: Person | None = None, action: str = "add") -> tuple[int, Any]:
        """Add the bot to a team or a chat, or with "remove" take it away."""
        activity = self.activity(person or Person("Olive Owner"), place, "installationUpdate", action=action)
        if place.scope == "channel":
            activity["conversation"]["id"] = place.team_id
            channel = activity["channelData"].pop("channel")
            activity["channelData"]["settings"] = {"selectedChannel": channel}
        return await self.deliver(activity)

    def activity(self, person: Person, place: Place, kind: str, **more: Any) -> JSON:
        """An activity as Teams sends it, for tests that need to change one."""
        new = self._next_id()
        conversation: JSON = {"conversationType": place.scope, "tenantId": self.tenant_id, "id": place.conversation_id}
        channel_data: JSON = {"tenant": {"id": self.tenant_id}}
        if place.scope == "channel":
            conversation |= {"isGroup": True, "name": place.channel_name}
            channel_data |= {
                "teamsChannelId": place.channel_id,
                "teamsTeamId": place.team_id,
                "channel": {"id": place.channel_id, "name": place.channel_name},
                "team": {"id": place.team_id, "name": place.team_name},
            }
        sender: JSON = {"id": person.teams_id, "name": person.name}
        if person.object_id:
            sender["aadObjectId"] = person.object_id
        when = f"2026-01-05T08:{self._count // 60 % 60:02}:{self._count % 60:02}.000Z"
        return {
            "type": kind,
            "id": new if kind == "message" else f"f:{new}",
            "timestamp": when,
            "localTimestamp": when,
            "localTimezone": "Europe/London",
            "serviceUrl": self.service_url,
            "channelId": "msteams",
            "from": sender,
            "conversation": conversation,
            "recipient": {"id": self.bot_id, "name": self.bot_name},
            "entities": [{"locale": "en-GB", "country": "GB", "platform": "Windows", "type": "clientInfo"}],
            "channelData": channel_data,
            "locale": "en-GB",
            **more,
        }

    async def deliver(self, activity: JSON | bytes, **headers: str) -> tuple[int, Any]:
        """POST an activity to the bot; return the status and the parsed body ({} when it is empty)."""
        if self._client is None:
            self._client = aiohttp.ClientSession(
                connector=aiohttp.TCPConnector(force_close=True), timeout=aiohttp.ClientTimeout(total=60)
            )
        sent = {"Content-Type": "application/json; charset=utf-8", **headers}
        if self._token is not None:
            sent.setdefault("Authorization", self._token(self.service_url))
        data = activity if isinstance(activity, bytes) else orjson.dumps(activity)
        async with self._client.post(self.bot, data=data, headers=sent) as response:
            body = await response.read()
            return response.status, orjson.loads(body) if body else {}

    def _place_of(self, post: Post) -> Place:
        channel_id, _, message_id = post.conversation_id.partition(";messageid=")
        if not channel_id.startswith("19:"):
            return Place("personal", post.conversation_id)
        known = self._places.get(channel_id, Place("channel", channel_id, channel_id))
        return known.thread(message_id or post.id)

    def _next_id(self) -> str:
        self._count += 1
        return str(_EPOCH_MS + self._count * 1000)


def elements(card: Any) -> Iterator[JSON]:
    """Every object inside a card that has a type, from the outside in."""
    if isinstance(card, dict):
        if "type" in card:
            yield card
        for inside in card.values():
            yield from elements(inside)
    elif isinstance(card, list):
        for inside in card:
            yield from elements(inside)


def find_action(card: JSON, title: str | None = None, verb: str | None = None) -> JSON:
    """The one action with this title or verb; raises LookupError naming those there are."""
    actions = [e for e in elements(card) if re.fullmatch(r"Action\.\w+", str(e["type"]))]
    for action in actions:
        if (title is None or action.get("title") == title) and (verb is None or action.get("verb") == verb):
            return action
    raise LookupError(f"no action {title or verb!r} among {[a.get('title') for a in actions]}")


def inputs(card: JSON) -> dict[str, JSON]:
    """The inputs of a card by id."""
    return {e["id"]: e for e in elements(card) if str(e["type"]).startswith("Input.")}


def texts(card: Any) -> list[str]:
    """Every text a reader of the card can see, in order."""
    words = ("text", "title", "value", "label", "placeholder", "altText", "speak", "fallbackText")
    return [e[w] for e in _objects(card) for w in words if isinstance(e.get(w), str)]


def _objects(card: Any) -> Iterator[JSON]:
    if isinstance(card, dict):
        yield card
        for inside in card.values():
            yield from _objects(inside)
    elif isinstance(card, list):
        for inside in card:
            yield from _objects(inside)


def _json(body: JSON, status: int) -> web.Response:
    return web.Response(status=status, body=orjson.dumps(body), content_type="application/json")


def _error(status: int, code: str) -> web.Response:
    return _json({"error": {"code": code, "message": code}}, status)
