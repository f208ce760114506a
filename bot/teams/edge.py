"""The HTTP edge: `POST /api/messages` in, a `Turn` to the handler, its `Answer` back to Teams.

Whatever arrives, the caller gets a status that tells the truth: 405, 415, 413 and 400 for a request that is not an
activity, 401 for one without a good token, 403 for a service, channel or tenant that is not allowed, 429 for a sender
who goes too fast, else 200.
"""

from __future__ import annotations

import asyncio
import logging
import math
import os
from collections.abc import Callable
from typing import Any

import orjson
from aiohttp import web

from bot.logs import correlation, tell
from bot.teams.answers import error_body
from bot.teams.delivery import Delivery
from bot.teams.fields import Refused, bad, check_depth, text_of
from bot.teams.incoming import read_turn, tenant_of
from bot.teams.keys import KeysUnavailable, NotAuthentic
from bot.teams.logs import failed
from bot.teams.rate import SenderRate, TooFast
from bot.teams.sdk import Loading, Sdk
from bot.teams.settings import EdgeSettings
from bot.turn import JSON, Channel, Handler, TeamsError, Turn

log = logging.getLogger(__name__)

_JSON = "application/json"


class Edge:
    """Serves one bot; `sorry`, `not_here`, `summary` and `on_lost` are those of `Delivery`, where the counters are too.

    `too_fast` is said to a sender beyond their rate, and `on_refused` hears the status of each request refused here.
    """

    def __init__(
        self,
        settings: EdgeSettings,
        handler: Handler,
        channel: Channel,
        *,
        sorry: str,
        not_here: str = "",
        too_fast: str = "",
        summary: str = "",
        on_lost: Callable[[Turn, TeamsError], None] | None = None,
        on_refused: Callable[[int], None] | None = None,
    ) -> None:
        self.delivery = Delivery(handler, channel, sorry=sorry, not_here=not_here, summary=summary, on_lost=on_lost)
        self._too_fast = too_fast or sorry
        self._rate = SenderRate(settings.sender_per_minute)
        self._on_refused = on_refused
        self._settings = settings
        self._hosts = settings.hosts()
        self._tenants = settings.tenants()
        self._loading = Loading(settings)

    def add_routes(self, app: web.Application) -> None:
        """Serve `/api/messages` in this application; the SDK is loaded from when it starts."""
        app.router.add_route("*", "/api/messages", self.messages)
        app.on_startup.append(self._begin)

    async def _begin(self, _app: web.Application) -> None:
        self._loading.begin()

    async def messages(self, request: web.Request) -> web.Response:
        """Answer one request; never raises for what a caller sent."""
        answer = await self._answered(request)
        if answer.status >= 400 and self._on_refused is not None:
            self._on_refused(answer.status)
        return answer

    async def _answered(self, request: web.Request) -> web.Response:
        try:
            return await self._serve(request)
        except Refused as refused:
            headers = {"Allow": "POST"} if refused.status == 405 else None
            return _refusal(refused.status, refused.code, str(refused), headers)
        except NotAuthentic as refused:
            tell(log, logging.WARNING, "caller refused", why=refused)
            return _refusal(401, "Unauthorized", "A valid token is required.", {"WWW-Authenticate": "Bearer"})
        except KeysUnavailable:
            return _refusal(503, "ServiceUnavailable", "Callers cannot be checked now.", {"Retry-After": "30"})
        except Exception as error:  # noqa: BLE001 - the last resort; a traceback could hold what people wrote
            failed(log, "request failed", error)
            return _refusal(500, "InternalError", "The request could not be served.")

    async def _serve(self, request: web.Request) -> web.Response:
        header = request.headers.get("Authorization", "")
        sdk = await self._loading.loaded()
        self._check_head(request, header, sdk)
        body = await self._body(request)
        activity = _parsed(body)
        identity, tenant_id = await self._admit(activity, header, sdk)
        check_depth(activity, body)
        turn = read_turn(activity, tenant_id=tenant_id, correlation=os.urandom(8).hex())
        if turn is None:
            return _ok(self.delivery.not_supported(activity["name"]) if activity["type"] == "invoke" else b"")
        within = correlation.set(turn.correlation)
        try:
            return await self._taken(sdk, identity, activity, turn)
        finally:
            correlation.reset(within)

    async def _taken(self, sdk: Sdk, identity: Any, activity: JSON, turn: Turn) -> web.Response:
        """Answer an admitted turn, unless its sender goes too fast."""
        invoke = activity["type"] == "invoke"
        sender = turn.sender.user_id or turn.sender.teams_id
        beyond = self._rate.take(f"{turn.reference.tenant_id}|{sender}")
        if beyond is not None:
            return await self._slowed(turn, beyond, invoke=invoke)
        return _ok(await self._run(sdk, identity, activity, turn, invoke=invoke))

    async def _slowed(self, turn: Turn, beyond: TooFast, *, invoke: bool) -> web.Response:
        """Tell a sender to wait: at a button each time, for messages once and then by status alone."""
        if invoke:
            return _ok(orjson.dumps(error_body(turn.kind, self._too_fast, status=429)))
        if beyond.first:
            await self.delivery.say(turn, self._too_fast)
        headers = {"Retry-After": str(math.ceil(beyond.seconds))}
        return _refusal(429, "TooManyRequests", "This sender is going too fast.", headers)

    async def _run(self, sdk: Sdk, identity: Any, activity: JSON, turn: Turn, *, invoke: bool) -> bytes:
        """Take the turn through botbuilder's pipeline and return the body of the answer."""

        async def logic(context: Any) -> None:
            body = await self.delivery.answered(turn, invoke=invoke)
            if invoke:
                sdk.leave_invoke_response(context, body)

        response = await sdk.run(identity, activity, turn, logic)
        return response.body if response is not None else b""

    def _check_head(self, request: web.Request, header: str, sdk: Sdk) -> None:
        if request.method != "POST":
            raise Refused(405, "MethodNotAllowed", "Activities are sent with POST.")
        if sdk.authenticator is not None:
            sdk.authenticator.check_form(header)
        if request.content_type != _JSON or request.headers.get("Content-Encoding"):
            raise Refused(415, "UnsupportedMediaType", f"The body must be {_JSON}, not encoded.")
        if (request.content_length or 0) > self._settings.body_limit:
            raise self._too_big()

    async def _body(self, request: web.Request) -> bytes:
        """Read the body; one that is chunked states no length, so it is counted as it comes."""
        chunks: list[bytes] = []
        size = 0
        try:
            async with asyncio.timeout(self._settings.body_seconds):
                while chunk := await request.content.readany():
                    chunks.append(chunk)
                    size += len(chunk)
                    if size > self._settings.body_limit:
                        raise self._too_big()
        except TimeoutError:
            raise Refused(408, "RequestTimeout", "The body did not arrive in time.") from None
        except web.RequestPayloadError:
            raise bad("The body is broken.") from None
        return b"".join(chunks)

    def _too_big(self) -> Refused:
        return Refused(413, "MessageSizeTooBig", f"An activity is at most {self._settings.body_limit} bytes.")

    async def _admit(self, activity: JSON, header: str, sdk: Sdk) -> tuple[Any, str]:
        """Return the caller's identity and tenant, or refuse it."""
        channel_id = text_of(activity, "channelId", 100)
        service_url = text_of(activity, "serviceUrl")
        identity = sdk.anonymous
        if sdk.authenticator is not None:
            identity = await sdk.authenticator.check(header, channel_id, service_url)
        if channel_id != "msteams" and (sdk.authenticator is not None or channel_id != "emulator"):
            raise Refused(403, "ChannelNotAllowed", "Only Teams may call this bot.")
        if not service_url:
            raise bad("`serviceUrl` must be text")
        if not self._hosts.allow(service_url):
            raise Refused(403, "ServiceUrlNotAllowed", "The service URL is not one of Teams' own.")
        tenant_id = tenant_of(activity, authenticated=sdk.authenticator is not None)
        if self._tenants and tenant_id not in self._tenants:
            raise Refused(403, "TenantNotAllowed", "This bot does not serve that tenant.")
        return identity, tenant_id


def _parsed(body: bytes) -> JSON:
    try:
        activity = orjson.loads(body)
    except orjson.JSONDecodeError:
        raise bad("The body is not JSON.") from None
    if not isinstance(activity, dict):
        raise bad("An activity is a JSON object.")
    return activity


def _ok(body: bytes) -> web.Response:
    return web.Response(body=body, content_type=_JSON) if body else web.Response()


def _refusal(status: int, code: str, message: str, headers: dict[str, str] | None = None) -> web.Response:
    body = orjson.dumps({"error": {"code": code, "message": message}})
    return web.Response(status=status, body=body, content_type=_JSON, headers=headers)
