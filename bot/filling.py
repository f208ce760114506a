"""What the records hold for a board's standing items, in a few words each."""

from __future__ import annotations

from datetime import date, time, timedelta

from board.agenda import spoken
from board.boardroom import decisions as decisions_in
from board.boards import Board, boards
from board.calendar import at_uk
from board.cycle import subgroups
from board.learning import is_withdrawn
from board.measures import counted, last_month
from board.records import Forum, Meeting
from board.reporting import REPORT
from board.rounds import belongs
from board.tracker import totals
from bot.boards import Scene
from bot.house import House
from cards import words
from cards.figures import month_name
from sharepoint import queries as ask
from sharepoint.schema import AGENDA_ITEMS, LESSONS, RISKS

SIX_WEEKS = timedelta(weeks=6)


def last_before(forum: Forum, meetings: list[Meeting], day: date) -> Board | None:
    """The last board before a day that was not cancelled."""
    before = boards(forum, meetings, day - timedelta(days=366), day - timedelta(days=1))
    return next((each for each in reversed(before) if not each.cancelled), None)


async def fills(house: House, scene: Scene, board: Board) -> dict[str, str]:
    """By the name of each standing item; one request."""
    last = last_before(scene.forum, list(scene.meetings), board.day)
    since = at_uk(last.day if last else board.day - SIX_WEEKS, time(0))
    month = last_month(house.today())
    actions, risks, lessons, items, decided, figures = await house.store.gather(
        ask.open_actions(),
        ask.open_rows(RISKS),
        ask.raised_since(LESSONS, since),
        ask.items_since(AGENDA_ITEMS, since),
        ask.items_of((spoken(last) if last else "") or "-"),
        ask.figures_of(str(month)),
    )
    counts = totals([each for each in actions if belongs(each, scene.forum)], house.today())
    groups = subgroups(scene.people.forums.values())
    reports = {each.forum.upper() for each in items if each.kind == REPORT}
    there = [each for each in groups if each.code.upper() in reports]
    decisions = words.count(len(decisions_in(decided)), "decision")
    return {
        "decisions": f"{decisions}, {spoken(last)}" if last and spoken(last) else "",
        "tracker": f"{counts.open} open, {counts.overdue} overdue" if counts.open else "none open",
        "risks": words.count(len(risks), "risk"),
        "reports": f"{len(there)} of {len(groups)} in" if groups else "",
        "measures": f"{words.count(len(counted(figures)), 'figure')} of {month_name(month)}",
        "learning": words.count(sum(not is_withdrawn(each) for each in lessons), "lesson"),
    }
