"""How agencies take part: each part by itself, with the records behind it, and what an agency says against a figure."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from board.disputes import Dispute
from board.engagement import LEFT_OUT, Engagement, Part, Span, Tally, Why
from cards import elements as e
from cards import words
from cards.elements import JSON
from cards.verbs import Verb

TITLE = "Engagement"
LISTED = 40
NAMED = 30
"""References that a line names; of more, how many."""

DISPUTES = 5
"""The latest against one figure; all of them stay on record."""

WORDS = 900

PARTS: Mapping[Part, str] = {
    Part.MEETINGS: "Meetings",
    Part.RETURNS: "Answers in time",
    Part.ACTIONS: "Actions in time",
    Part.CONFERENCES: "Conferences",
}
HOW: Mapping[Part, str] = {
    Part.MEETINGS: "Boards and subgroups that it belongs to and that were held; a deputy counts.",
    Part.RETURNS: "Cases first heard in these days on which it was asked; not known counts once somebody had looked.",
    Part.ACTIONS: "Actions due in these days; the day granted last is the one, and the owner's word is what counts.",
    Part.CONFERENCES: "Other forums' conferences, such as MAPPA: counted by themselves.",
}
NO_SCORE = "Each part stands by itself: they are not added up."
NO_AGREEMENT = "It has no sharing agreement in force now: while it has none it sees no case, and cannot answer."
ARGUABLE = "If a record behind a figure is wrong, say so below: it is kept and shown beside the figure."


@dataclass(frozen=True, slots=True)
class Seen:
    """One agency's engagement over some days, and what it says against it."""

    name: str
    engagement: Engagement
    disputes: Sequence[Dispute] = ()
    shares: bool = True
    """Whether its sharing agreement is in force: without one it sees no case, so it cannot answer."""


def days(span: Span) -> str:
    """The days that are looked at, in words."""
    return f"{words.day(span.first)} to {words.day(span.last)}"


def of(tally: Tally) -> str:
    """A part as n of N; in words where there is nothing to count."""
    return f"{tally.count} of {tally.of}" if tally.of else "none"


def engagements_card(found: Sequence[Seen], span: Span) -> JSON:
    """Every agency, a line each."""
    said = f"{words.count(len(found), 'agency', 'agencies')}, {days(span)}."
    body = [e.heading(TITLE), e.text(f"{said} {NO_SCORE}")]
    body += [e.entry(_called(each), _line(each)) for each in found[:LISTED]]
    buttons: list[JSON] = []
    if found:
        choices = [(_called(each)[:100], each.engagement.agency) for each in found[:LISTED] if each.engagement.agency]
        body += [e.titled_choices("focus_agency", choices)] if choices else []
        shown: JSON = {"first": span.first.isoformat(), "last": span.last.isoformat()}
        buttons = [e.submits("Open", Verb.ENGAGEMENT, main=True, in_dialog=False, **shown)] if choices else []
    buttons.append(e.submits("Record a conference", Verb.CONFERENCE_FORM, checks=False, in_dialog=False))
    body.append(e.quiet("Or type *engagement MHT*, with 2026, 2026-10 or two days for another time."))
    return e.card(body, speak=said, actions=buttons)


def _called(each: Seen) -> str:
    code = e.shortened(words.tame(each.engagement.agency), 20)
    return f"{e.shortened(words.tame(each.name), 80) or 'No name'} ({code or 'no code'})"


def _line(each: Seen) -> str:
    parts = " · ".join(f"{PARTS[tally.part].lower()} {of(tally)}" for tally in each.engagement.parts)
    disputed = f" · {words.count(len(each.disputes), 'figure')} disputed" if each.disputes else ""
    return f"{parts}{disputed}"


def engagement_card(
    seen: Seen,
    span: Span,
    *,
    key: str,
    may_dispute: bool,
    in_dialog: bool,
    values: Mapping[str, Any] | None = None,
    said: str = "",
    warned: str = "",
) -> JSON:
    """One agency: each part as n of N, why each record counts or does not, and what the agency says against it."""
    heading = f"{TITLE}: {_called(seen)}"

    def made(share: float) -> JSON:
        typed = e.typed(values, share)
        body = [
            *([e.warning(e.shortened(warned, 2000))] if warned else []),
            *([e.text(said)] if said else []),
            e.heading(heading),
            e.text(f"{days(span)}. {NO_SCORE}"),
        ]
        for tally in seen.engagement.parts:
            body += _part(tally, [each for each in seen.disputes if each.part is tally.part], share)
            body += [e.quiet(NO_AGREEMENT)] if tally.part is Part.RETURNS and not seen.shares else []
        body += _inputs(typed) if may_dispute else []
        return e.card(body, speak=f"{heading}, {days(span)}.", actions=_disputes(span, key, in_dialog, may=may_dispute))

    return e.fitted(made)


def _part(tally: Tally, disputes: Sequence[Dispute], share: float) -> list[JSON]:
    limit = max(int(share * NAMED), 3)
    lines = [e.entry(_why(why, len(found)), _references(found, limit)) for why, found in tally.found.items()]
    said = [
        e.plain(
            f"Disputed on {words.when(each.on)}",
            f"{e.shortened(each.who, 120) or 'Its lead'}: {each.words}",
            limit=int(share * WORDS),
        )
        for each in disputes[-DISPUTES:]
    ]
    return [e.subheading(f"{PARTS[tally.part]}: {of(tally)}"), e.quiet(HOW[tally.part]), *lines, *said]


def _why(why: Why, number: int) -> str:
    """Why so many records count or do not, or are left out of both numbers."""
    if why in LEFT_OUT:
        return f"{number} left out, {why}:"
    return f"{number} {why}:"


def _references(found: Sequence[str], limit: int) -> str:
    shown = [e.shortened(words.tame(each), 20) or "no number" for each in found[:limit]]
    more = [f"{len(found) - limit} more"] if len(found) > limit else []
    return words.joined([*shown, *more])


def _inputs(typed: Any) -> list[JSON]:
    return [
        e.subheading("Dispute a figure"),
        e.quiet(ARGUABLE),
        e.titled_choices("figure", [(PARTS[part], part.value) for part in Part], _known(typed("figure"))),
        e.paragraph_input("dispute", typed("dispute")),
        e.quiet("Or type *engagement dispute meetings: words*; meetings, answers, actions or conferences."),
    ]


def _known(said: str) -> str:
    return said if said in tuple(Part) else ""


def _disputes(span: Span, key: str, in_dialog: bool, *, may: bool) -> list[JSON]:
    if not may:
        return []
    data: JSON = {"key": key, "first": span.first.isoformat(), "last": span.last.isoformat()}
    return [e.submits("Dispute", Verb.ENGAGEMENT_DISPUTE, main=True, in_dialog=in_dialog, **data)]
