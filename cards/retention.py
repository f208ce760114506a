"""Records whose keeping is to be decided, the decision, and what became of a disposal. Names nobody a case is about."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from datetime import date
from typing import Any

from board.records import Referral
from board.retention import Left, Stage, What
from board.vocabulary import CONCERNS
from cards import elements as e
from cards import words
from cards.elements import JSON
from cards.verbs import Verb

TITLE = "Records: keep or dispose"
SHOWN = 4
"""Records on one page: each has a button, and Teams shows six."""

STAGES: dict[str, str] = {
    Stage.OPEN: "Open: decided about once it is closed",
    Stage.NOT_DUE: "Kept; its day has not come",
    Stage.DUE: "To be decided",
    Stage.DECIDED: "To be disposed of, once a second person confirms",
    Stage.UNDER_WAY: "Being disposed of",
    Stage.IN_PART: "Disposed of in part",
    Stage.DISPOSED: "Disposed of",
}

GOES = (
    "What goes, everywhere and for good: who it is about and whoever else it names; what was written of the case, "
    "answered, heard, planned, reported; the words of its actions; its documents; earlier versions of all these; and "
    "what of it is in the recycle bins."
)
STAYS = (
    "What stays: its number, the agencies, the kind of concern, dates, what came of it, this decision with its "
    "rationale, that its actions were done, and who had looked at it."
)
WHY_HINT = "Why. It outlives the case: nothing about a person"

KEPT = "Recorded: {reference} is kept. It comes up again on {day}."
DECIDED = (
    "Recorded: {reference} is to be disposed of. Nothing has gone yet: a second person who may decide on records "
    "confirms it, with the button *Dispose of it now* or *dispose {reference} confirm*."
)
CONFIRMED = "Confirmed: {reference} is being disposed of. I tell you here when it is done, and what could not be."
AGAIN = "{reference} is being tried again. I tell you here what changes."


def due_card(rows: Sequence[Referral], stages: Sequence[Stage], page: int, until: date, today: date) -> JSON:
    """One page of what is to be decided by a day, the longest waiting first."""
    pages = max(1, -(-len(rows) // SHOWN))
    page = min(max(page, 0), pages - 1)
    said = f"{words.count(len(rows), 'record')} to be decided about by {words.day(until)}."
    if not rows:
        return e.card([e.heading(TITLE), e.text(said)], speak=said)
    here = slice(page * SHOWN, page * SHOWN + SHOWN)
    lines = [_row(row, at, today) for row, at in zip(rows[here], stages[here], strict=True)]
    how = "Or type *keep R-14 until 2033-01-01* and why, or *dispose R-14* and why."
    body = [e.heading(TITLE), e.text(said), *lines, e.quiet(how)]
    if pages > 1:
        body.append(e.quiet(f"Page {page + 1} of {pages}. Or type *retention 2*."))
    turns = [_turn("Earlier", page - 1)] if page else []
    turns += [_turn("More", page + 1)] if page + 1 < pages else []
    return e.card(body, speak=said, actions=turns)


def _turn(title: str, page: int) -> JSON:
    return e.submits(title, Verb.RETAIN_PAGE, checks=False, in_dialog=False, page=str(page))


def _row(row: Referral, at: Stage, today: date) -> JSON:
    """One record: its number, kind of concern and days. What is not among the board's words was typed by hand."""
    concern = row.concern if row.concern in CONCERNS else "Kind of concern not stated"
    late = words.late((today - row.review_on).days) if row.review_on else ""
    closed = f"closed {words.when(row.closed_on)}" if row.closed_on else "closing not recorded"
    due = f"to be decided by {words.day(row.review_on)}"
    told = " · ".join(part for part in (STAGES[at], closed, due, late) if part)
    reference = f"R-{row.id}"
    line = [e.run(reference, weight="Bolder"), e.run(f"  {concern}")]
    return {
        "type": "Container",
        "separator": True,
        "spacing": "Small",
        "items": [
            {"type": "RichTextBlock", "inlines": line},
            e.quiet(told) | {"spacing": "None"},
            {
                "type": "ActionSet",
                "actions": [e.opens_dialog(f"Decide on {reference}", Verb.RETAIN, reference=reference)],
            },
        ],
    }


def record_card(
    row: Referral,
    at: Stage,
    key: str,
    *,
    in_dialog: bool,
    second: bool = False,
    values: Mapping[str, Any] | None = None,
    said: str = "",
) -> JSON:
    """One record: how it stands and what may be decided. `second` says that whoever looks is not who decided.

    After an error it comes back as it was typed.
    """
    reference = f"R-{row.id}"

    def made(share: float) -> JSON:
        body = [
            *([e.warning(said)] if said else []),
            e.heading(f"The record of {reference}"),
            e.facts([("How it stands", STAGES[at]), *_days(row)]),
            *_decided(row, at, share),
            *_form(at, e.typed(values, share)),
        ]
        if not in_dialog and at in (Stage.NOT_DUE, Stage.DUE, Stage.DECIDED):
            body.append(
                e.quiet(f"Or type *keep {reference} until 2033-01-01* and why, or *dispose {reference}* and why.")
            )
        actions = _buttons(at, reference, key, in_dialog=in_dialog, second=second)
        return e.card(body, speak=f"The record of {reference}: {STAGES[at]}.", actions=actions)

    return e.fitted(made)


def _days(row: Referral) -> list[tuple[str, str]]:
    return [
        ("Closed", words.when(row.closed_on)),
        ("To be decided by", words.day(row.review_on) if row.review_on else "nothing to be decided"),
    ]


def _decided(row: Referral, at: Stage, share: float) -> list[JSON]:
    """The last decision, who made it, and what stands in the way of it."""
    if not row.retention_why and not row.retention_by:
        return [e.quiet("Nothing was decided about it before.")] if at is not Stage.OPEN else []
    limit = int(share * e.PARAGRAPH_BYTES)
    body = [
        e.plain("Decided by", f"{row.retention_by}, {words.when(row.retention_on)}"),
        e.plain("Why", row.retention_why, limit=limit),
    ]
    if row.disposal_by and at is not Stage.DECIDED:
        body.append(e.plain("Confirmed by", f"{row.disposal_by}, {words.when(row.disposal_on)}"))
    if at is Stage.DECIDED:
        body += [e.warning(GOES), e.text(STAYS)]
    if row.disposal_left:
        body.append(e.plain("Still there, and why", row.disposal_left, limit=limit))
    return body


def _form(at: Stage, typed: Any) -> list[JSON]:
    if at not in (Stage.NOT_DUE, Stage.DUE, Stage.DECIDED):
        return []
    return [
        e.paragraph_input("retention_why", typed("retention_why"), hint=WHY_HINT),
        e.date_input("keep_until", typed("keep_until")),
    ]


def _buttons(at: Stage, reference: str, key: str, *, in_dialog: bool, second: bool) -> list[JSON]:
    data: JSON = {"reference": reference, "key": key}
    keep = e.submits("Keep until that day", Verb.RETAIN_KEEP, in_dialog=in_dialog, **data)
    dispose = e.submits("Decide to dispose", Verb.RETAIN_DISPOSE, in_dialog=in_dialog, **data)
    confirm = e.submits("Dispose of it now", Verb.RETAIN_CONFIRM, checks=False, in_dialog=in_dialog, **data)
    again = e.submits("Try again", Verb.RETAIN_AGAIN, checks=False, in_dialog=in_dialog, **data)
    by_stage = {
        Stage.NOT_DUE: [keep],
        Stage.DUE: [keep, dispose],
        Stage.DECIDED: [keep, confirm] if second else [keep],
        Stage.UNDER_WAY: [again],
        Stage.IN_PART: [again],
    }
    return by_stage.get(at, [])


def kept_so(reference: str, text: str) -> JSON:
    """What was recorded, in a sentence."""
    return e.card([e.heading(f"The record of {reference}"), e.text(text)], speak=text)


def ended_card(reference: str, left: str) -> JSON:
    """What became of a disposal, for the two who decided it. `left` says what is still there; empty when nothing is."""
    if not left:
        told = f"{reference} is disposed of. Its details are gone from SharePoint; the bare record stays for counting."
        more = "What was shown in Teams is Teams' own to keep or delete, by the tenant's retention for chats."
        return e.card([e.heading(f"The record of {reference}"), e.text(told), e.quiet(more)], speak=told)
    told = f"{reference} is disposed of in part. What is listed is still there."
    body = [
        e.heading(f"The record of {reference}"),
        e.warning(told),
        e.plain("Still there, and why", left, limit=e.PARAGRAPH_BYTES),
        e.text(f"It is tried again every day, and at once with *dispose {reference}*."),
    ]
    return e.card(body, speak=told)


def monthly_card(count: int, overdue: int, until: date) -> JSON:
    """The month's list for those who decide: how many, and the way to them."""
    told = f"{words.count(count, 'record')} to be decided about by {words.day(until)}, {overdue} of them overdue."
    show = e.submits("Show them", Verb.RETAIN_PAGE, checks=False, in_dialog=False, page="0")
    body = [e.heading(TITLE), e.text(told), e.quiet("Or type *retention*. Nothing goes by itself.")]
    return e.card(body, speak=told, actions=[show])


def left_lines(left: Iterable[Left]) -> str:
    """What could not be disposed of and why, a line each, as the record keeps it."""
    return "\n".join(_left(each) for each in left)


def _left(one: Left) -> str:
    many = one.count != 1
    rows = words.count(one.count, "row")
    told = {
        What.DETAIL: f"{one.where}: what was written in {rows} is still there",
        What.VERSIONS: f"{one.where}: earlier versions of {rows} are still there",
        What.ATTACHMENTS: f"{one.where}: files attached to {rows} are still there",
        What.FILES: f"{one.where}: the case's folder is still there",
        What.BIN: f"Recycle bins: {words.count(one.count, 'thing')} of the case {'are' if many else 'is'} still there",
        What.BINS: "Recycle bins: they could not be looked through",
        What.UNNAMED: (
            f"{one.where}: {rows} in the recycle bin may be of this case, and {'do' if many else 'does'} not say; an "
            "owner of the site can look, and the bin lets go after 93 days"
        ),
    }[one.what]
    return f"{told}{_because(one.status)}."


def _because(status: int) -> str:
    if not status:
        return ""
    if status in (401, 403):
        return f" (error {status}: the app may not do this, or a hold of the tenant forbids it)"
    return f" (error {status}: a retention label, policy or hold of the tenant may forbid it; ask who runs Purview)"
