"""The first thing people see: once for each team and each person, however often the app is updated."""

from __future__ import annotations

import hashlib

from board.errors import BoardError, NotAllowed
from bot.house import BOT, House, utc_now
from bot.turn import Answer, Message, Reply, Scope, Turn
from bot.uses.home import drawn
from cards import setup as show
from sharepoint.bookkeeping import Post, PostStatus
from sharepoint.errors import Duplicate, StoreError
from sharepoint.schema import POSTS

KIND = "welcome"


async def installed(house: House, turn: Turn) -> Answer:
    """Say hello: to a person with what is theirs, to a team with how to begin. Nothing the second time.

    Teams tells of one installation in two ways, and again with each update of the app. Whoever cannot be looked up just
    now is greeted all the same.
    """
    private = turn.reference.scope is Scope.PERSONAL
    try:
        if not await first_time(house, turn):
            return None
        home = (await drawn(house, turn),) if private else ()
    except NotAllowed:
        return Reply((Message("Hello", card=show.welcome(channel=False, known=False)),))
    except (StoreError, BoardError):
        home = ()
    return Reply((Message("Hello", card=show.welcome(channel=not private)), *home))


async def first_time(house: House, turn: Turn) -> bool:
    """Whether this person, or this team, has not been greeted before. They have been from now on. One request."""
    where = turn.reference
    whom = turn.sender.user_id if where.scope is Scope.PERSONAL else where.team_id
    about = hashlib.sha256((whom or where.conversation_id).encode()).hexdigest()[:32]
    row = Post(
        key=f"{KIND}/{about}",
        kind=KIND,
        audience=f"{where.scope}:{about}",
        status=PostStatus.SENT,
        open=False,
        sent_on=utc_now(),
    )
    try:
        await house.store.add(POSTS, row, by=BOT, why="greeted")
    except Duplicate:
        return False
    return True
