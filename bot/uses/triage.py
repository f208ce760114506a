"""The gate: `triage` and what follows it, for the mental health team; `withdraw` for whoever made a referral.

The definitions stand beside the choice as they read today, and the case keeps which wordings those were.
"""

from __future__ import annotations

from collections.abc import Callable
from contextlib import suppress

from board import definitions as terms
from board import path
from board.entitlement import Act, require
from board.errors import Conflict, NotFound
from board.forms import Form
from board.path import ACTS, Moment, Move
from board.records import Definition, Member, Referral
from board.stepping import has_step
from bot.house import TRIES, House, key_of
from bot.routes import Routes
from bot.turn import JSON, Answer, Message, Reply, Turn
from bot.uses.case import Case, as_shown, open_case
from bot.uses.looking import entitled, look_first, only_privately, show_for_a_while, stub_later
from bot.uses.refer import NOT_KEPT, in_dialog, page, text_in, why_not
from cards import triage as show
from cards.verbs import Verb
from sharepoint import queries as ask
from sharepoint.errors import StoreError
from sharepoint.schema import DEFINITIONS, REFERRALS

REASON = "Triage"

Decide = Callable[[Case, Member], Referral]


async def triage(house: House, turn: Turn, rest: str) -> Answer:
    """`triage`: what waits. `triage R-14`: the case and the gate. `triage R-14 subgroup: rationale`: the decision."""
    only_privately(turn, "triage")
    spoken, _, said = rest.strip().partition(" ")
    if not spoken:
        return await _list(house, turn)
    if not said.strip():
        return await _shown(house, turn, spoken)
    values: JSON = {**path.read_triage(said), "key": key_of(turn, "triage")}
    if "gate" not in values:
        return Reply((Message(show.TITLE, text=show.HOW),))
    kept = await _triaged(house, turn, spoken, values)
    return Reply((Message(show.TITLE, text=show.kept(kept)),))


async def _list(house: House, turn: Turn) -> Answer:
    people = await house.directory.current()
    require(Act.TRIAGE, people.standing(turn.sender.user_id), house.today())
    found = path.waiting(await house.store.find(ask.for_the_list()), house.today())
    return Reply((Message(show.TITLE, card=show.waiting_card(found)),))


async def _shown(house: House, turn: Turn, spoken: str) -> Answer:
    case = await _read(house, turn, spoken)
    await look_first(house, turn, case, Act.TRIAGE, REASON, key_of(turn, "triage"))
    reference = case.referral.reference
    await show_for_a_while(house, turn, reference, f"Referral {reference}", await _card(house, turn, case))
    return None


async def opened(house: House, turn: Turn) -> Answer:
    """The button *Triage*: the look is recorded, then the case with the gate's form is shown."""
    case = await _read(house, turn, text_in(turn, "reference"))
    key = Form(turn.value).key() or key_of(turn, "triage")
    await look_first(house, turn, case, Act.TRIAGE, REASON, f"{key}-triage")
    if not in_dialog(turn):
        await stub_later(house, turn, case.referral.reference, turn.replied_to)
    return page(turn, await _card(house, turn, case), show.TITLE)


async def _read(house: House, turn: Turn, spoken: str) -> Case:
    """The case, with who it is about and the wordings that it is decided by, in one request."""
    wordings = ask.open_rows(DEFINITIONS)
    return await open_case(house, turn.sender.user_id, spoken, subjects=True, also=lambda _: [wordings])


async def _card(house: House, turn: Turn, case: Case) -> JSON:
    beside = _current(house, case.more[0])
    against = path.refusal(case.referral, Move.TRIAGE)
    forums = [each.code for each in case.people.forums.values()]
    return show.triage_card(
        await as_shown(house, case),
        case.subjects,
        case.returns,
        beside,
        forums=forums,
        key=house.new_key(),
        in_dialog=in_dialog(turn),
        at_the_gate=against is None,
    )


async def _definitions(house: House) -> list[Definition]:
    return _current(house, await house.store.find(ask.open_rows(DEFINITIONS)))


def _current(house: House, rows: list[Definition]) -> list[Definition]:
    return terms.shown(terms.current(rows or terms.SEEDED, house.today()))


async def taken(house: House, turn: Turn) -> Answer:
    """The gate's form; one that cannot be taken comes back as it was typed."""
    reference = text_in(turn, "reference")
    try:
        kept = await _triaged(house, turn, reference, turn.value)
    except NOT_KEPT as wrong:
        said = why_not(wrong)
    else:
        return page(turn, show.triage_kept(kept), show.TITLE)
    people = await house.directory.current()
    card = show.triage_again(
        show.named(reference),
        await _definitions(house),
        forums=[each.code for each in people.forums.values()],
        key=Form(turn.value).key() or house.new_key(),
        in_dialog=in_dialog(turn),
        values=turn.value,
        said=said,
    )
    return page(turn, card, show.TITLE)


async def _triaged(house: House, turn: Turn, spoken: str, values: JSON) -> Referral:
    beside = terms.versions(await _definitions(house))

    def decide(case: Case, member: Member) -> Referral:
        at = Moment(house.now(), tuple(case.people.forums.values()), beside)
        return path.triage(case.referral, member, Form(values), at)

    return await _moved(house, turn, spoken, Move.TRIAGE, values, decide)


async def _moved(  # noqa: PLR0917 - who, what, of which and how: each is another thing
    house: House, turn: Turn, spoken: str, move: Move, values: JSON, decide: Decide
) -> Referral:
    """Decide and write; decide again on what is there now when somebody changed it meanwhile."""
    key = Form(values).key()
    for attempt in range(TRIES):
        case = await open_case(house, turn.sender.user_id, spoken)
        if key and has_step(case.referral.step_key, key):
            return case.referral
        if ACTS[move] is Act.TRIAGE and case.referral.open:
            await entitled(house, turn, case, Act.TRIAGE)
        member = case.require(ACTS[move], house)
        after = decide(case, member)
        try:
            kept = await house.store.change(REFERRALS, case.referral, after, by=member.name, why=move.value)
        except Conflict:
            if attempt == TRIES - 1:
                raise
        else:
            house.nudge(kept.reference)
            return kept
    raise NotFound(spoken)


async def receipt(house: House, turn: Turn, rest: str) -> Answer:
    """`receipt R-14 NAME`: the receiving forum has it, and who there said so."""
    only_privately(turn, "receipt")
    spoken, _, said = rest.strip().partition(" ")
    return await _typed(house, turn, Move.RECEIPT, spoken, receipt_by=said.strip())


async def back(house: House, turn: Turn, rest: str) -> Answer:
    """`back R-14 why`: the other forum does not take it, so it is the subgroup's."""
    only_privately(turn, "back")
    spoken, _, said = rest.strip().partition(" ")
    return await _typed(house, turn, Move.BACK, spoken, rationale=said.strip())


async def withdraw(house: House, turn: Turn, rest: str) -> Answer:
    """`withdraw R-14 why`: by its referrer, their agency's lead or the mental health team."""
    only_privately(turn, "withdraw")
    spoken, _, said = rest.strip().partition(" ")
    return await _typed(house, turn, Move.WITHDRAW, spoken, rationale=said.strip())


async def _typed(house: House, turn: Turn, move: Move, spoken: str, **values: str) -> Answer:
    said = await stepped(house, turn, spoken, move, {"key": key_of(turn, move), **values})
    return Reply((Message(show.TITLE, text=said),))


async def stepped(house: House, turn: Turn, spoken: str, move: Move, values: JSON) -> str:
    """Take a receipt, take a case back or withdraw it; what was done, in a sentence. Two requests."""
    at = Moment(house.now())

    def decide(case: Case, _: Member) -> Referral:
        form = Form(values)
        if move is Move.BACK:
            return path.back(case.referral, form)
        return (path.receipt if move is Move.RECEIPT else path.withdraw)(case.referral, form, at)

    return show.kept(await _moved(house, turn, spoken, move, values, decide))


async def define(house: House, said: str) -> Message | None:
    """`help serious harm`: what a word means to the board, with its source; None for what is like no term.

    Needs no store: while that is down the wordings that provisioning brings are told.
    """
    rows: list[Definition] = []
    with suppress(StoreError):
        rows = await house.store.find(ask.open_rows(DEFINITIONS))
    known = terms.current(rows or terms.SEEDED, house.today())
    found, nearest = terms.meant(said, known)
    if found is not None:
        return Message("Definition", card=show.definition_card(found))
    return (
        Message("Definition", text=show.no_term(nearest, sorted(each.term for each in known.values())))
        if nearest
        else None
    )


ROUTES = Routes(
    pressed={Verb.TRIAGE: opened, Verb.TRIAGE_SUBMIT: taken},
    said={"triage": triage, "receipt": receipt, "back": back, "withdraw": withdraw},
    opens=frozenset({Verb.TRIAGE}),
)
