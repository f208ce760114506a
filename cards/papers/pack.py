"""The pack of a board as one Word document, its supplement, and all that is said in them.

Every chapter is there each time, so that a reader finds it where it was: one with nothing in it says so.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import date

from board.actions import Action
from board.boardroom import MinutesStatus
from board.calendar import uk_date
from board.engagement import Span
from board.entitlement import sight_in_channel
from board.escalation import Rung
from board.learning import is_told
from board.pack import Engaged, Pack, Supplement, to_decide
from board.records import AgendaItem, Lesson, Risk
from board.reporting import REPORT
from board.risks import IMPACTS, LIKELIHOODS, Level, Rating, after, before, heat_map, ranked, trend
from board.tracker import Row, is_overdue, row, totals
from cards import words
from cards.agenda import title_of
from cards.agreements import due_words
from cards.boardroom import about_words
from cards.engagement import HOW, NO_SCORE, PARTS, days
from cards.engagement import of as tally_words
from cards.escalation import RUNGS
from cards.lessons import stands
from cards.papers.house import SHADE, Paper, agency_name
from cards.papers.measures import chapter as measures_chapter
from cards.risks import MOVED, rated

Chapter = tuple[str, Callable[[Paper, Pack], None]]

HANDLE = (
    "For the members of the board. It is marked as it is handled: do not pass it on outside the board's agencies, and "
    "destroy printed copies after the meeting. Nobody is named in it but members; what concerns a person is shown by "
    "the bot, to those who are entitled, in a private chat."
)
FROZEN = "It stands as it was when it was issued. What came in later is in a supplement beside it."
FROM_A_CASE = "From a case"
OUTLINED = "An action that comes from a case shows no words here: its agency sees them in its own chat."


def pack_paper(of: Pack, *, draft: bool = False) -> bytes:
    """The document."""
    title = f"{'Draft of the board' if draft else 'Board'} pack, {words.weekday(of.day)}"
    paper = Paper(title, reference=of.reference, made=of.made, made_for="the members of the board")
    at = f", {of.starts[0]}" if of.starts and of.starts[0] else ""
    paper.facts(
        [
            ("Board", f"{of.forum.name or of.forum.code}, {of.reference}"),
            ("Meets on", f"{words.weekday(of.day)}{at}"),
            ("Since", f"the board of {words.weekday(of.since)}"),
            ("In focus", of.focus or "nobody"),
        ]
    )
    paper.note(HANDLE if draft else f"{HANDLE} {FROZEN}")
    paper.contents([name for name, _ in CHAPTERS])
    for number, (name, write) in enumerate(CHAPTERS, start=1):
        paper.chapter(number, name, fresh_page=number == 1)
        write(paper, of)
    return paper.to_bytes()


def supplement_paper(of: Supplement) -> bytes:
    """What came in after the pack was issued, under the pack's own headings; a heading without anything is left out."""
    pack = of.pack
    title = f"Board pack, {words.weekday(pack.day)}: supplement"
    paper = Paper(title, reference=pack.reference, made=pack.made, made_for="the members of the board")
    paper.note(f"{HANDLE} The pack itself is as it was issued; this holds what came in after it.")
    if pack.parts:
        paper.heading("Put on the agenda since")
        _items(paper, pack)
    if of.off:
        paper.heading("Taken off the agenda since")
        paper.paragraph(words.joined(list(of.off)) + ".")
    for there, name, write in (
        (pack.risks, "Risk register", _risks),
        (pack.paper, "Focus", _focus),
        (pack.reports, "Subgroup reports", _reports),
        (pack.lessons, "Learning", _learning),
    ):
        if there:
            paper.heading(name)
            write(paper, pack)
    return paper.to_bytes()


def _brief(paper: Paper, of: Pack) -> None:
    counted, climbed = totals(of.actions, uk_date(of.made)), [each for each in of.escalated if each.rung is Rung.CHAIRS]
    high = [each for each in of.lapsing if each.lapsed]
    bullets = [
        f"{words.count(counted.open, 'action')} open, {counted.overdue} overdue, {counted.blocked} blocked.",
        f"{words.count(len(to_decide(of.actions)), 'action waits', 'actions wait')} for a decision.",
        f"{words.count(len(of.escalated), 'escalation')} since the last pack, {len(climbed)} to the co-chairs.",
        f"{words.count(len(of.risks), 'risk')} on the register, {words.count(len(of.lessons), 'lesson')} to share.",
        f"{words.count(len(high), 'agency has', 'agencies have')} no information sharing agreement in force.",
    ]
    paper.bullets(bullets)
    decide = to_decide(of.actions)
    if decide:
        paper.heading("To be decided", 2)
        rows = [
            (row_.reference, row_.what or FROM_A_CASE, action.agency, why[:1].upper() + why[1:])
            for action, why, row_ in _rows(decide, of)
        ]
        paper.table(("Action", "What", "Agency", "Decision"), rows, (0.11, 0.47, 0.12, 0.30))
    worst = sorted((each for each in of.engaged if each.overdue), key=lambda each: (-each.overdue, each.code))[:5]
    if worst:
        paper.heading("Most overdue", 2)
        paper.bullets(f"{_named(each)}: {words.count(each.overdue, 'action')} overdue" for each in worst)


def _rows(decide: Sequence[tuple[Action, str]], of: Pack) -> list[tuple[Action, str, Row]]:
    return [(action, why, row(action, sight_in_channel(action), uk_date(of.made))) for action, why in decide]


def _agenda(paper: Paper, of: Pack) -> None:
    rows = []
    for number, (part, start) in enumerate(zip(of.parts, of.starts, strict=True), start=1):
        title = title_of(part, of.focus)
        said = f"{title}: {part.item.about} ({part.item.agency or 'no agency'})" if part.item else title
        rows.append((start or str(number), said, f"{part.minutes} min"))
    paper.table(("At", "Item", "For"), rows, (0.14, 0.70, 0.16))
    _items(paper, of)


def _items(paper: Paper, of: Pack) -> None:
    """What members offered, in their words."""
    for part in of.parts:
        if part.item is not None:
            item = part.item
            paper.heading(f"{item.reference}: {item.about}", 2)
            paper.paragraph(
                f"Offered by {item.owner_name or 'nobody named'} ({item.agency or 'no agency'})", quiet=True
            )
            paper.paragraph(item.words or "Nothing more was said beforehand.")


def _decisions(paper: Paper, of: Pack) -> None:
    last = of.last
    if last is None:
        paper.paragraph("No board was recorded before this one.")
        return
    approved = last.minutes == MinutesStatus.APPROVED
    minutes = f"Its minutes are {'approved' if approved else 'a draft'}." if last.minutes else "It has no minutes yet."
    paper.paragraph(f"{last.reference}, {words.weekday(last.day)}. {minutes}".lstrip(", "))
    if last.decisions:
        rows = [(about_words(each.about), each.words) for each in last.decisions]
        paper.table(("Item", "Decided"), rows, (0.28, 0.72))
    else:
        paper.paragraph("No decision was recorded.")


def _tracker(paper: Paper, of: Pack) -> None:
    today = uk_date(of.made)
    if not of.actions:
        paper.paragraph("No action is open.")
        return
    counted = totals(of.actions, today)
    paper.table(
        ("Open", "Overdue", "Due in 7 days", "Blocked", "To verify", "Median age"),
        [
            (
                *(str(each) for each in (counted.open, counted.overdue, counted.soon, counted.blocked)),
                str(counted.to_verify),
                words.count(counted.median_age, "day"),
            )
        ],
        (1 / 6,) * 6,
    )
    paper.paragraph(OUTLINED, quiet=True)
    for code, actions in _by_agency(of.actions):
        paper.heading(agency_name(code, of.agencies), 2)
        rows = [_action(row(each, sight_in_channel(each), today)) for each in actions]
        paper.table(("Action", "What", "Owner", "Due", "Status"), rows, (0.10, 0.39, 0.15, 0.18, 0.18))


def _by_agency(actions: Sequence[Action]) -> list[tuple[str, list[Action]]]:
    """By the agency that owes them, in the order of the codes; the longest due first."""
    found: dict[str, list[Action]] = {}
    for action in sorted(actions, key=lambda each: (each.due or date.max, each.id)):
        found.setdefault(action.agency.upper(), []).append(action)
    return sorted(found.items())


def _action(each: Row) -> tuple[str, ...]:
    urgent = "Immediate risk. " if each.immediate else ""
    due = words.day(each.due) if each.due else "no day"
    status = ", ".join(part for part in (each.status or "Not stated", words.late(each.late)) if part)
    return each.reference, f"{urgent}{each.what or FROM_A_CASE}", each.owner or "nobody", due, status


def _escalations(paper: Paper, of: Pack) -> None:
    if not of.escalated:
        paper.paragraph("Nothing was escalated since the last pack.")
        return
    open_ = {each.reference: each for each in of.actions}
    rows = [
        (words.day(each.on), each.action, each.agency, RUNGS[each.rung].capitalize(), _now(open_.get(each.action), of))
        for each in of.escalated
    ]
    paper.table(("On", "Action", "Agency", "To", "Now"), rows, (0.20, 0.10, 0.10, 0.38, 0.22))


def _now(action: Action | None, of: Pack) -> str:
    """How an action that was escalated stands now."""
    if action is None:
        return "Closed"
    return "Still overdue" if is_overdue(action, uk_date(of.made)) else action.status


def _risks(paper: Paper, of: Pack) -> None:
    if not of.risks:
        paper.paragraph("No risk is on the register.")
        return
    _heat_map(paper, of.risks)
    heads, shares = ("Risk", "With controls", "Trend", "Whose", "Next review"), (0.12, 0.34, 0.14, 0.18, 0.22)
    paper.table(
        heads,
        [
            (
                each.reference,
                rated(after(each)),
                MOVED[trend(each)] or "new",
                each.agency or "nobody",
                words.day(each.review_on) if each.review_on else "not planned",
            )
            for each in ranked(of.risks)
        ],
        shares,
    )
    for each in ranked(of.risks):
        _risk(paper, each, of)


def _heat_map(paper: Paper, risks: Sequence[Risk]) -> None:
    """How likely and how bad with the controls; the table after it says the same in words."""
    squares = heat_map(risks)
    if not squares:
        paper.paragraph("No risk is rated yet: whoever owns one types *risk review* to the bot.".replace("*", ""))
        return
    paper.paragraph("Each square: how likely and how bad with the controls. The table below says the same in words.")
    rows = []
    for likelihood in range(5, 0, -1):
        row = [(f"{likelihood} {LIKELIHOODS[likelihood - 1]}", SHADE)]
        for impact in range(1, 6):
            here = squares.get((likelihood, impact), [])
            row.append((", ".join(each.reference for each in here), HEAT[Rating(likelihood, impact).level]))
        rows.append(row)
    heads = ("Likely, then bad", *(f"{n} {name}" for n, name in enumerate(IMPACTS, start=1)))
    paper.grid(heads, rows, (0.2, 0.16, 0.16, 0.16, 0.16, 0.16))


HEAT = {
    Level.UNRATED: "FFFFFF",
    Level.LOW: "DCEFD9",
    Level.MODERATE: "FFF3C4",
    Level.HIGH: "FFD9A8",
    Level.VERY_HIGH: "F7B7AE",
}
"""Grounds of the heat map's bands: 7:1 or more under the text, and darker the worse it is, in grey too."""


def _risk(paper: Paper, each: Risk, of: Pack) -> None:
    paper.heading(f"{each.reference}: {_short(each.event)}", 2)
    paper.facts(
        [
            ("Without controls", rated(before(each))),
            ("With controls", f"{rated(after(each))} {MOVED[trend(each)]}".strip()),
            ("Controls", each.controls or "none stated"),
            ("Because", each.cause or "not stated"),
            ("It may be that", each.event or "not stated"),
            ("Which would mean", each.impact or "not stated"),
            ("Whose", agency_name(each.agency, of.agencies)),
            ("Status", each.status or "Not stated"),
            ("Latest decision, and why", each.rationale or "none yet"),
        ]
    )


def _short(text: str, most: int = 90) -> str:
    first = " ".join(text.split()) or "not stated"
    return first if len(first) <= most else f"{first[: most - 1].rstrip()}…"


def _focus(paper: Paper, of: Pack) -> None:
    if not of.focus:
        paper.paragraph("Nobody is in focus this time.")
        return
    paper.paragraph(f"The board looks at {of.focus}.")
    if of.paper is None:
        paper.paragraph("Its paper is not in yet: what it tells comes in a supplement, or in the meeting.")
        return
    fields = (("demands", of.paper.words), ("blockers", of.paper.blockers), ("enablers", of.paper.enablers))
    for name, text in fields:
        paper.heading(words.FIELDS[name], 2)
        paper.paragraph(text or "Nothing was said.")
    told = f"Told by {of.paper.owner_name or 'nobody named'}, {words.when(of.paper.submitted_on)}"
    paper.paragraph(told, quiet=True)


def _reports(paper: Paper, of: Pack) -> None:
    if not of.reports and not of.awaited:
        paper.paragraph("No subgroup reports to this board.")
    for each in of.reports:
        _report(paper, each)
    if of.awaited:
        paper.paragraph(f"Not in yet: {words.joined(list(of.awaited))}.")


def _report(paper: Paper, each: AgendaItem) -> None:
    kind = "Report" if each.kind == REPORT else "Supplement to the report"
    paper.heading(f"{kind} of {each.forum}", 2)
    lines = [line.rpartition(": ") for line in each.figures.splitlines()]
    rows = [(label, said) for label, _, said in lines if label]
    if rows:
        paper.table(("Figure", "Since the last report"), rows, (0.7, 0.3))
    paper.paragraph(each.words or "No words were added.")
    told = f"Submitted by {each.owner_name or 'nobody named'}, {words.when(each.submitted_on)}"
    paper.paragraph(told, quiet=True)


def _learning(paper: Paper, of: Pack) -> None:
    if not of.lessons:
        paper.paragraph("No lesson was raised or disseminated since the last board.")
    for each in of.lessons:
        paper.heading(f"{each.reference}: {_short(each.what)}", 2)
        paper.paragraph(_lesson_stands(each), quiet=True)
        paper.labelled("What happened:", each.what or "not stated")
        paper.labelled("What changes:", each.changes or "not stated")
        paper.labelled("Who should know:", each.audience or "not stated")


def _lesson_stands(lesson: Lesson) -> str:
    said = stands(lesson)
    by = f" by {lesson.disseminated_by}" if lesson.disseminated_by and is_told(lesson) else ""
    why = f": {lesson.withdrawn_why}" if lesson.withdrawn_why else ""
    return f"{_sentence(said)}{by}{why}."


def _engagement(paper: Paper, of: Pack) -> None:
    if not of.engaged:
        paper.paragraph("No agency belongs to this board yet.")
        return
    rows = [
        (
            _named(each),
            each.last or "not recorded",
            f"{each.meetings} of {each.of}",
            str(each.open),
            str(each.overdue),
            str(each.awaited),
        )
        for each in of.engaged
    ]
    heads = ("Agency", "Last board", "Subgroup meetings", "Actions open", "Overdue", "Answers awaited")
    paper.table(heads, rows, (0.34, 0.16, 0.15, 0.11, 0.11, 0.13))
    if of.engagement and of.engagement_over:
        _over_six_months(paper, of, of.engagement_over)


def _over_six_months(paper: Paper, of: Pack, over: Span) -> None:
    """Each part as n of N, and what agencies say against a figure; who wants the records behind one asks the bot."""
    paper.heading(f"From {days(over)}", 2)
    paper.paragraph(f"{NO_SCORE} {' '.join(HOW.values())}", quiet=True)
    rows = [
        (agency_name(each.agency, of.agencies), *(tally_words(tally) for tally in each.parts)) for each in of.engagement
    ]
    paper.table(("Agency", *PARTS.values()), rows, (0.36, 0.16, 0.16, 0.16, 0.16))
    for each in of.disputes:
        said = f"{agency_name(each.agency, of.agencies)} disputes its {PARTS[each.part].lower()}:"
        paper.labelled(said, f"{each.words} ({each.who or 'its lead'}, {words.when(each.on)})")


def _named(each: Engaged) -> str:
    return f"{each.name} ({each.code})" if each.name else each.code


def _agreements(paper: Paper, of: Pack) -> None:
    if of.lapsing:
        paper.paragraph("An agency whose agreement is not in force sees no case until it is signed.")
        rows = [(_called(each.name, each.code), _lapse(each.on, lapsed=each.lapsed)) for each in of.lapsing]
        paper.table(("Agency", "Sharing agreement"), rows, (0.6, 0.4))
    else:
        paper.paragraph("Every agency's information sharing agreement is in force for three months or more.")
    if not of.agreements:
        paper.paragraph("No agreement is to be reviewed or expires within three months.")
        return
    paper.heading("To be reviewed, signed or renewed", 2)
    due = [
        (f"{each.reference} {each.title}, version {each.version}".strip(), _sentence(due_words(each, uk_date(of.made))))
        for each in of.agreements
    ]
    paper.table(("Agreement", "What is due"), due, (0.5, 0.5))


def _sentence(said: str) -> str:
    return f"{said[:1].upper()}{said[1:]}"


def _called(name: str, code: str) -> str:
    return f"{name} ({code})" if name else code


def _lapse(on: date | None, *, lapsed: bool) -> str:
    if on is None:
        return "Not signed"
    return f"Lapsed on {words.day(on)}" if lapsed else f"Lapses on {words.day(on)}"


CHAPTERS: tuple[Chapter, ...] = (
    ("Brief", _brief),
    ("Agenda", _agenda),
    ("Decisions of the last board", _decisions),
    ("Action tracker", _tracker),
    ("Escalations since the last pack", _escalations),
    ("Risk register", _risks),
    ("Focus", _focus),
    ("Subgroup reports", _reports),
    ("Measures", measures_chapter),
    ("Learning", _learning),
    ("Engagement", _engagement),
    ("Agreements", _agreements),
)
"""The chapters in their order."""
