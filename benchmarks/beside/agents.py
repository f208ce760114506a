"""microsoft-agents-hosting-aiohttp as its samples have it: CloudAdapter, ActivityHandler, the token middleware.

Its address of the issuer's keys is a constant of the package, replaced here in the table it looks into; its connection
has its token at hand.
"""

from __future__ import annotations

import sys
from pathlib import Path
from typing import Any

from aiohttp import web
from microsoft_agents.activity import Activity, Attachment, InvokeResponse
from microsoft_agents.hosting.aiohttp import CloudAdapter, jwt_authorization_middleware
from microsoft_agents.hosting.core import ActivityHandler, AgentAuthConfiguration, TurnContext
from microsoft_agents.hosting.core.authorization.jwt import jwt_token_validator

sys.path.append(str(Path(__file__).parents[2]))

from benchmarks.beside.given import CARD, Given

WORK = Given(sys.argv[1])
jwt_token_validator.BOTFRAMEWORK_JWKS_URIS = {WORK["issuer"]: WORK["keys"]}
CONFIGURATION = AgentAuthConfiguration(client_id=WORK["app_id"], tenant_id=WORK["tenant"])


class Connection:
    """Has its token at hand."""

    configuration = CONFIGURATION

    async def get_access_token(self, *_: Any, **__: Any) -> str:
        return str(WORK["token"])


class Connections:
    """One for all."""

    connection = Connection()

    def get_connection(self, _name: str) -> Connection:
        return self.connection

    def get_default_connection(self) -> Connection:
        return self.connection

    def get_token_provider(self, *_: Any) -> Connection:
        return self.connection

    def get_token_provider_from_activity(self, *_: Any) -> Connection:
        return self.connection

    def get_default_connection_configuration(self) -> AgentAuthConfiguration:
        return CONFIGURATION


class Agent(ActivityHandler):
    """Sends the message that is its work, or answers with the given body."""

    async def on_message_activity(self, turn_context: TurnContext) -> None:
        activity = turn_context.activity
        card = await WORK.card(activity.text, activity.from_property.aad_object_id, activity.conversation.id)
        attachment = Attachment(content_type=CARD, content=card)
        summary = WORK[activity.text]["summary"]
        await turn_context.send_activity(Activity(type="message", summary=summary, attachments=[attachment]))

    async def on_invoke_activity(self, turn_context: TurnContext) -> InvokeResponse:
        return InvokeResponse(status=200, body=WORK["invoke"])


ADAPTER, AGENT = CloudAdapter(connection_manager=Connections()), Agent()


async def messages(request: web.Request) -> web.Response:
    """As the samples have it."""
    return await ADAPTER.process(request, AGENT)


if __name__ == "__main__":
    APP = web.Application(middlewares=[jwt_authorization_middleware])
    APP["agent_configuration"] = CONFIGURATION
    APP.router.add_post("/api/messages", messages)
    web.run_app(APP, host="127.0.0.1", port=WORK["port"], access_log=None, print=lambda *_: None)
