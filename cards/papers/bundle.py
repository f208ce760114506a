"""A bundle as a Word document: a cover that says what it is, the records as they are now, then every step in time."""

from __future__ import annotations

from collections.abc import Iterable

from board.bundling import SUBJECTS, Bundle, Record, Variant, Withheld
from board.history import LOOKED, Entry
from cards import words
from cards.history import KINDS, did, in_words
from cards.papers.house import Paper

TITLES = {
    Variant.REVIEW: "The record of {reference}",
    Variant.SUBJECT_ACCESS: "The record of {reference}, for the person's own request",
}

COPY = (
    "This is a copy of the record as it was when it was made. The record itself is in SharePoint, and may have changed "
    "since. Handle it as marked, pass it on only to those who are entitled to it, and destroy it when its purpose ends."
)
READ_FIRST = (
    "Read every page before it is passed on. What is known to the record of people who were taken out was replaced "
    "wherever it was found; a name that the record does not hold, a nickname, or a remark from which somebody can be "
    "recognised cannot be found by a machine."
)
NOT_READY = (
    "This is a draft for whoever answers the request. It must not be sent until each question below is decided, by a "
    "person, with the reasons written down. Nothing but what the list above names has been taken out."
)
QUESTIONS = (
    "The requester's identity is established, and the request and its date are recorded (one month to answer).",
    "Each agency that is controller of something here has been asked: an agency's answers stay its own.",
    (
        "Health data: an appropriate health professional was asked whether disclosure would be likely to cause serious "
        "harm to the person or to anyone else (Data Protection Act 2018, Schedule 3, Part 2)."
    ),
    "Social work data: the same serious harm test (Schedule 3, Part 3).",
    (
        "Crime: disclosure would be likely to prejudice the prevention or detection of crime, or the apprehension or "
        "prosecution of offenders (Schedule 2, paragraph 2)."
    ),
    (
        "Protecting the public: disclosure would be likely to prejudice functions designed to protect it (Schedule 2, "
        "paragraph 7)."
    ),
    (
        "The rights of others: information about another person is left out unless they consent or it is reasonable to "
        "disclose without (Schedule 2, paragraphs 16 and 17); members of staff were decided about one by one."
    ),
    "Legal professional privilege (Schedule 2, paragraph 19).",
    (
        "Processing for law enforcement by a competent authority: Part 3 applies instead, with its own grounds for "
        "restricting (section 45(4))."
    ),
    "What was withheld, and on which ground, is written down; the reply says so unless saying it would undo it.",
)
"""What a person decides before a reply is sent. Source: Data Protection Act 2018 as named; the board's advisers have
to confirm that the list is whole."""


def bundle_paper(bundle: Bundle) -> bytes:
    """The whole document. A thousand steps take a few seconds: make it outside the event loop."""
    paper = Paper(
        TITLES[bundle.variant].format(reference=bundle.reference),
        reference=bundle.reference,
        made=bundle.made_on,
        made_for=bundle.made_for,
    )
    _cover(paper, bundle)
    _records(paper, bundle.records)
    _steps(paper, bundle.entries)
    return paper.to_bytes()


def _cover(paper: Paper, bundle: Bundle) -> None:
    times = [entry.when for entry in bundle.entries if entry.when is not None]
    paper.facts(
        [
            ("Made for", f"{bundle.made_for}, {bundle.agency}"),
            ("Why", bundle.variant.value),
            ("Made on", words.when(bundle.made_on)),
            ("Covers", f"{words.when(min(times))} to {words.when(max(times))}" if times else "nothing yet"),
            ("Holds", f"{words.count(len(bundle.records), 'record')}, {words.count(len(bundle.entries), 'step')}"),
            ("Taken out", words.joined([each.value for each in bundle.withheld]) or "nothing"),
        ]
    )
    paper.note(COPY)
    if bundle.withheld:
        paper.note(READ_FIRST)
    if Withheld.STAFF in bundle.withheld:
        paper.heading("Before it is sent")
        paper.paragraph(NOT_READY)
        paper.boxes(QUESTIONS)
        paper.labelled("Decided by, and on:", "________________________________________")
        paper.page_break()


def _records(paper: Paper, records: Iterable[Record]) -> None:
    paper.heading("The record as it is now")
    for record in records:
        paper.heading(_title(record.kind, record.about), 2)
        paper.facts((label, in_words(value)) for label, value in record.facts)


def _title(kind: str, about: str) -> str:
    """A record's name: of a person their part in the case, of the rest what it is and which."""
    if kind == SUBJECTS:
        return about or KINDS[SUBJECTS]
    return f"{KINDS.get(kind, 'Record')} {about}".strip()


def _steps(paper: Paper, entries: Iterable[Entry]) -> None:
    paper.heading("What happened, in order of time")
    empty = True
    for entry in entries:
        empty = False
        why = f": {entry.why}" if entry.why else ""
        about = f" {entry.about}" if entry.about else ""
        kind = "Look" if entry.kind == LOOKED else KINDS.get(entry.kind, "Record")
        paper.step(words.when(entry.when), f"{kind}{about} · {did(entry)} by {entry.who}{why}")
        for change in entry.changes:
            before, after = in_words(change.before), in_words(change.after) or "(blank)"
            paper.labelled(f"{change.label}:", f"{before} → {after}" if before else after, indented=True)
    if empty:
        paper.paragraph("Nothing is kept of it.")
