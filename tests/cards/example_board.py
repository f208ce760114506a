"""One invented board, rich enough to judge its papers by: what its pack, its minutes and its brief are made of."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta

from board.actions import Action, ActionStatus, Priority
from board.agenda import ItemStatus, agenda, starts
from board.agreements import Due, What
from board.boardroom import DECISION
from board.disputes import Dispute
from board.engagement import Engagement, Span, Tally, Why
from board.engagement import Part as EngagedIn
from board.escalation import Rung
from board.pack import Engaged, Escalated, Lapsing, Last, Pack
from board.records import Agency, AgendaItem, Attendance, Forum, Lesson, Meeting, Risk
from board.reporting import REPORT
from cards.papers.minutes import Held

DAY = date(2026, 12, 9)
SINCE = date(2026, 10, 28)
MADE = datetime(2026, 12, 2, 8, 30, tzinfo=UTC)
"""When the pack was issued: five working days before."""

NAMES = {
    "POL": "Example Police",
    "MHT": "Example Mental Health Trust",
    "ASC": "Example County Council, adult social care",
    "AMB": "Example Ambulance Service",
    "ACU": "Example Acute Hospitals",
    "FRS": "Example Fire and Rescue",
    "PRO": "Example Probation",
    "ICB": "Example Integrated Care Board",
}
AGENCIES = {
    code: Agency(code=code, name=name, isa_signed_on=date(2026, 1, 5), isa_lapses_on=date(2027, 12, 31))
    for code, name in NAMES.items()
}
FORUM = Forum(code="MHRMB", name="Mental Health Risk Management Board", kind="Board", anchor=DAY, meets_at="10:00")

WORK = (
    ("Agree one number for the wards at night, and tell the control room", "MHT", "Di Invented"),
    ("Count s136 detentions that waited over an hour at the emergency department", "ACU", "Ola Invented"),
    ("Write down who rings whom when a bed is refused after midnight", "MHT", "Di Invented"),
    ("Give the triage car access to the trust's crisis plans", "POL", "Bo Invented"),
    ("Bring figures of fires set by people known to two agencies", "FRS", "Fay Invented"),
    ("Name a deputy for the weekly subgroup", "PRO", "Pru Invented"),
    ("Review the conveyance protocol with the acute hospitals", "AMB", "Amy Invented"),
    ("Put the discharge checklist into every ward's system", "MHT", "Cy Invented"),
)


def actions() -> list[Action]:
    """Forty open actions in every state, some overdue, every third from a case."""
    states = (
        *(ActionStatus.DISSEMINATED, ActionStatus.IN_PROGRESS, ActionStatus.ACKNOWLEDGED, ActionStatus.DONE),
        *(ActionStatus.MORE_TIME, ActionStatus.BLOCKED, ActionStatus.IN_PROGRESS),
    )
    made = []
    for number in range(1, 41):
        what, agency, owner = WORK[number % len(WORK)]
        made.append(
            Action(
                id=100 + number,
                reference=f"A-{100 + number}",
                what=what,
                agency=agency,
                owner_id=owner,
                owner_name=owner,
                due=date(2026, 11, 9) + timedelta(days=3 * number),
                status=states[number % len(states)],
                source="R-14" if number % 3 == 0 else "B-6",
                forum="MHRMB",
                priority=Priority.IMMEDIATE if number == 4 else Priority.NORMAL,
                agreed_on=datetime(2026, 10, 28, 11, tzinfo=UTC),
            )
        )
    return made


def items() -> list[AgendaItem]:
    """What members offered, accepted for the board."""
    item = AgendaItem(forum="MHRMB", kind="Agenda item", status=ItemStatus.ACCEPTED, meeting="B-7", minutes=15)
    return [
        replace(
            item,
            id=5,
            reference="I-5",
            about="Beds at night",
            agency="MHT",
            owner_name="Di Invented",
            words="Two wards close in January. What happens between midnight and six, and who is rung?",
        ),
        replace(
            item,
            id=6,
            reference="I-6",
            about="The triage car in the new year",
            agency="POL",
            owner_name="Bo Invented",
            words="The funding of the second car ends in March. The board is asked what it would want kept.",
            minutes=20,
        ),
    ]


def decisions() -> list[AgendaItem]:
    """What the board before decided."""
    made = AgendaItem(forum="MHRMB", kind=DECISION, meeting="B-6", status="Recorded")
    said = (
        ("tracker", "Every agency reviews what is overdue before the next board, and says why where it stays open."),
        ("risks", "The register is kept as it is; the gap in cover at night is owned by the trust and the council."),
        ("focus", "The ambulance service's ask for one line into the wards is taken up by the trust."),
    )
    return [
        replace(made, id=n, reference=f"I-{n}", about=about, words=words) for n, (about, words) in enumerate(said, 1)
    ]


def pack() -> Pack:
    """The pack of B-7, as it was issued."""
    parts = agenda(FORUM, items(), "B-7")
    figures = "Cases heard: 23\nNew cases: 9\nPlans agreed: 6\nFire setting: fewer than 5\nThreats to kill: not told"
    report = AgendaItem(
        id=21,
        reference="I-21",
        forum="SUB",
        kind=REPORT,
        about=DAY.isoformat(),
        figures=figures,
        words="Answers come in faster since the reminders: two thirds within a week. Housing is missed at the table.",
        owner_name="Sam Invented",
        submitted_on=datetime(2026, 11, 30, 15, 10, tzinfo=UTC),
    )
    paper = AgendaItem(
        id=22,
        reference="I-22",
        forum="MHRMB",
        agency="AMB",
        words="Calls with a mental health need rise by a fifth in winter; crews wait at the door.",
        blockers="No one line into the wards at night, and no shared view of crisis plans.",
        enablers="One number, kept by the trust; crisis plans readable in the vehicle.",
        owner_name="Amy Invented",
        submitted_on=datetime(2026, 11, 27, 9, 5, tzinfo=UTC),
    )
    return Pack(
        forum=FORUM,
        day=DAY,
        reference="B-7",
        made=MADE,
        since=SINCE,
        parts=parts,
        starts=starts(parts, "10:00"),
        last=Last("B-6", SINCE, "Draft", "", decisions()),
        actions=actions(),
        escalated=[
            Escalated("A-101", "POL", Rung.MANAGER, date(2026, 11, 20)),
            Escalated("A-101", "POL", Rung.LEAD, date(2026, 11, 27)),
            Escalated("A-88", "PRO", Rung.CHAIRS, date(2026, 11, 12)),
            Escalated("A-104", "FRS", Rung.LEAD, date(2026, 11, 23)),
        ],
        risks=[
            Risk(
                id=3,
                reference="K-3",
                category="Capacity",
                cause="Two of nine wards close for works from January",
                event="People who need a bed wait in emergency departments or in custody",
                impact="Harm while waiting; officers away from other work for whole shifts",
                agency="MHT",
                status="On the register",
                likelihood_before=5,
                impact_before=4,
                controls="Four step-down beds are bought until March; the superintendent joins the bed call",
                likelihood_after=4,
                impact_after=4,
                last_score=12,
                rationale="The second ward closes a month earlier than planned",
                review_on=date(2027, 1, 20),
            ),
            Risk(
                id=4,
                reference="K-4",
                category="Information",
                cause="Crisis plans are in a system that only the trust reads",
                event="A crew meets somebody without knowing what calms and what does not",
                impact="Force is used that a plan would have avoided",
                agency="AMB",
                status="Accepted",
                likelihood_before=3,
                impact_before=4,
                controls="The triage car carries a printed summary, checked each Monday",
                likelihood_after=2,
                impact_after=4,
                last_score=12,
                rationale="Access to the system is agreed for April",
                review_on=date(2027, 3, 3),
            ),
        ],
        focus=NAMES["AMB"],
        paper=paper,
        reports=[report],
        awaited=["EAST"],
        lessons=[
            Lesson(
                id=2,
                reference="L-2",
                what="Three agencies held a piece each, and nobody asked the fourth",
                changes="The fire service is asked about every referral of fire setting on the day it comes in",
                audience="Triage, and the subgroup's chair",
                status="Disseminated",
                disseminated_on=datetime(2026, 11, 20, 9, tzinfo=UTC),
                disseminated_by="Ada Invented",
            )
        ],
        engaged=[
            Engaged(code, name, "Apologies" if code == "PRO" else "Present", n % 6, 6, n + 2, n % 4, n % 3)
            for n, (code, name) in enumerate(sorted(NAMES.items()))
        ],
        engagement=[
            Engagement(
                code,
                Tally(EngagedIn.MEETINGS, {Why.PRESENT: ("S-1",) * (20 - n), Why.ABSENT: ("S-2",) * n}),
                Tally(EngagedIn.RETURNS, {Why.IN_TIME: ("R-1",) * 30, Why.LATE: ("R-2",) * n}),
                Tally(EngagedIn.ACTIONS, {Why.DONE_IN_TIME: ("A-1",) * n, Why.NOT_POSSIBLE: ("A-2",)}),
                Tally(EngagedIn.CONFERENCES),
            )
            for n, code in enumerate(sorted(NAMES))
        ],
        engagement_over=Span(date(2026, 6, 1), date(2026, 11, 30)),
        disputes=[
            Dispute(
                "FRS",
                EngagedIn.MEETINGS,
                Span(date(2026, 6, 1), date(2026, 11, 30)),
                "On 7 October our deputy sat at the police's desk: the row says that nobody came.",
                "Morgan Invented",
                MADE,
            )
        ],
        lapsing=[
            Lapsing("FRS", NAMES["FRS"], date(2026, 11, 30), lapsed=True),
            Lapsing("ICB", NAMES["ICB"], date(2027, 2, 1)),
        ],
        agreements=[
            Due(What.REVIEW, date(2026, 11, 30), "G-4", "Section 136 escalation policy", 3, tuple(NAMES)),
            Due(What.EXPIRY, date(2027, 1, 31), "G-1", "Information sharing agreement", 2, tuple(NAMES)),
            Due(What.LAPSE, date(2027, 2, 1), "G-2", "Terms of reference", 5, ("AMB", "POL")),
        ],
        agencies=AGENCIES,
    )


def held() -> Held:
    """The board B-7 once it was closed."""
    parts = agenda(FORUM, items(), "B-7")
    made = AgendaItem(forum="MHRMB", kind=DECISION, meeting="B-7", status="Recorded")
    correction = replace(made, id=50, kind="Correction of the minutes", agency="POL", submitted_on=MADE)
    return Held(
        forum=FORUM,
        meeting=Meeting(
            id=7,
            reference="B-7",
            forum="MHRMB",
            held_on=DAY,
            status="Held",
            minutes="Draft",
            recording="https://example.sharepoint.com/v",
            recording_for="those who attended",
            recording_until=date(2027, 3, 31),
        ),
        parts=parts,
        starts=starts(parts, "10:00"),
        attendance={
            code: Attendance(agency=code, status="Apologies" if code == "PRO" else "Present", information_sent=True)
            for code in NAMES
            if code != "FRS"
        },
        decisions=[
            replace(
                made, id=31, about="tracker", words="What is overdue by more than a month comes to the next board."
            ),
            replace(made, id=32, about="I-5", words="The trust keeps one number for the night from 4 January."),
            replace(
                made, id=33, about="I-5", words="The ambulance service and the police are told of it by 18 December."
            ),
        ],
        actions=[replace(each, status=ActionStatus.AGREED) for each in actions()[:5] if not each.about_a_case],
        corrections=[replace(correction, words="The figure of the triage car was 41, not 14.")],
        agencies=AGENCIES,
        ran=["Ada Invented", "Ivy Invented"],
        focus=NAMES["AMB"],
        following=date(2027, 1, 20),
    )
