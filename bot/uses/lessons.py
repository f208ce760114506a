"""`lessons`: what was learned; having a lesson told, and withdrawing one that is wrong."""

from __future__ import annotations

import re

from board import references
from board.entitlement import Act, refusal, require
from board.errors import Conflict, NotFound, NotUnderstood
from board.forms import Form
from board.learning import disseminate, found_in, is_told, is_waiting, matching, named, withdraw
from board.raising import Raised
from board.records import Lesson, Member
from bot.house import TRIES, House
from bot.routes import Routes
from bot.turn import JSON, Answer, Message, Reply, Scope, Turn
from bot.uses import raising
from bot.uses.looking import only_privately
from bot.uses.refer import in_dialog, shown, text_in
from cards import lessons as show
from cards import words
from cards.verbs import Verb
from sharepoint import queries as ask
from sharepoint.schema import LESSONS

_NUMBER = r"[Ll]\s*[-‐‑–—]?\s*[0-9]{1,9}"
_COMMAND = re.compile(rf"(disseminate|withdraw)\s+({_NUMBER})\b\s*(.*)", re.IGNORECASE | re.DOTALL)
_ONE = re.compile(_NUMBER)


async def listed(house: House, turn: Turn, rest: str) -> Answer:
    """`lessons`, or with words to look for: the newest first. One request.

    Those that wait for a chair are counted for all, and shown in private to those who decide about them.
    """
    _, decides = await _member(house, turn)
    channel = turn.reference.scope is not Scope.PERSONAL
    rows: list[Lesson] = await house.store.find(ask.newest_lessons())
    waiting = [each for each in rows if is_waiting(each)]
    seen = [each for each in rows if is_told(each)] + (waiting if decides and not channel else [])
    found = matching(seen, rest)
    card = show.lessons_card(found, said=rest, waiting=len(waiting) if decides else 0, channel=channel)
    return Reply((Message(show.TITLE, card=card),))


async def _member(house: House, turn: Turn, act: Act = Act.SEE_LESSONS) -> tuple[Member, bool]:
    """Who asks, and whether they decide about lessons. Raises NotAllowed when they may not do this."""
    who = (await house.directory.current()).standing(turn.sender.user_id)
    member = require(act, who, house.today())
    return member, refusal(Act.DISSEMINATE, who, house.today()) is None


async def typed(house: House, turn: Turn, rest: str) -> Answer:
    """`lesson L-3`, `lesson disseminate L-3`, `lesson withdraw L-3 why`; anything else raises one."""
    said = rest.strip()
    command = _COMMAND.fullmatch(said)
    if command is None and not _ONE.fullmatch(said):
        return await raising.typed(house, turn, rest, Raised.LESSON)
    only_privately(turn, "reference")
    if command is None:
        return await _shown(house, turn, said)
    word, more = command[1].casefold(), command[3].strip()
    values: JSON = {"audience": more} if word == "disseminate" else {"why": more}
    return await _decided(house, turn, command[2], values, withdraws=word == "withdraw")


async def open_one(house: House, turn: Turn) -> Answer:
    """Open one lesson from its button."""
    return await _shown(house, turn, text_in(turn, "reference"))


async def _shown(house: House, turn: Turn, said: str) -> Answer:
    _, decides = await _member(house, turn)
    lesson = await _read(house, said)
    if is_waiting(lesson) and not decides:
        raise NotFound(named(lesson))
    return _answer(turn, show.lesson_card(lesson, may_decide=decides, in_dialog=in_dialog(turn)))


async def _read(house: House, said: str) -> Lesson:
    number = references.item_id(said, references.LESSON)
    rows: list[Lesson] = await house.store.find(ask.numbered(LESSONS, number))
    if not rows:
        raise NotFound(references.reference(references.LESSON, number))
    return rows[0]


def _answer(turn: Turn, card: JSON) -> Answer:
    return shown(turn, card, show.TITLE)


async def take_dissemination(house: House, turn: Turn) -> Answer:
    """Have the lesson of the card told."""
    return await _decided(house, turn, text_in(turn, "reference"), turn.value, withdraws=False)


async def take_withdrawal(house: House, turn: Turn) -> Answer:
    """Withdraw the lesson of the card."""
    return await _decided(house, turn, text_in(turn, "reference"), turn.value, withdraws=True)


async def _decided(house: House, turn: Turn, said: str, values: JSON, *, withdraws: bool) -> Answer:
    """Write it; decided anew on what is there now when somebody changed it meanwhile. Two requests."""
    member, _ = await _member(house, turn, Act.DISSEMINATE)
    for attempt in range(TRIES):
        lesson, form = await _read(house, said), Form(values)
        try:
            after = withdraw(lesson, form, house.now()) if withdraws else disseminate(lesson, form, member, house.now())
            why = after.withdrawn_why if withdraws else "disseminated"
            kept = await house.store.change(LESSONS, lesson, after, by=member.name, why=why)
        except NotUnderstood as wrong:
            found = words.found_in_fields(found_in(lesson))
            warned = f"{words.not_sent(wrong.problems)} {found}".strip()
            return _answer(turn, show.lesson_card(lesson, may_decide=True, in_dialog=in_dialog(turn), warned=warned))
        except Conflict:
            if attempt == TRIES - 1:
                raise
        else:
            told = show.WITHDRAWN if withdraws else show.TOLD
            return _answer(turn, show.lesson_card(kept, may_decide=True, in_dialog=in_dialog(turn), said=told))
    return None


ROUTES = Routes(
    pressed={
        Verb.LESSON: open_one,
        Verb.LESSON_DISSEMINATE: take_dissemination,
        Verb.LESSON_WITHDRAW: take_withdrawal,
    },
    said={"lessons": listed, "lesson": typed},
    opens=frozenset({Verb.LESSON}),
)
