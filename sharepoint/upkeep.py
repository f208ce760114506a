"""Whether the bot keeps up with its own work, by the rows it keeps about itself: rows and a moment in, findings out."""

from __future__ import annotations

import re
from collections.abc import Sequence
from datetime import UTC, datetime, timedelta

from board.findings import Finding, advice, good, must
from sharepoint.bookkeeping import Event, Post

STUCK_AFTER = timedelta(minutes=30)
CHANGES_KEPT = timedelta(days=60)
"""How long SharePoint keeps the change log (doc)."""
_TICKS = re.compile(r"^1;\d+;[0-9a-fA-F-]{36};(\d{15,19});")


def posts(waiting: Sequence[Post], undelivered: int, now: datetime, *, at_most: int) -> list[Finding]:
    """Posts that should have gone out by now, and those that were given up; `at_most` is how many were counted."""
    stuck = [post for post in waiting if post.next_attempt is None or post.next_attempt < now - STUCK_AFTER]
    found: list[Finding] = []
    if stuck:
        found.append(
            must(
                f"{len(stuck)} posts have waited for more than half an hour.",
                "See that the bot is running, and what its log says about delivery.",
            )
        )
    if undelivered:
        number = f"{undelivered} posts or more" if undelivered >= at_most else f"{undelivered} posts"
        found.append(
            advice(f"{number} were not delivered.", "Posts, filtered by the status Not delivered, says why of each.")
        )
    return found or [good("No post is stuck.")]


def feed(token: Event | None, now: datetime) -> list[Finding]:
    """How far the change feed has come."""
    at = _token_time(token.value) if token is not None else None
    if at is None:
        return [advice("The bot has not followed the lists yet.", "Start it: python -m bot.")]
    age = now - at
    if age > CHANGES_KEPT:
        return [
            advice(
                f"The lists were last followed {age.days} days ago, longer than SharePoint remembers changes.",
                "Start the bot: it reads everything once, and goes on from there.",
            )
        ]
    return [good(f"The lists were followed up to {at:%d %B %Y, %H:%M} UTC.")]


def _token_time(value: str) -> datetime | None:
    """When a change token was made: its fourth part, in .NET's ticks of 100 ns since the year 1 (doc)."""
    found = _TICKS.match(value)
    if found is None:
        return None
    try:
        return datetime(1, 1, 1, tzinfo=UTC) + timedelta(microseconds=int(found[1]) // 10)
    except OverflowError:
        return None


def lease(row: Event | None, now: datetime, *, serving: bool) -> list[Finding]:
    """Whether a process is posting. `serving` says whether one ought to be: the bot is registered with Teams."""
    if row is not None and row.until is not None and row.until > now:
        return [good("A bot is running over this site and posts.")]
    make = must if serving else advice
    return [
        make("No bot is running over this site: nothing is posted, nobody is answered.", "Start it: python -m bot.")
    ]


def channel(bound: bool, readable: bool, *, serving: bool, code: str = "") -> list[Finding]:
    """Whether a board has a channel to speak in; `code` is the board's, where there are several."""
    make = must if serving else advice
    name = f"The board {code}" if code else "The board"
    typed = f"setup forum {code}" if code else "setup (with the set-up code, the first time)"
    again = f"In the board's channel, mention the bot and type: {typed}."
    if not bound:
        return [make(f"{name} has no channel yet, so its cards wait.", again)]
    if not readable:
        return [make(f"{name}'s channel is kept in a form that cannot be read.", again)]
    return [good(f"{name} has its channel.")]
