"""`agreements`: what is in force, who signed it and what is due; recording signatures and new versions."""

from __future__ import annotations

import re
from collections.abc import Sequence
from contextlib import suppress
from dataclasses import dataclass, replace

from board import references
from board.agreements import SHORT, adopt, coming, dues, end, in_use, named, parties, replaced, sign
from board.entitlement import Act, refusal, require
from board.errors import Conflict, FieldProblem, NotFound, NotUnderstood, Problem
from board.forms import Form
from board.identifying import read_days
from board.records import Agency, Agreement, Forum, Member
from board.vocabulary import Role
from bot.boards import forum_of
from bot.directory import people as in_order
from bot.house import TRIES, House, key_of
from bot.routes import Routes
from bot.turn import JSON, Answer, Message, Reply, Turn
from bot.uses.looking import only_privately
from bot.uses.refer import in_dialog, shown, text_in
from cards import agreements as show
from cards import words
from cards.verbs import Verb
from sharepoint import queries as ask
from sharepoint.errors import StoreBusy
from sharepoint.schema import AGENCIES, AGREEMENTS
from sharepoint.together import Together

_COMMAND = re.compile(r"(add|new|signed|sign|ended|end|version)\b\s*(.*)", re.IGNORECASE | re.DOTALL)
_BETWEEN = re.compile(r"\b(on|from|until|to)\b", re.IGNORECASE)
_SEES_ALL = (Role.CHAIR, Role.MENTAL_HEALTH_TEAM, Role.ADMINISTRATOR, Role.INFORMATION_GOVERNANCE_LEAD)


@dataclass(frozen=True, slots=True)
class Scene:
    """Who asks, and the agreements and agencies as the lists have them now."""

    member: Member
    forum: Forum
    rows: tuple[Agreement, ...]
    agencies: dict[str, Agency]
    may_keep: bool
    more: tuple[list[Agreement], ...] = ()

    def pick(self, said: str) -> Agreement:
        """The agreement that was meant: `ISA`, `G-3`. Raises NotFound, or NotUnderstood for what could be several."""
        kind = SHORT.get(said.strip().upper())
        if kind is None:
            number = references.item_id(said, references.AGREEMENT)
            found = [each for each in self.rows if each.id == number]
            reference = references.reference(references.AGREEMENT, number)
        else:
            found, reference = [each for each in in_use(self.rows) if each.kind == kind], kind.value
        if not found:
            raise NotFound(reference)
        if len(found) > 1:
            raise NotUnderstood(FieldProblem("agreement", Problem.NOT_A_CHOICE))
        return found[0]

    def kept(self, agreement: Agreement, house: House) -> show.Kept:
        """The agreement with its signatories: all of them, or their own for an agency's lead."""
        every = parties(agreement, self.agencies.values(), self.forum, house.today())
        if not self.member.has(*_SEES_ALL):
            every = [each for each in every if each.code == self.member.agency.upper()]
        return show.Kept(agreement, every)

    def choices(self, agreement: Agreement) -> list[tuple[str, str]]:
        """The agencies that may be chosen for a signature, by name and code."""
        open_ = [each for code, each in sorted(self.agencies.items()) if each.open]
        mine = [each for each in open_ if not agreement.parties or each.code.upper() in agreement.parties]
        return [(words.tame(f"{each.name} ({each.code})")[:100], each.code.upper()) for each in mine if each.code]


async def _scene(house: House, turn: Turn, act: Act, *more: ask.Query) -> Scene:
    """Read the agreements and the agencies afresh, and what else is asked, in one request. Raises NotAllowed when who
    asks may not do this."""
    everybody = await house.directory.current()
    who = everybody.standing(turn.sender.user_id)
    member = require(act, who, house.today())
    rows, agencies, *found = await house.store.gather(ask.open_rows(AGREEMENTS), ask.open_rows(AGENCIES), *more)
    may_keep = refusal(Act.KEEP_AGREEMENTS, who, house.today()) is None
    return Scene(member, forum_of(everybody), tuple(rows), in_order((), agencies, ()).agencies, may_keep, tuple(found))


async def listed(house: House, turn: Turn, _rest: str) -> Answer:
    """`agreements`: what is in force, who signed it, what is due. Two requests."""
    only_privately(turn, "agreement")
    scene = await _scene(house, turn, Act.SEE_AGREEMENTS)
    found = dues(scene.rows, list(scene.agencies.values()), scene.forum, house.today())
    due = coming(found, house.today())
    if not scene.member.has(*_SEES_ALL):
        own = scene.member.agency.upper()
        due = [each.of(own) for each in due if own in each.agencies]
    kept = [scene.kept(each, house) for each in in_use(scene.rows)]
    return Reply((Message(show.TITLE, card=show.agreements_card(kept, due, house.today(), may_keep=scene.may_keep)),))


async def typed(house: House, turn: Turn, rest: str) -> Answer:
    """`agreement G-3`; `agreement signed ISA MHT 2026-11-29 until 2027-11-29`, `ended`, `add`, `version ISA`."""
    only_privately(turn, "agreement")
    command = _COMMAND.fullmatch(rest.strip())
    if command is None:
        return await _shown(house, turn, rest) if rest.strip() else await listed(house, turn, "")
    word, said = command[1].casefold(), command[2].strip()
    if word in ("add", "new"):
        return await _typed_new(house, turn, said)
    if word == "version":
        return await _form(house, turn, said)
    return await _typed_change(house, turn, said, ends=word in ("ended", "end"))


async def _typed_change(house: House, turn: Turn, said: str, *, ends: bool) -> Answer:
    which, _, more = said.partition(" ")
    agency, _, more = more.strip().partition(" ")
    values: JSON = {"signing_agency": agency.upper(), "why": more.strip()}
    if not ends:
        between = _BETWEEN.sub(" to ", more)
        days, rest = read_days(between)
        if rest or (between.strip(" to") and not days):  # else a day that was not understood would be today
            values["signed_on"] = more.strip()[:60]
        for name, day in zip(("signed_on", "signed_until"), days, strict=False):
            values.setdefault(name, day.isoformat())
    return await _changed(house, turn, which, values, ends=ends)


async def _typed_new(house: House, turn: Turn, said: str) -> Answer:
    if not said:
        return await _form(house, turn, "")
    parts = [part.strip() for part in said.split(";")]
    kind = SHORT.get(parts[0].upper(), parts[0])
    values: JSON = {"key": key_of(turn, "agreement"), "agreement_kind": str(kind)}
    names = ("agreement_title", "review_on", "expires_on", "link", "parties")
    values |= dict(zip(names, parts[1:], strict=False))
    return await _adopted(house, turn, values)


async def open_one(house: House, turn: Turn) -> Answer:
    """Open one agreement from its button."""
    return await _shown(house, turn, text_in(turn, "reference"))


async def _shown(house: House, turn: Turn, said: str) -> Answer:
    scene = await _scene(house, turn, Act.SEE_AGREEMENTS)
    return _answer(turn, _card(house, turn, scene, scene.pick(said)))


def _card(house: House, turn: Turn, scene: Scene, of: Agreement, **told: str) -> JSON:
    kept, dialog = scene.kept(of, house), in_dialog(turn)
    return show.agreement_card(kept, scene.choices(of), may_keep=scene.may_keep, in_dialog=dialog, **told)


def _answer(turn: Turn, card: JSON) -> Answer:
    return shown(turn, card, show.TITLE)


async def take_signature(house: House, turn: Turn) -> Answer:
    """Record the signature of the card."""
    return await _changed(house, turn, text_in(turn, "reference"), turn.value, ends=False)


async def take_end(house: House, turn: Turn) -> Answer:
    """End the signature of the agency chosen on the card."""
    return await _changed(house, turn, text_in(turn, "reference"), turn.value, ends=True)


async def _changed(house: House, turn: Turn, which: str, values: JSON, *, ends: bool) -> Answer:
    """Write the agreement's line and, for the sharing agreement, the agency's dates, in one request.

    A batch may be made in part: the same again makes the rest. Decided anew when somebody changed either meanwhile.
    """
    for attempt in range(TRIES):
        scene = await _scene(house, turn, Act.KEEP_AGREEMENTS)
        found, form, today = scene.pick(which), Form(values), house.today()
        try:
            if ends:
                after, agency = end(found, scene.agencies, form, today=today)
            else:
                after, agency = sign(found, scene.rows, scene.agencies, form, today=today)
        except NotUnderstood as wrong:
            return _answer(turn, _card(house, turn, scene, found, warned=words.not_sent(wrong.problems)))
        why = form.text("why") if ends else f"{agency.code} signed {named(found)}"
        batch = Together(house.store, scene.member.name)
        batch.change(AGREEMENTS, found, after, why=why)
        batch.change(AGENCIES, scene.agencies[agency.code.upper()], agency, why=why)
        try:
            await batch.send()
        except Conflict:
            if attempt == TRIES - 1:
                raise
            continue
        house.directory.expire()
        return await _told(house, turn, which, show.recorded(agency, found.kind, ends=ends, today=today))
    return None


async def _told(house: House, turn: Turn, which: str, said: str) -> Answer:
    scene = await _scene(house, turn, Act.KEEP_AGREEMENTS)
    return _answer(turn, _card(house, turn, scene, scene.pick(which), said=said))


async def open_form(house: House, turn: Turn) -> Answer:
    """Open the form: for a new agreement, or for the next version of the card's."""
    return await _form(house, turn, text_in(turn, "reference"))


async def _form(house: House, turn: Turn, which: str) -> Answer:
    scene = await _scene(house, turn, Act.KEEP_AGREEMENTS)
    of = scene.pick(which) if which.strip() else None
    values = {"link": of.link, "parties": "; ".join(sorted(of.parties))} if of else None
    card = show.agreement_form(house.new_key(), in_dialog=in_dialog(turn), of=of, values=values)
    return _answer(turn, card)


async def take_form(house: House, turn: Turn) -> Answer:
    """Keep the agreement; what cannot be kept comes back as it was typed."""
    return await _adopted(house, turn, turn.value)


async def _adopted(house: House, turn: Turn, values: JSON) -> Answer:
    said = text_in(turn, "reference")
    scene = await _scene(house, turn, Act.KEEP_AGREEMENTS, *_numbered(said))
    of = _version_of(scene, said)
    values = {**values, "agreement_kind": of.kind, "agreement_title": of.title} if of else values
    try:
        new, earlier = adopt(Form(values), scene.rows, scene.agencies, now=house.now(), today=house.today())
        new = replace(new, forum=house.board)
        kept, _ = await house.store.add_once(AGREEMENTS, new, by=scene.member.name, why="put before the partners")
        await _settled(house, scene, kept, earlier)
    except NotUnderstood as wrong:
        said = words.not_sent(wrong.problems)
    except StoreBusy:
        said = words.STORE_MAYBE
    else:
        return await _told(house, turn, named(kept), "It is kept. Those who are to sign are asked in the next round.")
    key = Form(values).key() or house.new_key()
    return _answer(turn, show.agreement_form(key, in_dialog=in_dialog(turn), of=of, values=values, said=said))


def _numbered(said: str) -> list[ask.Query]:
    """What asks for the agreement that a form is the next version of: by its number, for it may be replaced already."""
    return [ask.numbered(AGREEMENTS, references.item_id(said, references.AGREEMENT))] if said else []


def _version_of(scene: Scene, said: str) -> Agreement | None:
    if not said:
        return None
    if not scene.more[0]:
        raise NotFound(references.reference(references.AGREEMENT, references.item_id(said, references.AGREEMENT)))
    return scene.more[0][0]


async def _settled(house: House, scene: Scene, kept: Agreement, earlier: Sequence[Agreement]) -> None:
    """Number the new version and close those before it. Broken off anywhere, the same form completes it."""
    batch = Together(house.store, scene.member.name)
    batch.change(AGREEMENTS, kept, replace(kept, reference=named(kept)), why="numbered")
    for each in earlier:
        batch.change(AGREEMENTS, each, replaced(each), why=f"replaced by {named(kept)}")
    with suppress(Conflict):  # numbered or signed by somebody meanwhile: the newest version counts all the same
        await batch.send()


ROUTES = Routes(
    pressed={
        Verb.AGREEMENT: open_one,
        Verb.AGREEMENT_SIGN: take_signature,
        Verb.AGREEMENT_END: take_end,
        Verb.AGREEMENT_FORM: open_form,
        Verb.AGREEMENT_SUBMIT: take_form,
    },
    said={"agreements": listed, "agreement": typed},
    opens=frozenset({Verb.AGREEMENT, Verb.AGREEMENT_FORM}),
)
