"""`setup`: bind a channel to the board, make the first chair, and learn the chair's agency."""

from __future__ import annotations

from dataclasses import replace

from board.errors import Conflict, FieldProblem, NotAllowed, NotUnderstood, Problem, Refusal
from board.forms import Form
from board.records import Agency, Forum, Member
from board.scopes import scopes, theirs
from board.settingup import TRIES, check_code, choose_agency, first_chair
from board.vocabulary import Role
from bot.directory import People
from bot.house import House
from bot.routes import Routes
from bot.turn import Answer, Kind, Message, ReplaceCard, Reply, Scope, Turn
from bot.uses import found
from cards import setup as show
from cards.founding import Step
from cards.verbs import Verb
from sharepoint import queries as ask
from sharepoint.bookkeeping import Conversation, Setting
from sharepoint.schema import AGENCIES, CONVERSATIONS, MEMBERS, SETTINGS

CODE = "setup-code"
FORUM = ("forum", "board")


async def setup(house: House, turn: Turn, rest: str) -> Answer:
    """`setup CODE` by whoever holds it; `setup`, `setup forum CODE`, `setup agency CODE [name]` by a chair."""
    word, _, after = rest.partition(" ")
    if turn.reference.scope is Scope.PERSONAL:
        answer = await _in_private(house, turn, rest)
        if answer is not None:
            return answer
    if word.casefold() == "agency":
        code, _, name = after.strip().partition(" ")
        return await take_agency(house, turn, Form({"agency": code, "agency_name": name}))
    if turn.reference.scope is not Scope.CHANNEL:
        raise NotUnderstood(FieldProblem("setup", Problem.NOT_A_CHANNEL))
    people, (codes,) = await house.directory.afresh(ask.keyed(SETTINGS, CODE))
    member = people.members.get(turn.sender.user_id)
    named = after.strip() if word.casefold() in FORUM else ""
    chair = await _with_code(house, turn, member, rest, codes) if rest and not named else _chair(member)
    forum = _forum(people, chair, named)
    moved = await _bind(house, turn, forum, chair.name)
    house.directory.expire()
    house.reconcile()
    card = show.bound(forum, chair, list(people.agencies.values()), moved=moved)
    return Reply((Message("Set up", card=card),))


def _forum(people: People, chair: Member, named: str) -> Forum:
    """The forum whose channel it is to be: one that is named, of a board of the chair's, else their board."""
    every = scopes(people.forums.values())
    mine = theirs(every, chair)
    if not named:
        return mine[0].board if mine else people.board
    forum = people.forum(named)
    if forum is None or (every and not any(each.holds(forum.code) for each in mine)):
        raise NotUnderstood(FieldProblem("forum", Problem.NOT_A_CHOICE))
    return forum


async def _in_private(house: House, turn: Turn, rest: str) -> Answer:
    """The steps of the set-up, for an administrator whose own agency is known; None for what is said otherwise."""
    who = (await house.directory.current()).standing(turn.sender.user_id)
    if who.member is None or not who.member.has(Role.ADMINISTRATOR) or who.agency is None:
        return None
    step = found.STEPS.fullmatch(rest.strip())
    if step is not None:
        return await found.typed(house, turn, Step(step[1].casefold()), step[2])
    return await found.progress(house, turn) if not rest.strip() else None


def _chair(found: Member | None) -> Member:
    if found is None or not found.has(Role.CHAIR):
        raise NotUnderstood(FieldProblem("code", Problem.WRONG_CODE))
    return found


async def _with_code(house: House, turn: Turn, found: Member | None, said: str, rows: list[Setting]) -> Member:
    """Check the code, count a wrong guess, use a right one up only after the chair is kept."""
    if not turn.sender.user_id:
        raise NotAllowed(Refusal.STRANGER)
    setting = rows[0] if rows else Setting(name=CODE)
    try:
        check_code(said, setting.value if setting.open else "", setting.tries)
    except NotUnderstood:
        if found is not None and found.has(Role.CHAIR):
            return found
        if rows and setting.open and setting.tries < TRIES:  # else no code would be taken, and a guess is none
            wrong = replace(setting, tries=setting.tries + 1)
            await house.store.change(SETTINGS, setting, wrong, by="MHRMB bot", why="a wrong set-up code")
        raise
    chair = first_chair(turn.sender.user_id, turn.sender.name or "Chair", found)
    if found is None:
        chair, _ = await house.store.add_once(MEMBERS, chair, by=chair.name, why="set up with the code")
    else:
        chair = await house.store.change(MEMBERS, found, chair, by=chair.name, why="set up with the code")
    await house.store.change(SETTINGS, setting, replace(setting, open=False), by=chair.name, why="used")
    return chair


async def _bind(house: House, turn: Turn, forum: Forum, by: str) -> bool:
    """Make this channel the forum's; true when another was before."""
    audience = f"forum:{forum.code}"
    here = turn.reference.root()
    new = Conversation(
        key=audience, audience=audience, scope=here.scope, stored=here.to_text(), tenant_id=here.tenant_id
    )
    kept, fresh = await house.store.add_once(CONVERSATIONS, new, by=by, why="set up")
    if fresh or kept.stored == new.stored:
        return False
    moved = replace(new, id=kept.id, etag=kept.etag, reference=kept.reference)
    await house.store.change(CONVERSATIONS, kept, moved, by=by, why="moved to another channel")
    return True


async def take_agency(house: House, turn: Turn, form: Form) -> Answer:
    """Keep the chair's own agency, making it when it is new. Only a chair without one, and only for themselves."""
    house.directory.expire()
    people = await house.directory.current()
    chair = _chair(people.members.get(turn.sender.user_id))
    if people.standing(turn.sender.user_id).agency is not None and not _names(form, chair.agency):
        raise NotUnderstood(FieldProblem("agency", Problem.CHOSEN))
    agency = await _agency(house, people, chair, form)
    if chair.agency != agency.code:
        await _named(house, chair, agency)
    house.directory.expire()
    card = show.done(agency)
    if turn.kind is Kind.CARD_ACTION:
        return ReplaceCard(card)
    return Reply((Message("Set up", card=card),))


async def _named(house: House, chair: Member, agency: Agency) -> None:
    """Write the chair's agency. The same press that came to another process has written it already."""
    try:
        await house.store.change(
            MEMBERS, chair, replace(chair, agency=agency.code), by=chair.name, why="named their agency"
        )
    except Conflict:
        house.directory.expire()
        people = await house.directory.current()
        if _chair(people.members.get(chair.user_id)).agency != agency.code:
            raise


def _names(form: Form, code: str) -> bool:
    """Whether the form says this agency: the same press again is answered as the first time."""
    return Form(form.values).text("agency").upper() == code.upper()


async def _agency(house: House, people: People, chair: Member, form: Form) -> Agency:
    agency = choose_agency(form, people.agencies.values())
    if agency.id:
        return agency
    agency, _ = await house.store.add_once(AGENCIES, agency, by=chair.name, why="named by the first chair")
    return agency


ROUTES = Routes(
    pressed={Verb.SETUP_AGENCY: lambda house, turn: take_agency(house, turn, Form(turn.value))},
    said={"setup": setup},
    shared=frozenset({Verb.SETUP_AGENCY}),
)
