"""`engagement`: how agencies take part, with the records behind each figure; and a lead's word against one."""

from __future__ import annotations

import re
from contextlib import suppress
from dataclasses import dataclass

from board.disputes import BEGINS, KIND, Dispute, dispute, found_in, of_agency, written
from board.engagement import Records, Span, engagement, span_meant
from board.entitlement import ARRANGE, Act, refusal, require
from board.errors import FieldProblem, NotAllowed, NotUnderstood, Problem, Refusal, one_of
from board.forms import Form
from board.patterns import month_meant
from board.records import Member
from bot.boards import forum_of
from bot.directory import People
from bot.engaging import records
from bot.house import House, key_of
from bot.routes import Routes
from bot.turn import JSON, Answer, Message, Reply, Turn
from bot.uses.looking import only_privately
from bot.uses.refer import in_dialog, shown, text_in
from cards import engagement as show
from cards import words
from cards.verbs import Verb
from sharepoint.bookkeeping import Event
from sharepoint.errors import Duplicate, StoreBusy, TooManyRows
from sharepoint.schema import EVENTS

_DISPUTE = re.compile(r"dispute\b\s*([a-z]*)\s*:?\s*(.*)", re.IGNORECASE | re.DOTALL)


@dataclass(frozen=True, slots=True)
class Asked:
    """Who asks, and whether about every agency."""

    member: Member
    people: People
    sees_all: bool

    def agency(self, said: str) -> str:
        """The code that was meant, or their own. Raises NotAllowed for another's, NotUnderstood for none."""
        own = self.member.agency.upper()
        code = said.upper() or own
        if code not in self.people.agencies:
            raise NotUnderstood(one_of("focus_agency", sorted(self.people.agencies)))
        if code != own and not self.sees_all:
            raise NotAllowed(Refusal.NOT_THAT_ROLE)
        return code


async def _asked(house: House, turn: Turn, act: Act = Act.SEE_ENGAGEMENT) -> Asked:
    people = await house.directory.current()
    member = require(act, people.standing(turn.sender.user_id), house.today())
    return Asked(member, people, member.has(*ARRANGE))


async def typed(house: House, turn: Turn, rest: str) -> Answer:
    """`engagement`, `engagement MHT 2026`, `engagement 2026-10`; `engagement dispute meetings: words`."""
    only_privately(turn, "figure")
    said = rest.strip()
    disputed = _DISPUTE.fullmatch(said)
    if disputed is not None:
        part = {"returns": "answers"}.get(disputed[1].casefold(), disputed[1].casefold())
        values: JSON = {"figure": part, "dispute": disputed[2].strip(), "key": key_of(turn, "dispute")}
        return await _disputed(house, turn, span_meant("", house.today()), values)
    asked = await _asked(house, turn)
    first, _, more = said.partition(" ")
    named = first.upper() if first.upper() in asked.people.agencies else ""
    if not named and first[:1].isalpha() and month_meant(said, house.today()) is None:
        raise NotUnderstood(one_of("focus_agency", sorted(asked.people.agencies)))
    span = span_meant(more if named else said, house.today())
    if not named and asked.sees_all:
        return Reply((Message(show.TITLE, card=await _all(house, asked, span)),))
    return await _one(house, turn, asked, asked.agency(named), span)


async def _all(house: House, asked: Asked, span: Span) -> JSON:
    of, disputes = await _records(house, asked, span)
    forum = forum_of(asked.people)
    partners = [each for code, each in sorted(asked.people.agencies.items()) if each.open and forum.includes(code)]
    seen = [
        show.Seen(each.name, engagement(each.code, of, span, house.today()), of_agency(disputes, each.code, span))
        for each in partners
    ]
    return show.engagements_card(seen, span)


async def _records(house: House, asked: Asked, span: Span) -> tuple[Records, list[Dispute]]:
    try:
        return await records(house.store, asked.people, span)
    except TooManyRows:
        raise NotUnderstood(FieldProblem("period", Problem.TOO_FAR_BACK)) from None


async def _one(
    house: House,
    turn: Turn,
    asked: Asked,
    code: str,
    span: Span,
    *,
    values: JSON | None = None,
    said: str = "",
    warned: str = "",
) -> Answer:
    of, disputes = await _records(house, asked, span)
    counted = engagement(code, of, span, house.today())
    agency = asked.people.agencies[code]
    shares = agency.isa_current(house.today())
    seen = show.Seen(agency.name, counted, of_agency(disputes, code, span), shares)
    who = asked.people.standing(asked.member.user_id)
    may = code == asked.member.agency.upper() and refusal(Act.DISPUTE, who, house.today()) is None
    card = show.engagement_card(
        seen,
        span,
        key=house.new_key(),
        may_dispute=may,
        in_dialog=in_dialog(turn),
        values=values,
        said=said,
        warned=warned,
    )
    return shown(turn, card, show.TITLE)


async def open_one(house: House, turn: Turn) -> Answer:
    """Open the agency chosen on the card, over the card's own days."""
    asked = await _asked(house, turn)
    return await _one(house, turn, asked, asked.agency(text_in(turn, "focus_agency")), _span(house, turn))


def _span(house: House, turn: Turn) -> Span:
    return span_meant(f"{text_in(turn, 'first')[:10]} to {text_in(turn, 'last')[:10]}", house.today())


async def take_dispute(house: House, turn: Turn) -> Answer:
    """Keep what is said against a figure of the card."""
    return await _disputed(house, turn, _span(house, turn), turn.value)


async def _disputed(house: House, turn: Turn, span: Span, values: JSON) -> Answer:
    """Keep it once by its key, and show the figures with it."""
    asked = await _asked(house, turn, Act.DISPUTE)
    code, form = asked.member.agency.upper(), Form(values)
    try:
        key = form.key()
        made = dispute(form, asked.member, span, house.now())
        row = Event(
            key=f"{BEGINS}{house.board}/{code}/{key}",
            kind=KIND,
            reference=code,
            holder=asked.member.user_id,
            until=house.now(),
            value=written(made),
        )
        with suppress(Duplicate):  # the same press again
            await house.store.add(EVENTS, row, by=asked.member.name, why="disputed")
    except NotUnderstood as wrong:
        found = words.found_in_fields(found_in(Form(values)))
        warned = f"{words.not_sent(wrong.problems)} {found}".strip()
        return await _one(house, turn, asked, code, span, values=values, warned=warned)
    except StoreBusy:
        return await _one(house, turn, asked, code, span, values=values, warned=words.STORE_MAYBE)
    return await _one(house, turn, asked, code, span, said="Kept. It stands beside the figure, for the chairs as well.")


ROUTES = Routes(
    pressed={Verb.ENGAGEMENT: open_one, Verb.ENGAGEMENT_DISPUTE: take_dispute},
    said={"engagement": typed},
)
