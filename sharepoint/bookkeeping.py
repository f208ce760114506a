"""Rows the bot keeps about itself: where it may speak, what it has posted, leases and settings. No case data in any."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from board.records import Stored


class PostStatus(StrEnum):
    """How far a post has come. `Open` is yes while it is neither sent nor given up."""

    CLAIMED = "Claimed"
    WAITING = "Waiting"
    SENT = "Sent"
    UNCERTAIN = "Uncertain"
    MERGED = "Told in another"
    FAILED = "Not delivered"


@dataclass(frozen=True, slots=True, kw_only=True)
class Post(Stored):
    """One notice on its way to Teams. `reference` is the record it is about; `shown` a digest of what it shows now."""

    kind: str
    audience: str
    status: str = PostStatus.CLAIMED
    conversation: str = ""
    activity_id: str = ""
    shown: str = ""
    attempts: int = 0
    unknown_outcomes: int = 0
    next_attempt: datetime | None = None
    sent_on: datetime | None = None
    failure: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Conversation(Stored):
    """Where the bot may speak: a forum's channel or a member's personal chat. `stored` is our own reference JSON."""

    audience: str
    scope: str
    stored: str
    tenant_id: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Event(Stored):
    """What has no other home: a lease (`holder` until `until`), the change token (`value`)."""

    kind: str
    holder: str = ""
    until: datetime | None = None
    value: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Setting(Stored):
    """One thing provisioning leaves for the running bot, such as the set-up code's digest."""

    name: str
    value: str = ""
    tries: int = 0
