"""The board's milestones in the daily round: what its channel is told, whom it asks, and what follows for actions."""

from __future__ import annotations

import logging
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime

from board import rounds
from board.actions import Action
from board.agenda import agenda, spoken
from board.boardroom import decisions, public
from board.boards import AROUND, Board, boards
from board.calendar import uk_date
from board.cycle import Awaited, answerers, awaited, by_agency, reports_for, subgroups, to_disseminate
from board.entitlement import Sight, sight, sight_in_channel
from board.errors import Conflict
from board.focus import Turn as FocusTurn
from board.focus import paper_key, settled
from board.measures import Awaited as FigureAwaited
from board.measures import by_agency as figures_by_agency
from board.notices import NoticeKind
from board.records import AgendaItem, Forum, Meeting, Referral
from board.rounds import BoardAsk, BoardReminder, Window
from board.tracker import row, totals
from board.vocabulary import Role
from bot.boards import focus_of, forum_of, with_row
from bot.directory import Directory, People
from bot.house import BOT
from bot.logs import tell
from bot.measuring import measured
from bot.minutes import filed_as
from bot.poster import Poster
from bot.scopes import of_board
from bot.turn import Message
from cards import actions as action_cards
from cards import board as show
from cards import focus as focus_cards
from cards import measures as measure_cards
from cards.agenda import title_of
from sharepoint import queries as ask
from sharepoint.bookkeeping import Post
from sharepoint.schema import ACTIONS, AGENDA_ITEMS, EVENTS, MEETINGS
from sharepoint.store import Store
from sharepoint.together import Together

log = logging.getLogger("mhrmb.cycle")

TOGETHER = 90


@dataclass(frozen=True, slots=True)
class Around:
    """What a day's milestones are made of; `focus` is the code of the agency in focus."""

    people: People
    forum: Forum
    board: Board
    today: date
    actions: Sequence[Action]
    focus: str

    @property
    def focus_name(self) -> str:
        """What the agency in focus is called."""
        return self.people.agency_name(self.focus)


class Cycle:
    """Safe to repeat: every notice has its key, every write its ETag."""

    def __init__(self, store: Store, directory: Directory, poster: Poster, now: Callable[[], datetime]) -> None:
        self._store = store
        self._directory = directory
        self._poster = poster
        self._now = now
        poster.outbox.makers[NoticeKind.BOARD] = self._again
        poster.outbox.makers[NoticeKind.BOARD_ASK] = self._ask_again

    async def daily(self, span: Window) -> list[str]:
        """Tell what is due of each board; returns the keys of what was posted. Nothing due is one request."""
        people, posted = await self._directory.current(), list[str]()
        meetings: list[Meeting] = await self._store.find(ask.meetings_since(span.until - 2 * AROUND))
        due = [each for each in rounds.reminders(people.forums.values(), span, meetings) if each.milestone != "pack"]
        if not due:
            return posted
        actions: list[Action] = await self._store.find_open(ask.open_actions())
        for reminder in due:
            board = _board(reminder, meetings)
            if board is None:
                continue
            focus = await focus_of(self._store, people, reminder.forum, board, span.until)
            around = Around(people, reminder.forum, board, span.until, actions, focus)
            posted += await self._tell(reminder, around)
        return posted

    async def _tell(self, reminder: BoardReminder, of: Around) -> list[str]:
        if reminder.milestone == "call":
            await self._settle_focus(of)
        message = await self._message(reminder, of)
        posted = [reminder.notice.key] if await self._poster.say(reminder.notice, message) else []
        posted += await self._poster.say_all((each.notice, told) for each, told in await self._asks(reminder, of))
        if reminder.milestone in ("disseminate", "decisions"):
            await self._disseminate(of)
        return posted

    async def _settle_focus(self, of: Around) -> None:
        """Write down whom the board looks at, so that the record says who was featured."""
        if not of.focus:
            return
        board = await with_row(self._store, of.board, BOT)
        if board.row is not None and not board.row.focus:
            turn = FocusTurn(board, of.focus)
            try:
                await self._store.change(MEETINGS, board.row, settled(turn), by=BOT, why="whose turn it is")
            except Conflict:
                tell(log, logging.INFO, "a board changed meanwhile", reference=board.row.reference)

    async def _disseminate(self, of: Around) -> None:
        """Agreed actions are disseminated now: their agencies have been told. A hundred to a request."""
        todo = to_disseminate(of.actions, of.forum)
        for start in range(0, len(todo), TOGETHER):
            batch = Together(self._store, BOT)
            for before, after in todo[start : start + TOGETHER]:
                batch.change(ACTIONS, before, after, why="disseminated")
            try:
                await batch.send()
            except Conflict:
                tell(log, logging.INFO, "an action changed while it was disseminated")

    async def _message(self, reminder: BoardReminder, of: Around) -> Message:
        """What the channel is told of a milestone."""
        forum, name = of.forum, reminder.milestone
        if name in (rounds.MOVED, rounds.CANCELLED):
            cancelled = name == rounds.CANCELLED
            changed = show.changed_card(
                reminder.board, reminder.planned, why=reminder.why, cancelled=cancelled, meets_at=forum.meets_at
            )
            return Message("The board: a change", card=changed)
        if name == "call":
            agency = of.focus_name
            card = show.call_card(reminder.board, meets_at=forum.meets_at, focus=agency)
            return Message("The board: call for agenda items", card=card)
        if name == "returns":
            state, items = await self._awaited(of)
            owed = {code: len(each) for code, each in (await self._figures_owed(of)).items()}
            card = show.returns_card(reminder.board, state, items=items, figures=owed)
            return Message("The board: what is due", card=card)
        if name == "decisions":
            return await self._decisions(of)
        open_here = [action for action in of.actions if rounds.belongs(action, forum)]
        counts = totals(open_here, of.today)
        lines = await self._agenda(of) if name != "disseminate" else []
        card = action_cards.board_card(
            name, reminder.board, counts, meets_at=forum.meets_at, link=forum.link, agenda=lines
        )
        return Message("The board: a reminder", card=card)

    async def _agenda(self, of: Around) -> list[str]:
        items: list[AgendaItem] = await self._store.find(ask.agenda_items())
        focus = of.focus_name
        parts = agenda(of.forum, items, spoken(of.board))
        return [title_of(part, focus) for part in parts if not part.chairs_only]

    async def _awaited(self, of: Around) -> tuple[Awaited, int]:
        """What is not in yet for a board, and how many items were offered."""
        papers, reports, items = await self._store.gather(
            ask.keyed(AGENDA_ITEMS, paper_key(of.forum, of.board)),
            ask.items_since(AGENDA_ITEMS, self._now() - AROUND),
            ask.agenda_items(),
        )
        groups = subgroups(of.people.forums.values())
        offered = [each for each in items if each.forum.upper() == of.forum.code.upper()]
        state = awaited(of.focus, papers[0] if papers else None, reports_for(reports, of.board), groups)
        return state, len(offered)

    async def _decisions(self, of: Around) -> Message:
        reference = spoken(of.board) or "-"
        items, made, filed = await self._store.gather(
            ask.items_of(reference), ask.actions_of(reference), ask.keyed_below(EVENTS, filed_as(reference))
        )
        decided = decisions(items)
        if not decided and not made and (of.board.row is None or of.board.row.status == "Planned"):
            return Message("The board: nothing was recorded", card=show.not_held_card(of.board.day))
        rows = [row(action, sight_in_channel(action), of.today) for action in made if action.reference]
        card = show.decisions_card(
            of.board.day, decisions=len(public(decided)), rows=rows, address=filed[0].value if filed else ""
        )
        return Message("The board: decisions and new actions", card=card)

    async def _asks(self, reminder: BoardReminder, of: Around) -> list[tuple[BoardAsk, Message]]:
        """What single people are told or asked for a milestone."""
        code, day, name = of.forum.code, reminder.board, reminder.milestone
        made = {
            "call": self._focus_asks,
            "disseminate": self._agencies_told,
            "returns": self._returns_asked,
        }.get(name)
        if made is None:
            return []
        return [(BoardAsk(code, day, name, member.lower()), message) for member, message in await made(of)]

    async def _focus_asks(self, of: Around) -> list[tuple[str, Message]]:
        if not of.focus:
            return []
        card = focus_cards.asked_card(of.focus_name, of.board.day)
        people = answerers(of.focus, of.people.members.values())
        return [(member.user_id, Message("Your agency is in focus", card=card)) for member in people]

    async def _agencies_told(self, of: Around) -> list[tuple[str, Message]]:
        """Each agency's outstanding actions, to whoever answers for it: as much of each as they may see."""
        restricted: list[Referral] = await self._store.find(ask.restricted_referrals())
        found = list[tuple[str, Message]]()
        for code, actions in by_agency(of.actions, of.forum, of.people.agencies).items():
            for member in answerers(code, of.people.members.values()):
                who = of.people.standing(member.user_id)
                seen = [(action, sight(action, who, of.today, restricted)) for action in actions]
                rows = [
                    row(action, amount if amount is not Sight.NOTHING else Sight.OUTLINE, of.today)
                    for action, amount in seen
                ]
                name = of.people.agencies[code].name or code
                card = show.agency_card(of.board.day, name, code, rows, totals(actions, of.today))
                found.append((member.user_id, Message("Your agency's actions", card=card)))
        return found

    async def _returns_asked(self, of: Around) -> list[tuple[str, Message]]:
        state, _ = await self._awaited(of)
        found = list[tuple[str, Message]]()
        if state.focus:
            found += await self._focus_asks(of)
        for code in state.reports:
            forum = of.people.forum(code)
            chairs = [each for each in of.people.members.values() if each.open and each.has(Role.SUBGROUP_CHAIR)]
            card = show.report_asked_card(of.board.day, forum.name if forum and forum.name else code)
            found += [(each.user_id, Message("Your report to the board", card=card)) for each in chairs]
        once = dict[str, Message]()
        for member, message in found:
            once.setdefault(member, message)
        return list((once | await self._figures_asked(of, once)).items())

    async def _figures_owed(self, of: Around) -> dict[str, list[FigureAwaited]]:
        """What is not in of the board's measures, by agency. One request for all of them."""
        now = await measured(self._store, of.people, of.forum, of.today)
        return figures_by_agency(now.missing)

    async def _figures_asked(self, of: Around, asked: Mapping[str, Message]) -> dict[str, Message]:
        """Whoever answers for an agency is asked for its figures, in the same message as for anything else."""
        owed = dict[str, list[FigureAwaited]]()
        for code, missing in (await self._figures_owed(of)).items():
            for member in answerers(code, of.people.members.values()):
                owed.setdefault(member.user_id, []).extend(missing)
        made = dict[str, Message]()
        for user_id, missing in owed.items():
            before = asked.get(user_id)
            made[user_id] = (
                Message("Your agency's measures", card=measure_cards.owed_card(of.board.day, missing))
                if before is None or before.card is None
                else replace(before, card=measure_cards.with_owed(before.card, missing))
            )
        return made

    async def _again(self, post: Post, _within: Sequence[Post]) -> Message | None:
        """Make a milestone's post anew, for one that did not get through; None when its board is not held then."""
        read = rounds.read_board_key(post.key)
        if read is None:
            return None
        code, day, name = read
        of = await self._around(code, day)
        if of is None or of.board.cancelled != (name == rounds.CANCELLED):
            return None
        reminder = BoardReminder(of.forum, day, name, planned=of.board.planned, why=of.board.why)
        return await self._message(reminder, of)

    async def _ask_again(self, post: Post, _within: Sequence[Post]) -> Message | None:
        """Make what one person was asked anew; None when it is not asked of them any more."""
        asked = BoardAsk.parse(post.key)
        of = await self._around(asked.forum, asked.board) if asked is not None else None
        if asked is None or of is None or of.board.cancelled:
            return None
        for each, message in await self._asks(BoardReminder(of.forum, asked.board, asked.milestone), of):
            if each.member == asked.member:
                return message
        return None

    async def _around(self, code: str, day: date) -> Around | None:
        store, people = of_board(self._store, await self._directory.current(), code)
        meetings: list[Meeting] = await store.find(ask.meetings_since(day - 2 * AROUND))
        actions: list[Action] = await store.find_open(ask.open_actions())
        forum = forum_of(people, code)
        found = next(iter(boards(forum, meetings, day, day)), None)
        if found is None:
            return None
        today = uk_date(self._now())
        focus = await focus_of(self._store, people, forum, found, today)
        return Around(people, forum, found, today, actions, focus)


def _board(reminder: BoardReminder, meetings: Sequence[Meeting]) -> Board | None:
    """The board that a reminder is of."""
    found = boards(reminder.forum, meetings, reminder.board, reminder.board)
    return next((each for each in found if each.planned == (reminder.planned or each.planned)), None)
