"""microsoft-teams-apps as its samples have it: App, on its own FastAPI and uvicorn.

The issuer is given as a cloud of one's own, which the package provides for; its credentials have their token at hand.
"""

from __future__ import annotations

import asyncio
import dataclasses
import logging
import sys
from pathlib import Path
from typing import Any

from microsoft_teams.api import Attachment, InvokeResponse, MessageActivityInput
from microsoft_teams.api.auth.cloud_environment import PUBLIC
from microsoft_teams.apps import App

sys.path.append(str(Path(__file__).parents[2]))

from benchmarks.beside.given import CARD, Given

WORK = Given(sys.argv[1])
APP = App(
    client_id=WORK["app_id"],
    tenant_id=WORK["tenant"],
    token=lambda *_: str(WORK["jwt"]),
    cloud=dataclasses.replace(PUBLIC, openid_metadata_url=WORK["metadata"]),
)


@APP.on_message
async def message(context: Any) -> None:
    """Send the message that is its work."""
    activity = context.activity
    card = await WORK.card(activity.text, activity.from_.aad_object_id, activity.conversation.id)
    sent = MessageActivityInput(text="", summary=WORK[activity.text]["summary"])
    sent.attachments = [Attachment(content_type=CARD, content=card)]
    await context.send(sent)


@APP.on_dialog_open
async def dialog(_context: Any) -> InvokeResponse[Any]:
    """Answer with the given body."""
    return InvokeResponse(status=200, body=WORK["invoke"])


if __name__ == "__main__":
    logging.disable(logging.INFO)
    asyncio.run(APP.start(WORK["port"]))
