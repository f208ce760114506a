"""Whom the bot cannot write to, and who hears instead: nobody is left out without somebody knowing. Pure."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from board.cycle import answerers
from board.notices import Audience, Notice, NoticeKind
from board.records import Member

NOT_OPENED = "this person has not opened a chat with the bot"
"""Why a post to somebody could not even be tried."""


@dataclass(frozen=True, slots=True)
class Unreached:
    """A member who could not be told something. `has_chat`: there is a chat with them, and Teams refused to take it."""

    member: Member
    missed: int
    has_chat: bool


def unreached(
    members: Iterable[Member], chats: Iterable[str], missed: Iterable[str], *, every: bool = False
) -> list[Unreached]:
    """The open members whom something did not reach, and with `every` all who have no chat; the most missed first.

    `chats` are the audiences with which a chat is open, `missed` those of what was not delivered, each as often.
    """
    open_, often = set(chats), list(missed)
    found = []
    for member in members:
        audience = str(Audience(member=member.user_id))
        count, has_chat = often.count(audience), audience in open_
        if member.open and member.user_id and (count or (every and not has_chat)):
            found.append(Unreached(member, count, has_chat))
    return sorted(found, key=lambda each: (-each.missed, each.member.name, each.member.id))


def notice(forum: str, day: date) -> Notice:
    """The notice in a channel that some could not be told something: one a day."""
    return Notice(f"unreached/{forum}/{day.isoformat()}", NoticeKind.UNREACHED, Audience(forum=forum), "")


def instead(about: Notice, owner: Member, members: Iterable[Member], chats: Iterable[str], forum: str) -> list[Notice]:
    """Who hears at once, of what cannot wait and did not reach its owner: those who answer for the owner's agency and
    can be reached, else the channel."""
    open_ = set(chats)
    able = [each for each in answerers(owner.agency, members) if each.user_id != owner.user_id]
    audiences = [each for each in (Audience(member=m.user_id) for m in able) if str(each) in open_]
    told = audiences or [Audience(forum=forum)]
    return [Notice(f"instead/{about.key}/{each}", NoticeKind.INSTEAD, each, "") for each in told]


def read_instead(key: str) -> str:
    """The action that a notice of `instead` is about; empty for any other text."""
    parts = key.split("/")
    return parts[2] if len(parts) > 3 and parts[:2] == ["instead", "immediate"] else ""
