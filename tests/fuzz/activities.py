"""Sound activities of every kind that the bot reads, to be spoilt: what people type, press, open and install."""

from __future__ import annotations

import copy
from collections.abc import Sequence
from random import Random
from typing import Any

from cards.extensions import COMMANDS, SEARCHES
from tests.board_people import CHAIR, NURSE
from tests.cards.gallery import gallery, objects, typical
from tests.fuzz.hostile import MARK
from tests.teams import JSON, Person, Place, Teams

REFERRALS = ("R-1", "R-2", "R-3")
ACTIONS = ("A-1", "A-2", "A-3", "A-4")
KEYS = tuple(f"{number:032x}" for number in range(0xF0, 0xF0 + 120))
"""Few keys, so that most of a long run repeats what was done, as Teams does, and the lists stay small."""
IDS = tuple(str(1_767_600_000_000 + number * 1_000) for number in range(400))

TYPED = (
    *(
        "help",
        "refer",
        "referrals",
        "referral {r}",
        "look {r} checking our records",
        "look {r}",
        "return {r} not known",
    ),
    *("return {r} seen by us {m}", "tracker", "tracker MHT overdue", "tracker {m} ward", "my actions", "action {a}"),
    *("add action", "done {a}", "done {a} {m}", "update {a} {m}", "acknowledge {a}", "more time {a} 2027-01-11 {m}"),
    *("blocked {a} {m}", "not possible {a} {m}", "verify {a}", "return {a} {m}", "grant {a}", "whoami", "{r}", "{a}"),
    *("refer name: {m}; concern: fire; urgency: routine; why: {m}", "refer {r}", "tarcker", "helo", "?", "{m}", ""),
    *("setup ABCD-EFGH", "setup agency POL", "setup agency NEW {m}", "setup"),
)
ACTING = {CHAIR}
"""Who is not to type `setup`: it would move the board to whatever channel they said it in, and rightly."""

VALUES: dict[str, tuple[str, ...]] = {
    "concern": ("Fire setting", "Other"),
    "urgency": ("Routine (the next subgroup)", "Immediate (today)"),
    "date_of_birth": ("1990-05-31", "2012-02-29", ""),
    "reason": ("Checking our records to answer", "Preparing for the subgroup"),
    "nhs_number": ("943 476 5919", ""),
    "indicators": ("Threats to kill,Disengagement", "Homeless", ""),
    "mental_health_act": ("s136", ""),
    "sharing_basis": ("Vital interests", ""),
    "person_aware": ("No", ""),
    "due": ("2099-12-31",),
    "asked_due": ("2100-01-15", ""),
    "owner": (NURSE.object_id, CHAIR.object_id),
    "priority": ("Normal", "High", "Immediate risk"),
    "source": ("R-1", "R-2"),
    "agency": ("POL", "MHT", "NEWONE"),
    "pnc_id": (f"12/{MARK}",),
    "crime_reference": (MARK,),
}


def _buttons() -> list[tuple[JSON, list[str]]]:
    """Every button of every card that comes back to the bot, with the names of the fields beside it."""
    found: list[tuple[JSON, list[str]]] = []
    for card in gallery(typical()).values():
        fields = [each["id"] for each in objects(card) if str(each.get("type", "")).startswith("Input.")]
        for each in objects(card):
            if each.get("type") in ("Action.Execute", "Action.Submit") and (each, fields) not in found:
                found.append((each, fields))
    return found


BUTTONS = _buttons()


def sound(random: Random, teams: Teams, people: Sequence[Person]) -> tuple[str, JSON]:
    """One sound activity, and what it is in a few words."""
    who = random.choice(people)
    where = random.choice((teams.channel(), teams.chat(who), teams.chat(who), _group()))
    kind = random.random()
    if kind < 0.4:
        what, made = _said(random, teams, who, where)
    elif kind < 0.83:
        what, made = _pressed(random, teams, who, where)
    elif kind < 0.9:
        what, made = _extended(random, teams, who, where)
    else:
        what, made = _other(random, teams, who, where)
    made["id"] = random.choice(IDS)
    made["timestamp"] = made["localTimestamp"] = "2026-01-05T08:00:00.000Z"
    if where.scope == "channel" and made["type"] != "installationUpdate":
        made["conversation"]["id"] = where.thread(random.choice(IDS)).conversation_id
    return f"{what} by {who.name} in {where.scope}", made


def _group() -> Place:
    return Place("groupChat", "19:fuzz@thread.v2")


def _said(random: Random, teams: Teams, who: Person, where: Place) -> tuple[str, JSON]:
    typed = random.choice([each for each in TYPED if who not in ACTING or not each.startswith("setup")])
    text = typed.format(r=random.choice(REFERRALS), a=random.choice(ACTIONS), m=MARK)
    made = teams.activity(who, where, "message", textFormat="plain", text=text, attachments=[])
    if where.scope != "personal":
        mention = f"<at>{teams.bot_name}</at>"
        account = {"id": teams.bot_id, "name": teams.bot_name}
        made["entities"].insert(0, {"type": "mention", "mentioned": account, "text": mention})
        made["text"] = f"{mention} {text}"
    return f"typed {typed!r}", made


def _pressed(random: Random, teams: Teams, who: Person, where: Place) -> tuple[str, JSON]:
    button, fields = random.choice(BUTTONS)
    data = {name: _pointing(random, each) for name, each in copy.deepcopy(button.get("data", {})).items()}
    given = {} if button.get("associatedInputs") == "none" else {name: _typed(random, name) for name in fields}
    verb = button.get("verb") or data.get("do", "")
    door = random.random()
    if door < 0.1:  # an Action.Submit on a card in a message
        made = teams.activity(who, where, "message", value={"do": verb, "verb": verb, **data, **given})
    elif button["type"] == "Action.Execute" or door < 0.25:
        action = {"type": "Action.Execute", "verb": str(verb), "data": {**data, **given}}
        made = teams.activity(who, where, "invoke", name="adaptiveCard/action", replyToId=random.choice(IDS))
        made["value"] = {"action": action, "trigger": "manual"}
    else:
        opens = data.get("msteams", {}).get("type") == "task/fetch"
        made = teams.activity(who, where, "invoke", name="task/fetch" if opens else "task/submit")
        made["value"] = {"data": {**data, **given}, "context": {"theme": "default"}}
    return f"pressed {verb!s}", made


def _extended(random: Random, teams: Teams, who: Person, where: Place) -> tuple[str, JSON]:
    """A search in the app's own box, or a command of a message's menu and its dialog sent."""
    word = random.choice((MARK, "", "R-1", "A-2", "MHT overdue", "K-1 ward"))
    options = {"skip": random.choice((0, 10)), "count": 25}
    search = {"parameters": [{"name": "text", "value": word}], "queryOptions": options}
    begin = {"commandContext": "message", "messagePayload": teams.message_payload(f"<p>{MARK}</p>", teams.channel())}
    data = {"do": "action.add.submit", "raised": "message", "key": random.choice(KEYS), "link": MARK, "what": MARK}
    send = {"data": data | {name: _typed(random, name) for name in ("owner", "due", "source", "priority")}}
    name, value = random.choice((("query", search), ("query", search), ("fetchTask", begin), ("submitAction", send)))
    command = random.choice(SEARCHES if name == "query" else COMMANDS).id
    made = teams.activity(who, where, "invoke", name=f"composeExtension/{name}")
    return f"extension {name} {command}", {**made, "value": {"commandId": command, **value}}


def _pointing(random: Random, value: Any) -> Any:
    """A button's datum, pointing at what is there."""
    if isinstance(value, str) and value.startswith("R-"):
        return random.choice(REFERRALS)
    if isinstance(value, str) and value.startswith("A-"):
        return random.choice(ACTIONS)
    return random.choice(KEYS) if isinstance(value, str) and len(value) == 32 else value


def _typed(random: Random, name: str) -> str:
    return random.choice(VALUES.get(name, (f"{MARK} {name}", "")))


def _other(random: Random, teams: Teams, who: Person, where: Place) -> tuple[str, JSON]:
    bot, other = {"id": teams.bot_id}, {"id": "29:somebody", "aadObjectId": who.object_id}
    made = random.choice(
        [
            teams.activity(who, where, "installationUpdate", action=action)
            for action in ("add", "add-upgrade", "remove", "remove-upgrade")
        ]
        + [
            teams.activity(who, where, "conversationUpdate", **{members: [random.choice((bot, other))]})
            for members in ("membersAdded", "membersRemoved")
        ]
        + [
            teams.activity(who, where, "invoke", name=name, value={"commandId": MARK, "parameters": [], "state": MARK})
            for name in ("composeExtension/query", "signin/verifyState", "fileConsent/invoke", "actionableMessage/x")
        ]
        + [
            teams.activity(who, where, kind, text=MARK)
            for kind in ("typing", "event", "messageReaction", "messageUpdate", "endOfConversation", "trace")
        ]
    )
    return f"{made['type']} {made.get('name') or made.get('action') or ''}".strip(), made
