"""Adding somebody who may be at risk, or another third party, to a referral: in a dialog, on a card, or typed."""

from __future__ import annotations

from board import references
from board.entitlement import Act
from board.errors import NotUnderstood
from board.forms import Form
from board.referring import add_person
from board.vocabulary import PersonRole
from bot.house import House, key_of
from bot.routes import Routes
from bot.turn import JSON, Answer, Message, Reply, Turn
from bot.uses.case import open_case
from bot.uses.looking import only_privately
from bot.uses.refer import in_dialog, page, text_in
from cards import refer as show
from cards import words
from cards.verbs import Verb
from sharepoint.errors import StoreBusy
from sharepoint.schema import SUBJECTS

FIELDS = {"is": "relationship", "born": "date_of_birth", "nhs": "nhs_number", "pnc": "pnc_id", "where": "whereabouts"}
ROLES = {"at risk": PersonRole.AT_RISK, "risk": PersonRole.AT_RISK, "third party": PersonRole.THIRD_PARTY}


async def typed(house: House, turn: Turn, rest: str) -> Answer:
    """`person R-14 at risk: name; is: his brother; born: 1990-05-31`; less offers the form."""
    only_privately(turn, "person")
    spoken, _, said = rest.strip().partition(" ")
    case = await open_case(house, turn.sender.user_id, spoken)
    case.require(Act.ADD, house)
    reference = case.referral.reference
    if ":" not in said:
        return Reply((Message(show.PERSON, card=show.person_form(house.new_key(), reference, in_dialog=False)),))
    values = _parse(said) | {"key": key_of(turn, "person")}
    try:
        await _keep(house, turn, reference, values)
    except NotUnderstood as wrong:
        return Reply((Message("Not sent yet", text=f"{words.not_sent(wrong.problems)} {show.PERSON_TYPED}"),))
    return Reply((Message(show.PERSON, card=show.person_kept(reference, in_dialog=False)),))


def _parse(said: str) -> JSON:
    first, *others = said.split(";")
    role, _, name = first.partition(":")
    values: JSON = {
        "name": name.strip(),
        "person_role": str(ROLES.get(" ".join(role.split()).casefold(), role.strip())),
    }
    for part in others:
        label, _, value = part.partition(":")
        if field := FIELDS.get(label.strip().casefold()):
            values[field] = value.strip()
    return values


async def opened(house: House, turn: Turn) -> Answer:
    """Open the form, empty: who is recorded already is shown only after a look."""
    case = await open_case(house, turn.sender.user_id, text_in(turn, "reference"))
    case.require(Act.ADD, house)
    return page(
        turn, show.person_form(house.new_key(), case.referral.reference, in_dialog=in_dialog(turn)), show.PERSON
    )


async def taken(house: House, turn: Turn) -> Answer:
    """Keep the person; a form that cannot be kept comes back as it was typed."""
    reference = references.reference(
        references.REFERRAL, references.item_id(text_in(turn, "reference"), references.REFERRAL)
    )
    key = Form(turn.value).key() or house.new_key()
    try:
        await _keep(house, turn, reference, turn.value)
    except NotUnderstood as wrong:
        said = words.not_sent(wrong.problems)
    except StoreBusy:
        said = words.STORE_MAYBE
    else:
        return page(turn, show.person_kept(reference, in_dialog=in_dialog(turn)), show.PERSON)
    form = show.person_form(key, reference, in_dialog=in_dialog(turn), values=turn.value, said=said)
    return page(turn, form, show.PERSON)


async def _keep(house: House, turn: Turn, reference: str, values: JSON) -> None:
    """Write the person's row once, however often the same form is sent. Two requests."""
    case = await open_case(house, turn.sender.user_id, reference)
    member = case.require(Act.ADD, house)
    person = add_person(Form(values), case.referral.reference, today=house.today())
    await house.store.add_once(SUBJECTS, person, by=member.name, why="added a person")


ROUTES = Routes(
    pressed={Verb.PERSON: opened, Verb.PERSON_SUBMIT: taken},
    said={"person": typed},
    opens=frozenset({Verb.PERSON}),
)
