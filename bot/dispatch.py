"""Which use case a turn belongs to, and the sentence for everything that can go wrong in one."""

from __future__ import annotations

import logging
import time
from collections.abc import Callable
from dataclasses import replace

from board import references
from board.actions import Step
from board.entitlement import OF_THE_PERSON
from board.errors import Conflict, FieldProblem, NotAllowed, NotFound, NotUnderstood, Problem
from bot import commands
from bot.house import House
from bot.logs import tell
from bot.routes import Routes, joined
from bot.scopes import Scopes
from bot.turn import Answer, CloseDialog, Found, Kind, Message, Reply, Scope, Toast, Turn
from bot.uses import (
    act,
    agenda,
    agreements,
    answer,
    board,
    boardroom,
    bundle,
    case_steps,
    choose,
    conference,
    disclosures,
    engagement,
    escalate,
    export,
    focus,
    found,
    hear,
    history,
    home,
    lessons,
    listing,
    look,
    measures,
    meeting,
    minutes,
    pack,
    patterns,
    person,
    plan,
    raising,
    reach,
    rearrange,
    refer,
    report,
    restrict,
    retain,
    risks,
    search,
    setup,
    show,
    track,
    triage,
    welcome,
)
from cards import help as help_cards
from cards import words
from cards.home import COMMANDS, ELSEWHERE
from cards.verbs import Verb
from sharepoint.asking import Spent
from sharepoint.errors import StoreBusy, StoreError, StoreRefused, TooManyRows, Unreadable
from sharepoint.store import one_turn

log = logging.getLogger("mhrmb.turn")

NOTHING = commands.Typed("")
"""What was typed where nothing was."""

Counted = Callable[[str, str, float], None]
"""Hears of each turn: what came in, how it ended, and how many seconds it took."""


async def _return(house: House, turn: Turn, rest: str) -> Answer:
    """`return R-14 …` is an agency's answer; `return A-103 …` a chair's, to an owner."""
    if rest.lstrip()[:1].upper() == references.ACTION:
        return await act.typed_step(house, turn, rest, Step.RETURN)
    return await answer.take_typed(house, turn, rest)


async def _as_typed(house: House, turn: Turn) -> Answer:
    """A button that stands for a command: as if it were typed. Only what a card of ours has a button for."""
    word = refer.text_in(turn, "word")
    if word not in COMMANDS and word not in ELSEWHERE:
        raise NotUnderstood(FieldProblem("button", Problem.STALE))
    typed = commands.read(word)
    return await ROUTES.said[typed.word](house, replace(turn, kind=Kind.MESSAGE, text=word, value={}), typed.rest)


ROUTES = joined(
    Routes(pressed={Verb.COMMAND: _as_typed}, said={"return": _return}),
    show.ROUTES,
    refer.ROUTES,
    look.ROUTES,
    case_steps.ROUTES,
    triage.ROUTES,
    disclosures.ROUTES,
    engagement.ROUTES,
    conference.ROUTES,
    escalate.ROUTES,
    export.ROUTES,
    history.ROUTES,
    home.ROUTES,
    bundle.ROUTES,
    patterns.ROUTES,
    person.ROUTES,
    answer.ROUTES,
    board.ROUTES,
    choose.ROUTES,
    boardroom.ROUTES,
    minutes.ROUTES,
    pack.ROUTES,
    agenda.ROUTES,
    agreements.ROUTES,
    focus.ROUTES,
    found.ROUTES,
    measures.ROUTES,
    restrict.ROUTES,
    retain.ROUTES,
    act.ROUTES,
    reach.ROUTES,
    rearrange.ROUTES,
    track.ROUTES,
    plan.ROUTES,
    raising.ROUTES,
    risks.ROUTES,
    lessons.ROUTES,
    listing.ROUTES,
    meeting.ROUTES,
    hear.ROUTES,
    report.ROUTES,
    search.ROUTES,
    setup.ROUTES,
)
"""What every use case answers to. Each names its own beside it."""


class Dispatch:
    """The bot behind the edge: answers every turn, whatever happens, with something a person can use."""

    def __init__(self, house: House, counted: Counted | None = None) -> None:
        self._house = house
        self._scopes = Scopes(house)
        self._counted = counted

    async def __call__(self, turn: Turn) -> Answer:
        """Do what the turn asks. Expected failures become sentences; the edge apologises for the others."""
        began, outcome = time.monotonic(), "failed"
        typed = commands.read(turn.text) if turn.kind is Kind.MESSAGE else NOTHING
        with one_turn() as spent:
            try:
                answer, outcome = await self._answered(turn, typed)
                return answer
            finally:
                self._tell(turn, typed, outcome, time.monotonic() - began, spent)

    async def _answered(self, turn: Turn, typed: commands.Typed) -> tuple[Answer, str]:
        """The answer, and in one word how it came to be."""
        try:
            return await self._as_listed(turn, typed), "answered"
        except NotAllowed as refused:
            tell(log, logging.INFO, "refused", reason=refused.refusal.name, kind=turn.kind.value)
            return _say(turn, await self._refusal(turn, refused)), "refused"
        except NotUnderstood as wrong:
            return _say(turn, words.problems(wrong.problems)), "not understood"
        except NotFound as missing:
            return _say(turn, words.not_found(missing.reference)), "not found"
        except Conflict:
            return _say(turn, words.CONFLICT), "conflict"
        except StoreError as error:
            tell(log, logging.WARNING, "the store did not answer as asked", error=type(error).__name__, says=error)
            return _say(turn, _store_sentence(error)), "store busy" if isinstance(error, StoreBusy) else "store refused"

    def _tell(self, turn: Turn, typed: commands.Typed, outcome: str, seconds: float, spent: Spent) -> None:
        """Log and count a turn by words of ours alone: what it did is named only where it is a verb or command."""
        did = typed.word or refer.text_in(turn, "do") or turn.verb
        known = (ROUTES.said,) if turn.kind is Kind.MESSAGE else (ROUTES.pressed, ROUTES.searched, ROUTES.begun)
        did = did if any(did in some for some in known) else "-"
        kind, ms = turn.kind.value, round(seconds * 1000)
        rare = {"again": spent.again, "people": spent.people, "lost": spent.lost}
        more = {name: count for name, count in rare.items() if count}
        tell(log, logging.INFO, "turn", kind=kind, did=did, outcome=outcome, requests=spent.requests, ms=ms, **more)
        if self._counted is not None:
            self._counted(kind, outcome, seconds)

    async def _as_listed(self, turn: Turn, typed: commands.Typed) -> Answer:
        """The answer by the people's lists as they are now, should those that are kept refuse the person: who was added
        a moment ago is not told that nobody knows them. Nothing was written before such a refusal."""
        began, user_id = time.monotonic(), turn.sender.user_id
        try:
            return await self._routed(turn, typed)
        except NotAllowed as refused:
            if refused.refusal not in OF_THE_PERSON or refused.recorded:
                raise
            if not await self._changed(user_id, began):
                raise
            return await self._routed(turn, typed)

    async def _changed(self, user_id: str, began: float) -> bool:
        """Whether the person's row or their agency's has changed since it was read; no while that cannot be read."""
        lists = self._house.directory
        try:
            kept = (await lists.current()).standing(user_id)
            return (await lists.since(began)).standing(user_id) != kept
        except StoreError:
            return False

    async def _routed(self, turn: Turn, typed: commands.Typed) -> Answer:
        """The answer of the board that the turn is about; what is not found there, of another of the person's."""
        if typed.word == "setup" and turn.reference.scope is not Scope.PERSONAL:  # a channel that is no board's yet
            self._scopes.rebound()
            return await self._in(self._house, turn, typed)
        houses = await self._scopes.houses(turn)
        for house in houses[:-1]:
            try:
                return await self._in(house, turn, typed)
            except NotFound:
                continue
        return await self._in(houses[-1], turn, typed)

    async def _in(self, house: House, turn: Turn, typed: commands.Typed) -> Answer:
        if turn.kind is Kind.MESSAGE:
            return await self._said(house, turn, typed)
        if turn.kind in (Kind.INSTALLED, Kind.UNINSTALLED):
            return await self._moved_in_or_out(house, turn)
        if turn.kind in (Kind.SEARCHED, Kind.COMMAND_OPENED):
            return await self._offered(house, turn)
        return await self._pressed(house, turn)

    async def _said(self, house: House, turn: Turn, typed: commands.Typed) -> Answer:
        if turn.reference.scope is Scope.PERSONAL:
            house.chats.remember(turn)
        return await self._command(house, turn, typed)

    async def _command(self, house: House, turn: Turn, typed: commands.Typed) -> Answer:
        say = ROUTES.said.get(typed.word)
        if say is None:
            return await self._missed(house, turn, typed.nearest)
        return await say(house, turn, typed.rest)

    async def _missed(self, house: House, turn: Turn, nearest: str) -> Answer:
        """Words that are no command: the nearest one; for somebody who is here for the first time, their home."""
        await show.known(house, turn)
        if turn.reference.scope is Scope.PERSONAL and await welcome.first_time(house, turn):
            said = help_cards.not_understood(nearest)
            return Reply((await home.drawn(house, turn, said),))
        return show.not_understood(nearest)

    async def _offered(self, house: House, turn: Turn) -> Answer:
        """A search or a command of Teams' own box and menus; an id of an older app package is told so."""
        table = ROUTES.searched if turn.kind is Kind.SEARCHED else ROUTES.begun
        begin = table.get(turn.verb)
        return _say(turn, words.OLD_COMMAND) if begin is None else await begin(house, turn)

    async def _pressed(self, house: House, turn: Turn) -> Answer:
        said = turn.verb if turn.kind is Kind.CARD_ACTION else refer.text_in(turn, "do")
        press = ROUTES.pressed.get(said or turn.verb)
        if press is None or (turn.kind is Kind.DIALOG_OPENED and said not in ROUTES.opens):
            return _say(turn, words.OLD_CARD)
        shared = turn.kind is Kind.CARD_ACTION and turn.reference.scope is not Scope.PERSONAL
        if shared and (said or turn.verb) not in ROUTES.shared:
            raise NotUnderstood(FieldProblem("button", Problem.NOT_PRIVATE))
        return await press(house, turn)

    async def _moved_in_or_out(self, house: House, turn: Turn) -> Answer:
        private = turn.reference.scope is Scope.PERSONAL
        if turn.kind is Kind.UNINSTALLED:
            if private:
                house.chats.remember(turn, open_=False)
            return None
        if private:
            house.chats.remember(turn)
        return await welcome.installed(house, turn)

    async def _refusal(self, turn: Turn, refused: NotAllowed) -> str:
        """The rule in words, with whom to ask; the members may be unreadable just now, which changes little."""
        try:
            house = (await self._scopes.houses(turn))[0]
            contact, names = (await house.directory.current()).whom_to_ask(house.board)
        except StoreError:
            contact, names = "", []
        said = words.refused(refused.refusal, words.whom_to_ask(contact, names))
        return f"{said} {words.LOOK_RECORDED}" if refused.recorded else said


def _store_sentence(error: StoreError) -> str:
    if isinstance(error, StoreBusy):
        return words.STORE_MAYBE if error.uncertain else words.STORE_BUSY
    if isinstance(error, TooManyRows):
        return words.TOO_MANY_OPEN
    if isinstance(error, Unreadable):  # of reads alone: a write that may have been made is StoreBusy
        return words.STORE_BUSY
    code = error.status if isinstance(error, StoreRefused) else 0
    return words.STORE_REFUSED.format(what=f"error {code}" if code else "no reason given")


def _say(turn: Turn, said: str) -> Answer:
    """A sentence, in the way that fits what the turn came from."""
    if turn.kind is Kind.CARD_ACTION:
        return Toast(said)
    if turn.kind is Kind.SEARCHED:
        return Found(said=said)
    if refer.in_dialog(turn):
        return CloseDialog(said)
    return Reply((Message(said, text=said),))
