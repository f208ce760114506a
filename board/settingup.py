"""Setting up: the code that makes the first chair, and what a new agency needs."""

from __future__ import annotations

import hashlib
import hmac
import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import date

from board.calendar import is_working_day
from board.errors import FieldProblem, NotUnderstood, Problem
from board.forms import Form
from board.records import Agency, Forum, Member
from board.vocabulary import AgencyKind, Role

ALPHABET = "ABCDEFGHJKMNPQRSTVWXYZ23456789"
"""Letters and digits that are not taken for one another when read aloud."""

LENGTH = 8
CODE_LENGTH = 10
"""The longest code of a new agency: it is typed often."""

TRIES = 5
"""Wrong codes allowed before a new one has to be printed: five guesses at 30^8 are none."""


def digest(code: str) -> str:
    """What is stored of a code. It is not slow on purpose: whoever can read it can already edit the members."""
    spoken = "".join(c for c in code.upper() if c in ALPHABET)
    return hashlib.sha256(f"mhrmb set-up {spoken}".encode()).hexdigest()


def check_code(said: str, stored: str, tries: int) -> None:
    """Raise NotUnderstood unless `said` is the code and guesses are left."""
    if tries >= TRIES or not stored or not hmac.compare_digest(digest(said).encode(), stored.encode()):
        raise NotUnderstood(FieldProblem("code", Problem.WRONG_CODE))


def first_chair(user_id: str, name: str, found: Member | None) -> Member:
    """The member who gave the code, as a chair who also administers; what they were before is kept."""
    roles = {Role.CHAIR, Role.ADMINISTRATOR}
    if found is None:
        return Member(key=f"member:{user_id}", user_id=user_id, name=name, roles=frozenset(roles))
    return replace(found, roles=found.roles | roles)


def choose_agency(form: Form, agencies: Iterable[Agency]) -> Agency:
    """The agency a chair names: one that is there, or a new one when a code and a name are given."""
    code = form.text("agency", required=True).upper()
    name = form.text("agency_name")
    form.done()
    for agency in agencies:
        if code == agency.code.upper():
            return agency
    if len(code) > CODE_LENGTH:
        raise NotUnderstood(FieldProblem("agency", Problem.TOO_LONG, CODE_LENGTH))
    if not code.isalnum() or not name:
        raise NotUnderstood(FieldProblem("agency_name" if code.isalnum() else "agency", Problem.MISSING))
    return Agency(key=f"agency:{code}", code=code, name=name)


@dataclass(frozen=True, slots=True)
class Progress:
    """How far a board is set up. `asking` are those who asked to be added, by user id, with their names."""

    bound: bool
    agencies: tuple[Agency, ...]
    members: tuple[Member, ...]
    forum: Forum
    asking: Mapping[str, str]

    def unsigned(self, today: date) -> list[str]:
        """The codes of the agencies that are shown no case, since no sharing agreement of theirs is current."""
        return sorted(each.code for each in self.agencies if not each.isa_current(today))

    def alone(self) -> list[str]:
        """The codes of the agencies of which nobody is a member."""
        there = {each.agency.upper() for each in self.members}
        return sorted(each.code for each in self.agencies if each.code.upper() not in there)


_WALL_TIME = re.compile(r"(?:[01]?[0-9]|2[0-3]):[0-5][0-9]")
_LINK = re.compile(r"https://[^\s<>\"]{4,240}")
_USER_ID = re.compile(r"[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}")


def new_agency(form: Form, agencies: Iterable[Agency]) -> Agency:
    """An agency to add. Raises NotUnderstood with every problem, also for a code that is there."""
    code, name = form.text("agency_code", CODE_LENGTH, required=True).upper(), form.text("agency_name", required=True)
    kind = form.choice("agency_kind", AgencyKind)
    signed, lapses = form.any_day("isa_signed"), form.any_day("isa_lapses")
    if code and not (code.isalnum() and code.isascii()):
        form.problems.append(FieldProblem("agency_code", Problem.NOT_TEXT))
    elif code in {each.code.upper() for each in agencies}:
        form.problems.append(FieldProblem("agency_code", Problem.THERE))
    if signed and lapses and lapses <= signed:
        form.problems.append(FieldProblem("isa_lapses", Problem.NOT_LATER))
    form.key()
    form.done()
    return Agency(key=f"agency:{code}", code=code, name=name, kind=kind, isa_signed_on=signed, isa_lapses_on=lapses)


def new_member(
    form: Form,
    asking: Mapping[str, str],
    members: Mapping[str, Member],
    agencies: Mapping[str, Agency],
    *,
    name: str = "",
) -> Member:
    """A member to add. Raises NotUnderstood with every problem, also for somebody who is one.

    Who it is comes from what Teams vouched for when they asked (`asking`); `name` is given with an id that was typed.
    """
    user_id = form.text("member", required=True).lower()
    agency = form.text("member_agency", required=True).upper()
    roles = form.choices("member_roles", Role)
    if user_id and not _USER_ID.fullmatch(user_id):
        form.problems.append(FieldProblem("member", Problem.NOT_A_CHOICE))
    elif user_id in members:
        form.problems.append(FieldProblem("member", Problem.THERE))
    if agency and agency not in agencies:
        form.problems.append(FieldProblem("member_agency", Problem.NOT_A_CHOICE))
    if not roles and all(found.field != "member_roles" for found in form.problems):
        form.problems.append(FieldProblem("member_roles", Problem.MISSING))
    called = asking.get(user_id, "") or name.strip()
    if user_id and not called:
        form.problems.append(FieldProblem("member", Problem.NOT_A_CHOICE))
    form.key()
    form.done()
    return Member(
        key=f"member:{user_id}", user_id=user_id, name=called, agency=agency, roles=frozenset(map(Role, roles))
    )


def anchored(form: Form, forum: Forum, today: date) -> Forum:
    """A board's row with the day of one of its meetings, from which the others follow. Raises NotUnderstood."""
    day, at, link = form.any_day("anchor"), form.text("meets_at", 5), form.text("board_link")
    if day is None and all(found.field != "anchor" for found in form.problems):
        form.problems.append(FieldProblem("anchor", Problem.MISSING))
    elif day is not None and day < today:
        form.problems.append(FieldProblem("anchor", Problem.IN_THE_PAST))
    elif day is not None and not is_working_day(day):
        form.problems.append(FieldProblem("anchor", Problem.NOT_A_WORKING_DAY))
    if at and not _WALL_TIME.fullmatch(at):
        form.problems.append(FieldProblem("meets_at", Problem.NOT_A_WALL_TIME))
    if link and not _LINK.fullmatch(link):
        form.problems.append(FieldProblem("board_link", Problem.NOT_A_LINK))
    form.key()
    form.done()
    return replace(forum, anchor=day, meets_at=at or forum.meets_at, link=link or forum.link)
