"""`bundle R-14 review`, `bundle R-14 subject access`: a case's whole record as a document, after a recorded look."""

from __future__ import annotations

import asyncio
import json
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace

from board.bundling import Bundle, Record, Variant, as_json, bundle
from board.entitlement import Act
from board.forms import Form
from board.history import BOT, Entry
from board.records import Subject
from bot.behind import begun
from bot.chats import conversation
from bot.directory import People
from bot.house import House, key_of
from bot.routes import Routes
from bot.turn import JSON, Answer, Message, Reply, Scope, Turn
from bot.uses.case import Case, open_case
from bot.uses.history import queries_of, read_case, rows_of
from bot.uses.looking import entitled, look_first, only_privately
from bot.uses.refer import in_dialog, page, text_in
from cards import bundle as show
from cards import words
from cards.papers.bundle import bundle_paper
from cards.verbs import Verb
from sharepoint import history as past
from sharepoint.libraries import CASE_PAPERS
from sharepoint.papers import Papers

FILE = {Variant.REVIEW: "bundle for review", Variant.SUBJECT_ACCESS: "bundle for subject access"}
"""What the files are called after the case's reference."""

PATIENCE = 30.0
"""Seconds for one request of what is made behind the answer."""

WAIT = 6.0
"""Seconds for one request to the library: whoever asked hears before long that it could not be filed."""


@dataclass(frozen=True, slots=True)
class Wish:
    """Which bundle is asked for."""

    variant: Variant
    redacted: bool

    @property
    def takes_out(self) -> bool:
        """Whether anything is taken out of it."""
        return self.redacted or self.variant is Variant.SUBJECT_ACCESS


async def typed(house: House, turn: Turn, rest: str) -> Answer:
    """`bundle R-14 review`, `bundle R-14 review redacted`, `bundle R-14 subject access`; less shows the form."""
    only_privately(turn, "bundle")
    spoken, _, said = rest.strip().partition(" ")
    wish = read(said)
    case = await open_case(house, turn.sender.user_id, spoken, also=queries_of if wish else None)
    await entitled(house, turn, case, Act.BUNDLE)
    if wish is None:
        return Reply((Message(show.TITLE, card=_form(house, turn, case)),))
    await look_first(house, turn, case, Act.BUNDLE, wish.variant.value, key_of(turn, "bundle"))
    house.behind(turn, show.THE_BUNDLE, lambda: _message(house, case, wish))
    return begun(f"the bundle of {case.referral.reference}")


async def _message(house: House, case: Case, wish: Wish) -> Message:
    """Made behind the answer, where nobody waits: at background pace, and with more patience than a turn has."""
    patient = replace(house, store=house.store.patient(PATIENCE))
    return Message(show.TITLE, card=await _made(patient, case, wish))


def read(said: str) -> Wish | None:
    """What was typed after the reference: which bundle, and whether third parties are taken out; None when neither."""
    told = set(said.casefold().replace(",", " ").split())
    redacted = bool(told & {"redacted", "redact"})
    if told & {"review", "inquest", "inquiry"}:
        return Wish(Variant.REVIEW, redacted)
    return Wish(Variant.SUBJECT_ACCESS, redacted=True) if told & {"subject", "access", "sar", "dsar"} else None


def _form(house: House, turn: Turn, case: Case, *, variant: str = "", said: str = "") -> JSON:
    reference = case.referral.reference
    return show.bundle_form(reference, house.new_key(), in_dialog=in_dialog(turn), variant=variant, said=said)


async def opened(house: House, turn: Turn) -> Answer:
    """The button *Bundle*: what it is to be for."""
    case = await open_case(house, turn.sender.user_id, text_in(turn, "reference"))
    await entitled(house, turn, case, Act.BUNDLE)
    return page(turn, _form(house, turn, case), show.TITLE)


async def made(house: House, turn: Turn) -> Answer:
    """Take the form and record the look; the bundle is made behind the answer, and told of in the private chat.

    A dialog over a channel needs to know that chat: whoever never wrote to the bot is asked to, before anything is
    recorded. Four requests at most.
    """
    case = await open_case(house, turn.sender.user_id, text_in(turn, "reference"), also=queries_of)
    await entitled(house, turn, case, Act.BUNDLE)
    form = Form(turn.value)
    variant = form.choice("bundle_for", tuple(each.value for each in Variant), required=True)
    people = form.choice("bundle_people", show.PEOPLE, required=True)
    key = form.key()
    if form.problems:
        card = _form(house, turn, case, variant=variant, said=words.problems(form.problems))
        return page(turn, card, show.TITLE)
    wish = Wish(Variant(variant), people == show.TAKE_OUT)
    here = turn.reference.scope is Scope.PERSONAL
    where = turn.reference if here else await conversation(house.store, f"member:{turn.sender.user_id.lower()}")
    if where is None:
        said = words.SAY_HELLO_FIRST
        return page(turn, _form(house, turn, case, variant=variant, said=said), show.TITLE)
    await look_first(house, turn, case, Act.BUNDLE, wish.variant.value, key)
    house.behind(replace(turn, reference=where), show.THE_BUNDLE, lambda: _message(house, case, wish))
    return page(turn, show.making_card(case.referral.reference, here=here), show.TITLE)


async def _made(house: House, case: Case, wish: Wish) -> JSON:
    """Read, write and file; the look is on record. The bytes are made outside the event loop, for they take a while."""
    whole = await _read(house, case, wish)
    document, data = await asyncio.to_thread(_written, whole)
    reference, member = case.referral.reference, case.who.member
    name = f"{reference} {FILE[wish.variant]}{' redacted' if wish.redacted and not _always(wish) else ''}"
    papers, by = Papers(house.store, CASE_PAPERS, within=WAIT), member.name if member else BOT
    files = []
    for ending, content in (("docx", document), ("json", data)):
        address = await papers.put(reference, f"{name}.{ending}", content, by=by, why=wish.variant.value)
        files.append((f"{name}.{ending}", address))
    return show.bundle_card(reference, files, steps=len(whole.entries), redacted=wish.takes_out)


def _always(wish: Wish) -> bool:
    return wish.variant is Variant.SUBJECT_ACCESS


def _written(whole: Bundle) -> tuple[bytes, bytes]:
    return bundle_paper(whole), json.dumps(as_json(whole), ensure_ascii=False, indent=1).encode()


async def _read(house: House, case: Case, wish: Wish) -> Bundle:
    """Everything about the case, without what the wish takes out. One request for a hundred records."""
    rows, entries = rows_of(case), await read_case(house, case)
    people = await house.directory.current()
    member, agency = case.who.member, case.who.agency
    whole = Bundle(
        reference=case.referral.reference,
        variant=wish.variant,
        made_for=member.name if member else "",
        agency=agency.name if agency else "",
        made_on=house.now(),
        records=tuple(Record(of.name, about, past.facts(of, row)) for of, row, about in rows),
        entries=tuple(entries),
    )
    subjects = [row for _, row, _ in rows if isinstance(row, Subject)]
    staff, former = _staff(rows, entries, people), past.former(entries)
    return bundle(whole, subjects, staff, redacted=wish.redacted, former=former)


def _staff(rows: Iterable[past.Row], entries: Iterable[Entry], people: People) -> Iterator[tuple[str, str]]:
    """Names of members of staff that the record holds, with their agency's code; what the lists say now comes last."""
    yield from ((entry.who, "") for entry in entries if entry.who != BOT)
    for _, row, _ in rows:
        for attribute in ("member_name", "referrer_name", "owner_name"):
            if name := getattr(row, attribute, ""):
                yield str(name), str(getattr(row, "agency", ""))
    yield from ((member.name, member.agency) for member in people.members.values())


ROUTES = Routes(
    pressed={Verb.BUNDLE: opened, Verb.BUNDLE_MAKE: made},
    said={"bundle": typed},
    opens=frozenset({Verb.BUNDLE}),
)
