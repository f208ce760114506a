"""Setting a board up step by step: what is done, what is next, and a form for each."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date
from enum import StrEnum
from typing import Any

from board.records import Agency, Forum
from board.settingup import CODE_LENGTH, Progress
from board.vocabulary import AgencyKind, Role
from cards import elements as e
from cards import words
from cards.elements import JSON
from cards.verbs import Verb

TITLE = "Set up"
LISTED = 12
CHOSEN_FROM = 60


class Step(StrEnum):
    """What a form of the set-up adds."""

    AGENCY = "agency"
    MEMBER = "member"
    BOARD = "board"


BUTTONS = {Step.AGENCY: "Add an agency", Step.MEMBER: "Add a member", Step.BOARD: "Set the board's day"}
TYPED = {
    Step.AGENCY: "Or type *setup agency AMB Name of the agency*.",
    Step.MEMBER: "Or type *setup member ID AMB representative; name*, with their Entra object id.",
    Step.BOARD: "Or type *setup board 2026-12-10 10:00 https://…*.",
}


def progress_card(of: Progress, today: date, *, said: str = "") -> JSON:
    """The steps in order, each in words as done or to do; the next one first among the buttons."""
    steps = _steps(of, today)
    todo = [label for label, done, _ in steps if not done]
    told = f"{len(steps) - len(todo)} of {len(steps)} steps are done."
    body = [e.heading(TITLE), *([e.text(said)] if said else []), e.text(told)]
    body += [e.entry(f"{'Done' if done else 'To do'}: {label}.", what) for label, done, what in steps]
    body.append(e.quiet("What was added is changed in the lists *Agencies*, *Members* and *Forums* of the site."))
    body += e.buttons(e.opens_dialog(title, Verb.SETUP_FORM, step=step) for step, title in BUTTONS.items())
    body += [e.quiet(" ".join(TYPED.values()))]
    return e.card(body, speak=f"{told} {f'Next: {todo[0]}.' if todo else 'The board is set up.'}")


def _steps(of: Progress, today: date) -> list[tuple[str, bool, str]]:
    unsigned, alone = of.unsigned(today), of.alone()
    anchor = of.forum.anchor
    waiting = words.count(len(of.asking), "person asks", "people ask") + " to be added." if of.asking else ""
    return [
        ("the board's channel", of.bound, "" if of.bound else "In the channel, mention me and type: setup."),
        ("its agencies", len(of.agencies) > 1, f"{words.count(len(of.agencies), 'agency', 'agencies')}."),
        (
            "their sharing agreements",
            bool(of.agencies) and not unsigned,
            f"None current for {_some(unsigned)}: they see no case." if unsigned else "",
        ),
        (
            "its members",
            len(of.members) > 1 and not alone,
            f"{words.count(len(of.members), 'member')}."
            f"{f' Nobody yet from {_some(alone)}.' if alone else ''} {waiting}".rstrip(),
        ),
        ("the board's day", anchor is not None, f"Every six weeks from {words.weekday(anchor)}." if anchor else ""),
    ]


def _some(codes: Sequence[str]) -> str:
    shown = [e.named(code)[:CODE_LENGTH] for code in codes[:LISTED]]
    return words.joined(shown) if len(codes) <= LISTED else f"{', '.join(shown)} and {len(codes) - LISTED} more"


def step_form(
    step: Step,
    key: str,
    *,
    agencies: Sequence[Agency] = (),
    asking: Mapping[str, str] | None = None,
    forum: Forum | None = None,
    in_dialog: bool,
    values: Mapping[str, Any] | None = None,
    said: str = "",
) -> JSON:
    """One step's form; after an error it comes back as it was typed."""
    typed = e.typed(values, 1.0)
    inputs = {
        Step.AGENCY: lambda: _agency_inputs(typed),
        Step.MEMBER: lambda: _member_inputs(typed, agencies, asking or {}),
        Step.BOARD: lambda: _board_inputs(typed, forum),
    }[step]()
    send = e.submits("Save", Verb.SETUP_SUBMIT, main=True, in_dialog=in_dialog, step=step, key=key)
    warned = [e.warning(f"{e.shortened(said, 2000)} {words.TYPED_BELOW}")] if said else []
    asks = any(str(each["type"]).startswith("Input.") for each in inputs)
    body = [*warned, e.heading(BUTTONS[step]), *inputs, e.quiet(TYPED[step])]
    return e.card(body, speak=f"{BUTTONS[step]}.", actions=[send] if asks else [])


def _agency_inputs(typed: Any) -> list[JSON]:
    return [
        e.line_input("agency_code", typed("agency_code"), required=True, limit=CODE_LENGTH),
        e.line_input("agency_name", typed("agency_name"), required=True),
        e.choice_input("agency_kind", AgencyKind, typed("agency_kind")),
        e.date_input("isa_signed", typed("isa_signed")),
        e.date_input("isa_lapses", typed("isa_lapses")),
    ]


def _member_inputs(typed: Any, agencies: Sequence[Agency], asking: Mapping[str, str]) -> list[JSON]:
    if not asking:
        return [e.text("Nobody asks to be added. Have them type *join* to me in a private chat; then come back.")]
    people = [(e.shortened(e.named(name), 120) or user_id, user_id) for user_id, name in asking.items()][:CHOSEN_FROM]
    named = [(e.shortened(e.named(each.name), 120) or each.code, each.code) for each in agencies][:CHOSEN_FROM]
    agency = e.titled_choices("member_agency", named, typed("member_agency"), required=True)
    return [
        e.titled_choices("member", people, typed("member"), required=True),
        agency if named else e.text("No agency is there yet: add theirs first."),
        e.choice_input("member_roles", Role, typed("member_roles"), required=True, many=True),
    ]


def _board_inputs(typed: Any, forum: Forum | None) -> list[JSON]:
    anchor = forum.anchor.isoformat() if forum is not None and forum.anchor is not None else ""
    at, link = (forum.meets_at, forum.link) if forum is not None else ("", "")
    return [
        e.text("The board meets every six weeks from this day; one on a bank holiday moves to the next working day."),
        e.date_input("anchor", typed("anchor") or anchor, required=True),
        e.line_input("meets_at", typed("meets_at") or at, limit=5),
        e.line_input("board_link", typed("board_link") or link),
    ]


def join_card(*, again: bool, whom: str) -> JSON:
    """To somebody who is no member and asks to be one."""
    said = "I have that already." if again else "Kept: you ask to be added as a member of this board."
    body = [e.heading("Asking to be added"), e.text(f"{said} An administrator of the board decides. {whom}".strip())]
    return e.card(body, speak=said)
