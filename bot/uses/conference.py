"""`conference`: recording who attended another forum's conference, which `engagement` counts by itself."""

from __future__ import annotations

import re
from dataclasses import replace

from board.conference import forums, held
from board.entitlement import Act, require
from board.errors import Conflict, FieldProblem, NotUnderstood, Problem, one_of
from board.forms import Form
from board.hearing import by_agency
from board.identifying import read_days
from board.records import Agency, Meeting, Member
from bot.attending import HOW, TYPED, keep_attendance
from bot.directory import People
from bot.house import TRIES, House
from bot.routes import Routes
from bot.turn import JSON, Answer, Turn
from bot.uses.looking import only_privately
from bot.uses.refer import in_dialog, shown
from cards import conference as show
from cards import words
from cards.verbs import Verb
from sharepoint import queries as ask
from sharepoint.errors import StoreBusy
from sharepoint.schema import ATTENDANCE, MEETINGS
from sharepoint.together import Together

_PARTS = re.compile(r"[,;\n]")
CANCELLED = ("cancelled", "canceled", "cancel")


async def _people(house: House, turn: Turn) -> tuple[Member, People]:
    people = await house.directory.current()
    return require(Act.RECORD_CONFERENCE, people.standing(turn.sender.user_id), house.today()), people


async def typed(house: House, turn: Turn, rest: str) -> Answer:
    """`conference` shows the form; `conference MAPPA 2026-11-20 MHT present, ASC absent`; `… cancelled`."""
    only_privately(turn, "conference_day")
    if not rest.strip():
        return await open_form(house, turn)
    code, _, more = rest.strip().partition(" ")
    days, said = read_days(more, most=1)
    if not days:
        raise NotUnderstood(FieldProblem("conference_day", Problem.NOT_A_DATE))
    values: JSON = {"forum": code, "conference_day": days[0].isoformat()}
    if said.strip(" .:").casefold() in CANCELLED:
        return await _kept(house, turn, values, {}, cancelled=True)
    _, people = await _people(house, turn)
    return await _kept(house, turn, values, _taking_part(said, people))


def _taking_part(said: str, people: People) -> dict[str, str]:
    """What was typed of each agency: its code, and how it took part. Raises NotUnderstood for what is neither."""
    found = dict[str, str]()
    for part in (each.strip(" .:") for each in _PARTS.split(said)):
        code, _, how = part.partition(" ")
        if not part:
            continue
        if code.upper() not in people.agencies:
            raise NotUnderstood(one_of("focus_agency", sorted(_agencies(people))))
        meant = HOW.get(" ".join(how.split()).casefold(), "")
        if not meant:
            raise NotUnderstood(one_of("attended", TYPED))
        found[code.upper()] = meant
    if not found:
        raise NotUnderstood(FieldProblem("attended", Problem.MISSING))
    return found


async def open_form(house: House, turn: Turn) -> Answer:
    """Open the empty form."""
    _, people = await _people(house, turn)
    return _answer(turn, _form(house, turn, people))


def _form(house: House, turn: Turn, people: People, *, values: JSON | None = None, said: str = "") -> JSON:
    key = Form(values or {}).key() or house.new_key()
    choices = [(words.tame(each.name or each.code)[:100], each.code) for each in forums(people.forums.values())]
    return show.conference_form(choices, _agencies(people), key, in_dialog=in_dialog(turn), values=values, said=said)


def _agencies(people: People) -> dict[str, Agency]:
    return {code: each for code, each in people.agencies.items() if each.open}


def _answer(turn: Turn, card: JSON) -> Answer:
    return shown(turn, card, show.TITLE)


async def take_form(house: House, turn: Turn) -> Answer:
    """Keep the form; what cannot be kept comes back as it was chosen."""
    _, people = await _people(house, turn)
    try:
        form = Form(turn.value)
        said = {code: form.text(f"attend_{code}") for code in _agencies(people)}
        form.done()
        return await _kept(house, turn, turn.value, {code: each for code, each in said.items() if each})
    except NotUnderstood as wrong:
        told = words.not_sent(wrong.problems)
    except StoreBusy:
        told = words.STORE_MAYBE
    return _answer(turn, _form(house, turn, people, values=turn.value, said=told))


async def _kept(house: House, turn: Turn, values: JSON, said: dict[str, str], *, cancelled: bool = False) -> Answer:
    """Write the conference's row, found by forum and day, and who was there. Recorded again, it is changed. Two
    requests, four where it was recorded before."""
    member, people = await _people(house, turn)
    wanted = held(Form(values), people.forums, house.today(), cancelled=cancelled)
    for attempt in range(TRIES):
        try:
            row, fresh = await house.store.add_once(MEETINGS, wanted, by=member.name, why="recorded")
            reference = MEETINGS.reference_of(row)
            before = {} if fresh else by_agency(await house.store.find(ask.about(ATTENDANCE, reference)))
            batch = Together(house.store, member.name)
            batch.change(MEETINGS, row, _as_wanted(row, wanted), why="recorded")
            kept = await keep_attendance(batch, reference, before, said)
        except Conflict:
            if attempt == TRIES - 1:
                raise
        else:
            name = people.forums[wanted.forum].name or wanted.forum
            assert wanted.held_on is not None
            there = {**before, **kept}
            card = show.conference_card(reference, name, wanted.held_on, there, cancelled=cancelled)
            return _answer(turn, card)
    return None


def _as_wanted(row: Meeting, wanted: Meeting) -> Meeting:
    """The conference's row as it is to be, with its number."""
    return replace(row, status=wanted.status, open=False, reference=MEETINGS.reference_of(row))


ROUTES = Routes(
    pressed={Verb.CONFERENCE_FORM: open_form, Verb.CONFERENCE_SUBMIT: take_form},
    said={"conference": typed},
    opens=frozenset({Verb.CONFERENCE_FORM}),
)
