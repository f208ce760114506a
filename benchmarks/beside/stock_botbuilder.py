"""botbuilder 4.17.1 as it is installed: CloudAdapter, ActivityHandler, its own token check and connector client.

Two things differ from a sample: credentials that have their token at hand (as shipped, a token endpoint is asked each
turn, on the event loop), and invokes, which `CloudAdapter.process` answers with 500 whenever they have a body: they go
through `process_activity`, and their body is encoded here.
"""

from __future__ import annotations

import json
import sys
from pathlib import Path
from types import SimpleNamespace
from typing import Any

from aiohttp import web
from botbuilder.core import ActivityHandler, InvokeResponse, TurnContext
from botbuilder.integration.aiohttp import CloudAdapter, ConfigurationBotFrameworkAuthentication
from botbuilder.schema import Activity, Attachment
from botframework.connector.auth import AppCredentials, ServiceClientCredentialsFactory

sys.path.append(str(Path(__file__).parents[2]))

from benchmarks.beside.given import CARD, Given

WORK = Given(sys.argv[1])


class Credentials(AppCredentials):
    """Has its token at hand."""

    def get_access_token(self, force_refresh: bool = False) -> str:
        return str(WORK["token"])


class Factory(ServiceClientCredentialsFactory):
    """For the one app."""

    async def is_valid_app_id(self, app_id: str) -> bool:
        return bool(app_id == WORK["app_id"])

    async def is_authentication_disabled(self) -> bool:
        return False

    async def create_credentials(
        self, app_id: str, oauth_scope: str, login_endpoint: str, validate_authority: bool
    ) -> Any:
        return Credentials(app_id=app_id, oauth_scope=oauth_scope)


class Bot(ActivityHandler):
    """Sends the message that is its work, or answers with the given body."""

    async def on_message_activity(self, turn_context: TurnContext) -> None:
        activity = turn_context.activity
        card = await WORK.card(activity.text, activity.from_property.aad_object_id, activity.conversation.id)
        attachment = Attachment(content_type=CARD, content=card)
        summary = WORK[activity.text]["summary"]
        await turn_context.send_activity(Activity(type="message", summary=summary, attachments=[attachment]))

    async def on_invoke_activity(self, turn_context: TurnContext) -> InvokeResponse:
        return InvokeResponse(status=200, body=WORK["invoke"])


PUBLIC = SimpleNamespace(
    APP_ID=WORK["app_id"],
    VALIDATE_AUTHORITY=True,
    TO_CHANNEL_FROM_BOT_LOGIN_URL="https://login.microsoftonline.com/botframework.com",
    TO_CHANNEL_FROM_BOT_OAUTH_SCOPE="https://api.botframework.com",
    TO_BOT_FROM_CHANNEL_TOKEN_ISSUER=WORK["issuer"],
    OAUTH_URL="https://api.botframework.com",
    TO_BOT_FROM_CHANNEL_OPENID_METADATA_URL=WORK["metadata"],
    TO_BOT_FROM_EMULATOR_OPENID_METADATA_URL=WORK["metadata"],
)
"""The public cloud's values, with the local issuer's metadata."""

ADAPTER = CloudAdapter(ConfigurationBotFrameworkAuthentication(PUBLIC, credentials_factory=Factory()))
BOT = Bot()


async def messages(request: web.Request) -> web.Response:
    """As the samples have it, but for invokes."""
    body = await request.text()
    if '"type":"invoke"' not in body[:100]:
        return await ADAPTER.process(request, BOT)
    activity = Activity().deserialize(json.loads(body))
    answer = await ADAPTER.process_activity(request.headers["Authorization"], activity, BOT.on_turn)
    return web.json_response(answer.body, status=answer.status)


if __name__ == "__main__":
    APP = web.Application()
    APP.router.add_post("/api/messages", messages)
    web.run_app(APP, host="127.0.0.1", port=WORK["port"], access_log=None, print=lambda *_: None)
