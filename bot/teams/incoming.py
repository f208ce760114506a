"""From Teams' activity JSON to a `Turn`. Only the fields named here are read, and each is checked."""

from __future__ import annotations

import re
from typing import Any, NamedTuple

from bot.teams.fields import bad, list_of, object_of, text_of
from bot.teams.text import TEXT_LIMIT, name_of, plain, spoken, written
from bot.turn import JSON, Kind, Reference, Scope, Sender, Turn

_OBJECT_ID = re.compile(r"[0-9A-Za-z-]{1,64}")
_RAW_TEXT = 256 * 1024
_INSTALLATION = {
    "add": Kind.INSTALLED,
    "add-upgrade": Kind.INSTALLED,
    "remove": Kind.UNINSTALLED,
    "remove-upgrade": Kind.UNINSTALLED,
}
_DIALOGS = {
    "task/fetch": Kind.DIALOG_OPENED,
    "task/submit": Kind.DIALOG_SUBMITTED,
    "composeExtension/submitAction": Kind.DIALOG_SUBMITTED,
}
_SEARCH_LIMIT = 200


class _Happening(NamedTuple):
    """What happened, before who and where."""

    kind: Kind
    text: str
    verb: str
    value: JSON


def read_turn(activity: JSON, *, tenant_id: str, correlation: str) -> Turn | None:
    """Return the turn an activity stands for, or None when it is nothing the bot acts on; raises `Refused`."""
    happening = _what_happened(activity)
    if happening is None:
        return None
    channel_data = object_of(activity, "channelData")
    team = object_of(channel_data, "team")
    channel = object_of(channel_data, "channel") or _selected_channel(channel_data)
    return Turn(
        kind=happening.kind,
        sender=_sender(activity, required=happening.kind not in _INSTALLATION.values()),
        reference=_reference(activity, tenant_id, text_of(team, "id"), text_of(channel, "id")),
        activity_id=text_of(activity, "id"),
        text=happening.text,
        verb=happening.verb,
        value=happening.value,
        replied_to=text_of(activity, "replyToId"),
        team_name=name_of(text_of(team, "name")),
        channel_name=name_of(text_of(channel, "name")),
        correlation=correlation,
    )


def tenant_of(activity: JSON, *, authenticated: bool) -> str:
    """Return the tenant Teams vouches for; emulators put theirs in the conversation instead."""
    tenant = text_of(object_of(object_of(activity, "channelData"), "tenant"), "id", 100)
    if not tenant and not authenticated:
        tenant = text_of(object_of(activity, "conversation"), "tenantId", 100)
    return tenant.lower()


def _what_happened(activity: JSON) -> _Happening | None:
    kind = text_of(activity, "type", 100, required=True)
    if kind == "message":
        return _message(activity)
    if kind == "invoke":
        return _invoke(activity)
    if kind == "installationUpdate":
        found = _INSTALLATION.get(text_of(activity, "action", 100))
        return _Happening(found, "", "", {}) if found else None
    if kind == "conversationUpdate":
        return _membership(activity)
    return None


def _message(activity: JSON) -> _Happening:
    """Read what was typed; a message without text that carries a value is an Action.Submit on a card."""
    bot_id = text_of(object_of(activity, "recipient"), "id")
    text = spoken(text_of(activity, "text", _RAW_TEXT), list_of(activity, "entities"), bot_id)
    if not text and activity.get("value") is not None:
        value = object_of(activity, "value")
        return _Happening(Kind.CARD_ACTION, "", text_of(value, "verb"), _without_client_part(value))
    return _Happening(Kind.MESSAGE, text, "", {})


def _invoke(activity: JSON) -> _Happening | None:
    """Read a button, a dialog, a search or a command; other invokes (sign-in, link previews) are not the bot's."""
    name = text_of(activity, "name", required=True)
    if name == "adaptiveCard/action":
        action = object_of(object_of(activity, "value", required=True), "action", required=True)
        return _Happening(Kind.CARD_ACTION, "", text_of(action, "verb"), object_of(action, "data"))
    if name in _DIALOGS:
        data = object_of(object_of(activity, "value", required=True), "data")
        return _Happening(_DIALOGS[name], "", text_of(data, "verb"), _without_client_part(data))
    if name == Kind.SEARCHED:
        return _search(object_of(activity, "value", required=True))
    if name == Kind.COMMAND_OPENED:
        return _command(object_of(activity, "value", required=True))
    return None


def _search(value: JSON) -> _Happening:
    """Read what is looked for. Before anything is typed Teams asks with a parameter of its own, `initialRun`."""
    options = object_of(value, "queryOptions")
    skip = options.get("skip")
    typed = [each for each in list_of(value, "parameters") if isinstance(each, dict)]
    words = [text_of(each, "value", _RAW_TEXT) for each in typed if each.get("name") != "initialRun"]
    text = plain(" ".join(words)[: 4 * _SEARCH_LIMIT], _SEARCH_LIMIT)
    counted = {"skip": skip} if isinstance(skip, int) and not isinstance(skip, bool) else {}
    return _Happening(Kind.SEARCHED, text, text_of(value, "commandId"), counted)


def _command(value: JSON) -> _Happening:
    """Read a command that opens a dialog, and the message from whose menu it was chosen, if it was."""
    message = object_of(value, "messagePayload")
    body = object_of(message, "body")
    text = written(text_of(body, "content", _RAW_TEXT), is_html=text_of(body, "contentType", 100) != "text")
    link = text_of(message, "linkToMessage", 4 * TEXT_LIMIT)
    return _Happening(Kind.COMMAND_OPENED, text, text_of(value, "commandId"), {"link": link} if link else {})


def _membership(activity: JSON) -> _Happening | None:
    """Read whether the bot itself came or went; other members are not the bot's business."""
    bot_id = text_of(object_of(activity, "recipient"), "id")
    for name, kind in (("membersAdded", Kind.INSTALLED), ("membersRemoved", Kind.UNINSTALLED)):
        if any(_is(member, bot_id) for member in list_of(activity, name)):
            return _Happening(kind, "", "", {})
    return None


def _is(member: Any, bot_id: str) -> bool:
    return bool(bot_id) and isinstance(member, dict) and member.get("id") == bot_id


def _without_client_part(value: JSON) -> JSON:
    """Leave out `msteams`, which is meant for the Teams client and not for the bot."""
    return {name: item for name, item in value.items() if name != "msteams"} if "msteams" in value else value


def _selected_channel(channel_data: JSON) -> JSON:
    """Return the channel chosen at installation, which Teams puts elsewhere than everyday channels."""
    return object_of(object_of(channel_data, "settings"), "selectedChannel")


def _sender(activity: JSON, *, required: bool) -> Sender:
    """Return who acted, from the activity the token vouches for and never from what a card sent."""
    account = object_of(activity, "from", required=required)
    user_id = text_of(account, "aadObjectId")
    return Sender(
        user_id=user_id.lower() if _OBJECT_ID.fullmatch(user_id) else "",
        teams_id=text_of(account, "id", required=required),
        name=name_of(text_of(account, "name")),
    )


def _reference(activity: JSON, tenant_id: str, team_id: str, channel_id: str) -> Reference:
    conversation = object_of(activity, "conversation", required=True)
    conversation_id = text_of(conversation, "id", required=True)
    scope = _scope(text_of(conversation, "conversationType"), conversation_id, team_id or channel_id)
    if scope is Scope.CHANNEL and not channel_id:
        channel_id = conversation_id.split(";", 1)[0]
    return Reference(
        service_url=text_of(activity, "serviceUrl", required=True),
        conversation_id=conversation_id,
        scope=scope,
        tenant_id=tenant_id,
        team_id=team_id,
        channel_id=channel_id,
        bot_id=text_of(object_of(activity, "recipient"), "id"),
    )


def _scope(said: str, conversation_id: str, team: str) -> Scope:
    """Return where this is; when Teams did not say, the guess errs towards more people reading along.

    So it does when what Teams said does not fit: the id of a thread is no personal chat's.
    """
    if said and not (said == Scope.PERSONAL and "@thread." in conversation_id):
        try:
            return Scope(said)
        except ValueError:
            raise bad("`conversationType` is not one of personal, channel, groupChat") from None
    if team:
        return Scope.CHANNEL
    return Scope.GROUP_CHAT if conversation_id.startswith("19:") else Scope.PERSONAL
