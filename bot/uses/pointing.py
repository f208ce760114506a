"""What somebody not let in to a restricted referral is shown in the place of its details."""

from __future__ import annotations

from board.restricting import Pointer
from bot.house import House
from bot.turn import Answer, Kind, Message, Reply, Turn
from bot.uses.case import Case
from bot.uses.refer import in_dialog, page
from cards import pointer as show
from cards import words

TITLE = show.TITLE


def pointer_of(case: Case) -> Pointer:
    """The pointer: agencies by the names the lists give them, and the holder's name as `Members` or the row has it."""
    referral, agencies = case.referral, case.people.agencies
    codes = sorted({referral.agency, *referral.asked})
    names = tuple(agencies[code].name for code in codes if code in agencies)
    contact, running = case.people.whom_to_ask(referral.forum or case.people.home)
    return Pointer(referral.reference, names, words.whom_to_ask(contact, running))


def point(house: House, turn: Turn, case: Case) -> Answer:
    """Show the pointer where the turn came from."""
    more = bool(case.steps(house))
    card = show.pointer(pointer_of(case), house.new_key(), in_dialog=in_dialog(turn), more=more)
    if turn.kind is Kind.MESSAGE:
        return Reply((Message(f"Referral {case.referral.reference}", card=card),))
    return page(turn, card, TITLE)
