"""Whom the bot cannot write to, and who hears instead."""

from __future__ import annotations

from datetime import date

from board.notices import Audience, Notice, NoticeKind
from board.reaching import instead, notice, read_instead, unreached
from board.records import Member
from board.vocabulary import Role
from tests.builders import create_member

NURSE = create_member(Role.REPRESENTATIVE, id=1, user_id="nurse", name="Bo", agency="MHT")
LEAD = create_member(Role.AGENCY_LEAD, id=2, user_id="lead", name="Al", agency="MHT")
TEAM = create_member(Role.MENTAL_HEALTH_TEAM, id=3, user_id="team", name="Cy", agency="POL")
EVERYBODY = (NURSE, LEAD, TEAM)
ABOUT = Notice("immediate/A-103/nurse", NoticeKind.IMMEDIATE, Audience(member="nurse"), "")


def named(missed: list[str], chats: list[str], *, every: bool = False) -> list[tuple[str, int, bool]]:
    found = unreached(EVERYBODY, chats, missed, every=every)
    return [(each.member.name, each.missed, each.has_chat) for each in found]


def test_who_was_not_told_something() -> None:
    """Those whom something did not reach, the most first; forums, strangers and those who left are nobody."""
    missed = ["member:nurse", "member:nurse", "member:lead", "forum:MHRMB", "member:gone"]
    assert named(missed, ["member:lead"]) == [("Bo", 2, False), ("Al", 1, True)]
    assert named([], []) == []


def test_everybody_without_a_chat() -> None:
    """Whoever has none is there though nothing was to be told yet."""
    assert named([], ["member:nurse"], every=True) == [("Al", 0, False), ("Cy", 0, False)]
    gone = create_member(Role.CHAIR, user_id="gone", open=False)
    assert unreached([gone], [], ["member:gone"], every=True) == []


def heard(owner: Member, chats: list[str]) -> list[str]:
    return [str(each.audience) for each in instead(ABOUT, owner, EVERYBODY, chats, "MHRMB")]


def test_who_hears_instead() -> None:
    """The agency's lead where they can be reached, else the channel; never the owner themselves."""
    assert heard(NURSE, ["member:lead", "member:team"]) == ["member:lead"]
    assert heard(NURSE, ["member:team"]) == ["forum:MHRMB"]
    assert heard(LEAD, ["member:lead"]) == ["forum:MHRMB"]
    other = create_member(Role.REPRESENTATIVE, id=9, user_id="x", agency="NEW")
    assert heard(other, ["member:team", "member:x"]) == ["member:team"], "nobody answers for it, so the team does"


def test_keys_are_made_once_and_read_back() -> None:
    """One notice a day for a channel, one for each who hears instead."""
    assert notice("MHRMB", date(2026, 12, 1)).key == "unreached/MHRMB/2026-12-01"
    (told,) = instead(ABOUT, NURSE, EVERYBODY, ["member:lead"], "MHRMB")
    assert told.key == "instead/immediate/A-103/nurse/member:lead"
    assert read_instead(told.key) == "A-103"
    assert read_instead("immediate/A-103/nurse") == read_instead("instead/x") == ""
