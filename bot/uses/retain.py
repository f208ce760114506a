"""Keeping or disposing of a closed case's record: what is due, a person's decision, a second person's confirmation."""

from __future__ import annotations

import calendar
import re
from datetime import date

from board import references
from board import retention as rule
from board.entitlement import Act, require
from board.errors import Conflict, FieldProblem, NotFound, NotUnderstood, Problem
from board.forms import Form
from board.records import Member, Referral
from board.restricting import has_taken, taken
from board.retention import Choice, Stage
from bot.house import TRIES, House, key_of
from bot.routes import Press, Routes
from bot.turn import JSON, Answer, CloseDialog, Message, ReplaceCard, Reply, Scope, Toast, Turn
from bot.uses.case import Case, open_case
from bot.uses.refer import in_dialog, page, text_in
from cards import retention as show
from cards import words
from cards.verbs import Verb
from sharepoint import queries as find
from sharepoint.errors import StoreBusy
from sharepoint.schema import REFERRALS

_KEEP = re.compile(r"(?:until\s+)?([0-9]{4}-[0-9]{2}-[0-9]{2})\b[\s:,]*(.*)", re.IGNORECASE | re.DOTALL)


def _private(turn: Turn) -> None:
    if turn.reference.scope is not Scope.PERSONAL:
        raise NotUnderstood(FieldProblem("retention", Problem.NOT_PRIVATE))


def month_end(today: date) -> date:
    """The last day of the month: what is due until then is listed."""
    return today.replace(day=calendar.monthrange(today.year, today.month)[1])


async def due(house: House, turn: Turn, rest: str) -> Answer:
    """`retention`: what is to be decided by the end of the month, and what waits. Two requests at most."""
    _private(turn)
    return Reply((Message(show.TITLE, card=await _page(house, turn, rest.strip())),))


async def turn_page(house: House, turn: Turn) -> Answer:
    """Another page, in the place of the one before."""
    number = text_in(turn, "page")
    return ReplaceCard(await _page(house, turn, str(int(number) + 1) if number.isdecimal() and len(number) < 6 else ""))


async def _page(house: House, turn: Turn, spoken: str) -> JSON:
    people = await house.directory.current()
    require(Act.RETAIN, people.standing(turn.sender.user_id), house.today())
    until, today = month_end(house.today()), house.today()
    found: list[Referral] = await house.store.find(find.records_due(until))
    rows = rule.due(found, until)
    number = int(spoken) - 1 if spoken.isdecimal() and len(spoken) < 6 else 0
    stages = [rule.stage(row, until) for row in rows]
    return show.due_card(rows, stages, number, until, today)


async def open_record(house: House, turn: Turn) -> Answer:
    """*Decide on R-14*: how its record stands."""
    case = await _open(house, turn, text_in(turn, "reference"))
    return page(turn, _card(house, turn, case.referral), show.TITLE)


async def _open(house: House, turn: Turn, spoken: str) -> Case:
    case = await open_case(house, turn.sender.user_id, spoken)
    require(Act.RETAIN, case.who, house.today())  # of a record that is gone, too: how it went is theirs to see
    return case


def _card(house: House, turn: Turn, row: Referral, values: JSON | None = None, said: str = "") -> JSON:
    second = bool(row.retention_by_id) and turn.sender.user_id != row.retention_by_id
    at = rule.stage(row, house.today())
    return show.record_card(
        row, at, house.new_key(), in_dialog=in_dialog(turn), second=second, values=values, said=said
    )


async def keep_typed(house: House, turn: Turn, rest: str) -> Answer:
    """`keep R-14 until 2033-01-01 why`; anything less shows the form with what was typed."""
    _private(turn)
    spoken, _, said = rest.strip().partition(" ")
    read = _KEEP.fullmatch(said.strip())
    values = {"keep_until": read[1], "retention_why": read[2]} if read else {"retention_why": said.strip()}
    return await _typed(house, turn, spoken, Choice.KEEP, values)


async def dispose_typed(house: House, turn: Turn, rest: str) -> Answer:
    """`dispose R-14 why`, then by a second person `dispose R-14 confirm`. `dispose R-14` shows how it stands, and has
    one that went in part tried again."""
    _private(turn)
    spoken, _, said = rest.strip().partition(" ")
    if said.strip(" .!").casefold() == "confirm":
        return await _typed(house, turn, spoken, Choice.CONFIRM, {})
    if not said.strip():
        case = await _open(house, turn, spoken)
        if rule.stage(case.referral, house.today()) in (Stage.IN_PART, Stage.UNDER_WAY):
            house.dispose()
            return _reply(show.AGAIN.format(reference=case.referral.reference))
        return Reply((Message(show.TITLE, card=_card(house, turn, case.referral)),))
    return await _typed(house, turn, spoken, Choice.DISPOSE, {"retention_why": said.strip()})


async def _typed(house: House, turn: Turn, spoken: str, choice: Choice, values: JSON) -> Answer:
    keyed = {**values, "key": key_of(turn, choice)}
    try:
        return _reply(await _decided(house, turn, spoken, choice, keyed))
    except NotUnderstood as wrong:
        case = await _open(house, turn, spoken)
        said = f"{words.not_sent(wrong.problems)} {words.TYPED_BELOW}"
        return Reply((Message(show.TITLE, card=_card(house, turn, case.referral, values, said)),))


def _reply(text: str) -> Answer:
    return Reply((Message(text, text=text),))


def _pressed(choice: Choice) -> Press:
    async def press(house: House, turn: Turn) -> Answer:
        reference = text_in(turn, "reference")
        try:
            told = await _decided(house, turn, reference, choice, turn.value)
        except NotUnderstood as wrong:
            said = words.not_sent(wrong.problems)
        except StoreBusy:
            said = words.STORE_MAYBE
        else:
            return page(turn, show.kept_so(_reference(reference), told), show.TITLE)
        case = await _open(house, turn, reference)
        return page(turn, _card(house, turn, case.referral, turn.value, said), show.TITLE)

    return press


def _reference(spoken: str) -> str:
    return references.reference(references.REFERRAL, references.item_id(spoken, references.REFERRAL))


async def again(house: House, turn: Turn) -> Answer:
    """*Try again*: what could not go the last time is tried at once."""
    case = await _open(house, turn, text_in(turn, "reference"))
    house.dispose()
    told = show.AGAIN.format(reference=case.referral.reference)
    return CloseDialog(told) if in_dialog(turn) else Toast(told)


async def _decided(house: House, turn: Turn, spoken: str, choice: Choice, values: JSON) -> str:
    """Decide and write, once more when somebody changed the row meanwhile. Three requests."""
    key = Form(values).key()
    for attempt in range(TRIES):
        case = await _open(house, turn, spoken)
        if has_taken(case.referral, key):
            return _told(case.referral, choice)
        member = case.require(Act.RETAIN, house)
        live = choice is not Choice.KEEP and await _is_live(house, case.referral, member, choice)
        after = rule.decide(case.referral, member, choice, Form(values), now=house.now(), live=live)
        try:
            kept = await house.store.change(
                REFERRALS, case.referral, taken(after, key), by=member.name, why=f"retention: {choice}"
            )
        except Conflict:
            if attempt == TRIES - 1:
                raise
        else:
            if choice is Choice.CONFIRM:
                house.dispose()
            return _told(kept, choice)
    raise NotFound(spoken)


async def _is_live(house: House, referral: Referral, member: Member, choice: Choice) -> bool:
    """Whether something of the case still goes on; not asked where another rule says no anyway."""
    if rule.refusal(referral, member, choice, house.today()) is not None:
        return False
    plans, actions = await house.store.gather(find.plans_of(referral.reference), find.open_actions())
    numbers = {plan.id for plan in plans}
    return any(plan.open for plan in plans) or any(
        rule.came_from(action.source, referral.id, numbers) for action in actions
    )


def _told(row: Referral, choice: Choice) -> str:
    if choice is Choice.KEEP:
        return show.KEPT.format(reference=row.reference, day=words.day(row.review_on))
    said = show.CONFIRMED if choice is Choice.CONFIRM else show.DECIDED
    return said.format(reference=row.reference)


ROUTES = Routes(
    pressed={
        Verb.RETAIN: open_record,
        Verb.RETAIN_PAGE: turn_page,
        Verb.RETAIN_KEEP: _pressed(Choice.KEEP),
        Verb.RETAIN_DISPOSE: _pressed(Choice.DISPOSE),
        Verb.RETAIN_CONFIRM: _pressed(Choice.CONFIRM),
        Verb.RETAIN_AGAIN: again,
    },
    said={"retention": due, "keep": keep_typed, "dispose": dispose_typed},
    opens=frozenset({Verb.RETAIN}),
)
