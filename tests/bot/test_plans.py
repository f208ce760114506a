"""What is told of a plan, made again for a post that waits."""

from __future__ import annotations

from types import SimpleNamespace
from typing import Any, cast

from board.notices import NoticeKind
from bot.plans import Plans
from sharepoint.bookkeeping import Post
from tests.builders import NOW


async def test_a_reminder_of_an_earlier_version_is_let_go() -> None:
    """A reminder of one plan that still waited when the bot was updated is not made again, and asks for nothing."""
    poster = SimpleNamespace(outbox=SimpleNamespace(makers={}), between=None)
    store = SimpleNamespace(site=SimpleNamespace(site_url="https://example.test/sites/board"))
    Plans(cast("Any", store), cast("Any", None), cast("Any", poster), lambda: NOW)
    again = poster.outbox.makers[NoticeKind.PLAN]
    key = "plan/P-14.1/chase-2026-11-13/00000000-0000-4000-8000-00000000000a"
    assert await again(Post(key=key, kind=NoticeKind.PLAN, audience="member:x"), ()) is None
