"""The run-sheet of a subgroup's meeting: the statement, who takes part, how far the cases are. Names nobody."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence

from board.hearing import TAKING_PART, as_said
from board.listing import WeekList
from board.notices import ReferralFace
from board.records import Agency, Attendance, Hearing
from board.vocabulary import Decision, MeetingStatus
from cards import elements as e
from cards import words
from cards.elements import JSON
from cards.listing import LIMIT, case_line
from cards.verbs import Verb

TITLE = "Subgroup"
AGENCIES_LIMIT = 40
"""Agencies whose attendance one form asks."""

TYPED = (
    "Or type *subgroup accept*, *attend POL present*, *hear R-14*, *hear R-14 no plan: rationale*, *subgroup close*."
)


def run_sheet(
    week: WeekList,
    faces: Mapping[str, ReferralFace],
    awaited: Mapping[str, tuple[str, ...]],
    attendance: Mapping[str, Attendance],
    hearings: Sequence[Hearing],
    *,
    accepted: bool,
    agencies: Iterable[str],
    key: str,
    forum: str,
    in_dialog: bool,
    said: str = "",
    warned: str = "",
) -> JSON:
    """Where the meeting stands and what comes next. In a private chat its button opens it as a dialog.

    `accepted`: whether the reader accepted the statement. `agencies` are the codes of those that belong to the forum.
    """
    begun = week.meeting.status == MeetingStatus.IN_PROGRESS
    heading = f"{TITLE} {week.reference}".strip() + f", {words.weekday(week.meeting.held_on)}"
    left, done = len(week.cases), len(hearings)
    counted = f"{words.count(done, 'case')} recorded, {left} to come."
    body = [
        *([e.warning(warned)] if warned else []),
        *([e.text(said)] if said else []),
        e.heading(heading),
        e.text(counted),
        *(_statement(begun) if not accepted else taking_part(attendance, agencies)),
        *_recorded(hearings),
        *_to_come(week, faces, awaited),
        *(_choice(week) if accepted and in_dialog else []),
    ]
    if not in_dialog:
        way_in = e.opens_dialog("Open the run-sheet", Verb.SUBGROUP, forum=forum)
        return e.card([*body, e.quiet(TYPED)], speak=f"{heading}. {counted}", actions=[way_in])
    return e.card(
        body,
        speak=f"{heading}. {counted}",
        actions=_buttons(key, forum, week.reference, accepted=accepted, left=left, begun=begun),
    )


def _statement(begun: bool) -> list[JSON]:
    first = "It goes on once you accept it too." if begun else "The meeting begins when you accept it for the meeting."
    return [e.subheading("Confidentiality"), e.text(words.STATEMENT), e.text(first)]


def taking_part(attendance: Mapping[str, Attendance], agencies: Iterable[str]) -> list[JSON]:
    """How each agency takes part, and of which nothing is said yet."""
    said = [f"{e.named(code)[:12]} {_how(row)}" for code, row in sorted(attendance.items())]
    unsaid = [e.named(code)[:12] for code in sorted(agencies) if code not in attendance]
    shown = [e.subheading("Attendance"), e.text(", ".join(said[:AGENCIES_LIMIT]) + "." if said else "Nobody yet.")]
    return shown + ([e.quiet(f"Not said: {', '.join(unsaid[:AGENCIES_LIMIT])}.")] if unsaid else [])


def _how(row: Attendance) -> str:
    said = as_said(row)
    return said[:1].lower() + said[1:]


def _recorded(hearings: Sequence[Hearing]) -> list[JSON]:
    rows = [e.entry(e.named(row.reference)[:12] or "?", _decided(row)) for row in hearings[-LIMIT:]]
    return [e.subheading("Recorded"), *rows] if rows else []


def _decided(hearing: Hearing) -> str:
    """The decision, where it is one of the board's own words."""
    return hearing.decision if hearing.decision in tuple(Decision) else "Decision not stated"


def _to_come(week: WeekList, faces: Mapping[str, ReferralFace], awaited: Mapping[str, tuple[str, ...]]) -> list[JSON]:
    rows = [
        e.entry(f"{place}. {case.reference}", case_line(week, case, faces, awaited))
        for place, case in enumerate(week.cases[:LIMIT], start=1)
    ]
    return [e.subheading("To come"), *rows] if rows else [e.text("No case is left on the list.")]


def _choice(week: WeekList) -> list[JSON]:
    cases = [case.reference for case in week.cases[:LIMIT]]
    return [e.choice_input("reference", cases, cases[0])] if cases else []


def _buttons(key: str, forum: str, meeting: str, *, accepted: bool, left: int, begun: bool) -> list[JSON]:
    if not accepted:
        title = "I accept it" if begun else "I accept it: begin the meeting"
        return [e.submits(title, Verb.SUBGROUP_ACCEPT, main=True, key=key, forum=forum)]
    open_case = e.submits("Open the case", Verb.HEAR, main=True, key=key, forum=forum, meeting=meeting)
    return [
        *([open_case] if left else []),
        e.submits("Attendance", Verb.ATTENDANCE, checks=False, forum=forum),
        e.submits("Close the meeting", Verb.SUBGROUP_CLOSE, checks=False, key=key, forum=forum, meeting=meeting),
    ]


def attendance_form(
    agencies: Mapping[str, Agency],
    attendance: Mapping[str, Attendance],
    *,
    meeting: str,
    key: str,
    forum: str,
    in_dialog: bool,
    values: Mapping[str, object] | None = None,
    said: str = "",
    verb: Verb = Verb.ATTENDANCE_SUBMIT,
) -> JSON:
    """How each agency takes part, all in one form; what was said before is chosen."""
    given = values or {}
    rows = [
        agency_input(code, agencies[code].name, str(given.get(f"attend_{code}") or "") or _before(code, attendance))
        for code in sorted(agencies)[:AGENCIES_LIMIT]
    ]
    body = [
        *([e.warning(said)] if said else []),
        e.heading(f"Attendance at {meeting}"),
        *(rows or [e.text("No agency belongs to this forum yet.")]),
    ]
    keep = e.submits("Keep", verb, main=True, in_dialog=in_dialog, key=key, forum=forum, meeting=meeting)
    return e.card(body, speak=f"Attendance at {meeting}.", actions=[keep])


def _before(code: str, attendance: Mapping[str, Attendance]) -> str:
    return as_said(attendance[code]) if code in attendance else ""


def agency_input(code: str, name: str, chosen: str) -> JSON:
    """The question how one agency takes part."""
    label = e.shortened(words.tame(name) or words.tame(code) or "An agency", 60)
    return {
        "type": "Input.ChoiceSet",
        "id": f"attend_{code}",
        "label": label,
        "errorMessage": f"{label} could not be read.",
        "style": "compact",
        "choices": [{"title": each, "value": each} for each in TAKING_PART],
        **({"value": chosen} if chosen in TAKING_PART else {}),
    }


def closed_card(meeting: str, recorded: int, carried: Sequence[str], next_day: str) -> JSON:
    """The meeting is over: what was recorded, and what goes to the next list."""
    body = [e.heading(f"{TITLE} {meeting} is closed"), e.text(f"{words.count(recorded, 'case')} recorded.")]
    if carried:
        named = words.joined(list(carried[:LIMIT]))
        body.append(e.text(f"Not heard, and on the list for {next_day}: {named}."))
    body.append(e.quiet("The report to the board counts this meeting: type *report*."))
    return e.card(body, speak=f"{TITLE} {meeting} is closed.")


def late_card(meeting: str, day: str, cases: Sequence[str]) -> JSON:
    """To one person: the cases on which their agency's answer is awaited. References only."""
    said = f"The subgroup meets on {day}, and your agency's answer is awaited on {words.count(len(cases), 'case')}."
    named = words.joined(list(cases[:LIMIT])) if cases else "none"
    body = [
        e.heading(f"Answers awaited for {meeting}"),
        e.text(said),
        e.text(f"{named}."),
        e.quiet("Choose a case, or type *look R-14 checking our records* and then *return R-14 not known*."),
        e.notice(words.NOT_MONITORED),
    ]
    looks = [e.opens_dialog(f"See who {each} is", Verb.LOOK, reference=each) for each in cases[:LOOKS]]
    return e.card(body, speak=said, actions=looks)


LOOKS = 5
"""Cases that a digest has a button for."""


def late_line(meeting: str, day: str, awaited: Mapping[str, Sequence[str]]) -> JSON:
    """To the channel, once: whose answers are awaited on which case; never what was answered."""
    said = f"{meeting} on {day}: answers are awaited on {words.count(len(awaited), 'case')}."
    rows = [(case, ", ".join(e.named(code)[:12] for code in codes[:12]) or "nobody") for case, codes in awaited.items()]
    body = [e.heading(f"Answers awaited for {meeting}"), e.text(said), *([e.facts(rows[:LIMIT])] if rows else [])]
    return e.card(body, speak=said)
