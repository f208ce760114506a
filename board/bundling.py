"""A bundle: everything the record holds of one case, in order of time, and what of it is taken out. Pure.

A bundle for a review is whole unless third parties are to be taken out. A bundle for the person's own request never
names third parties, nor members of staff beyond their agency: what of the rest must be withheld, a person decides.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime
from enum import StrEnum
from typing import Any

from board.history import BOT, LOOKED, Change, Entry, Value, in_order
from board.records import Subject
from board.redacting import Hidden, Redactor
from board.vocabulary import PersonRole

SCHEMA = "mhrmb-bundle/1"
"""The name and version of the JSON that `as_json` makes."""

SUBJECTS = "Subjects"
"""The kind of the records that say who somebody is."""

WITHHELD = "(withheld)"
STAFF = "[member of staff]"


class Variant(StrEnum):
    """What a bundle is for. The value is also the reason that the look is recorded with."""

    REVIEW = "A statutory or internal review"
    SUBJECT_ACCESS = "Answering the person's own request"


class Withheld(StrEnum):
    """What was taken out, in kind."""

    PEOPLE = "who people at risk and third parties are"
    STAFF = "the names of members of staff"


@dataclass(frozen=True, slots=True)
class Record:
    """One record as it is now: `kind` is its list's name, `about` which of them, `facts` each filled column."""

    kind: str
    about: str
    facts: tuple[tuple[str, Value], ...]


@dataclass(frozen=True, slots=True)
class Bundle:
    """What is put into the paper: the records as they are now, and every step in order of time, the oldest first."""

    reference: str
    variant: Variant
    made_for: str
    agency: str
    made_on: datetime
    records: tuple[Record, ...]
    entries: tuple[Entry, ...]
    withheld: tuple[Withheld, ...] = ()


def bundle(
    whole: Bundle,
    subjects: Sequence[Subject],
    staff: Iterable[tuple[str, str]],
    *,
    redacted: bool,
    former: Iterable[Subject] = (),
) -> Bundle:
    """The bundle in order of time, and without what its variant may not show.

    `subjects` are the people of the case, `former` what their rows said before a correction, `staff` the names of
    members with the code of the agency of each.
    """
    ordered = replace(whole, entries=tuple(in_order(whole.entries)))
    for_person = whole.variant is Variant.SUBJECT_ACCESS
    if not (redacted or for_person):
        return ordered
    known = dict(staff) if for_person else {}
    redactor = Redactor(
        [
            *labelled(subjects),
            *(Hidden(f"[{_part(each)}]", each) for each in former if each.role != PersonRole.SUBJECT),
        ],
        kept=[each for each in subjects if each.role == PersonRole.SUBJECT],
        phrases=[(name, _staff(code)) for name, code in known.items() if name.strip()],
    )
    return replace(
        ordered,
        records=tuple(_record(each, redactor) for each in ordered.records),
        entries=tuple(_entry(each, redactor, known if for_person else None) for each in ordered.entries),
        withheld=(Withheld.PEOPLE, Withheld.STAFF) if for_person else (Withheld.PEOPLE,),
    )


def labelled(subjects: Iterable[Subject]) -> list[Hidden]:
    """Everybody but the person referred, with a label that tells one from another."""
    hidden, counts = list[Hidden](), dict[str, int]()
    for each in subjects:
        if each.role != PersonRole.SUBJECT:
            part = _part(each)
            counts[part] = counts.get(part, 0) + 1
            hidden.append(Hidden(f"[{part} {counts[part]}]", each))
    return hidden


def _part(person: Subject) -> str:
    """What somebody is to the case; a role that is none of the board's words is not repeated."""
    return (person.role if person.role in tuple(PersonRole) else PersonRole.THIRD_PARTY).lower()


def _staff(code: str) -> str:
    return f"{STAFF[:-1]}, {code}]" if code else STAFF


def _record(record: Record, redactor: Redactor) -> Record:
    if _of_other_person(record.kind, record.about):
        facts = tuple((label, value if value == record.about else WITHHELD) for label, value in record.facts)
        return replace(record, facts=facts)
    return replace(record, facts=tuple((label, _value(value, redactor)) for label, value in record.facts))


def _entry(entry: Entry, redactor: Redactor, staff: dict[str, str] | None) -> Entry:
    """A step without those who are taken out; `staff` is None when members of staff keep their names."""
    hides = _of_other_person(entry.kind, entry.about)

    def shown(value: Value) -> Value:
        return (WITHHELD if value else value) if hides and value != entry.about else _value(value, redactor)

    changes = tuple(Change(each.label, shown(each.before), shown(each.after)) for each in entry.changes)
    return replace(entry, who=_who(entry, staff), why=redactor.text(entry.why), changes=changes)


def _who(entry: Entry, staff: dict[str, str] | None) -> str:
    if staff is None or entry.who == BOT:
        return entry.who
    return _staff(staff.get(entry.who) or (entry.about if entry.kind == LOOKED else ""))


def _of_other_person(kind: str, about: str) -> bool:
    return kind == SUBJECTS and about != PersonRole.SUBJECT


def _value(value: Value, redactor: Redactor) -> Value:
    if isinstance(value, str):
        return redactor.text(value)
    if isinstance(value, tuple):
        return tuple(redactor.text(each) for each in value)
    if isinstance(value, frozenset):
        return frozenset(redactor.text(each) for each in value)
    if isinstance(value, date) and not isinstance(value, datetime) and redactor.hides(value):
        return WITHHELD
    return value


def as_json(made: Bundle) -> dict[str, Any]:
    """The bundle for machines: dates as ISO 8601, times in UTC, lists in a settled order; nothing else is changed."""
    return {
        "schema": SCHEMA,
        "reference": made.reference,
        "reason": made.variant.value,
        "made": {"for": made.made_for, "agency": made.agency, "on": made.made_on.isoformat()},
        "withheld": [each.value for each in made.withheld],
        "records": [
            {
                "list": each.kind,
                "about": each.about,
                "facts": [{"label": label, "value": _plain(value)} for label, value in each.facts],
            }
            for each in made.records
        ],
        "history": [_step(each) for each in made.entries],
    }


def _step(entry: Entry) -> dict[str, Any]:
    return {
        "when": _plain(entry.when),
        "did": "looked" if entry.kind == LOOKED else "made" if entry.made else "changed",
        "list": "Disclosures" if entry.kind == LOOKED else entry.kind,
        "about": entry.about,
        "who": entry.who,
        "why": entry.why,
        "inSharePoint": entry.by_hand,
        "changes": [
            {"label": each.label, "before": _plain(each.before), "after": _plain(each.after)} for each in entry.changes
        ],
    }


def _plain(value: Value) -> Any:
    if isinstance(value, date):
        return value.isoformat()
    if isinstance(value, frozenset):
        return sorted(value)
    return list(value) if isinstance(value, tuple) else value
