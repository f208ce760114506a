"""`disclosures`: who saw what, for the information governance lead in a private chat."""

from __future__ import annotations

import re

from board.disclosing import Search, looked, read
from board.entitlement import Act, require
from board.errors import FieldProblem, NotUnderstood, Problem
from board.forms import Form
from board.records import Disclosure
from bot.directory import People
from bot.house import House
from bot.routes import Routes
from bot.turn import JSON, Answer, Message, ReplaceCard, Reply, Scope, Turn
from cards import disclosures as show
from cards.verbs import Verb
from sharepoint import queries as ask
from sharepoint.errors import TooManyRows

_PAGE = re.compile(r"\s*\bpage ([1-9]\d{0,3})\b", re.IGNORECASE)


async def disclosures(house: House, turn: Turn, rest: str) -> Answer:
    """`disclosures R-14`, an agency, a person, a period, `page 2`: in private only. Two requests."""
    if turn.reference.scope is not Scope.PERSONAL:
        raise NotUnderstood(FieldProblem("disclosures", Problem.NOT_PRIVATE))
    people = await _lead(house, turn)
    page = _PAGE.search(rest)
    said = _PAGE.sub("", rest).strip()
    asked = read(said, people.members, people.agencies, house.today())
    if asked.unread:
        return Reply((Message(show.TITLE, text=show.HOW),))
    try:
        card = await _card(house, people, asked, said, int(page[1]) - 1 if page else 0)
    except TooManyRows:
        return Reply((Message(show.TITLE, text=show.TOO_MANY),))
    return Reply((Message(show.TITLE, card=card),))


async def turn_page(house: House, turn: Turn) -> Answer:
    """Another page, in the place of the one that is shown."""
    people = await _lead(house, turn)
    form = Form(turn.value)
    said, number = form.text("asked", 255), form.text("page", 4)
    if form.problems or not (number.isascii() and number.isdigit()):
        raise NotUnderstood(FieldProblem("page", Problem.STALE))
    asked = read(said, people.members, people.agencies, house.today())
    try:
        return ReplaceCard(await _card(house, people, asked, said, int(number)))
    except TooManyRows:
        return Reply((Message(show.TITLE, text=show.TOO_MANY),))


async def _lead(house: House, turn: Turn) -> People:
    house.directory.expire()  # whose role was taken away learns nothing more from the log
    people = await house.directory.current()
    require(Act.DISCLOSURES, people.standing(turn.sender.user_id), house.today())
    return people


async def _card(house: House, people: People, asked: Search, said: str, page: int) -> JSON:
    rows: list[Disclosure] = await house.store.find(_query(asked))
    return show.looked_card(looked(rows, asked, page), asked, said, people.members)


def _query(asked: Search) -> ask.Query:
    """The narrowest of the conditions leads; the others are looked at here."""
    if asked.case:
        return ask.disclosures_about(asked.case)
    if asked.member:
        return ask.disclosures_of(asked.member, asked.first)
    return ask.disclosures_between(asked.first, asked.last)


ROUTES = Routes(pressed={Verb.DISCLOSURES: turn_page}, said={"disclosures": disclosures})
