"""Agreements through the real door: signatures recorded, cases closed to whoever lapses, and what is told of it."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from pathlib import Path

import pytest
import pytest_asyncio

from tests.board_people import CHAIR, HOU, LAPSED, MHT, NURSE, OBSERVER, POLICE, STRANGER, TRUST_LEAD
from tests.scenarios.actions import TEAM_OFFICER, ActionStory, board_at, provisioned
from tests.scenarios.board import JSON, eventually, text_of
from tests.scenarios.test_board import passes
from tests.teams import Person, Place, Post, find_action

__all__ = ["provisioned"]

pytestmark = pytest.mark.asyncio(loop_scope="module")

ISA = "agreement add ISA; Sharing agreement; 2027-06-01; 2028-01-01; https://example.com/isa"


@pytest_asyncio.fixture(loop_scope="module")
async def board(tmp_path: Path, provisioned: Path) -> AsyncIterator[ActionStory]:
    """A board on a Monday morning; the homes' agreement has lapsed a month ago."""
    async with board_at(tmp_path, provisioned, "2026-11-30T07:00") as story:
        await story.opens_a_chat(CHAIR, NURSE, TRUST_LEAD, LAPSED)
        await eventually(lambda: token(story), "the feed to be followed", 30)
        yield story


def token(story: ActionStory) -> str:
    """How far the bot has followed the lists' changes; empty before it does."""
    found = [row["Value"] or "" for row in story.bot.rows("Events") if row["Key"] == "feed:token"]
    return str(found[0]) if found else ""


async def edits(story: ActionStory, code: str, **values: str) -> None:
    """An administrator edits an agency's row, and the bot has come by since."""
    before = None
    while before != token(story):  # until nothing else is on its way
        before = token(story)
        await asyncio.sleep(0.6)
    story.bot.change_row("Agencies", agency(story, code)["Id"], **values)
    await eventually(lambda: token(story) != before, "the feed to bring the row", 30)


async def typed(story: ActionStory, person: Person, text: str, place: Place | None = None) -> str:
    """All that a chat shows after something was typed: its answer, and what was told meanwhile."""
    chat = place or story.teams.chat(person)
    before = len(story.teams.posts_in(chat))
    status, _ = await story.teams.say(person, text, chat)
    assert status == 200
    return "\n".join(text_of(post.activity) for post in story.teams.posts_in(chat)[before:])


def agency(story: ActionStory, code: str) -> JSON:
    """An agency's row."""
    return next(row for row in story.bot.rows("Agencies") if row["Agency"] == code)


def heard(story: ActionStory, person: Person, words: str) -> int:
    """How many cards in somebody's chat say this."""
    return sum(words in text_of(post.activity) for post in story.teams.posts_in(story.teams.chat(person)))


async def pressed(story: ActionStory, post: Post, card: JSON, button: str, **typed: str) -> JSON:
    """Press a button of a card in the chair's chat, and return the card that takes its place."""
    _, answer = await story.teams.press(CHAIR, post, find_action(card, title=button), typed)
    shown: JSON = answer["value"]
    return shown


async def test_a_signature_opens_cases_again_and_says_so(board: ActionStory) -> None:
    """Who has lapsed is refused; recorded once, both lists have the days, and a look is allowed in the next moment."""
    reference = await board.refer(POLICE)
    assert "no current information sharing agreement" in await typed(board, LAPSED, f"look {reference} checking")
    assert "Agreement G-1" in await typed(board, CHAIR, ISA)
    said = await typed(board, CHAIR, "agreement signed ISA HOU 2026-11-29 until 2027-11-29")
    assert "Recorded: Example Homes has signed. Its members see cases." in said
    assert "Signed on 29 November 2026, until 29 November 2027" in said
    row = agency(board, HOU)
    assert (row["IsaSignedOn"][:10], row["IsaLapsesOn"][:10]) == ("2026-11-29", "2027-11-29")
    assert row["ChangedBy"] == CHAIR.name
    (kept,) = board.bot.rows("Agreements")
    assert kept["Signatures"] == "HOU 2026-11-29 until 2027-11-29"
    assert "no current information sharing" not in await typed(board, LAPSED, f"look {reference} checking")
    for person in (CHAIR, LAPSED):
        await eventually(lambda who=person: heard(board, who, "has signed the information sharing") == 1, person.name)
    assert heard(board, NURSE, "has signed the information sharing") == 0


async def test_an_ended_signature_closes_cases_at_once(board: ActionStory) -> None:
    """With a reason; its lead and the chair hear once, its members when they try; signing again opens them."""
    reference = await board.refer(POLICE)
    await typed(board, CHAIR, ISA)
    assert "no current" not in await typed(board, NURSE, f"look {reference} checking")
    assert "Why is needed" in await typed(board, CHAIR, "agreement ended ISA MHT")
    assert "sees no case" not in await typed(board, CHAIR, "agreement G-1")
    ended = await typed(board, CHAIR, "agreement ended ISA MHT the trust left the partnership")
    assert "The signature of Example Trust ends today. Its members see no case" in ended
    assert "no current information sharing agreement" in await typed(board, NURSE, f"look {reference} checking")
    for person in (CHAIR, TRUST_LEAD):
        await eventually(lambda who=person: heard(board, who, "Agreement lapsed") == 1, person.name)
    assert agency(board, MHT)["ChangeReason"] == "the trust left the partnership"
    await typed(board, CHAIR, "agreement signed ISA MHT")
    assert "no current" not in await typed(board, NURSE, f"look {reference} checking")
    assert agency(board, MHT)["IsaLapsesOn"][:10] == "2028-01-01"


async def test_a_day_typed_into_the_list_is_told_as_well(board: ActionStory) -> None:
    """An administrator who edits *Agencies* takes the same access away, and the same people hear."""
    await edits(board, MHT, IsaLapsesOn="2026-11-30T12:00:00Z")
    for person in (CHAIR, TRUST_LEAD):
        await eventually(lambda who=person: heard(board, who, "Agreement lapsed") == 1, person.name)
    assert heard(board, NURSE, "Agreement lapsed") == 0


async def test_a_lapse_is_told_beforehand_and_on_its_day(board: ActionStory) -> None:
    """Sixty days before, to the chair and the lead, in one message each; again on the day, when cases are closed."""
    await typed(board, CHAIR, "agreement add TOR; Terms of reference; 2027-01-29; 2028-01-01")
    await edits(board, MHT, IsaLapsesOn="2027-01-29T12:00:00Z")
    for day in ("2026-11-30", "2026-12-01"):
        await passes(board, day)
    for person in (CHAIR, TRUST_LEAD):
        await eventually(lambda who=person: heard(board, who, "Agreements due") == 1, person.name)
        posts = map(text_of, (post.activity for post in board.teams.posts_in(board.teams.chat(person))))
        said = next(said for said in posts if "Agreements due" in said)
        assert "the signature of MHT lapses on 29 January 2027; members see no case" in said
        assert "Terms of reference\n to be reviewed by 29 January 2027" in said
        assert "version 1 asks" in said
    assert heard(board, NURSE, "Agreements due") == 0
    for day in ("2027-01-28", "2027-01-29", "2027-02-01"):
        await passes(board, day)
    for person in (CHAIR, TRUST_LEAD):
        await eventually(lambda who=person: heard(board, who, "Agreement lapsed") == 1, person.name)


async def test_a_new_version_asks_everybody_anew(board: ActionStory) -> None:
    """By the form: nobody has signed it, the earlier one is closed with its signatures, and cases stay open."""
    await typed(board, CHAIR, ISA)
    await typed(board, CHAIR, "agreement signed ISA MHT 2026-11-29")
    post = await board.answered(CHAIR, "agreement ISA")
    form = await pressed(board, post, post.card, "New version")
    values = {"review_on": "2027-09-01", "expires_on": "2028-06-01", "link": "example.com", "parties": ""}
    assert "is not a link" in text_of(await pressed(board, post, form, "Put it before the partners", **values))
    values["link"] = "https://example.com/isa-2"
    for _ in range(2):  # pressed twice
        said = text_of(await pressed(board, post, form, "Put it before the partners", **values))
        assert "Agreement G-2" in said
        assert "Asked anew: signed an earlier version on 29 November 2026" in said
    old, new = board.bot.rows("Agreements")
    assert (old["Status"], old["Open"], old["Signatures"]) == ("Replaced", False, "MHT 2026-11-29 until 2028-01-01")
    assert (new["AgreementVersion"], new["Signatures"] or "", new["Reference"]) == (2, "", "G-2")
    assert "0 of 4 signed, lapsed: HOU, asked anew: ASC, MHT and POL" in await typed(board, CHAIR, "agreements")
    assert "There is no G-1" in await typed(board, CHAIR, "agreement signed G-1 MHT")
    assert agency(board, MHT)["IsaLapsesOn"][:10] == "2028-01-01"


async def test_signing_on_the_card(board: ActionStory) -> None:
    """Chosen and pressed, twice: one line; a mistake is told on the card and changes nothing."""
    await typed(board, CHAIR, "agreement add S136; Escalation policy")
    post = board.teams.last(board.teams.chat(CHAIR))
    wrong = {"signing_agency": MHT, "signed_until": "2026-01-01"}
    assert "is not a day to come" in text_of(await pressed(board, post, post.card, "Record the signature", **wrong))
    assert not board.bot.rows("Agreements")[0]["Signatures"]
    right = {"signing_agency": MHT, "signed_until": "2027-11-30"}
    for _ in range(2):
        assert "has signed" in text_of(await pressed(board, post, post.card, "Record the signature", **right))
    assert board.bot.rows("Agreements")[0]["Signatures"] == "MHT 2026-11-30 until 2027-11-30"
    assert agency(board, MHT)["IsaLapsesOn"][:10] == "2028-12-31"


async def test_who_sees_and_who_keeps_them(board: ActionStory) -> None:
    """The team sees all, a lead their own, others nothing; in a channel nobody, and nothing typed there is kept."""
    await typed(board, CHAIR, ISA)
    await typed(board, CHAIR, "agreement signed ISA HOU 2026-11-29 until 2027-11-29")
    assert "Example Homes" in await typed(board, TEAM_OFFICER, "agreement ISA")
    own = await typed(board, TRUST_LEAD, "agreement ISA")
    assert "Example Trust (MHT)" in own
    assert "Example Homes" not in own
    assert "HOU" not in await typed(board, TRUST_LEAD, "agreements")
    for person in (NURSE, OBSERVER, STRANGER):
        assert "Sharing agreement" not in await typed(board, person, "agreements")
        assert "Sharing agreement" not in await typed(board, person, "agreement G-1")
    for person in (TEAM_OFFICER, TRUST_LEAD, NURSE):
        before = board.bot.rows("Agreements")
        assert "Your role does not include that" in await typed(board, person, "agreement ended ISA HOU PLANTEDWHY")
        assert board.bot.rows("Agreements") == before
    for text in ("agreements", "agreement ended ISA HOU PLANTEDWHY"):
        said = await typed(board, CHAIR, text, board.channel)
        assert "private chat" in said
        assert "PLANTEDWHY" not in said
    assert agency(board, HOU)["IsaLapsesOn"][:10] == "2027-11-29"


WRONG = {
    "agreement signed ISA XYZ": "Which agency signed: please choose one of ASC, HOU, MHT or POL.",
    "agreement signed G-9 MHT": "There is no G-9",
    "agreement signed treaty MHT": "That is not a reference",
    "agreement signed S135 MHT": "There is no Section 135 procedure",
    "agreement signed ISA MHT next week": "Signed on is not a date I can read",
    "agreement signed ISA MHT 2026-11-01 until Christmas": "Signed on is not a date I can read",
    "agreement signed ISA MHT 2026-12-01": "Signed on is in the future",
    "agreement signed ISA MHT 2026-11-01 until 2029-01-01": "is later than the agreement itself expires",
    "agreement ended ISA HOU": "Why is needed",
    "agreement add Treaty; x": "Kind of agreement: please choose one of Terms of reference, Information sharing",
    "agreement add TOR; x; next week": "Review on is not a date I can read",
}


async def test_what_is_not_understood_changes_nothing(board: ActionStory) -> None:
    """Each mistake is named, and both lists stay as they were."""
    await typed(board, CHAIR, ISA)
    before = [board.bot.rows(name) for name in ("Agreements", "Agencies")]
    for said, answer in WRONG.items():
        assert answer in await typed(board, CHAIR, said), said
    assert [board.bot.rows(name) for name in ("Agreements", "Agencies")] == before
