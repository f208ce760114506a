"""Setting up: the code that makes the first chair, and what a new agency needs."""

from __future__ import annotations

import hashlib
import hmac
from collections.abc import Iterable
from dataclasses import replace

from board.errors import FieldProblem, NotUnderstood, Problem
from board.forms import Form
from board.records import Agency, Member
from board.vocabulary import Role

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
