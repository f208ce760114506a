"""botbuilder's CloudAdapter, without the parts that cost milliseconds each turn and that the bot does not use."""

from __future__ import annotations

from typing import Any

from botbuilder.core import InvokeResponse, TurnContext
from botbuilder.integration.aiohttp.cloud_adapter import CloudAdapter
from botbuilder.schema import Activity, ChannelAccount, ConversationAccount
from botframework.connector.auth import (
    AuthenticateRequestResult,
    BotFrameworkAuthentication,
    ConnectorFactory,
)

from bot.turn import JSON, Reference, Turn

AUDIENCE = "https://api.botframework.com"


class _NoClient:
    """Stands where the SDK keeps its REST client; the bot sends through `TeamsChannel` alone."""

    def __getattr__(self, name: str) -> Any:
        raise RuntimeError(f"the SDK's client is not used here (asked for {name})")


class _NoConnectors(ConnectorFactory):  # type: ignore[misc]
    """Makes no connector: botbuilder's takes 3 ms to build, twice a turn."""

    def __init__(self) -> None:
        self._client = _NoClient()

    async def create(self, service_url: str, audience: str) -> Any:
        return self._client


class _CheckedAtTheEdge(BotFrameworkAuthentication):  # type: ignore[misc]
    """Tells the adapter that authentication was done before it was called."""

    connectors = _NoConnectors()

    async def authenticate_request(self, activity: Any, auth_header: str) -> Any:
        raise PermissionError("authentication happens at the edge")

    async def authenticate_streaming_request(self, auth_header: str, channel_id_header: str) -> Any:
        raise PermissionError("streaming is not offered")

    def create_connector_factory(self, claims_identity: Any) -> Any:
        return self.connectors

    async def create_user_token_client(self, claims_identity: Any) -> Any:
        return None


class TurnAdapter(CloudAdapter):  # type: ignore[misc]
    """Runs one checked activity through botbuilder's pipeline."""

    def __init__(self) -> None:
        super().__init__(_CheckedAtTheEdge())

    async def run(self, identity: Any, activity: Any, logic: Any) -> Any:
        """Call `logic` with the turn's context; return the `InvokeResponse` it left there, if any."""
        checked = AuthenticateRequestResult()
        checked.claims_identity = identity
        checked.audience = AUDIENCE
        checked.connector_factory = _CheckedAtTheEdge.connectors
        return await self.process_activity(checked, activity, logic)


def sdk_activity(raw: JSON, turn: Turn) -> Any:
    """Build the SDK's activity from what was checked; msrest's own reading of the JSON takes ten times as long."""
    where: Reference = turn.reference
    return Activity(
        type=raw["type"],
        name=raw.get("name"),
        id=turn.activity_id,
        channel_id=raw.get("channelId"),
        service_url=where.service_url,
        conversation=ConversationAccount(
            id=where.conversation_id, conversation_type=where.scope.value, tenant_id=where.tenant_id
        ),
        from_property=ChannelAccount(id=turn.sender.teams_id, name=turn.sender.name, aad_object_id=turn.sender.user_id),
        recipient=ChannelAccount(id=where.bot_id),
        text=turn.text,
        value=raw.get("value"),
        channel_data=raw.get("channelData"),
        reply_to_id=turn.replied_to,
    )


def leave_invoke_response(context: Any, body: bytes) -> None:
    """Put an invoke's answer where the adapter looks; `send_activity` would deep-copy the whole card first."""
    response = InvokeResponse(status=200, body=body)
    key = TurnContext._INVOKE_RESPONSE_KEY
    context.turn_state[key] = Activity(type="invokeResponse", value=response)
