"""Hearing one case in the meeting: the look on record, everything in one view, and what the meeting makes of it.

A form says which state of the record it was made from, so of two people who record at once the second sees what the
first wrote beside their own words, and neither is overwritten.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Any

from board import references
from board.entitlement import Act, Standing, admitted, may_chair, refusal
from board.errors import Conflict, FieldProblem, NotAllowed, NotFound, NotUnderstood, Problem, Refusal
from board.forms import Form
from board.hearing import Heard, Room, accepted_by, after_hearing, as_values, beside, hear, volunteered
from board.listing import spoken, subgroup_of, the_next
from board.minuting import read_hearing
from board.records import Attendance, Forum, Hearing, Meeting, Referral, Return, Subject
from board.stepping import has_step
from board.vocabulary import MeetingStatus
from bot.directory import People, people, queries
from bot.house import TRIES, House, key_of
from bot.routes import Routes
from bot.turn import Answer, Message, Reply, Turn
from bot.uses.case import Case
from bot.uses.looking import look_first, show_for_a_while, stub_later
from bot.uses.meeting import going_on, open_sheet
from bot.uses.refer import in_dialog, page, text_in
from bot.uses.week import LOOKED_BACK, meeting_id, open_week, privately
from cards import hearing as show
from cards import words
from cards.verbs import Verb
from sharepoint import queries as ask
from sharepoint.errors import StoreBusy
from sharepoint.schema import ACTIONS, ATTENDANCE, HEARINGS, REFERRALS, RETURNS, SUBJECTS
from sharepoint.together import Together

REASON = "Chairing the subgroup"


class Meanwhile(Exception):
    """Somebody else recorded the case first; `theirs` is what they wrote."""

    def __init__(self, theirs: Hearing) -> None:
        super().__init__(theirs.reference)
        self.theirs = theirs


@dataclass(frozen=True, slots=True)
class Sitting:
    """One case in one meeting, with all that decides about it, of one moment."""

    who: Standing
    people: People
    forum: Forum
    meeting: Meeting
    meetings: tuple[Meeting, ...]
    referral: Referral
    hearing: Hearing | None
    attendance: tuple[Attendance, ...]
    returns: tuple[Return, ...] = ()
    subjects: tuple[Subject, ...] = ()
    pointers: frozenset[str] = frozenset()

    @property
    def shown(self) -> Referral:
        """The referral as the meeting sees it: an earlier one that is restricted is named to those let in alone."""
        hidden = self.referral.repeat_of in self.pointers
        return replace(self.referral, repeat_of="") if hidden else self.referral

    @property
    def room(self) -> Room:
        """Where it is heard."""
        agencies = {code: each for code, each in self.people.agencies.items() if self.forum.includes(code)}
        following = the_next(self.meetings, self.forum, self.meeting)
        day = following.held_on or self.meeting.held_on
        assert day is not None
        return Room(spoken(self.meeting), self.forum, day, agencies, tuple(self.people.members.values()))

    @property
    def case(self) -> Case:
        """The case by itself, with who asks."""
        return Case(self.referral, self.who, self.people, self.returns, self.subjects)


async def open_sitting(house: House, turn: Turn, spoken_: str, meeting: str, *, subjects: bool = False) -> Sitting:
    """Read a case as a meeting hears it; who it is about only when `subjects` says so. One request.

    Raises NotFound, and NotAllowed when the meeting does not go on or its statement was not accepted.
    """
    number = references.item_id(spoken_, references.REFERRAL)
    reference, key = references.reference(references.REFERRAL, number), f"S-{meeting_id(meeting)}"
    found = await house.store.gather(
        *queries(),
        ask.meetings_since(house.today() - LOOKED_BACK),
        ask.numbered(REFERRALS, number),
        ask.keyed(HEARINGS, f"{key}/{reference}"),
        ask.about(ATTENDANCE, key),
        *(
            [ask.about(RETURNS, reference), ask.about(SUBJECTS, reference), ask.restricted_referrals()]
            if subjects
            else []
        ),
    )
    members, agencies, forums, meetings, referrals, hearings, attendance, *detail = found
    everybody = people(members, agencies, forums, house.board)
    who = everybody.standing(turn.sender.user_id)
    against = refusal(Act.RUN_MEETING, who, house.today())
    if against is not None or who.member is None:
        raise NotAllowed(against or Refusal.STRANGER)
    its = next((m for m in meetings if spoken(m) == key), None)
    if its is None or its.status != MeetingStatus.IN_PROGRESS or its.held_on is None:
        raise NotAllowed(Refusal.MEETING_OVER)
    if not accepted_by(attendance, who.member.user_id):
        raise NotAllowed(Refusal.NOT_ACCEPTED)
    if not referrals or not referrals[0].reference:
        raise NotFound(reference)
    board = everybody.board
    forum = everybody.forum(its.forum) or subgroup_of(everybody.forums.values(), its.forum, board=board)
    may_chair(who.member, forum.code)
    return Sitting(
        who=who,
        people=everybody,
        forum=forum,
        meeting=its,
        meetings=tuple(meetings),
        referral=referrals[0],
        hearing=hearings[0] if hearings else None,
        attendance=tuple(attendance),
        returns=tuple(detail[0]) if subjects else (),
        subjects=tuple(detail[1]) if subjects else (),
        pointers=frozenset(r.reference for r in detail[2] if not admitted(who.member, r)) if subjects else frozenset(),
    )


async def open_case(house: House, turn: Turn) -> Answer:
    """Open the case chosen, or the next on the list: the look is recorded first. Three requests at most."""
    reference, meeting = text_in(turn, "reference"), text_in(turn, "meeting")
    if not reference:
        week = await open_week(house, turn, Act.RUN_MEETING, code=text_in(turn, "forum"), resume=True)
        going_on(week, meeting)
        if not week.list.cases:
            return await open_sheet(house, turn)
        reference = week.list.cases[0].reference
    sitting = await open_sitting(house, turn, reference, meeting, subjects=True)
    key = Form(turn.value).key()
    if not key:
        raise NotUnderstood(FieldProblem("key", Problem.STALE))
    case = sitting.referral.reference
    await look_first(house, turn, sitting.case, Act.RECORD_HEARING, REASON, f"{key}-{case}")
    if not in_dialog(turn):
        await stub_later(house, turn, case, turn.replied_to)
    return page(turn, _card(house, turn, sitting), show.TITLE)


def _card(house: House, turn: Turn, sitting: Sitting) -> Any:
    before = sitting.hearing
    return show.case_card(
        sitting.shown,
        sitting.subjects,
        sitting.returns,
        sitting.room.agencies,
        meeting=spoken(sitting.meeting),
        forum=sitting.forum.code,
        key=house.new_key(),
        seen=before.etag if before else "",
        values=as_values(before) if before else {},
        in_dialog=in_dialog(turn),
    )


async def take_case(house: House, turn: Turn) -> Answer:
    """Keep what the meeting made of a case. Three requests, or five when somebody else was at it."""
    reference, meeting = text_in(turn, "reference"), text_in(turn, "meeting")
    theirs, seen, values = None, text_in(turn, "seen"), dict(turn.value)
    try:
        heard = await _keep(house, turn, reference, meeting, turn.value)
    except Meanwhile as other:
        theirs, seen, said = other.theirs, other.theirs.etag, show.MEANWHILE
        values = beside(turn.value, theirs)
    except NotUnderstood as wrong:
        said = f"{words.not_sent(wrong.problems)} {words.TYPED_BELOW}"
    except NotAllowed as refused:
        if refused.refusal not in (Refusal.CLOSED, Refusal.NOT_HEARABLE, Refusal.MEETING_OVER):
            raise
        said = f"{words.refused(refused.refusal, '')} {words.TYPED_BELOW}"
    except (StoreBusy, Conflict) as error:
        said = words.STORE_MAYBE if isinstance(error, StoreBusy) else words.CONFLICT
    else:
        return page(turn, _kept_card(house, turn, heard, meeting), show.TITLE)
    everybody = await house.directory.current()
    key = Form(turn.value).key() if theirs is None else ""
    card = show.form_again(
        _named(reference),
        everybody.agencies,
        meeting=f"S-{meeting_id(meeting)}",
        forum=text_in(turn, "forum"),
        key=key or house.new_key(),
        seen=seen,
        values=values,
        said=said,
        theirs=theirs,
    )
    return page(turn, card, show.TITLE)


def _named(said: str) -> str:
    return references.reference(references.REFERRAL, references.item_id(said, references.REFERRAL))


def _kept_card(house: House, turn: Turn, heard: Heard, meeting: str) -> Any:
    return show.kept_card(
        heard.referral.reference,
        heard.hearing.decision,
        len(heard.actions),
        forum=text_in(turn, "forum"),
        meeting=meeting,
        key=house.new_key(),
    )


async def _keep(house: House, turn: Turn, reference: str, meeting: str, values: Any) -> Heard:
    """Write the hearing first, then what follows from it; the same press again completes what broke off."""
    form = Form(values)
    key = form.key()
    form.done()
    for attempt in range(TRIES):
        sitting = await open_sitting(house, turn, reference, meeting)
        try:
            heard = await _recorded(house, sitting, values, key)
            await _followed(house, sitting, heard, key)
        except Conflict:
            if attempt == TRIES - 1:
                raise
        else:
            house.nudge(heard.referral.reference)
            return heard
    raise Conflict


async def _recorded(house: House, sitting: Sitting, values: Any, key: str) -> Heard:
    before, member = sitting.hearing, sitting.who.member
    assert member is not None
    if before is not None and has_step(before.step_key, key):
        return _again(sitting, before, values, key, house)
    if before is not None and before.etag != (values.get("seen") or ""):
        raise Meanwhile(before)
    sitting.case.require(Act.RECORD_HEARING, house)
    heard = hear(Form(values), sitting.referral, before, member, sitting.room, now=house.now())
    if before is not None:
        await house.store.change(HEARINGS, before, heard.hearing, by=member.name, why="heard")
        return heard
    kept, fresh = await house.store.add_once(HEARINGS, heard.hearing, by=member.name, why="heard")
    if not fresh and not has_step(kept.step_key, key):
        raise Meanwhile(kept)
    return heard


def _again(sitting: Sitting, hearing: Hearing, values: Any, key: str, house: House) -> Heard:
    """What a press that was recorded already comes to: what follows from it may still be wanting."""
    form, case = Form(values), sitting.referral
    actions = volunteered(form, case.reference, sitting.room, key, now=house.now())
    form.done()
    if not has_step(case.step_key, key):
        case = after_hearing(case, hearing, form.text("redirect_to"), key, now=house.now())
    return Heard(hearing, case, actions)


async def _followed(house: House, sitting: Sitting, heard: Heard, key: str) -> None:
    """The actions volunteered and the case's next state, in one request. The feed numbers the actions."""
    member = sitting.who.member
    assert member is not None
    batch = Together(house.store, member.name)
    for action in heard.actions:
        batch.add(ACTIONS, action, why=f"volunteered in {spoken(sitting.meeting)}")
    if not has_step(sitting.referral.step_key, key):
        batch.change(REFERRALS, sitting.referral, heard.referral, why=f"heard in {spoken(sitting.meeting)}")
    await batch.send()


async def typed(house: House, turn: Turn, rest: str) -> Answer:
    """`hear R-14` shows the case in a private chat for ten minutes; `hear R-14 plan: rationale` records it."""
    privately(turn)
    reference, _, said = rest.strip().partition(" ")
    week = await open_week(house, turn, Act.RUN_MEETING, resume=True)
    meeting = spoken(going_on(week))
    if not said.strip():
        return await _shown(house, turn, reference, meeting)
    values: dict[str, Any] = {**read_hearing(said), "key": key_of(turn, "hear")}
    try:
        heard = await _keep(house, turn, reference, meeting, values)
    except Meanwhile as other:
        told = f"{other.theirs.reference} is recorded in {meeting} already, so nothing was overwritten. "
        told += "To see it and change it, type *subgroup* and open the case."
        return Reply((Message("Not kept", text=told),))
    also = f" {words.count(len(heard.actions), 'action')} added." if heard.actions else ""
    told = f"{heard.referral.reference} is kept in {meeting}: {heard.hearing.decision}.{also}"
    return Reply((Message("Kept", text=told),))


async def _shown(house: House, turn: Turn, reference: str, meeting: str) -> Answer:
    sitting = await open_sitting(house, turn, reference, meeting, subjects=True)
    case = sitting.referral.reference
    await look_first(house, turn, sitting.case, Act.RECORD_HEARING, REASON, key_of(turn, "hear"))
    await show_for_a_while(house, turn, case, f"Case {case}", _card(house, turn, sitting))
    return None


ROUTES = Routes(pressed={Verb.HEAR: open_case, Verb.HEAR_SUBMIT: take_case}, said={"hear": typed})
