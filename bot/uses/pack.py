"""`pack`: where the next board's is, or when it is issued and what it waits for; a draft, and issuing it early."""

from __future__ import annotations

from board import pack as rules
from board.agenda import spoken
from board.boards import Board
from board.cycle import Awaited, awaited, reports_for, subgroups
from board.entitlement import Act, require
from board.errors import NotAllowed, NotFound, NotUnderstood, Refusal, one_of
from board.focus import paper_key
from bot.behind import begun
from bot.boards import Scene, focus_of, open_scene
from bot.house import House
from bot.packs import draft, draft_key, issue, issued, told
from bot.routes import Routes
from bot.turn import Answer, Message, Reply, Scope, Turn
from bot.uses.agenda import may_run
from bot.uses.looking import only_privately
from bot.uses.refer import page
from cards import pack as show
from cards.verbs import Verb
from sharepoint import queries as ask
from sharepoint.schema import AGENDA_ITEMS, EVENTS

TITLE = "The pack"


async def typed(house: House, turn: Turn, rest: str) -> Answer:
    """`pack`; `pack draft` and `pack issue` for those who arrange the board."""
    word = rest.strip(" .").casefold()
    if word not in ("", "draft", "issue"):
        raise NotUnderstood(one_of("pack", ("draft", "issue")))
    scene = await open_scene(house, turn, Act.LIST)
    board = scene.board(house.today())
    if board is None:
        raise NotFound("board")
    if word:
        only_privately(turn, "pack")
        require(Act.RUN_BOARD, scene.people.standing(scene.member.user_id), house.today())
        return await (_draft if word == "draft" else _issue)(house, turn, scene, board)
    return await _shown(house, turn, scene, board)


async def _shown(house: House, turn: Turn, scene: Scene, board: Board) -> Answer:
    """Four requests at most."""
    found = await issued(house.store, scene.forum, board)
    if found is not None:
        card = show.issued_card(board.day, spoken(board), found.on, found.address, found.supplement)
        return Reply((Message(TITLE, card=card),))
    day = rules.pack_day(scene.forum, board.day)
    waits, draft_at = await _waits(house, scene, board)
    arranges = may_run(house, scene) and turn.reference.scope is Scope.PERSONAL
    card = show.awaited_card(board.day, day, waits, arranges=arranges, draft=draft_at if arranges else "")
    return Reply((Message(TITLE, card=card),))


async def ask_to_issue(house: House, turn: Turn) -> Answer:
    """*Issue it now*: what would be missing, before it is frozen. Four requests at most."""
    scene = await open_scene(house, turn, Act.RUN_BOARD)
    board = scene.board(house.today())
    if board is None:
        raise NotFound("board")
    if await issued(house.store, scene.forum, board) is not None:
        raise NotAllowed(Refusal.PACK_ISSUED)
    waits, _ = await _waits(house, scene, board)
    return page(turn, show.issue_card(board.day, waits), TITLE)


async def _waits(house: House, scene: Scene, board: Board) -> tuple[Awaited, str]:
    """What the pack waits for, and where its draft is. Two requests at most."""
    focus = await focus_of(house.store, scene.people, scene.forum, board, house.today())
    papers, items, drafts = await house.store.gather(
        ask.keyed(AGENDA_ITEMS, paper_key(scene.forum, board)),
        ask.items_since(AGENDA_ITEMS, house.now() - rules.SOON),
        ask.keyed(EVENTS, draft_key(scene.forum, board)),
    )
    groups = subgroups(scene.people.forums.values())
    waits = awaited(focus, papers[0] if papers else None, reports_for(items, board), groups)
    return waits, drafts[0].value.partition("\n")[0] if drafts else ""


async def _draft(house: House, turn: Turn, scene: Scene, board: Board) -> Answer:
    """Make it behind the answer: it is read from everything that the board has."""

    async def work() -> Message:
        address = await draft(house.store, scene.people, scene.forum, board, house.now(), scene.member.name)
        return Message(TITLE, card=show.draft_card(board.day, address))

    house.behind(turn, show.DRAFT, work)
    return begun(show.DRAFT)


async def _issue(house: House, turn: Turn, scene: Scene, board: Board) -> Answer:
    """Issue it now, behind the answer. Raises NotAllowed when it was issued before: it is frozen, and what comes in
    later follows."""
    if await issued(house.store, scene.forum, board) is not None:
        raise NotAllowed(Refusal.PACK_ISSUED)

    async def work() -> Message:
        address = await issue(house.store, scene.people, scene.forum, board, house.now(), scene.member.name)
        await house.announce(*told(scene.forum, board, address))
        return Message(TITLE, card=show.issued_card(board.day, spoken(board), house.now(), address, ""))

    house.behind(turn, TITLE, work)
    return begun(TITLE)


ROUTES = Routes(pressed={Verb.PACK_ISSUE: ask_to_issue}, said={"pack": typed})
"""What is answered about the pack."""
