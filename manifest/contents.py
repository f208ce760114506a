"""What `manifest.json` says: the least that lets the bot work in a team's channel and in personal chats.

It asks for no rights over a team's data (no resource-specific consent), no device, no domain and no single sign-on:
callers are known by the token on each message. It tells people that it may write to them, since owners get their digest
alone. It has no group-chat scope, because nobody decides who is in a group chat.
"""

from __future__ import annotations

from typing import Any, Final

from manifest import extensions
from manifest.offered import PERSONAL, TEAM, offers
from manifest.publisher import Publisher

VERSION: Final = "1.27"
"""The newest schema that Microsoft lists as generally available; nothing here needs more than 1.25 knows."""

SCHEMA: Final = f"https://developer.microsoft.com/json-schemas/teams/v{VERSION}/MicrosoftTeams.schema.json"
CHANNEL_FEATURES: Final = "tier1"
"""What an app declares to be allowed in shared and private channels."""

COLOUR, OUTLINE = "color.png", "outline.png"
ACCENT: Final = "#1F4E5F"
SHORT: Final = "MHRMB"
FULL: Final = "Mental Health Risk Management Board"
IN_SHORT: Final = "Referrals, actions and meetings of a Mental Health Risk Management Board"
IN_FULL: Final = (
    "The bot of a Mental Health Risk Management Board, with SharePoint lists as its record.\n\n"
    "Make a referral in two minutes. The channel gets one card that names nobody; each agency asks who it is about, "
    "says why, and answers; every look is recorded. Actions have an owner and a day, are reminded of and, if not done, "
    "escalated. Boards and subgroups have their agenda, pack, minutes and reports.\n\n"
    "Nothing about a person is ever shown in a channel. It is not monitored: if there is a risk to life, call 999."
)


def manifest(publisher: Publisher, version: str, *, shared_channels: bool = False) -> dict[str, Any]:
    """The manifest for a publisher and a version of the product; `shared_channels` lets it into those as well."""
    made: dict[str, Any] = {
        "$schema": SCHEMA,
        "manifestVersion": VERSION,
        "version": version,
        "id": publisher.bot_app_id,
        "localizationInfo": {"defaultLanguageTag": "en-gb"},
        "developer": {
            "name": publisher.organisation,
            "websiteUrl": publisher.website,
            "privacyUrl": publisher.privacy,
            "termsOfUseUrl": publisher.terms,
        },
        "name": {"short": SHORT, "full": FULL},
        "description": {"short": IN_SHORT, "full": IN_FULL},
        "icons": {"color": COLOUR, "outline": OUTLINE},
        "accentColor": ACCENT,
        "bots": [_bot(publisher.bot_app_id)],
        "composeExtensions": [{"botId": publisher.bot_app_id, "commands": extensions.entries()}],
        "permissions": ["messageTeamMembers"],
        "defaultInstallScope": TEAM,
        "defaultGroupCapability": {TEAM: "bot"},
    }
    if shared_channels:
        made["supportsChannelFeatures"] = CHANNEL_FEATURES
    return made


def _bot(app_id: str) -> dict[str, Any]:
    return {
        "botId": app_id,
        "scopes": [TEAM, PERSONAL],
        "supportsFiles": False,
        "isNotificationOnly": False,
        "commandLists": [
            {
                "scopes": [scope],
                "commands": [{"title": offer.title, "description": offer.description} for offer in offers(scope)],
            }
            for scope in (TEAM, PERSONAL)
        ],
    }
