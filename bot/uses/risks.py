"""`risks`: the register; `risk K-12`: one of it, its review, and what chairs decide of it."""

from __future__ import annotations

import re
from dataclasses import dataclass, replace

from board import references
from board.actions import Action
from board.entitlement import Act, require
from board.errors import Conflict, FieldProblem, NotFound, NotUnderstood, Problem
from board.forms import Form
from board.identifying import read_days
from board.raising import Raised
from board.records import Member, Risk
from board.risks import Level, RiskStep, after, found_in, of_forum, ranked, steps, take
from board.vocabulary import Role
from bot.directory import People
from bot.house import TRIES, House, key_of
from bot.routes import Routes
from bot.turn import JSON, Answer, Message, Reply, Scope, Turn
from bot.uses import raising
from bot.uses.looking import only_privately
from bot.uses.refer import in_dialog, shown, text_in
from cards import risks as show
from cards import words
from cards.verbs import Verb
from sharepoint import queries as ask
from sharepoint.errors import StoreBusy
from sharepoint.schema import RISKS

_ONE = re.compile(r"k\s?[-‐‑–—]?\s?[0-9]{1,9}", re.IGNORECASE)
_STEP = re.compile(rf"({'|'.join(RiskStep)})\s+(k\s?[-‐‑–—]?\s?[0-9]{{1,9}})\b\s*(.*)", re.IGNORECASE | re.DOTALL)
_RATED = re.compile(r"([1-5])\s*[x×*]\s*([1-5])\s+([1-5])\s*[x×*]\s*([1-5])\b\s*(.*)", re.IGNORECASE | re.DOTALL)
_DAY = re.compile(r"(?:\d{4}-\d\d-\d\d|\d{1,2}/\d{1,2}/\d{4}|\d{1,2} [a-z]+ \d{4})\b[,;:]?\s*", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Seen:
    """One risk as it stands, who asks, and the actions that came from it."""

    risk: Risk
    member: Member
    people: People
    actions: tuple[Action, ...] = ()

    @property
    def agency(self) -> str:
        """What the agency that owns it is called."""
        return self.people.agency_name(self.risk.agency)


async def listed(house: House, turn: Turn, rest: str) -> Answer:
    """`risks`, `risks MHT`, `risks high`: the register, or some of it. One request."""
    people = await house.directory.current()
    require(Act.SEE_ACTIONS, people.standing(turn.sender.user_id), house.today())
    rows: list[Risk] = await house.store.find(ask.open_rows(RISKS))
    forum = house.forum or house.board
    mine = ranked(each for each in rows if each.reference)
    if forum != house.board:  # in a forum's own channel its own register is meant
        mine = of_forum(mine, forum, default=house.board)
    found, asked = _filtered(mine, rest, people, house.board)
    channel = turn.reference.scope is not Scope.PERSONAL
    return Reply((Message(show.TITLE, card=show.risks_card(found, asked=asked, channel=channel)),))


def _filtered(risks: list[Risk], rest: str, people: People, board: str) -> tuple[list[Risk], str]:
    """Those of an agency, of a forum, of a level, or with all these words in them; and what it was filtered by."""
    said = " ".join(rest.split()).casefold()
    if not said:
        return risks, ""
    if said.upper() in people.agencies:
        return [each for each in risks if each.agency.upper() == said.upper()], f"of {people.agency_name(said.upper())}"
    if said.upper() in people.forums:
        return of_forum(risks, said, default=board), f"of {people.forums[said.upper()].name or said.upper()}"
    if said in {level.value for level in Level}:
        return [each for each in risks if after(each).level.value == said], f"rated {said}"
    parts = said.split()

    def holds(risk: Risk) -> bool:
        text = " ".join((risk.cause, risk.event, risk.impact, risk.controls, risk.category, risk.agency)).casefold()
        return all(part in text for part in parts)

    return [each for each in risks if holds(each)], "with these words"


async def typed(house: House, turn: Turn, rest: str) -> Answer:
    """`risk K-12`; `risk review K-12 4x5 2x4 2027-03-01 controls; why`; `risk close K-12 why`; else raise one."""
    step = _STEP.fullmatch(rest.strip())
    if step is not None:
        only_privately(turn, "risk_why")
        return await _step_typed(house, turn, RiskStep(step[1].casefold()), step[2], step[3])
    if _ONE.fullmatch(rest.strip()):
        seen = await _read(house, turn, rest.strip())
        if turn.reference.scope is not Scope.PERSONAL:
            return Reply((Message(show.TITLE, card=show.risks_card([seen.risk], asked="", channel=True)),))
        return _answer(turn, await _card(house, turn, seen))
    return await raising.typed(house, turn, rest, Raised.RISK)


async def _step_typed(house: House, turn: Turn, step: RiskStep, reference: str, said: str) -> Answer:
    seen = await _read(house, turn, reference)
    if step is RiskStep.REVIEW and not said.strip():
        return _answer(turn, _form(house, turn, seen))
    values: JSON = {
        "key": key_of(turn, step),
        **(_review(said, seen) if step is RiskStep.REVIEW else {"risk_why": said}),
    }
    try:
        seen = await _taken(house, seen, step, values)
    except NotUnderstood as wrong:
        return _answer(turn, await _back(house, turn, seen, step, values, wrong))
    return _answer(turn, await _card(house, turn, seen, said=show.DONE[step]))


def _review(said: str, seen: Seen) -> JSON:
    """`4x5 2x4 2027-03-01 controls; why`: without and with the controls; the day may be left out."""
    rated = _RATED.fullmatch(said.strip())
    if rated is None:
        return {"risk_why": said}
    rest, ahead = rated[5], ""
    day = _DAY.match(rest)
    if day is not None:
        days, _ = read_days(day[0], most=1)
        rest, ahead = rest[day.end() :], days[0].isoformat() if days else day[0].strip()
    controls, separator, why = rest.rpartition(";")
    return {
        "likelihood_before": rated[1],
        "impact_before": rated[2],
        "likelihood_after": rated[3],
        "impact_after": rated[4],
        "review_on": ahead,
        "controls": controls.strip() if separator else seen.risk.controls,
        "risk_why": why.strip(),
    }


async def open_card(house: House, turn: Turn) -> Answer:
    """One risk from a button."""
    return _answer(turn, await _card(house, turn, await _read(house, turn, text_in(turn, "reference"))))


async def open_form(house: House, turn: Turn) -> Answer:
    """The form of its review. One request."""
    seen = await _read(house, turn, text_in(turn, "reference"))
    if RiskStep.REVIEW not in steps(seen.risk, seen.member):
        return _answer(turn, await _card(house, turn, seen))
    return _answer(turn, _form(house, turn, seen))


async def take_step(house: House, turn: Turn) -> Answer:
    """Do what the button says; what cannot be done comes back as it was typed. Two requests."""
    try:
        step = RiskStep(text_in(turn, "risk_step"))
    except ValueError:
        raise NotUnderstood(FieldProblem("risk_step", Problem.STALE)) from None
    seen = await _read(house, turn, text_in(turn, "reference"))
    try:
        seen = await _taken(house, seen, step, turn.value)
    except NotUnderstood as wrong:
        return _answer(turn, await _back(house, turn, seen, step, turn.value, wrong))
    except StoreBusy:
        return _answer(turn, await _card(house, turn, seen, said=words.STORE_MAYBE, why=text_in(turn, "risk_why")))
    return _answer(turn, await _card(house, turn, seen, said=show.DONE[step]))


async def _back(  # noqa: PLR0917 - what was asked of which risk, and what is wrong with it
    house: House, turn: Turn, seen: Seen, step: RiskStep, values: JSON, wrong: NotUnderstood
) -> JSON:
    said = f"{words.not_sent(wrong.problems)} {words.found_in_fields(found_in(Form(values)))}".strip()
    if step is RiskStep.REVIEW:
        return _form(house, turn, seen, values=values, said=said)
    return await _card(house, turn, seen, said=said, why=str(values.get("risk_why") or ""))


async def _taken(house: House, seen: Seen, step: RiskStep, values: JSON) -> Seen:
    """Write a step once, deciding again when the row changed meanwhile; pressed twice it is one."""
    form_key = Form(values).key()
    for attempt in range(TRIES):
        if form_key and seen.risk.step_key == form_key:
            return seen
        changed = take(seen.risk, step, seen.member, Form(values), seen.people.agencies, house.now())
        try:
            kept = await house.store.change(RISKS, seen.risk, changed, by=seen.member.name, why=step.value)
        except Conflict:
            if attempt == TRIES - 1:
                raise
            (rows,) = await house.store.gather(ask.numbered(RISKS, seen.risk.id))
            if not rows:
                raise NotFound(seen.risk.reference) from None
            seen = replace(seen, risk=replace(rows[0], reference=seen.risk.reference))
        else:
            return replace(seen, risk=kept)
    return seen


async def _read(house: House, turn: Turn, said: str) -> Seen:
    """One risk with its actions, in one request. Raises NotFound, NotUnderstood for what is no reference."""
    people = await house.directory.current()
    member = require(Act.SEE_ACTIONS, people.standing(turn.sender.user_id), house.today())
    number = references.item_id(said, references.RISK)
    reference = references.reference(references.RISK, number)
    rows, actions = await house.store.gather(ask.numbered(RISKS, number), ask.actions_of(reference))
    if not rows:
        raise NotFound(reference)
    linked = tuple(sorted((each for each in actions if each.reference), key=lambda each: each.id))
    return Seen(replace(rows[0], reference=reference), member, people, linked)


async def _card(house: House, turn: Turn, seen: Seen, *, said: str = "", why: str = "") -> JSON:
    offered = [] if seen.member.has(Role.OBSERVER) else steps(seen.risk, seen.member)
    return show.risk_card(
        seen.risk,
        offered,
        seen.actions,
        house.new_key(),
        agency=seen.agency,
        in_dialog=in_dialog(turn),
        said=said,
        why=why,
    )


def _form(house: House, turn: Turn, seen: Seen, *, values: JSON | None = None, said: str = "") -> JSON:
    key = Form(values or {}).key() or house.new_key()
    return show.review_form(seen.risk, seen.people.agencies, key, in_dialog=in_dialog(turn), values=values, said=said)


def _answer(turn: Turn, card: JSON) -> Answer:
    return shown(turn, card, show.TITLE)


ROUTES = Routes(
    pressed={
        Verb.RISK: open_card,
        Verb.RISK_FORM: open_form,
        Verb.RISK_STEP: take_step,
    },
    said={"risks": listed, "risk": typed},
    opens=frozenset({Verb.RISK, Verb.RISK_FORM}),
)
"""What is answered about the register."""
