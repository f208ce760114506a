"""Searches from a message being written. What is found goes where that goes, so it says what a channel may see."""

from __future__ import annotations

import json
from collections.abc import Iterable, Sequence
from typing import TypeVar

from board.actions import Action
from board.entitlement import Act, require, sight_for, sight_in_channel
from board.errors import NotFound
from board.identifying import of_nobody
from board.notices import face
from board.records import Risk
from board.references import REFERRAL
from board.searching import BoardPaper, number_in, papers_like, risks_like, spelt
from board.tracker import chosen, read
from bot import minutes, packs
from bot.directory import People
from bot.house import House
from bot.routes import Routes
from bot.turn import Answer, Found, Result, Turn
from bot.uses.case import open_case
from cards import actions as action_cards
from cards import extensions as show
from cards import referral as referral_cards
from cards.elements import CARD_BYTES
from sharepoint import queries as ask
from sharepoint.bookkeeping import Event
from sharepoint.schema import RETURNS, RISKS

PAPERS = {packs.KIND: "Pack of", packs.LATER: "Supplement to the pack of", minutes.KIND: "Minutes of"}
"""What a board's papers are called, by the kind of the row of `Events` that says where each is."""

T = TypeVar("T")

MOST = 10
"""Finds in one answer; Teams asks for the next when they are scrolled through."""


async def actions(house: House, turn: Turn) -> Answer:
    """Open actions as the tracker finds them in a channel: words of a case's are neither shown nor looked through."""
    people, today = await house.directory.current(), house.today()
    who = people.standing(turn.sender.user_id)
    require(Act.SEE_ACTIONS, who, today)
    every, restricted = await house.store.gather(ask.open_actions(), ask.restricted_referrals())
    found = chosen(
        every,
        read(spelt(turn.text), people.agencies),
        viewer=turn.sender.user_id,
        sees=lambda action: sight_for(action, who, today, channel=True, restricted=restricted),
        names=people.agencies,
        today=today,
    )

    def result(action: Action) -> Result:
        amount = sight_in_channel(action)
        card = action_cards.channel_action(action, amount=amount, today=today, names=people.agencies)
        return Result(*show.action_line(action, amount, today), card)

    return _answered(turn, (result(action) for action, _ in _page(turn, found)))


async def referrals(house: House, turn: Turn) -> Answer:
    """One referral by its reference, or the newest that are open: what the channel's own card says of each."""
    people, today = await house.directory.current(), house.today()
    require(Act.LIST, people.standing(turn.sender.user_id), today)
    if turn.text:
        return await _referral(house, turn)
    found = [each for each in await house.store.find(ask.newest_open_referrals()) if each.reference]
    shown = _page(turn, found)
    answers = await house.store.gather(*[ask.about(RETURNS, each.reference) for each in shown]) if shown else []
    faces = [face(each, given, people.agencies) for each, given in zip(shown, answers, strict=True)]
    return _answered(turn, (Result(*show.referral_line(each), referral_cards.channel_card(each)) for each in faces))


async def _referral(house: House, turn: Turn) -> Answer:
    number = number_in(turn.text, REFERRAL)
    if number is None:
        return _answered(turn, ())
    try:
        case = await open_case(house, turn.sender.user_id, f"{REFERRAL}-{number}")
    except NotFound:
        return _answered(turn, ())
    case.require(Act.LIST, house)
    made = case.face()
    return _answered(turn, [Result(*show.referral_line(made), referral_cards.channel_card(made))])


async def risks(house: House, turn: Turn) -> Answer:
    """The open risks of the board. One that was typed by hand and may name somebody is shown by its number alone."""
    people = await _member_of(house, turn)
    rows: list[Risk] = await house.store.find(ask.open_rows(RISKS))
    found = risks_like(rows, turn.text, people.home, people.agencies)

    def result(risk: Risk) -> Result:
        hidden = any(of_nobody(text) for text in (risk.cause, risk.event, risk.impact, risk.status))
        card = show.risk_found(risk, people.agencies, hidden=hidden)
        return Result(*show.risk_line(risk, people.agencies, hidden=hidden), card)

    return _answered(turn, map(result, _page(turn, found)))


async def papers(house: House, turn: Turn) -> Answer:
    """The boards' packs, their supplements and minutes, the newest first."""
    await _member_of(house, turn)
    people = await house.directory.current()
    meetings, *filed = await house.store.gather(
        ask.boards_since(house.today()), *(ask.papers_filed(kind) for kind in PAPERS)
    )
    mine = packs.papers_of((row for of in filed for row in of), meetings, people)
    rows = sorted(mine, key=lambda row: -row.id)
    found = papers_like(map(_paper, rows), turn.text)
    return _answered(turn, (Result(*show.paper_line(each), show.paper_found(each)) for each in _page(turn, found)))


def _paper(row: Event) -> BoardPaper:
    """A row of `Events` as the paper that it tells of: its value begins with the address."""
    return BoardPaper(f"{PAPERS[row.kind]} {row.reference}", row.reference, row.until, row.value.partition("\n")[0])


def _page(turn: Turn, found: Sequence[T]) -> Sequence[T]:
    """What is next of what was found: Teams says how many it has already."""
    skip = turn.value.get("skip", 0)
    return found[skip : skip + MOST] if isinstance(skip, int) and skip >= 0 else found[:MOST]


def _answered(turn: Turn, results: Iterable[Result]) -> Answer:
    """As many as fit into one answer, or the sentence for nothing found."""
    shown, weight = list[Result](), 0
    for each in results:
        weight += len(json.dumps(each.card, ensure_ascii=False).encode("utf-8", "replace"))
        if shown and weight > CARD_BYTES:
            break
        shown.append(each)
    return Found(tuple(shown), "" if shown else show.NO_MORE if turn.value.get("skip") else show.NOTHING[turn.verb])


async def _member_of(house: House, turn: Turn) -> People:
    people = await house.directory.current()
    require(Act.LIST, people.standing(turn.sender.user_id), house.today())
    return people


ROUTES = Routes(searched={"actions": actions, "referrals": referrals, "risks": risks, "papers": papers})
