"""`report`: the subgroup's report to the board, counted from the records, submitted once and then frozen."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import timedelta
from typing import Any

from board import references
from board.entitlement import Act, Standing, may_chair, own_forum, refusal, require
from board.errors import Conflict, NotAllowed, NotUnderstood, Refusal
from board.forms import PARAGRAPH, Form
from board.listing import of_forum, subgroup_of
from board.records import AgendaItem, Member, Subject
from board.reporting import (
    REPORT,
    SUPPLEMENT,
    Figures,
    Period,
    Records,
    Reporting,
    exactly,
    figures,
    for_board,
    found_in,
    period,
    report_key,
    submit,
)
from board.vocabulary import NO_BOARDS, MeetingKind
from bot.directory import people, queries
from bot.house import House, key_of
from bot.routes import Routes
from bot.turn import JSON, Answer, Kind, Message, ReplaceCard, Reply, Turn
from bot.uses.refer import text_in
from bot.uses.week import privately
from cards import reporting as show
from cards import words
from cards.verbs import Verb
from sharepoint import queries as ask
from sharepoint.errors import StoreBusy
from sharepoint.schema import AGENDA_ITEMS, ATTENDANCE, PLANS, RETURNS, SUBJECTS

READ_BACK = timedelta(weeks=13)
"""How far back the records of a report are read: two boards, so that a report left out is still counted from."""


@dataclass(frozen=True, slots=True)
class Drawn:
    """A report as it stands: who asks, what it is made of, and what was submitted already."""

    who: Standing
    of: Reporting
    report: AgendaItem | None
    supplements: tuple[AgendaItem, ...]
    subjects: tuple[Subject, ...]

    @property
    def member(self) -> Member:
        """Who asks; the entitlement was asked when it was drawn."""
        assert self.who.member is not None
        return self.who.member

    def may_submit(self, house: House) -> bool:
        """Whether they may submit it."""
        return refusal(Act.REPORT_TO_BOARD, self.who, house.today()) is None


async def draw(house: House, turn: Turn, code: str = "") -> Drawn:
    """Count the report from the records. Two requests; one more for each further hundred reads of a busy time."""
    privately(turn)
    since = house.now() - READ_BACK
    found = await house.store.gather(
        *queries(),
        ask.meetings_since(since.date()),
        ask.hearings_since(since),
        ask.referrals_closed_since(since),
        ask.for_the_list(),
        ask.open_rows(PLANS),
        ask.plans_agreed_since(since),
        ask.plans_expired_between(since.date(), house.today()),
        ask.items_since(AGENDA_ITEMS, since),
    )
    members, agencies, forums, meetings, hearings, ended, live, *plans, items = found
    everybody = people(members, agencies, forums, house.board)
    who = everybody.standing(turn.sender.user_id)
    member = require(Act.RUN_MEETING, who, house.today())
    code = code or own_forum(member, everybody.forums)
    forum = subgroup_of(everybody.forums.values(), code, board=everybody.board)
    may_chair(member, forum.code)
    spoken = period(everybody.board, items, forum, house.now(), meetings)
    its = [m for m in meetings if m.forum.upper() == forum.code.upper() and m.kind == MeetingKind.SUBGROUP]
    named = {m.reference for m in its}
    heard = [h for h in hearings if h.meeting in named and spoken.holds(h.heard_on)]
    cases = {case.reference: case for case in (*ended, *live) if of_forum(case, forum, everybody.forums)}
    attendance, returns, subjects = await _details(house, sorted(named), sorted({h.reference for h in heard}))
    records = Records(
        hearings=heard,
        referrals=list(cases.values()),
        meetings=its,
        attendance=attendance,
        returns=returns,
        plans=list({plan.id: plan for rows in plans for plan in rows if plan.case in cases}.values()),
    )
    counted = figures(records, spoken, [code_ for code_ in everybody.agencies if forum.includes(code_)])
    key = report_key(forum, spoken)
    return Drawn(
        who,
        Reporting(forum, spoken, _board_meeting(meetings, spoken), counted),
        next((item for item in items if item.key == key), None),
        tuple(item for item in items if _is_supplement(item, forum.code, spoken)),
        tuple(subjects),
    )


def _is_supplement(item: AgendaItem, forum: str, spoken: Period) -> bool:
    """Whether an item was added to this report after it was submitted."""
    mine = (item.kind, item.forum.upper(), item.about) == (SUPPLEMENT, forum.upper(), for_board(spoken))
    return mine and bool(item.words)


def _board_meeting(meetings: list[Any], spoken: Period) -> str:
    """The reference of the board it is for, where its row is there already."""
    boards = [m for m in meetings if m.kind not in NO_BOARDS and m.held_on == spoken.board]
    return boards[0].reference if boards else ""


async def _details(house: House, meetings: list[str], cases: list[str]) -> tuple[list[Any], list[Any], list[Any]]:
    """Attendance of the meetings, returns and people of the cases: as few requests as hold their reads."""
    asked = [
        *(ask.about(ATTENDANCE, meeting) for meeting in meetings),
        *(ask.about(RETURNS, case) for case in cases),
        *(ask.about(SUBJECTS, case) for case in cases),
    ]
    rows = await house.store.each(asked)
    first, second = len(meetings), len(meetings) + len(cases)
    return _flat(rows[:first]), _flat(rows[first:second]), _flat(rows[second:])


def _flat(rows: list[list[Any]]) -> list[Any]:
    return [each for found in rows for each in found]


async def report(house: House, turn: Turn, rest: str) -> Answer:
    """`report`: the figures and the form, or what was submitted; `report submit` and `report supplement` send words."""
    word, _, said = rest.strip().partition(" ")
    what = {"submit": REPORT, "supplement": SUPPLEMENT}.get(word.casefold())
    if what is None:
        return await _shown(house, turn, await draw(house, turn, rest.strip()))
    values = {"results": said.strip(), "what": what, "key": key_of(turn, "report")}
    return await _submitted(house, turn, values)


async def take_report(house: House, turn: Turn) -> Answer:
    """Submit the report, or a supplement once it was submitted. Four requests."""
    return await _submitted(house, turn, turn.value)


async def _submitted(house: House, turn: Turn, values: JSON) -> Answer:
    drawn = await draw(house, turn, text_in(turn, "forum"))
    require(Act.REPORT_TO_BOARD, drawn.who, house.today())
    try:
        drawn = await _keep(house, drawn, values)
    except NotUnderstood as wrong:
        found = words.found_in_fields(found_in(Form(values), drawn.subjects))
        warned = f"{words.not_sent(wrong.problems)} {found} {words.TYPED_BELOW}".replace("  ", " ")
    except NotAllowed as refused:
        drawn = await draw(house, turn, text_in(turn, "forum"))
        warned = f"{words.refused(refused.refusal, '')} {words.TYPED_BELOW}"
    except StoreBusy:
        warned = words.STORE_MAYBE
    else:
        return await _shown(house, turn, drawn, said="Kept, and frozen as it is.")
    return await _shown(house, turn, drawn, warned=warned, values=values)


async def _keep(house: House, drawn: Drawn, values: JSON) -> Drawn:
    """Write it once. Raises NotAllowed when it was submitted in other words meanwhile; the same words are that one."""
    before = drawn.report
    if before is not None and values.get("what") != SUPPLEMENT:
        words_ = Form(values).text("results", PARAGRAPH)
        if (before.owner_id, before.words) == (drawn.member.user_id, words_):
            return drawn
        raise NotAllowed(Refusal.FROZEN)
    item = submit(Form(values), drawn.member, drawn.of, drawn.subjects, now=house.now(), to=before)
    kept, fresh = await house.store.add_once(AGENDA_ITEMS, item, by=drawn.member.name, why="submitted")
    if not fresh and (kept.owner_id, kept.words) != (item.owner_id, item.words):
        raise NotAllowed(Refusal.FROZEN)
    kept = await _numbered(house, kept, drawn.member)
    if kept.kind == REPORT:
        return replace(drawn, report=kept)
    others = tuple(each for each in drawn.supplements if each.key != kept.key)
    return replace(drawn, supplements=(*others, kept))


async def _numbered(house: House, item: AgendaItem, member: Member) -> AgendaItem:
    if item.reference:
        return item
    try:
        return await house.store.number(AGENDA_ITEMS, item, by=member.name)
    except Conflict:
        return replace(item, reference=references.reference(references.AGENDA_ITEM, item.id))


async def _shown(
    house: House, turn: Turn, drawn: Drawn, *, said: str = "", warned: str = "", values: JSON | None = None
) -> Answer:
    given = {"forum": drawn.of.forum.code, "key": house.new_key()}
    may_submit = drawn.may_submit(house)
    if drawn.report is None:
        counted: Figures = drawn.of.figures
        card = show.figures_card(
            exactly(counted), drawn.of.spoken, **given, may_submit=may_submit, values=values, said=warned
        )
    else:
        card = show.submitted_card(
            drawn.report, drawn.supplements, **given, may_submit=may_submit, values=values, said=said, warned=warned
        )
    if turn.kind is Kind.MESSAGE:
        return Reply((Message(show.TITLE, card=card),))
    return ReplaceCard(card)


ROUTES = Routes(pressed={Verb.REPORT_SUBMIT: take_report}, said={"report": report})
