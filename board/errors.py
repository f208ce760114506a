"""What can go wrong, as few kinds as a reader needs.

    BoardError
      NotAllowed      this person may not do this; `refusal` says which rule
      NotUnderstood   what was typed or sent is not usable; `problems` says which field and why
      NotFound        there is no such record
      Conflict        somebody else changed it first, and deciding again did not help

None carries a sentence: `cards.words` turns each into what a person reads.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from enum import StrEnum


class Refusal(StrEnum):
    """Which rule said no. Each has its sentence in `cards.words`."""

    STRANGER = "stranger"
    NO_AGENCY = "no agency"
    OBSERVER = "observer"
    ROLE = "role"
    NO_ISA = "no isa"
    NOT_IN_FORUM = "not in forum"
    ANOTHER_FORUM = "another forum"
    NOT_ASKED = "not asked"
    NOT_YOURS = "not yours"
    CLOSED = "closed"
    NOT_LOOKED = "not looked"
    NOT_A_CHAIR = "not a chair"
    NOT_NOW = "not now"
    RESTRICTED = "restricted"
    NOT_THAT_ROLE = "not that role"
    NOT_LISTABLE = "not listable"
    NOT_ON_LIST = "not on the list"
    NOT_HEARABLE = "not hearable"
    NOT_AT_THE_GATE = "not at the gate"
    MEETING_OVER = "meeting over"
    NOT_ACCEPTED = "statement not accepted"
    FROZEN = "frozen"
    DISPOSED = "disposed"
    STILL_OPEN = "still open"
    NOT_DUE = "not due"
    NOT_DECIDED = "not decided"
    DECIDED = "decided"
    UNDER_WAY = "under way"
    STILL_LIVE = "still live"
    SECOND_PERSON = "second person"
    PLAN_OVER = "plan over"
    PLAN_NOT_NOW = "plan not now"
    PLAN_STOPPED = "plan stopped"
    PLAN_CHANGED = "plan changed"
    NOT_A_SIGNATORY = "not a signatory"
    SIGNED = "signed"
    ITEM_OVER = "item over"
    MINUTES_APPROVED = "minutes approved"
    MINUTES_LATER = "minutes later"
    MINUTES_NOT_MADE = "minutes not made"
    NOT_ATTENDED = "not attended"
    BOARD_NOT_ON = "board not on"
    BOARD_NOT_ACCEPTED = "board statement not accepted"
    PACK_FROZEN = "pack frozen"
    PACK_ISSUED = "pack issued"
    AGREEMENT_OVER = "agreement over"
    LESSON_WITHDRAWN = "lesson withdrawn"
    NOT_A_SUPPLIER = "not a supplier"


class Problem(StrEnum):
    """What is wrong with one field of a form or a command."""

    MISSING = "missing"
    TOO_LONG = "too long"
    NOT_TEXT = "not text"
    NOT_A_CHOICE = "not a choice"
    ONE_OF = "one of"
    NOT_A_DATE = "not a date"
    IN_THE_FUTURE = "in the future"
    IN_THE_PAST = "in the past"
    NOT_LATER = "not later"
    TOO_OLD = "too old"
    NOT_NHS_NUMBER = "not an nhs number"
    NOT_PNC_ID = "not a pnc id"
    NOT_A_REFERENCE = "not a reference"
    STALE = "stale"
    WRONG_CODE = "wrong code"
    NOT_A_CHANNEL = "not a channel"
    NOT_PRIVATE = "not private"
    THERE = "there"
    NOT_A_WALL_TIME = "not a time of day"
    CHOSEN = "chosen before"
    NOT_OF_AN_AGENCY = "not of an agency"
    TWICE = "twice"
    NOT_A_WORKING_DAY = "not a working day"
    TOO_FAR = "too far"
    BEYOND_A_YEAR = "beyond a year"
    TAKEN = "taken"
    WORSE = "worse"
    OTHER_AGENCY = "another agency's"
    TOO_LONG_A_PAUSE = "too long a pause"
    NOT_A_LINK = "not a link"
    IDENTIFYING = "identifying"
    GATE_ORDER = "gate order"
    NOT_TO_COME = "not to come"
    AFTER_EXPIRY = "after expiry"
    NOT_SIGNED = "not signed"
    NOT_A_NUMBER = "not a number"
    NEGATIVE = "negative"
    NOT_WHOLE = "not whole"
    TOO_LARGE = "too large"
    DECIMALS = "decimals"
    NEEDS_WHOLE = "needs the whole"
    NO_WHOLE = "no whole"
    MORE_THAN_WHOLE = "more than the whole"
    OF_NOTHING = "of nothing"
    NOT_A_MONTH = "not a month"
    NOT_OVER = "not over"
    TOO_EARLY = "too early"
    NOT_A_QUARTER = "not a quarter"
    NO_SUCH_MEASURE = "no such measure"
    NOT_ITS_SUPPLIER = "not its supplier"
    REPORTED_TWICE = "reported twice"
    SAME_ID = "the same id"
    NOT_A_PSEUDONYM = "not a pseudonym"
    NOT_A_TIME = "not a time"
    SKIPPED_HOUR = "skipped hour"
    BEFORE_IT_BEGAN = "before it began"
    TOO_LONG_A_STAY = "too long a stay"
    TOO_MANY_HOURS = "too many hours"
    TWO_ENDS = "two ends"
    PERIOD_TOO_LONG = "period too long"
    TOO_FAR_BACK = "too far back"


@dataclass(frozen=True, slots=True)
class FieldProblem:
    """One field, what is wrong with it, the limit that it broke where there is one, and what could have been said."""

    field: str
    problem: Problem
    limit: int = 0
    choices: tuple[str, ...] = ()


def one_of(field: str, choices: Iterable[str]) -> FieldProblem:
    """What was typed is none of these, which are told: whoever types has no list before them."""
    told = tuple(choices)
    return FieldProblem(field, Problem.ONE_OF, choices=told) if told else FieldProblem(field, Problem.NOT_A_CHOICE)


class BoardError(Exception):
    """The root of what the board's rules raise."""


class NotAllowed(BoardError):
    """This person may not do this. `recorded` says whether that they tried is in `Disclosures`."""

    def __init__(self, refusal: Refusal, *, recorded: bool = False) -> None:
        super().__init__(refusal.value)
        self.refusal = refusal
        self.recorded = recorded


class NotUnderstood(BoardError):
    """What came in cannot be used; nothing was changed."""

    def __init__(self, *problems: FieldProblem) -> None:
        super().__init__(", ".join(f"{p.field}: {p.problem}" for p in problems))
        self.problems = problems


class NotFound(BoardError):
    """There is no such record, or none this person may know of."""

    def __init__(self, reference: str) -> None:
        super().__init__(reference)
        self.reference = reference


class Conflict(BoardError):
    """Another change came first."""
