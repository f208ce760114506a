"""Coming in: the home card, the greeting of a person and of a team, and buttons that stand for commands."""

from __future__ import annotations

import json
import re
from collections.abc import AsyncIterator
from pathlib import Path

import pytest
import pytest_asyncio

from tests.board_people import CHAIR, LAPSED, NURSE, OBSERVER, POLICE, SOCIAL, STRANGER, TRUST_LEAD
from tests.scenarios.actions import CASE_WORDS, TEAM_OFFICER, ActionStory, board_at
from tests.scenarios.board import page, planted_in, text_of
from tests.teams import Person, Post, find_action

pytestmark = pytest.mark.asyncio(loop_scope="module")

ANCHOR = "2026-12-09"


@pytest_asyncio.fixture(loop_scope="module")
async def board(tmp_path: Path, provisioned: Path) -> AsyncIterator[ActionStory]:
    """A board that meets on 9 December, on 16 November."""
    async with board_at(tmp_path, provisioned, anchor=ANCHOR) as story:
        yield story


async def shown(board: ActionStory, person: Person, said: str = "home") -> Post:
    """The newest home card after saying this; a digest may have come beside it."""
    chat = board.teams.chat(person)
    status, _ = await board.teams.say(person, said, chat)
    assert status == 200
    return [post for post in board.teams.posts_in(chat) if "\nHome\n" in text_of(post.activity)][-1]


async def test_home_shows_what_is_ones_own(board: ActionStory) -> None:
    """Actions, what the agency owes by its reference, the board, and buttons; a case's names are nowhere."""
    await board.add_action(CHAIR, due="2026-11-20")
    reference = await board.refer(POLICE)

    card = (await shown(board, NURSE)).card

    said = text_of(card)
    assert "Agree the discharge protocol" in said
    assert "You have 1 open action, 0 overdue." in said
    assert f"{reference}.\nAnswer {reference}\n" in said
    look = find_action(card, title=f"Answer {reference}")
    assert "Why you need to see this" in text_of(
        page(await board.teams.open(NURSE, look["data"], board.teams.chat(NURSE)))
    )
    assert "The board meets on Wednesday 9 December 2026 at 10:00." in said
    assert planted_in(card, (*CASE_WORDS, "960001")) == []
    assert find_action(card, title="Open A-1")
    assert "Since" not in said, "the first look has nothing to compare with"
    assert "Nothing is awaited." in text_of((await shown(board, POLICE)).card)


async def test_what_changed_is_told_once_and_then_again_only_for_a_while(board: ActionStory) -> None:
    """A new action and a new referral since yesterday; looking again at once shows the same; the next day nothing."""
    await shown(board, NURSE)
    board.moves_to("2026-11-17T09:00")
    action = await board.add_action(CHAIR)
    case = await board.refer(POLICE)

    board.moves_to("2026-11-17T10:00")
    said = text_of((await shown(board, NURSE)).card)
    assert f"Yours now\n {action}" in said
    assert f"Your agency is asked\n {case}" in said
    board.moves_to("2026-11-17T10:05")
    assert f"Yours now\n {action}" in text_of((await shown(board, NURSE)).card)
    board.moves_to("2026-11-17T16:00")
    assert "Since 17 November 2026, 10:00: nothing new." in text_of((await shown(board, NURSE)).card)
    board.moves_to("2026-11-18T09:00")
    await board.takes(NURSE, action, "Done")
    await board.takes(CHAIR, action, "Verify")
    board.moves_to("2026-11-18T16:00")
    assert f"Closed\n {action}" in text_of((await shown(board, NURSE)).card)
    rows = [row for row in board.bot.rows("Events") if row["Kind"] == "home"]
    assert [row["Key"] for row in rows] == [f"home/{NURSE.object_id}"]


@pytest.mark.parametrize(
    ("person", "has", "not_"),
    [
        (NURSE, "Make a referral", "Add an action"),
        (CHAIR, "Add an action", "The gate"),
        (TEAM_OFFICER, "The gate", "Records"),
        (LAPSED, "Tracker", "The list"),
        (OBSERVER, "Tracker", "Make a referral"),
    ],
    ids=lambda each: getattr(each, "name", each),
)
async def test_buttons_are_those_that_work(board: ActionStory, person: Person, has: str, not_: str) -> None:
    """Each that is there answers, and none is there for what would be refused."""
    post = await shown(board, person)
    assert f"{has}\n" in text_of(post.card)
    assert f"{not_}\n" not in text_of(post.card)
    chat = board.teams.chat(person)
    for button in [each for each in _buttons(post) if each.get("verb") == "command"]:
        before = len(board.teams.posts_in(chat))
        status, answer = await board.teams.press(person, post, button)
        assert (status, answer["value"]) == (200, ""), button["title"]
        (made,) = board.teams.posts_in(chat)[before:]
        assert "Your role does not include" not in text_of(made.activity), button["title"]
        assert "Only a chair" not in text_of(made.activity), button["title"]
    for button in [each for each in _buttons(post) if each.get("data", {}).get("msteams")]:
        page(await board.teams.open(person, button["data"], chat))


def _buttons(post: Post) -> list[dict[str, object]]:
    found: list[dict[str, object]] = []

    def walk(node: object) -> None:
        if isinstance(node, dict):
            if str(node.get("type", "")).startswith("Action."):
                found.append(node)
            for each in node.values():
                walk(each)
        elif isinstance(node, list):
            for each in node:
                walk(each)

    walk(post.card)
    return found


@pytest.mark.parametrize("word", ["setup", "done A-1", "", None, 7, "refer name: X", "export"])
async def test_a_forged_command_is_not_run(board: ActionStory, word: object) -> None:
    """Only what the card offers stands for a command, and only in a private chat."""
    post = await shown(board, CHAIR)
    forged = {"type": "Action.Execute", "verb": "command", "data": {"word": word}}
    _, answer = await board.teams.press(CHAIR, post, forged)
    assert "out of date" in text_of(answer)
    await board.teams.say(CHAIR, "referrals", board.channel)
    forged["data"] = {"word": "brief"}
    _, answer = await board.teams.press(CHAIR, board.teams.last(board.channel), forged)
    assert "private chat" in text_of(answer)


async def test_the_agency_in_focus_is_told_what_is_asked(board: ActionStory) -> None:
    """Whoever answers for it sees by when; once the paper is in, no more."""
    (asc,) = [row for row in board.bot.rows("Agencies") if row["Agency"] == "ASC"]
    assert asc
    said = text_of((await shown(board, SOCIAL)).card)
    assert "your agency is in focus: its demands, blockers and enablers by Monday 30 November 2026" in said
    await board.types(SOCIAL, "focus More calls; Too few beds; A shared rota")
    assert "Nothing is asked of you before it." in text_of((await shown(board, SOCIAL)).card)


async def test_a_greeting_and_a_first_word_show_home(board: ActionStory) -> None:
    """`hello` always; words that are none of ours the first time only, and then the nearest command."""
    assert "My actions" in text_of((await shown(board, NURSE, "Hello")).card)
    first = await shown(board, TRUST_LEAD, "what is this then")
    assert "I did not understand that" in text_of(first.card)
    assert "My actions" in text_of(first.card)
    assert "My actions" not in await board.types(TRUST_LEAD, "what is this then")
    assert "I do not know you" in await board.types(STRANGER, "hello")
    await board.teams.say(NURSE, "hello", board.channel)
    assert "What you can say" in text_of(board.teams.last(board.channel).card)


async def test_a_person_is_greeted_once(board: ActionStory) -> None:
    """Teams tells of one installation twice, and of every update: one hello with what is theirs, naming nobody else."""
    chat = board.teams.chat(NURSE)
    added = board.teams.activity(NURSE, chat, "conversationUpdate", membersAdded=[{"id": board.teams.bot_id}])
    await board.teams.deliver(added)
    await board.teams.install(chat, NURSE)
    await board.teams.install(chat, NURSE, action="add-upgrade")
    hello, home = board.teams.posts_in(chat)
    assert "between you and me" in text_of(hello.card)
    assert "My actions" in text_of(home.card)
    strange = board.teams.chat(STRANGER)
    await board.teams.install(strange, STRANGER)
    (only,) = board.teams.posts_in(strange)
    assert "I do not know you as a member" in text_of(only.card)


async def test_a_team_is_greeted_once(board: ActionStory) -> None:
    """One card in the channel, naming nobody; members who come later are not announced."""
    place = board.teams.channel("Other", team="Another team")
    await board.teams.install(place)
    await board.teams.install(place, action="add-upgrade")
    joined = board.teams.activity(CHAIR, place, "conversationUpdate", membersAdded=[{"id": NURSE.teams_id}])
    await board.teams.deliver(joined)
    hellos = [post for post in board.teams.posts.values() if "type *setup*" in text_of(post.activity)]
    assert len(hellos) == 1
    assert CHAIR.name not in json.dumps(hellos[0].activity)


async def test_home_costs_four_requests(board: ActionStory) -> None:
    """However much there is to show, once somebody's chat is known; that they looked is kept among them."""
    for reference in range(3):
        await board.refer(POLICE, why_now=f"PLANTEDWHY {reference}")
    for person in (NURSE, CHAIR, OBSERVER):
        await shown(board, person)
    board.moves_to("2026-11-16T08:00")
    for person in (NURSE, CHAIR, OBSERVER):
        await shown(board, person)
    lines = [line for line in board.bot.heard() if "kind=message" in line and "did=home" in line]
    spent = [int(each[1]) for line in lines if (each := re.search(r"requests=(\d+)", line))]
    assert len(spent) >= 3
    assert max(spent[-3:]) <= 4


@pytest.mark.long
async def test_a_store_that_is_down_still_greets(board: ActionStory) -> None:
    """Hello needs no record."""
    board.bot.control("POST", "/__faults", {"status": 503, "share": 1.0, "match": ".*/_api/.*"})
    try:
        await board.teams.install(board.teams.chat(SOCIAL), SOCIAL)
        assert "Hello" in text_of(board.teams.last(board.teams.chat(SOCIAL)).card)
    finally:
        board.bot.control("DELETE", "/__faults")
