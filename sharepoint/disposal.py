"""What of a case's record stays when it is disposed of, and what goes: columns as data, beside the schema.

Every column of a list that holds something of a case is named among those that stay or those that go; a test holds the
two to the schema, so a column added later is decided about too. What stays is the bare record, for counting: which
agencies, what kind of concern, when, what came of it. Even there a value that is not one of the board's own words goes:
somebody typed it, and it may be a name.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, replace
from typing import Any

from board.retention import DONE_WITH
from board.vocabulary import OUTCOMES
from sharepoint.columns import Column
from sharepoint.schema import (
    ACTIONS,
    BASE,
    HEARINGS,
    PLANS,
    REFERRALS,
    REQUESTS,
    RETURNS,
    SIGN_OFFS,
    SUBJECTS,
    TRIGGER_REPORTS,
    ListOf,
)


@dataclass(frozen=True, slots=True)
class Part:
    """What of one list's rows stays and what goes, by attribute."""

    of: ListOf[Any]
    stays: tuple[str, ...]
    goes: tuple[str, ...] = ()


PARTS = (
    Part(
        REFERRALS,
        (
            *("status", "agency", "concern", "urgency", "received_on", "forum", "asked", "restricted", "gate"),
            *("triaged_on", "redirected_on", "receipt_on", "decline_reason", "listed_for", "outcomes", "closed_on"),
            *("review_on", "retention", "retention_why", "retention_by", "retention_by_id", "retention_on"),
            *("disposal_by", "disposal_by_id", "disposal_on", "disposal_left"),
        ),
        (
            *("why_now", "asked_for", "indicators", "how_known", "urgency_reason", "police_involvement"),
            *("mental_health_act", "sharing_basis", "person_aware", "crime_reference", "manager_sign_off", "contact"),
            *("referrer_id", "referrer_name", "restricted_why", "holder_id", "holder_name", "admitted"),
            *("mappa_status", "pdp_status", "definitions", "rationale", "triaged_by", "redirected_to", "receipt_by"),
            *("repeat_of", "list_order", "list_minutes", "on_hold", "next_review", "step_key"),
        ),
    ),
    Part(
        SUBJECTS,
        ("role",),
        (
            *("name", "aliases", "date_of_birth", "nhs_number", "pnc_id", "other_ids", "address_area"),
            *("whereabouts", "relationship"),
        ),
    ),
    Part(RETURNS, ("agency", "member_id", "member_name", "answered_on"), ("answer", "information")),
    Part(
        HEARINGS,
        ("meeting", "forum", "decision", "dissent_by", "outcomes", "heard_on", "recorded_by"),
        ("information", "rationale", "dissent", "next_review", "step_key"),
    ),
    Part(
        PLANS,
        ("status", "case", "forum", "version", "signatories", "agreed_on", "expires_on", "review_on", "owner_name"),
        ("scenarios", "triggers", "first_actions", "contingencies", "victim_safety", "changes", "step_key"),
    ),
    Part(SIGN_OFFS, ("agency", "member_id", "member_name", "answer", "signed_on"), ("refuses_care", "why")),
    Part(
        TRIGGER_REPORTS,
        ("case", "forum", "agency", "member_id", "member_name", "reported_on"),
        ("trigger", "note"),
    ),
    Part(
        REQUESTS,
        ("status", "forum", "member_id", "member_name", "agency", "reason", "asked_on", "answered_by", "answered_on"),
    ),
    Part(
        ACTIONS,
        (
            *("status", "owner_id", "owner_name", "agency", "due", "priority", "source", "forum", "asked_due"),
            *("agreed_on", "claimed_on", "closed_on", "assigned_to", "assigned_sync", "transferred_on", "senior_on"),
        ),
        ("what", "why", "programme", "note", "evidence", "transfers", "snoozed_until", "step_key"),
    ),
)
"""Everything that is kept of a case. `Disclosures` stay as they are: who looked and why, and nothing of the case."""

_MEETING = re.compile(r"[BS]-[1-9][0-9]{0,8}")
_CODES = ("agency", "forum")
_CODE_SETS = ("asked", "signatories", "dissent_by")


def bare(part: Part, row: Any, codes: frozenset[str], case: str) -> Any:
    """What stays of a row. `codes` are those of agencies and forums that are there; `case` is the reference."""
    kept = {
        column.attribute: column.read(None) if column.attribute in part.goes else _known(column, row, codes)
        for column in part.of.mapped
    }
    if part.of is ACTIONS:
        kept |= {"source": case, "what": DONE_WITH}
    return replace(row, **kept)


def _known(column: Column, row: Any, codes: frozenset[str]) -> Any:
    """A value that stays, if it is one of the board's own words."""
    name, value = column.attribute, getattr(row, column.attribute)
    if column.choices:
        return value if value in column.choices else ""
    if name in _CODES:
        return value if value.strip().upper() in codes else ""
    if name in _CODE_SETS:
        return value & codes
    if name == "outcomes":
        return tuple(each for each in value if each in OUTCOMES)
    if name in ("listed_for", "meeting"):
        return value if _MEETING.fullmatch(value) else ""
    return value


EVERY = frozenset(column.attribute for column in BASE if column.attribute)
"""Attributes of every record, which stay: its reference, its key and whether it is open."""
