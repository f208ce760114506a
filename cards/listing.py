"""The subgroup's list as those who run it arrange it: references, concern, urgency, who is awaited. No names."""

from __future__ import annotations

from collections.abc import Mapping

from board.listing import Arranging, WeekList, minutes_of
from board.notices import ReferralFace
from board.records import Referral
from cards import elements as e
from cards import words
from cards.elements import JSON
from cards.verbs import Verb

TITLE = "The subgroup's list"
LIMIT = 30
"""Cases shown: two meetings and a half."""

AWAITED_LIMIT = 12

STEPS: dict[str, str] = {
    Arranging.UP: "Move up",
    Arranging.DOWN: "Move down",
    Arranging.FIRST: "Put first",
    Arranging.MOVE: "Move to the place",
    Arranging.MINUTES: "Give it the minutes",
    Arranging.HOLD: "Hold back from the lists",
    Arranging.UNHOLD: "Bring back onto the list",
    Arranging.REMOVE: "Leave for the next meeting",
}
"""What can be done with a case of the list; adding one has a field of its own."""

DONE: dict[str, str] = {
    Arranging.UP: "moved up",
    Arranging.DOWN: "moved down",
    Arranging.FIRST: "put first",
    Arranging.MOVE: "moved",
    Arranging.MINUTES: "given its minutes",
    Arranging.HOLD: "held back",
    Arranging.UNHOLD: "brought back",
    Arranging.REMOVE: "left for the next meeting",
    Arranging.ADD: "added",
}

TYPED = "Or type *list add R-14*, *list hold R-14*, *list move R-14 2*, *list minutes R-14 12* or *list settle*."


def list_card(
    week: WeekList,
    faces: Mapping[str, ReferralFace],
    awaited: Mapping[str, tuple[str, ...]],
    *,
    key: str,
    forum: str,
    said: str = "",
    warned: str = "",
) -> JSON:
    """The list of one meeting with the way to arrange it; `forum` is the subgroup's code."""
    when = words.weekday(week.meeting.held_on)
    total = f"{words.count(len(week.cases), 'case')}, {week.minutes} of {week.length} minutes"
    body = [
        *([e.warning(warned)] if warned else []),
        *([e.text(said)] if said else []),
        e.heading(f"{TITLE} for {when}"),
        e.text(f"{week.reference or 'Not settled yet'} · {total}."),
        *_cases(week, faces, awaited),
        *_held(week),
        *_inputs(week),
        e.quiet(TYPED),
    ]
    actions = [
        e.submits("Change the list", Verb.LIST_CHANGE, main=True, in_dialog=False, key=key, forum=forum),
        e.submits("Settle the list", Verb.LIST_SETTLE, checks=False, in_dialog=False, key=key, forum=forum),
    ]
    return e.card(body, speak=f"{TITLE} for {when}: {total}.", actions=actions)


def _cases(week: WeekList, faces: Mapping[str, ReferralFace], awaited: Mapping[str, tuple[str, ...]]) -> list[JSON]:
    if not week.cases:
        return [e.text("No case is triaged to the subgroup or due for review.")]
    rows = [
        e.entry(f"{place}. {case.reference}", case_line(week, case, faces, awaited))
        for place, case in enumerate(week.cases[:LIMIT], start=1)
    ]
    fits, over = rows[: week.fitting], rows[week.fitting :]
    shown = [*fits, *([e.subheading("Beyond the meeting's time")] if over else []), *over]
    if len(week.cases) > LIMIT:
        shown.append(e.quiet(f"The first {LIMIT} are shown."))
    return shown


def case_line(
    week: WeekList, case: Referral, faces: Mapping[str, ReferralFace], awaited: Mapping[str, tuple[str, ...]]
) -> str:
    """One case in a line of our own words."""
    seen = faces.get(case.reference)
    if case.restricted or seen is None:
        parts = ["Restricted" if case.restricted else "Not shown"]
    else:
        waiting = [e.named(code)[:12] for code in awaited.get(case.reference, ())]
        more = f" and {len(waiting) - AWAITED_LIMIT} more" if len(waiting) > AWAITED_LIMIT else ""
        missing = f"awaited: {', '.join(waiting[:AWAITED_LIMIT])}{more}" if waiting else "all answered"
        parts = [seen.concern or "Concern not stated", seen.urgency or "Urgency not stated", missing]
    back = "review" if case.next_review is not None else ""
    parts += [part for part in (f"{minutes_of(case)} min", back, "proposed" if week.proposed(case) else "") if part]
    return " · ".join(parts)


def _held(week: WeekList) -> list[JSON]:
    if not week.held:
        return []
    held = ", ".join(case.reference for case in week.held[:LIMIT])
    return [e.quiet(f"Held back: {held}.")]


def _inputs(week: WeekList) -> list[JSON]:
    cases = [case.reference for case in (*week.cases[:LIMIT], *week.held[:LIMIT])]
    chosen = [e.choice_input("case", cases), e.titled_choices("step", [(t, s) for s, t in STEPS.items()])]
    return [
        *(chosen if cases else []),
        *([e.line_input("number", limit=3, hint="2, or 12")] if cases else []),
        e.line_input("more", limit=12, hint="R-14: put it on this list"),
    ]
