"""Which use case a turn belongs to, and the sentence for everything that can go wrong in one."""

from __future__ import annotations

import logging
import time
from collections.abc import Callable

from board import references
from board.actions import Step
from board.errors import Conflict, FieldProblem, NotAllowed, NotFound, NotUnderstood, Problem
from bot import commands
from bot.house import DEFAULT_FORUM, House
from bot.logs import tell
from bot.routes import Routes, joined
from bot.turn import Answer, CloseDialog, Kind, Message, Reply, Scope, Toast, Turn
from bot.uses import (
    act,
    agenda,
    answer,
    board,
    boardroom,
    bundle,
    disclosures,
    escalate,
    export,
    focus,
    hear,
    history,
    listing,
    look,
    meeting,
    minutes,
    pack,
    patterns,
    person,
    plan,
    raising,
    rearrange,
    refer,
    report,
    restrict,
    retain,
    setup,
    show,
    track,
    triage,
)
from cards import setup as setup_cards
from cards import words
from sharepoint.asking import Spent
from sharepoint.errors import StoreBusy, StoreError, StoreRefused, TooManyRows, Unreadable
from sharepoint.store import one_turn

log = logging.getLogger("mhrmb.turn")

Counted = Callable[[str, str, float], None]
"""Hears of each turn: what came in, how it ended, and how many seconds it took."""


async def _return(house: House, turn: Turn, rest: str) -> Answer:
    """`return R-14 …` is an agency's answer; `return A-103 …` a chair's, to an owner."""
    if rest.lstrip()[:1].upper() == references.ACTION:
        return await act.typed_step(house, turn, rest, Step.RETURN)
    return await answer.take_typed(house, turn, rest)


ROUTES = joined(
    Routes(said={"return": _return}),
    show.ROUTES,
    refer.ROUTES,
    look.ROUTES,
    triage.ROUTES,
    disclosures.ROUTES,
    escalate.ROUTES,
    export.ROUTES,
    history.ROUTES,
    bundle.ROUTES,
    patterns.ROUTES,
    person.ROUTES,
    answer.ROUTES,
    board.ROUTES,
    boardroom.ROUTES,
    minutes.ROUTES,
    pack.ROUTES,
    agenda.ROUTES,
    focus.ROUTES,
    restrict.ROUTES,
    retain.ROUTES,
    act.ROUTES,
    rearrange.ROUTES,
    track.ROUTES,
    plan.ROUTES,
    raising.ROUTES,
    listing.ROUTES,
    meeting.ROUTES,
    hear.ROUTES,
    report.ROUTES,
    setup.ROUTES,
)
"""What every use case answers to. Each names its own beside it."""


class Dispatch:
    """The bot behind the edge: answers every turn, whatever happens, with something a person can use."""

    def __init__(self, house: House, counted: Counted | None = None) -> None:
        self._house = house
        self._counted = counted

    async def __call__(self, turn: Turn) -> Answer:
        """Do what the turn asks. Expected failures become sentences; the edge apologises for the others."""
        began, outcome = time.monotonic(), "failed"
        with one_turn() as spent:
            try:
                answer, outcome = await self._answered(turn)
                return answer
            finally:
                self._tell(turn, outcome, time.monotonic() - began, spent)

    async def _answered(self, turn: Turn) -> tuple[Answer, str]:
        """The answer, and in one word how it came to be."""
        try:
            return await self._routed(turn), "answered"
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

    def _tell(self, turn: Turn, outcome: str, seconds: float, spent: Spent) -> None:
        """Log and count a turn by words of ours alone: what it did is named only where it is one of our verbs."""
        did = refer.text_in(turn, "do") or turn.verb
        did = did if did in ROUTES.pressed else "-"
        kind, ms = turn.kind.value, round(seconds * 1000)
        tell(log, logging.INFO, "turn", kind=kind, did=did, outcome=outcome, requests=spent.requests, ms=ms)
        if self._counted is not None:
            self._counted(kind, outcome, seconds)

    async def _routed(self, turn: Turn) -> Answer:
        if turn.kind is Kind.MESSAGE:
            return await self._said(turn)
        if turn.kind in (Kind.INSTALLED, Kind.UNINSTALLED):
            return await self._moved_in_or_out(turn)
        return await self._pressed(turn)

    async def _said(self, turn: Turn) -> Answer:
        typed = commands.read(turn.text)
        if turn.reference.scope is Scope.PERSONAL:
            self._house.chats.remember(turn)
        return await self._command(turn, typed)

    async def _command(self, turn: Turn, typed: commands.Typed) -> Answer:
        say = ROUTES.said.get(typed.word)
        if say is None:
            await show.known(self._house, turn)
            return show.not_understood(typed.nearest)
        return await say(self._house, turn, typed.rest)

    async def _pressed(self, turn: Turn) -> Answer:
        said = turn.verb if turn.kind is Kind.CARD_ACTION else refer.text_in(turn, "do")
        press = ROUTES.pressed.get(said or turn.verb)
        if press is None or (turn.kind is Kind.DIALOG_OPENED and said not in ROUTES.opens):
            return _say(turn, words.OLD_CARD)
        shared = turn.kind is Kind.CARD_ACTION and turn.reference.scope is not Scope.PERSONAL
        if shared and (said or turn.verb) not in ROUTES.shared:
            raise NotUnderstood(FieldProblem("button", Problem.NOT_PRIVATE))
        return await press(self._house, turn)

    async def _moved_in_or_out(self, turn: Turn) -> Answer:
        private = turn.reference.scope is Scope.PERSONAL
        if turn.kind is Kind.UNINSTALLED:
            if private:
                self._house.chats.remember(turn, open_=False)
            return None
        if private:
            self._house.chats.remember(turn)
        return Reply((Message("Hello", card=setup_cards.welcome(channel=not private)),))

    async def _refusal(self, turn: Turn, refused: NotAllowed) -> str:
        """The rule in words, with whom to ask; the members may be unreadable just now, which changes little."""
        try:
            contact, names = (await self._house.directory.current()).whom_to_ask(DEFAULT_FORUM)
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
    if turn.kind in (Kind.DIALOG_OPENED, Kind.DIALOG_SUBMITTED):
        return CloseDialog(said)
    return Reply((Message(said, text=said),))
