"""Which use case a turn belongs to, and the sentence for everything that can go wrong in one."""

from __future__ import annotations

import logging
import time
from collections.abc import Awaitable, Callable

from board import references
from board.actions import Step
from board.errors import Conflict, NotAllowed, NotFound, NotUnderstood
from board.forms import Form
from bot import commands
from bot.house import DEFAULT_FORUM, House
from bot.turn import Answer, CloseDialog, Kind, Message, Reply, Scope, Toast, Turn
from bot.uses import act, answer, look, refer, setup, show, track
from cards import setup as setup_cards
from cards import words
from cards.verbs import Verb
from sharepoint.asking import Spent
from sharepoint.errors import StoreBusy, StoreError, StoreRefused, TooManyRows, Unreadable
from sharepoint.store import one_turn

log = logging.getLogger("mhrmb.turn")

Press = Callable[[House, Turn], Awaitable[Answer]]
Say = Callable[[House, Turn, str], Awaitable[Answer]]

PRESSED: dict[str, Press] = {
    Verb.REFER: refer.open_form,
    Verb.REFER_SUBMIT: refer.take_form,
    Verb.REFER_MORE: refer.open_more,
    Verb.REFER_MORE_SUBMIT: refer.take_more,
    Verb.LOOK: lambda house, turn: look.ask_why(house, turn, refer.text_in(turn, "reference")),
    Verb.LOOK_SUBMIT: look.reveal,
    Verb.ANSWER: answer.take,
    Verb.ACTION: act.open_action,
    Verb.ACTION_STEP: act.take_step,
    Verb.ACTION_ADD: act.open_add,
    Verb.ACTION_ADD_SUBMIT: act.take_add,
    Verb.TRACKER: track.turn_page,
    Verb.SETUP_AGENCY: lambda house, turn: setup.take_agency(house, turn, Form(turn.value)),
}
"""What each button does. A dialog may be opened for the few that need no form filled in."""


def _typed_step(step: Step) -> Say:
    return lambda house, turn, rest: act.typed_step(house, turn, rest, step)


async def _return(house: House, turn: Turn, rest: str) -> Answer:
    """`return R-14 …` is an agency's answer; `return A-103 …` a chair's, to an owner."""
    if rest.lstrip()[:1].upper() == references.ACTION:
        return await act.typed_step(house, turn, rest, Step.RETURN)
    return await answer.take_typed(house, turn, rest)


SAID: dict[str, Say] = {
    "help": show.help_for,
    "refer": refer.invite,
    "referrals": show.referrals,
    "referral": show.referral,
    "look": look.reveal_typed,
    "return": _return,
    "tracker": track.tracker,
    "my actions": track.my_actions,
    "action": act.action,
    "add action": act.invite_add,
    "whoami": show.whoami,
    "setup": setup.setup,
    **{step.value: _typed_step(step) for step in Step if step is not Step.RETURN},
}
"""What each typed command does, with the words after it."""

OPENS = frozenset({Verb.REFER, Verb.REFER_MORE, Verb.LOOK, Verb.ACTION, Verb.ACTION_ADD})


class Dispatch:
    """The bot behind the edge: answers every turn, whatever happens, with something a person can use."""

    def __init__(self, house: House) -> None:
        self._house = house

    async def __call__(self, turn: Turn) -> Answer:
        """Do what the turn asks. Expected failures become sentences; the edge apologises for the others."""
        try:
            with one_turn() as spent:
                return await self._answered(turn, spent)
        except NotAllowed as refused:
            log.info("refused reason=%s kind=%s turn=%s", refused.refusal.name, turn.kind.value, turn.correlation)
            return _say(turn, await self._refusal(turn, refused))
        except NotUnderstood as wrong:
            return _say(turn, words.problems(wrong.problems))
        except NotFound as missing:
            return _say(turn, words.not_found(missing.reference))
        except Conflict:
            return _say(turn, words.CONFLICT)
        except StoreError as error:
            log.warning("store error=%s says=%s turn=%s", type(error).__name__, error, turn.correlation)
            return _say(turn, _store_sentence(error))

    async def _answered(self, turn: Turn, spent: Spent) -> Answer:
        began = time.monotonic()
        try:
            return await self._routed(turn)
        finally:
            took = (time.monotonic() - began) * 1000
            did = refer.text_in(turn, "do") or turn.verb
            log.info(
                "turn kind=%s did=%s requests=%d ms=%.0f turn=%s",
                turn.kind.value,
                did if did in PRESSED else "-",
                spent.requests,
                took,
                turn.correlation,
            )

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
        say = SAID.get(typed.word)
        if say is None:
            await show.known(self._house, turn)
            return show.not_understood(typed.nearest)
        return await say(self._house, turn, typed.rest)

    async def _pressed(self, turn: Turn) -> Answer:
        said = turn.verb if turn.kind is Kind.CARD_ACTION else refer.text_in(turn, "do")
        press = PRESSED.get(said or turn.verb)
        if press is None or (turn.kind is Kind.DIALOG_OPENED and said not in OPENS):
            return _say(turn, words.OLD_CARD)
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
        look_kinds = (Verb.LOOK, Verb.LOOK_SUBMIT)
        recorded = turn.verb in look_kinds or refer.text_in(turn, "do") in look_kinds
        return f"{said} {words.LOOK_RECORDED}" if recorded else said


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
