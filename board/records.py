"""The records the board keeps, as they are read: immutable, free of columns and of Teams.

`id` and `etag` are the store's: an id is a positive whole number, an etag an opaque text that guards the next write.
Times are aware and in UTC; dates are calendar dates in the United Kingdom.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime

from board.vocabulary import PersonRole, Role, Status


@dataclass(frozen=True, slots=True, kw_only=True)
class Stored:
    """What every record has once it is in the list. `key` is the idempotency key of the write that made it."""

    id: int = 0
    etag: str = ""
    reference: str = ""
    key: str = ""
    open: bool = True


@dataclass(frozen=True, slots=True, kw_only=True)
class Agency(Stored):
    """A partner. Case detail is open to it from `isa_signed_on` until the day before `isa_lapses_on`."""

    code: str
    name: str
    kind: str = ""
    isa_signed_on: date | None = None
    isa_lapses_on: date | None = None
    spoc: str = ""

    def isa_current(self, on: date) -> bool:
        """Whether the information sharing agreement is signed and has not lapsed on that day."""
        if self.isa_signed_on is None or self.isa_signed_on > on:
            return False
        return self.isa_lapses_on is None or on < self.isa_lapses_on


@dataclass(frozen=True, slots=True, kw_only=True)
class Forum(Stored):
    """A board, a subgroup or another meeting. `agencies` are the codes of its members; none named means all.

    `anchor` is the day of one of its meetings, from which the others follow; `meets_at` a UK wall time such as `10:00`.
    """

    code: str
    name: str
    kind: str = ""
    agencies: frozenset[str] = frozenset()
    contact: str = ""
    anchor: date | None = None
    meets_at: str = ""
    link: str = ""

    def includes(self, agency: str) -> bool:
        """Whether the agency of that code belongs to the forum."""
        return not self.agencies or agency in self.agencies


@dataclass(frozen=True, slots=True, kw_only=True)
class Member(Stored):
    """A person who may use the bot. `user_id` is the Entra object id in lower case."""

    user_id: str
    name: str
    agency: str = ""
    email: str = ""
    roles: frozenset[Role] = frozenset()

    def has(self, *roles: Role) -> bool:
        """Whether the member holds any of these roles."""
        return not self.roles.isdisjoint(roles)


@dataclass(frozen=True, slots=True, kw_only=True)
class Referral(Stored):
    """A request that the partners look at somebody. Holds no identity: that is in `Subject`, in a list of its own."""

    agency: str
    referrer_id: str = ""
    referrer_name: str = ""
    contact: str = ""
    concern: str = ""
    indicators: tuple[str, ...] = ()
    urgency: str = ""
    urgency_reason: str = ""
    why_now: str = ""
    how_known: str = ""
    asked_for: str = ""
    police_involvement: str = ""
    mental_health_act: str = ""
    sharing_basis: str = ""
    person_aware: str = ""
    crime_reference: str = ""
    manager_sign_off: str = ""
    forum: str = ""
    asked: frozenset[str] = frozenset()
    status: str = Status.RECEIVED
    received_on: datetime | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Subject(Stored):
    """Somebody a referral names: the only record that holds who a person is."""

    role: str = PersonRole.SUBJECT
    name: str = ""
    aliases: str = ""
    date_of_birth: date | None = None
    nhs_number: str = ""
    pnc_id: str = ""
    other_ids: str = ""
    address_area: str = ""
    whereabouts: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Return(Stored):
    """One agency's answer about one referral, of which it stays controller. Never altered: a later one counts."""

    agency: str
    answer: str
    information: str = ""
    member_id: str = ""
    member_name: str = ""
    answered_on: datetime | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Disclosure(Stored):
    """One look at who a referral is about, shown or refused: who, when, why (after section 62, DPA 2018)."""

    member_id: str
    member_name: str
    agency: str
    reason: str
    outcome: str
    looked_on: datetime | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Meeting(Stored):
    """A board that was held or is to be. `held_on` is its day."""

    forum: str
    held_on: date | None = None
    status: str = "Planned"


@dataclass(frozen=True, slots=True)
class NewReferral:
    """A referral as a form gives it: its two records apart, one idempotency key between them."""

    referral: Referral
    subject: Subject


SHOWN = "shown"
"""The outcome of a disclosure that was not refused."""
