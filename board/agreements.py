"""Agreements between the partners: which version holds, who signed it until when, and what is due of it. Pure.

Whether an agency sees a case is decided by the two dates in its row of `Agencies` and by nothing else. What its
signature under the sharing agreement is, therefore, is read from there; recording a signature writes both in one act.
An agreement's own lines say which version an agency signed.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from enum import StrEnum

from board import references
from board.calendar import DIGEST_AT, at_uk
from board.cycle import answerers
from board.errors import FieldProblem, NotAllowed, Problem, Refusal, one_of
from board.forms import LINE, Form
from board.notices import Audience, Notice, NoticeKind
from board.records import Agency, Agreement, Forum, Member
from board.vocabulary import AgreementKind, AgreementStatus, Role

SHORT: Mapping[str, AgreementKind] = {
    "ISA": AgreementKind.ISA,
    "TOR": AgreementKind.TERMS,
    "S135": AgreementKind.S135,
    "S136": AgreementKind.S136,
    "ADVICE": AgreementKind.ADVICE,
}
"""The kinds as they are typed."""

REMIND = (60, 30, 7)
"""Days before a review, an expiry or a lapse on which it is told (default; an agreement's row may have its own)."""

SOON = timedelta(days=90)
"""How long before it comes something counts as due for the board (as the pack tells of lapses)."""

_LINE = re.compile(r"([A-Za-z][A-Za-z0-9]{0,9})[\s:]+(\d{4}-\d\d-\d\d)(?:\s+(?:until\s+)?(\d{4}-\d\d-\d\d))?")


@dataclass(frozen=True, slots=True)
class Signature:
    """That an agency signed a version on a day; it holds until the day before `until` (None: until it is ended)."""

    agency: str
    signed_on: date
    until: date | None = None


def signatures(text: str) -> dict[str, Signature]:
    """Who signed, by code, from the lines of an agreement's row; of two lines for one agency the later one counts."""
    read = [_signature(line) for line in text.splitlines()]
    return {each.agency: each for each in read if each is not None}


def faults(text: str) -> list[str]:
    """The lines that say nothing that can be read, as they are."""
    return [line.strip() for line in text.splitlines() if line.strip() and _signature(line) is None]


def _signature(line: str) -> Signature | None:
    found = _LINE.fullmatch(line.strip())
    try:
        until = date.fromisoformat(found[3]) if found and found[3] else None
        return Signature(found[1].upper(), date.fromisoformat(found[2]), until) if found else None
    except ValueError:
        return None


def _written(agreement: Agreement, new: Signature) -> Agreement:
    """The agreement with this signature in its lines; a line that cannot be read stays as somebody typed it."""
    kept = [
        line
        for line in agreement.signatures.splitlines()
        if (one := _signature(line)) is None or one.agency != new.agency
    ]
    until = f" until {new.until.isoformat()}" if new.until else ""
    lines = sorted([*kept, f"{new.agency} {new.signed_on.isoformat()}{until}"])
    return replace(agreement, signatures="\n".join(line for line in lines if line.strip()))


def remind_days(text: str) -> tuple[int, ...]:
    """The days of notice of an agreement, the longest first; the default where none can be read."""
    days = {int(each) for each in re.findall(r"\d{1,3}", text) if 0 < int(each) <= 400}
    return tuple(sorted(days, reverse=True)) or REMIND


def named(agreement: Agreement) -> str:
    """The reference of an agreement's row, such as `G-3`; a row typed by hand has one too."""
    return references.reference(references.AGREEMENT, agreement.id)


def series(agreement: Agreement) -> tuple[str, str]:
    """What versions of one agreement have in common: its kind and title; of sharing agreements there is one."""
    return agreement.kind, "" if agreement.kind == AgreementKind.ISA else agreement.title.casefold().strip()


def in_use(rows: Iterable[Agreement]) -> list[Agreement]:
    """The version of each agreement that counts: its newest that is open, in the order of the kinds."""
    newest: dict[tuple[str, str], Agreement] = {}
    for row in sorted(rows, key=lambda each: (each.version, each.id)):
        if row.open and row.status not in (AgreementStatus.REPLACED, AgreementStatus.ENDED):
            newest[series(row)] = row
    kinds = list(SHORT.values())
    order = {kind.value: number for number, kind in enumerate(kinds)}
    return sorted(newest.values(), key=lambda each: (order.get(each.kind, len(kinds)), each.title, each.id))


class Stands(StrEnum):
    """How an agency stands to an agreement."""

    SIGNED = "signed"
    EARLIER = "signed an earlier version"
    LAPSED = "lapsed"
    UNSIGNED = "not signed"


@dataclass(frozen=True, slots=True)
class Party:
    """One agency under one agreement."""

    code: str
    name: str
    stands: Stands
    signed_on: date | None = None
    until: date | None = None


def parties(agreement: Agreement, agencies: Iterable[Agency], forum: Forum, today: date) -> list[Party]:
    """The agencies that are to sign, in the order of their codes, each as it stands on a day."""
    signed = signatures(agreement.signatures)
    return [
        _party(agreement, agency, signed.get(agency.code.upper()), today)
        for agency in sorted(agencies, key=lambda each: each.code)
        if _is_party(agreement, agency, forum)
    ]


def _is_party(agreement: Agreement, agency: Agency, forum: Forum) -> bool:
    code = agency.code.upper()
    return agency.open and forum.includes(code) and (not agreement.parties or code in agreement.parties)


def _party(agreement: Agreement, agency: Agency, signed: Signature | None, today: date) -> Party:
    code, name = agency.code.upper(), agency.name
    if agreement.kind == AgreementKind.ISA:
        on, until = agency.isa_signed_on, agency.isa_lapses_on
        if on is None or on > today:
            return Party(code, name, Stands.UNSIGNED)
        if not agency.isa_current(today):
            return Party(code, name, Stands.LAPSED, on, until)
        return Party(code, name, Stands.SIGNED if signed else Stands.EARLIER, on, until)
    if signed is None or signed.signed_on > today:
        return Party(code, name, Stands.UNSIGNED)
    over = signed.until is not None and signed.until <= today
    return Party(code, name, Stands.LAPSED if over else Stands.SIGNED, signed.signed_on, signed.until)


def _require_in_use(agreement: Agreement, rows: Iterable[Agreement], today: date) -> None:
    expired = agreement.expires_on is not None and agreement.expires_on <= today
    if expired or all(each.id != agreement.id for each in in_use(rows)):
        raise NotAllowed(Refusal.AGREEMENT_OVER)


def sign(
    agreement: Agreement, rows: Iterable[Agreement], agencies: Mapping[str, Agency], form: Form, *, today: date
) -> tuple[Agreement, Agency]:
    """Record that an agency signed: the agreement with its line, and the agency as its row is then.

    Only the sharing agreement changes the agency. Raises NotUnderstood with every problem, NotAllowed for a version
    that does not hold any more.
    """
    _require_in_use(agreement, rows, today)
    agency = _agency(agreement, agencies, form)
    signed_on = form.day("signed_on", today) or today
    until = form.any_day("signed_until") if form.text("signed_until") else agreement.expires_on
    if until is not None and until <= max(signed_on, today):
        form.problems.append(FieldProblem("signed_until", Problem.NOT_TO_COME))
    if until is not None and agreement.expires_on is not None and until > agreement.expires_on:
        form.problems.append(FieldProblem("signed_until", Problem.AFTER_EXPIRY))
    form.done()
    assert agency is not None
    after = _written(agreement, Signature(agency.code.upper(), signed_on, until))
    if agreement.kind != AgreementKind.ISA:
        return after, agency
    return after, replace(agency, isa_signed_on=signed_on, isa_lapses_on=until)


def end(agreement: Agreement, agencies: Mapping[str, Agency], form: Form, *, today: date) -> tuple[Agreement, Agency]:
    """Record that an agency's signature ends today: its members see no case from now on, where it is the sharing
    agreement. Raises NotUnderstood without a reason or for an agency that has not signed."""
    agency = _agency(agreement, agencies, form)
    form.text("why", LINE, required=True)
    signed = signatures(agreement.signatures).get(agency.code.upper()) if agency else None
    shares = agreement.kind == AgreementKind.ISA
    on = signed.signed_on if signed else agency.isa_signed_on if agency and shares else None
    if agency is not None and on is None:
        form.problems.append(FieldProblem("signing_agency", Problem.NOT_SIGNED))
    form.done()
    assert agency is not None
    assert on is not None
    after = _written(agreement, Signature(agency.code.upper(), on, today)) if signed else agreement
    return after, replace(agency, isa_lapses_on=today) if shares and agency.isa_current(today) else agency


def _agency(agreement: Agreement, agencies: Mapping[str, Agency], form: Form) -> Agency | None:
    code = form.text("signing_agency", required=True).upper()
    agency = agencies.get(code)
    if code and (agency is None or not agency.open or (agreement.parties and code not in agreement.parties)):
        theirs = agreement.parties or [each for each, found in agencies.items() if found.open]
        form.problems.append(one_of("signing_agency", sorted(theirs)))
        return None
    return agency


def adopt(
    form: Form, rows: Sequence[Agreement], agencies: Collection[str], *, now: datetime, today: date
) -> tuple[Agreement, list[Agreement]]:
    """A new agreement, or the next version of one, which nobody has signed yet; and the versions that it replaces.

    Raises NotUnderstood with every problem.
    """
    kind = form.choice("agreement_kind", tuple(AgreementKind), required=True)
    title = form.text("agreement_title", 120) or kind
    review, expires = form.any_day("review_on"), form.any_day("expires_on")
    for name, day in (("review_on", review), ("expires_on", expires)):
        if day is not None and day <= today:
            form.problems.append(FieldProblem(name, Problem.NOT_TO_COME))
    link = form.text("link")
    if link and (not link.startswith("https://") or any(c.isspace() for c in link)):
        form.problems.append(FieldProblem("link", Problem.NOT_A_LINK))
    asked = frozenset(part.upper() for part in re.split(r"[;,\s]+", form.text("parties")) if part)
    if not asked <= set(agencies):
        form.problems.append(one_of("parties", sorted(agencies)))
    key = form.key()
    form.done()
    new = Agreement(
        key=key,
        kind=kind,
        title=title,
        parties=asked,
        review_on=review,
        expires_on=expires,
        link=link,
        adopted_on=now,
    )
    before = [each for each in rows if each.open and series(each) == series(new) and each.key != key]
    made = next((each.version for each in rows if each.key == key), 0)
    version = made or max((each.version for each in before), default=0) + 1
    return replace(new, version=version), [each for each in before if each.version < version]


def replaced(before: Agreement) -> Agreement:
    """A version that a later one took the place of: its signatures stay in its row."""
    return replace(before, status=AgreementStatus.REPLACED, open=False)


class What(StrEnum):
    """What is due of an agreement."""

    ASKED = "asked"
    REVIEW = "review"
    EXPIRY = "expiry"
    LAPSE = "lapse"


@dataclass(frozen=True, slots=True)
class Due:
    """What is due of an agreement on a day, and the codes of the agencies that it concerns."""

    what: What
    on: date
    reference: str
    title: str
    version: int
    agencies: tuple[str, ...]
    days: tuple[int, ...] = REMIND
    shares: bool = False
    """Whether the sight of cases goes with it: a signature under the sharing agreement."""

    def of(self, code: str) -> Due:
        """The same for one agency alone, where it is about each by itself."""
        return replace(self, agencies=(code,)) if self.what in (What.LAPSE, What.ASKED) else self


def dues(rows: Iterable[Agreement], agencies: Sequence[Agency], forum: Forum, today: date) -> list[Due]:
    """All that has a day: reviews, expiries and lapses, past ones too, the first first.

    A signature that ends with its agreement is told by the agreement's expiry; under the sharing agreement each agency
    is told of its own, since its members' access goes with it. So it is where no row says what agreement that is.
    """
    used = in_use(rows)
    found = [each for row in used for each in _of_agreement(row, agencies, forum, today)]
    shared = next((row for row in used if row.kind == AgreementKind.ISA), Agreement(title=AgreementKind.ISA.value))
    lapses: dict[date, list[str]] = {}
    for agency in sorted(agencies, key=lambda each: each.code):
        if agency.open and forum.includes(agency.code.upper()) and agency.isa_signed_on and agency.isa_lapses_on:
            lapses.setdefault(agency.isa_lapses_on, []).append(agency.code.upper())
    found += [replace(_due(What.LAPSE, on, shared, codes), shares=True) for on, codes in lapses.items()]
    return sorted(found, key=lambda each: (each.on, each.title, each.what))


def _of_agreement(row: Agreement, agencies: Sequence[Agency], forum: Forum, today: date) -> list[Due]:
    every = parties(row, agencies, forum, today)
    codes = [each.code for each in every]
    found = [_due(What.REVIEW, row.review_on, row, codes)] if row.review_on else []
    found += [_due(What.EXPIRY, row.expires_on, row, codes)] if row.expires_on else []
    if row.kind != AgreementKind.ISA:
        lapses: dict[date, list[str]] = {}
        for each in every:
            if each.until is not None and each.until != row.expires_on:
                lapses.setdefault(each.until, []).append(each.code)
        found += [_due(What.LAPSE, on, row, those) for on, those in lapses.items()]
    return found


def _due(what: What, on: date, row: Agreement, codes: Iterable[str]) -> Due:
    reference = named(row) if row.id else ""
    return Due(what, on, reference, row.title, row.version, tuple(codes), remind_days(row.remind))


def coming(found: Iterable[Due], today: date) -> list[Due]:
    """What a board has to see to: what is overdue, and what comes within three months."""
    return [each for each in found if each.on <= today + SOON]


def told(found: Iterable[Due], after: date, until: date) -> list[Due]:
    """What is told in a round: what comes to one of its days of notice, or to its own day, after one and until another
    (counted). Several at once are one; on the day that an agency loses the sight of cases it is told that by itself."""
    return [
        each
        for each in found
        if any(after < each.on - timedelta(days=days) <= until for days in (*each.days, 0))
        and not (each.shares and each.on <= until)
    ]


def asked(rows: Iterable[Agreement], agencies: Sequence[Agency], forum: Forum, after: date, until: date) -> list[Due]:
    """The versions that were put before the partners since the last round: whoever is to sign is asked, once."""
    since, now = at_uk(after, DIGEST_AT), at_uk(until, DIGEST_AT)
    found = []
    for row in in_use(rows):
        if row.adopted_on is not None and since < row.adopted_on <= now:
            waiting = [each.code for each in parties(row, agencies, forum, until) if each.stands is not Stands.SIGNED]
            found += [_due(What.ASKED, until, row, waiting)] if waiting else []
    return found


def spocs(agency: Agency, members: Iterable[Member]) -> list[Member]:
    """Who is told for an agency: its single point of contact, where one of its members has that name or address; else
    its leads, or whoever answers for it."""
    every, said = list(members), agency.spoc.strip().casefold()
    theirs = [each for each in every if each.open and each.agency.upper() == agency.code.upper()]
    found = [each for each in theirs if said and said in (each.name.casefold(), each.email.casefold())]
    return found if len(found) == 1 else answerers(agency.code, every)


def digests(
    found: Sequence[Due], agencies: Iterable[Agency], members: Iterable[Member], board: str, day: date
) -> list[tuple[Notice, list[Due]]]:
    """One notice of a board (`board` is its code) on a day for each chair, of all, and for each agency's point of
    contact, of their own."""
    every, theirs = list(members), dict[str, list[Due]]()
    for member in every:
        if member.open and member.has(Role.CHAIR) and member.user_id:
            theirs[member.user_id.lower()] = list(found)
    for agency in agencies:
        mine = [each.of(agency.code.upper()) for each in found if agency.code.upper() in each.agencies]
        for member in spocs(agency, every) if mine else ():
            if member.user_id:
                held = theirs.setdefault(member.user_id.lower(), [])
                held += [each for each in mine if each not in held and not member.has(Role.CHAIR)]
    return [
        (Notice(f"agreements/{board}/{day.isoformat()}/{who}", NoticeKind.AGREEMENTS, who, ""), some)
        for who, some in ((Audience(member=user), those) for user, those in theirs.items())
        if some
    ]


def read_key(key: str) -> tuple[str, date] | None:
    """Read a digest's key back: its board and its day; None for any other text."""
    parts = key.split("/")
    audience = Audience.parse(parts[3]) if len(parts) == 4 and parts[0] == "agreements" else None
    try:
        return (parts[1], date.fromisoformat(parts[2])) if audience else None
    except ValueError:
        return None


def access_changed(before: Agency, after: Agency, today: date) -> bool:
    """Whether an agency's members lost the sight of cases by a change of its row, or have it again."""
    return after.open and before.open and before.isa_current(today) != after.isa_current(today)


def lapsed_between(agencies: Iterable[Agency], after: date, until: date) -> list[Agency]:
    """The agencies whose sharing agreement lapsed after one day and until another (counted)."""
    return [each for each in agencies if each.open and each.isa_lapses_on and after < each.isa_lapses_on <= until]


def access_notices(agency: Agency, members: Iterable[Member], today: date) -> list[Notice]:
    """That an agency's members see no case from now on, or see cases again: to its point of contact and the chairs."""
    every, sees = list(members), agency.isa_current(today)
    chairs = [each for each in every if each.open and each.has(Role.CHAIR)]
    told_ = {each.user_id.lower(): None for each in (*spocs(agency, every), *chairs) if each.user_id}
    mark = f"{_spelt(agency.isa_signed_on)}:{_spelt(agency.isa_lapses_on)}"
    beginning = f"access/{'regained' if sees else 'lost'}/{agency.code.upper()}/{mark}"
    return [
        Notice(f"{beginning}/{Audience(member=user)}", NoticeKind.ACCESS, Audience(member=user), "") for user in told_
    ]


def read_access_key(key: str) -> tuple[str, bool] | None:
    """Read such a notice's key back: the agency's code, and whether its members see cases again; None for others."""
    parts = key.split("/")
    if len(parts) != 5 or parts[0] != "access":
        return None
    return parts[2], parts[1] == "regained"


def _spelt(day: date | None) -> str:
    return day.isoformat() if day else "-"
