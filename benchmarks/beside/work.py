"""The tracker's own work, for those in Python that the bot is measured beside: the product's code over what it read.

Each of them runs it in its own environment, within its own handler: rows become records, entitlement is decided of each
action, the page is put in order and its card drawn. How an activity is received, checked and answered stays theirs.
"""

from __future__ import annotations

import sys
from pathlib import Path
from types import SimpleNamespace
from typing import TYPE_CHECKING, Any, cast

ROOT = Path(__file__).parents[2]

# What the product's code needs and their environment lacks comes last, so that nothing of theirs is replaced.
sys.path += [str(ROOT), str(ROOT / ".venv" / "lib" / f"python3.{sys.version_info.minor}" / "site-packages")]

from board.scopes import FIRST  # noqa: E402
from bot.directory import people, queries  # noqa: E402
from bot.house import House, utc_now  # noqa: E402
from bot.turn import JSON, Kind, Reference, Reply, Scope, Sender, Turn  # noqa: E402
from bot.uses.track import tracker  # noqa: E402
from sharepoint.store import _records  # noqa: E402

if TYPE_CHECKING:
    from bot.directory import People
    from sharepoint.queries import Query


class Answered:
    """Stands for a store: each query is answered with the rows that SharePoint gave the bot for it, as parsed JSON."""

    def __init__(self, record: JSON) -> None:
        self._record = record

    async def gather(self, *asked: Query) -> list[list[Any]]:
        """Records made of the rows, as the store makes them."""
        return [_records(query.of, self._record[query.path]) for query in asked]

    async def find(self, query: Query) -> list[Any]:
        """One of them."""
        return (await self.gather(query))[0]


class Kept:
    """Stands for the directory, which keeps the members for a minute."""

    def __init__(self, members: People) -> None:
        self._members = members

    async def current(self) -> People:
        """The members as they were."""
        return self._members


class Tracker:
    """Answers `tracker`. `record` holds what SharePoint answered, by the path that was asked."""

    def __init__(self, record: JSON) -> None:
        store = Answered(record)
        members = people(*(_records(query.of, record[query.path]) for query in queries()))
        house = SimpleNamespace(store=store, directory=Kept(members), board=FIRST, forum="", now=utc_now)
        house.today = lambda: House.today(cast("House", house))
        self._house = cast("House", house)

    async def card(self, user_id: str, conversation: str) -> JSON:
        """The card that this person is answered with in a private chat."""
        reference = Reference("", conversation, Scope.PERSONAL)
        answer = await tracker(self._house, Turn(Kind.MESSAGE, Sender(user_id, ""), reference, text="tracker"), "")
        assert isinstance(answer, Reply)
        made = answer.messages[0].card
        assert made is not None
        return made
