"""What members do, as steps that read like the story; each goes through `/api/messages` and returns what they saw."""

from __future__ import annotations

import asyncio
import json
import re
import time
from collections.abc import Callable
from typing import Any

from tests.board_people import CHAIR, POL
from tests.running import RunningBot
from tests.teams import Person, Post, Teams, find_action, inputs, texts

JSON = dict[str, Any]

REFERRAL = {
    "name": "Zebedee Planted",
    "date_of_birth": "1984-03-17",
    "concern": "Threats to kill or seriously harm",
    "urgency": "Urgent (before the next subgroup)",
    "why_now": "PLANTEDWHY said he would hurt his brother on Friday; told the nurse",
    "asked_for": "PLANTEDASK trust: is there a plan?",
    "contact": "01632 960001",
}
"""A referral whose every free text is a planted word, so that it can be looked for where it must not be."""

PLANTED = ("Zebedee", "Planted", "1984-03-17", "17 March 1984", "PLANTEDWHY", "PLANTEDASK", "960001")


class Story:
    """A board in one channel: its bot, its Teams, and the steps its members take."""

    def __init__(self, bot: RunningBot, teams: Teams) -> None:
        self.bot = bot
        self.teams = teams
        self.channel = teams.channel()

    async def set_up(self) -> None:
        """Bind the channel with the printed code, and name the chair's agency."""
        status, _ = await self.teams.say(CHAIR, f"setup {self.bot.code}", self.channel)
        assert status == 200
        card = self.teams.last(self.channel).card
        assert "This channel is now" in text_of(card)
        await self.teams.press(CHAIR, self.teams.last(self.channel), find_action(card, title="Save"), {"agency": POL})

    async def refer(self, person: Person, **changed: str) -> str:
        """Make a referral through the dialog, and return its reference."""
        receipt = await self.submit_referral(person, await self.referral_form(person), {**REFERRAL, **changed})
        return reference_in(receipt)

    async def referral_form(self, person: Person) -> JSON:
        """Open the dialog that `refer` offers."""
        chat = self.teams.chat(person)
        await self.teams.say(person, "refer", chat)
        posts = reversed(self.teams.posts_in(chat))
        offer = next(post for post in posts if "Open the form" in text_of(post.activity))
        way_in = find_action(offer.card, title="Open the form")
        return page(await self.teams.open(person, way_in["data"], chat))

    async def submit_referral(self, person: Person, form: JSON, values: JSON) -> JSON:
        """Send the form; the next page of the dialog is returned."""
        send = find_action(form, title="Send the referral")
        return page(await self.teams.submit(person, send["data"], values, self.teams.chat(person)))

    async def open_look(self, person: Person, post: Post) -> JSON:
        """Press *See who this is* on the channel's card; returns the raw answer."""
        look = find_action(post.card, title="See who this is")
        status, answer = await self.teams.open(person, look["data"], self.channel)
        assert status == 200
        return answer  # type: ignore[no-any-return]

    async def look(self, person: Person, post: Post, reason: str = "Checking our records to answer") -> JSON:
        """Look at who it is: open, give a reason, and return the card with the details."""
        ask = page((200, await self.open_look(person, post)))
        show = find_action(ask, title="Show me")
        return page(await self.teams.submit(person, show["data"], {"reason": reason}, self.channel))

    async def answer(self, person: Person, detail: JSON, answer: str, information: str = "") -> JSON:
        """Send an answer from the card with the details; the next page is returned."""
        send = find_action(detail, title=answer)
        return page(await self.teams.submit(person, send["data"], {"information": information}, self.channel))

    async def look_and_answer(self, person: Person, post: Post, answer: str, information: str = "") -> JSON:
        """Look, then answer."""
        return await self.answer(person, await self.look(person, post), answer, information)

    async def card_of(self, reference: str, *, saying: str = "", within: float = 10.0) -> Post:
        """The channel's card of a referral, once it is there and says what is waited for."""

        def found() -> Post | None:
            for post in self.teams.posts_in(self.channel):
                said = text_of(post.activity)
                if f"Referral {reference}\n" in said and "See who this is" in said and saying in said:
                    return post
            return None

        return await eventually(found, f"a card of {reference} saying {saying!r}", within)


def reference_in(receipt: JSON) -> str:
    """The reference that a receipt gives."""
    found = re.search(r"kept as (R-\d+)", text_of(receipt))
    assert found, text_of(receipt)
    return found[1]


def page(answered: tuple[int, Any]) -> JSON:
    """The card of a dialog's answer; fails with what was said instead when there is none."""
    status, answer = answered
    assert status == 200
    assert answer.get("task", {}).get("type") == "continue", answer
    card: JSON = answer["task"]["value"]["card"]["content"]
    return card


def sentence(answer: Any) -> str:
    """What a dialog closed with, or a toast said."""
    if "task" in answer:
        task = answer["task"]
        return str(task["value"]) if task["type"] == "message" else text_of(task["value"]["card"]["content"])
    value = answer.get("value", "")
    return value if isinstance(value, str) else text_of(value)


def text_of(card: Any) -> str:
    """All that a card or activity says, a line each."""
    return "\n".join(texts(card)) + "\n"


def fields(card: JSON) -> list[str]:
    """The names of a form's inputs."""
    return list(inputs(card))


def planted_in(what: Any, words: tuple[str, ...] = PLANTED) -> list[str]:
    """Which of the planted words a JSON value or a text holds, in any case."""
    said = (what if isinstance(what, str) else json.dumps(what, ensure_ascii=False)).casefold()
    return [word for word in words if word.casefold() in said]


async def eventually(found: Callable[[], Any], what: str, within: float = 10.0) -> Any:
    """Wait for something that the loop does behind the scenes; fails naming it when it does not come."""
    deadline = time.monotonic() + within
    while True:
        result = found()
        if result:
            return result
        if time.monotonic() > deadline:
            raise AssertionError(f"waited {within:g} s in vain for {what}")
        await asyncio.sleep(0.02)
