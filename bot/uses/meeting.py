"""`subgroup`: running the meeting from its statement to its close, on any device, by whoever runs it."""

from __future__ import annotations

from board.entitlement import Act
from board.errors import Conflict, FieldProblem, NotAllowed, NotUnderstood, Problem, Refusal, one_of
from board.forms import Form
from board.hearing import acceptance, closed, opened
from board.listing import listed, settled, spoken
from board.records import Meeting, Member
from board.vocabulary import MeetingStatus
from bot.attending import HOW, TYPED, keep_attendance
from bot.house import TRIES, House
from bot.routes import Routes
from bot.turn import JSON, Answer, Turn
from bot.uses.refer import in_dialog, page, shown, text_in
from bot.uses.week import Course, Week, course, number, open_week, with_row
from cards import meeting as show
from cards import words
from cards.verbs import Verb
from sharepoint.errors import StoreBusy
from sharepoint.schema import ATTENDANCE, MEETINGS, REFERRALS
from sharepoint.together import Together


async def subgroup(house: House, turn: Turn, rest: str) -> Answer:
    """`subgroup`: where the meeting stands; `subgroup accept` begins it, `subgroup close` ends it."""
    word = rest.strip(" .").casefold()
    if word == "accept":
        return await accept(house, turn)
    if word == "close":
        return await close(house, turn)
    week = await open_week(house, turn, Act.RUN_MEETING, code=rest.strip(), resume=True)
    return await _sheet(house, turn, week)


async def open_sheet(house: House, turn: Turn) -> Answer:
    """Open the run-sheet from a button: it goes on where the meeting stopped. Two requests."""
    week = await open_week(house, turn, Act.RUN_MEETING, code=text_in(turn, "forum"), resume=True)
    return await _sheet(house, turn, week)


async def _sheet(house: House, turn: Turn, week: Week, so_far: Course | None = None, said: str = "") -> Answer:
    so_far = so_far or await course(house.store, week)
    return _answer(turn, _card(house, turn, week, so_far, said))


def _card(house: House, turn: Turn, week: Week, so_far: Course, said: str) -> JSON:
    return show.run_sheet(
        week.list,
        so_far.faces,
        so_far.awaited,
        so_far.agencies,
        so_far.hearings,
        accepted=so_far.accepted(runs(week)),
        agencies=belonging(week),
        key=house.new_key(),
        forum=week.forum.code,
        in_dialog=in_dialog(turn),
        said=said,
    )


def _answer(turn: Turn, card: JSON) -> Answer:
    return shown(turn, card, show.TITLE)


def runs(week: Week) -> Member:
    """Who runs the meeting; the entitlement was asked when the week was read."""
    if week.who.member is None:
        raise NotAllowed(Refusal.STRANGER)
    return week.who.member


def belonging(week: Week) -> list[str]:
    """The codes of the agencies that belong to the subgroup."""
    return [code for code in week.people.agencies if week.forum.includes(code)]


def going_on(week: Week, said: str = "") -> Meeting:
    """The meeting that is going on; raises NotAllowed when it is none, or another than `said`."""
    meeting = week.meeting
    if meeting.status != MeetingStatus.IN_PROGRESS or (said and said != spoken(meeting)):
        raise NotAllowed(Refusal.MEETING_OVER)
    return meeting


async def accept(house: House, turn: Turn) -> Answer:
    """Keep that the statement was accepted; the first to do so begins the meeting with its list settled.

    Four requests at most.
    """
    for attempt in range(TRIES):
        week = await open_week(house, turn, Act.RUN_MEETING, code=text_in(turn, "forum"), resume=True)
        try:
            week = await _begun(house, week)
        except Conflict:
            if attempt == TRIES - 1:
                raise
        else:
            return await _sheet(house, turn, week, said="Accepted. It is recorded with the meeting.")
    return None


async def _begun(house: House, week: Week) -> Week:
    member = runs(week)
    week = await with_row(house.store, week, member.name)
    batch = Together(house.store, member.name)
    meeting = opened(number(week.meeting), house.today())
    batch.change(MEETINGS, week.meeting, meeting, why="begun")
    batch.add(ATTENDANCE, acceptance(spoken(meeting), member, house.now()), why="statement accepted")
    changes = settled(week.list) if meeting.status != week.meeting.status else []
    for before, after in changes:
        batch.change(REFERRALS, before, after, why="listed")
    await batch.send()
    for _, after in changes:
        house.nudge(after.reference)
    return week.at(meeting, changed=[after for _, after in changes])


async def open_attendance(house: House, turn: Turn) -> Answer:
    """Open the form that asks how each agency takes part. Two requests."""
    week = await open_week(house, turn, Act.RUN_MEETING, code=text_in(turn, "forum"), resume=True)
    going_on(week)
    return page(turn, _form(house, turn, week, await course(house.store, week)), show.TITLE)


def _form(house: House, turn: Turn, week: Week, so_far: Course, *, values: JSON | None = None, said: str = "") -> JSON:
    return show.attendance_form(
        {code: week.people.agencies[code] for code in belonging(week)},
        so_far.agencies,
        meeting=spoken(week.meeting),
        key=house.new_key(),
        forum=week.forum.code,
        in_dialog=in_dialog(turn),
        values=values,
        said=said,
    )


async def take_attendance(house: House, turn: Turn) -> Answer:
    """Keep how the agencies take part, all at once. Three requests; decided again once on a conflict."""
    for attempt in range(TRIES):
        week = await open_week(house, turn, Act.RUN_MEETING, code=text_in(turn, "forum"), resume=True)
        going_on(week, text_in(turn, "meeting"))
        so_far = await course(house.store, week)
        try:
            wanted = _said(turn.value, week)
            so_far = await _kept(house, week, so_far, wanted)
        except NotUnderstood as wrong:
            said = words.not_sent(wrong.problems)
        except StoreBusy:
            said = words.STORE_MAYBE
        except Conflict:
            if attempt == 1:
                continue
            said = words.CONFLICT
        else:
            return await _sheet(house, turn, week, so_far, said="The attendance is kept.")
        return page(turn, _form(house, turn, week, so_far, values=turn.value, said=said), show.TITLE)
    return None


def _said(values: JSON, week: Week) -> dict[str, str]:
    """What the form says of each agency that it says anything of."""
    form = Form(values)
    said = {code: form.text(f"attend_{code}") for code in belonging(week)}
    form.done()
    return {code: each for code, each in said.items() if each}


async def _kept(house: House, week: Week, so_far: Course, said: dict[str, str]) -> Course:
    before = so_far.agencies
    kept = await keep_attendance(Together(house.store, runs(week).name), spoken(week.meeting), before, said)
    others = tuple(row for row in so_far.attendance if row not in before.values() or row.agency not in kept)
    return Course((*others, *kept.values()), so_far.hearings, so_far.faces, so_far.awaited)


async def attend(house: House, turn: Turn, rest: str) -> Answer:
    """`attend S-31 POL present`, or without the number: one agency at the meeting that goes on."""
    said = rest.split()
    meeting = said.pop(0).upper() if said and said[0][:2].upper() == "S-" else ""
    if len(said) < 2:
        raise NotUnderstood(FieldProblem("attended", Problem.MISSING))
    week = await open_week(house, turn, Act.RUN_MEETING, resume=True)
    going_on(week, meeting)
    code, how = said[0].upper(), HOW.get(" ".join(said[1:]).strip(" .").casefold(), "")
    if code not in belonging(week):
        raise NotUnderstood(one_of("focus_agency", sorted(belonging(week))))
    if not how:
        raise NotUnderstood(one_of("attended", TYPED))
    so_far = await _kept(house, week, await course(house.store, week), {code: how})
    return await _sheet(house, turn, week, so_far, said="The attendance is kept.")


async def close(house: House, turn: Turn) -> Answer:
    """End the meeting: what it did not come to goes to the next list, and that is said. Four requests at most."""
    for attempt in range(TRIES):
        week = await open_week(house, turn, Act.RUN_MEETING, code=text_in(turn, "forum"), resume=True)
        going_on(week, text_in(turn, "meeting"))
        so_far = await course(house.store, week)
        try:
            following = await _closed(house, week)
        except Conflict:
            if attempt == TRIES - 1:
                raise
        else:
            left = [case.reference for case in week.list.cases]
            card = show.closed_card(spoken(week.meeting), len(so_far.hearings), left, words.weekday(following.held_on))
            return _answer(turn, card)
    return None


async def _closed(house: House, week: Week) -> Meeting:
    """Write what is left onto the next list, whose meeting's row is made where it is needed; then the meeting's end."""
    member, following, batch = runs(week), week.next_meeting, Together(house.store, runs(week).name)
    if week.list.cases and not following.id:
        following, _ = await house.store.add_once(MEETINGS, following, by=member.name, why="planned")
    for case in week.list.cases:
        batch.change(REFERRALS, case, listed(case, spoken(following)), why=f"not heard in {spoken(week.meeting)}")
    if following.id:
        batch.change(MEETINGS, following, number(following), why="numbered")
    batch.change(MEETINGS, week.meeting, closed(number(week.meeting)), why="closed")
    await batch.send()
    for case in week.list.cases:
        house.nudge(case.reference)
    return following


ROUTES = Routes(
    pressed={
        Verb.SUBGROUP: open_sheet,
        Verb.SUBGROUP_ACCEPT: accept,
        Verb.SUBGROUP_CLOSE: close,
        Verb.ATTENDANCE: open_attendance,
        Verb.ATTENDANCE_SUBMIT: take_attendance,
    },
    said={"subgroup": subgroup, "attend": attend},
    opens=frozenset({Verb.SUBGROUP}),
)
