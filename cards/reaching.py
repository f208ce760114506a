"""Members whom the bot cannot write to: what their channel is told, and what those who run the board see."""

from __future__ import annotations

from collections.abc import Sequence

from board.reaching import Unreached
from cards import elements as e
from cards import words
from cards.elements import JSON

LISTED = 15
HOW = "In Teams choose *Apps*, find me, choose *Add* and type *home* in the chat that opens."


def unreached_notice(found: Sequence[Unreached]) -> JSON:
    """To a channel: for whom something waits that could not be brought. Each is mentioned, so Teams tells them."""
    said = f"I could not tell {words.count(len(found), 'member')} something that waits for them."
    named = [(each, f"<at>{_named(each)}</at>") for each in found[:LISTED]]
    body = [e.heading("Please open a chat with me"), e.text(said)]
    body += [e.text(f"{mention} ({e.named(each.member.agency)[:12] or '-'})") for each, mention in named]
    body += [e.quiet(f"And {len(found) - LISTED} more.")] if len(found) > LISTED else []
    body.append(e.text(f"{HOW} Until then others are told instead of you where something cannot wait."))
    card = e.card(body, speak=said)
    return card | {"msteams": {"entities": [_entity(each, mention) for each, mention in named]}}


def _named(each: Unreached) -> str:
    return e.shortened(words.tame(each.member.name), 80) or "a member"


def _entity(each: Unreached, mention: str) -> JSON:
    """A mention by Entra's object id, which Teams takes in a card.
    https://learn.microsoft.com/microsoftteams/platform/task-modules-and-cards/cards/cards-format#mention-support-within-adaptive-cards
    """
    return {"type": "mention", "text": mention, "mentioned": {"id": each.member.user_id, "name": _named(each)}}


def unreached_card(found: Sequence[Unreached], members: int) -> JSON:
    """To those who run the board, in private: who has no chat, and what did not get through in six weeks."""
    if not found:
        said = "Everybody can be reached: each member has a chat with me, and all got through in the last six weeks."
        return e.card([e.heading("Who cannot be reached"), e.text(said)], speak=said)
    said = f"{len(found)} of {words.count(members, 'member')} cannot be reached, or were not."
    body = [e.heading("Who cannot be reached"), e.text(said)]
    for each in found[:LISTED]:
        why = "Teams refused the last of it" if each.has_chat else "has not opened a chat with me"
        missed = f" · {words.count(each.missed, 'thing')} not told in six weeks" if each.missed else ""
        body.append(e.plain(f"{e.named(each.member.agency)[:12] or 'No agency'} · {why}{missed}", each.member.name))
    body += [e.quiet(f"And {len(found) - LISTED} more.")] if len(found) > LISTED else []
    body.append(e.text(f"Ask them: {HOW[0].lower()}{HOW[1:]}"))
    body.append(e.quiet("On a day on which something did not reach them, their channel mentions them."))
    return e.card(body, speak=said)


def instead_card(reference: str, owner: str) -> JSON:
    """To who answers for the owner's agency: an action against an immediate risk whose owner could not be told."""
    said = f"Action {reference} is against an immediate risk, and I could not tell its owner."
    body = [
        e.heading(f"Immediate risk: {reference}"),
        e.text(said),
        e.plain("Owner", owner or "not named"),
        e.text("Please see that they hear of it now."),
        e.notice(words.NOT_MONITORED),
    ]
    return e.card(body, speak=said)
