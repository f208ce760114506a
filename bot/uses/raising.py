"""Raising a risk or a lesson from a case, a meeting or nothing: checked, and kept without where it came from."""

from __future__ import annotations

from dataclasses import replace

from board import references
from board.entitlement import Act, require
from board.errors import Conflict, FieldProblem, NotUnderstood, Problem
from board.forms import Form
from board.raising import FIELDS, Raised, found_in, raise_it
from board.records import Lesson, Member, Risk, Subject
from bot.house import House, key_of
from bot.routes import Routes
from bot.turn import JSON, Answer, Message, Reply, Scope, Turn
from bot.uses.case import open_case
from bot.uses.refer import in_dialog, page, text_in
from cards import raising as show
from cards import words
from cards.verbs import Verb
from sharepoint.errors import StoreBusy
from sharepoint.schema import LESSONS, RISKS


async def open_form(house: House, turn: Turn) -> Answer:
    """Open the empty form."""
    await _member(house, turn)
    what = _what(text_in(turn, "what"))
    form = show.raise_form(what, house.new_key(), case=text_in(turn, "case")[:12], in_dialog=in_dialog(turn))
    return page(turn, form, show.TITLES[what])


def _what(said: str) -> Raised:
    try:
        return Raised(said)
    except ValueError:
        raise NotUnderstood(FieldProblem("step", Problem.STALE)) from None


async def _member(house: House, turn: Turn) -> Member:
    everybody = await house.directory.current()
    return require(Act.RAISE, everybody.standing(turn.sender.user_id), house.today())


async def take_form(house: House, turn: Turn) -> Answer:
    """Keep it; what cannot be kept comes back as it was typed, with what was found in it."""
    what = _what(text_in(turn, "what"))
    case = text_in(turn, "case")[:12]
    subjects = await _subjects(house, turn, case)
    try:
        kept = await _kept(house, turn, what, turn.value, subjects)
    except NotUnderstood as wrong:
        found = words.found_in_fields(found_in(Form(turn.value), what, subjects))
        said = f"{words.not_sent(wrong.problems)} {found}".strip()
    except StoreBusy:
        said = words.STORE_MAYBE
    else:
        return page(turn, show.raised_card(what, kept.reference), show.TITLES[what])
    key = Form(turn.value).key() or house.new_key()
    card = show.raise_form(what, key, case=case, in_dialog=in_dialog(turn), values=turn.value, said=said)
    return page(turn, card, show.TITLES[what])


async def _subjects(house: House, turn: Turn, case: str) -> tuple[Subject, ...]:
    """The people of the case it is raised from, to compare with; nobody's where it comes from none."""
    if not case:
        return ()
    opened = await open_case(house, turn.sender.user_id, case, subjects=True)
    opened.require(Act.LOOK, house)  # else what is found would tell who the case is about
    return opened.subjects


async def typed(house: House, turn: Turn, rest: str, what: Raised) -> Answer:
    """`risk: cause; event; impact`, in a private chat; `risk` alone, or `risk R-14`, shows the form."""
    if turn.reference.scope is not Scope.PERSONAL:
        raise NotUnderstood(FieldProblem("what", Problem.NOT_PRIVATE))
    await _member(house, turn)
    case = rest.strip().upper() if _is_case(rest) else ""
    if case or not rest.strip():
        form = show.raise_form(what, house.new_key(), case=case, in_dialog=False)
        return Reply((Message(show.TITLES[what], card=form),))
    values: JSON = dict(zip(FIELDS[what], (part.strip() for part in rest.split(";", 2)), strict=False))
    values["key"] = key_of(turn, what)
    try:
        kept = await _kept(house, turn, what, values, ())
    except NotUnderstood as wrong:
        said = f"{words.not_sent(wrong.problems)} {words.found_in_fields(found_in(Form(values), what, ()))}".strip()
        form = show.raise_form(what, house.new_key(), case="", in_dialog=False, values=values, said=said)
        return Reply((Message(show.TITLES[what], card=form),))
    return Reply((Message(show.TITLES[what], card=show.raised_card(what, kept.reference)),))


def _is_case(rest: str) -> bool:
    try:
        return bool(references.item_id(rest, references.REFERRAL))
    except NotUnderstood:
        return False


async def _kept(house: House, turn: Turn, what: Raised, values: JSON, subjects: tuple[Subject, ...]) -> Risk | Lesson:
    member = await _member(house, turn)
    new = raise_it(Form(values), what, member, subjects, forum=house.forum or house.board, now=house.now())
    if isinstance(new, Risk):
        risk, _ = await house.store.add_once(RISKS, new, by=member.name, why="raised")
        return risk if risk.reference else await _numbered(house, risk, member)
    lesson, _ = await house.store.add_once(LESSONS, new, by=member.name, why="raised")
    return lesson if lesson.reference else await _numbered(house, lesson, member)


async def _numbered(house: House, new: Risk | Lesson, member: Member) -> Risk | Lesson:
    try:
        if isinstance(new, Risk):
            return await house.store.number(RISKS, new, by=member.name)
        return await house.store.number(LESSONS, new, by=member.name)
    except Conflict:
        letter = references.RISK if isinstance(new, Risk) else references.LESSON
        return replace(new, reference=references.reference(letter, new.id))


ROUTES = Routes(
    pressed={Verb.RAISE: open_form, Verb.RAISE_SUBMIT: take_form},
    opens=frozenset({Verb.RAISE}),
)
