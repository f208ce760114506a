"""What the app offers in Teams' own search box and menus. The one list: the app package and the tests are made from it.

Titles and descriptions keep to Teams' limits (32 and 128 characters); an id is stable once people have the app.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date

from board.actions import Action
from board.entitlement import Sight
from board.notices import ReferralFace
from board.records import Agency, Risk
from board.references import ACTION, RISK, reference
from board.searching import BoardPaper
from board.tracker import is_overdue, shown_owner
from cards import elements as e
from cards import referral as referral_cards
from cards import words
from cards.elements import JSON


@dataclass(frozen=True, slots=True)
class Search:
    """A search that can be made from a message being written; `parameter` is its one box, named in `title` words."""

    id: str
    title: str
    description: str
    parameter: str
    parameter_title: str
    parameter_description: str


@dataclass(frozen=True, slots=True)
class Command:
    """A command that opens a dialog, offered in these `contexts`: `message`, `compose` or `commandBox`."""

    id: str
    title: str
    description: str
    contexts: tuple[str, ...]


SEARCHES = (
    Search(
        "actions",
        "Actions",
        "Find an open action and put it into your message",
        "text",
        "Action",
        "A number (A-103), an agency, overdue, due, mine, blocked, or words",
    ),
    Search(
        "referrals",
        "Referrals",
        "Find an open referral by its reference; no name is shown or looked for",
        "text",
        "Referral",
        "Its reference, such as R-14; nothing for the newest",
    ),
    Search("risks", "Risks", "Find a risk of the register", "text", "Risk", "A number (K-12), an agency, or words"),
    Search("papers", "Papers", "Find a board's pack or minutes", "text", "Paper", "A board (B-7), pack or minutes"),
)

RAISE_ACTION, REFER = "raiseAction", "refer"

COMMANDS = (
    Command(
        RAISE_ACTION,
        "Raise an action",
        "Raise an action from this message (chairs); you see and change its words before they are kept",
        ("message",),
    ),
    Command(REFER, "Refer", "Make a referral in a private form", ("compose", "commandBox")),
)

LINE_BYTES = 160
"""What a line of the list under the search box takes at most."""

NOTHING = {
    "actions": "No open action matches. Try a number (A-103), an agency, overdue, due, mine or blocked.",
    "referrals": "No open referral matches. Type its reference, such as R-14: no name is looked for.",
    "risks": "No open risk matches. Try a number (K-12), an agency or other words.",
    "papers": "No paper matches. Try a board (B-7), pack or minutes.",
}
"""What is said where nothing was found, by the search's id."""

NO_MORE = "That is all. Type more of what you look for to see others."
HIDDEN = "Its words are not shown here: something in them may say who somebody is. Open the list *Risks* to read it."


def action_line(action: Action, amount: Sight, today: date) -> tuple[str, str]:
    """How an action is listed among what was found."""
    late = (today - action.due).days if action.due is not None and is_overdue(action, today) else 0
    what = action.what if amount is Sight.FULL else "comes from a case"
    due = f"due {words.day(action.due)}" if action.due else "no due date"
    told = (shown_owner(action, amount) or "no owner", due, words.late(late))
    return _line(reference(ACTION, action.id), what), _short(" · ".join(part for part in told if part))


def referral_line(face: ReferralFace) -> tuple[str, str]:
    """How a referral is listed: its pointer alone where it is restricted."""
    if face.restricted:
        return _line(face.reference, "restricted"), words.count(face.involved, "agency", "agencies") + " involved"
    title = _line(face.reference, face.concern or "Kind of concern not stated")
    return title, _short(f"{face.agency or 'Agency not stated'} · {referral_cards.answers(face)}")


def risk_line(risk: Risk, agencies: Mapping[str, Agency], *, hidden: bool) -> tuple[str, str]:
    """How a risk is listed."""
    told = (_agency(risk, agencies), "" if hidden else risk.status)
    title = _line(reference(RISK, risk.id), "" if hidden else risk.event or risk.cause)
    return title, _short(" · ".join(part for part in told if part))


def paper_line(paper: BoardPaper) -> tuple[str, str]:
    """How a paper is listed."""
    return _short(paper.title), f"Filed {words.when(paper.filed_on)}" if paper.filed_on else "Filed"


def _line(number: str, said: str) -> str:
    return _short(f"{number}: {said}") if said else number


def _short(said: str) -> str:
    return e.shortened(words.tame(said), LINE_BYTES)


def _agency(risk: Risk, agencies: Mapping[str, Agency]) -> str:
    agency = agencies.get(risk.agency.upper())
    return e.named(agency.name) if agency is not None else ""


def risk_found(risk: Risk, agencies: Mapping[str, Agency], *, hidden: bool) -> JSON:
    """A risk as a channel may see it. `hidden`: its words may say who somebody is, so none is shown."""
    number = reference(RISK, risk.id)
    whose, status = _agency(risk, agencies) or "not stated", "" if hidden else e.shortened(risk.status, LINE_BYTES)
    told = [
        e.plain("Because", risk.cause or "not stated", limit=e.PARAGRAPH_BYTES),
        e.plain("It may be that", risk.event or "not stated", limit=e.PARAGRAPH_BYTES),
        e.plain("Which would mean", risk.impact or "not stated", limit=e.PARAGRAPH_BYTES),
    ]
    body = [e.heading(f"Risk {number}"), *([e.quiet(HIDDEN)] if hidden else told), e.entry("Whose", whose)]
    body += [e.entry("Status", status)] if status else []
    return e.card(body, speak=f"Risk {number}, of {whose}.")


def paper_found(paper: BoardPaper) -> JSON:
    """A paper of a board, with the way to open it."""
    title = e.named(paper.title)
    filed = [e.text(f"Filed {words.when(paper.filed_on)}.")] if paper.filed_on else []
    body = [e.heading(title), *filed, *e.filed_as(paper.address)]
    return e.card(body, speak=title, actions=e.opens_link("Open", paper.address))
