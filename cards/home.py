"""The home card of a private chat: one's actions, what one's agency owes, the next board, what changed."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from board.boards import Board
from board.home import Before, Changed
from board.tracker import Row, Totals
from cards import elements as e
from cards import words
from cards.actions import WALL_TIME, line_of, opens_action, totals_of
from cards.elements import JSON
from cards.verbs import Verb

TITLE = "Home"
LISTED = 5
"""Actions and references on a line; more are counted."""

ANSWERED = 3
"""Referrals that are a button away; the one that waited longest comes first."""

ROW = 6
"""Teams shows six buttons in a row."""

COMMANDS = {
    "refer": "Make a referral",
    "my actions": "My actions",
    "tracker": "Tracker",
    "referrals": "Referrals",
    "board": "The board",
    "agenda": "Agenda",
    "add action": "Add an action",
    "triage": "The gate",
    "list": "The list",
    "subgroup": "The subgroup",
    "brief": "My brief",
    "retention": "Records",
    "patterns": "Unusual looks",
}
"""What a command's button says. Pressed, it is as if the command were typed."""

ELSEWHERE = ("pack", "pack draft", "pack issue", "export tracker")
"""Commands that other cards have a button for."""

OPENS = {"refer": Verb.REFER, "add action": Verb.ACTION_ADD}
"""Commands whose form opens at once."""


@dataclass(frozen=True, slots=True)
class Home:
    """What the card is made of. `awaited` are referrals' references; `board` is None where none is planned."""

    rows: Sequence[Row]
    totals: Totals
    awaited: Sequence[str]
    agency: str
    board: Board | None
    before: Before
    meets_at: str
    link: str
    changed: Changed | None
    commands: Sequence[str]
    board_shown: bool = True


def home_card(of: Home, *, said: str = "") -> JSON:
    """Everything at a glance. References, counts and dates alone, but for the words of one's own actions."""
    body = [e.heading(TITLE), *([e.text(said)] if said else []), *_changed(of.changed), *_actions(of)]
    if of.agency:
        body += _awaited(of)
    if of.board_shown:
        body += _board(of)
    body += _buttons(of.commands)
    body.append(e.quiet("Type *home* to see this anew, and *help* for everything else. " + words.NOT_MONITORED))
    speak = f"{_spoken(of)} {_board_said(of)}".strip()
    return e.card(body, speak=speak, actions=e.opens_link("Join the board", of.link) if _soon(of) else [])


def _soon(of: Home) -> bool:
    return of.board_shown and of.board is not None


def _spoken(of: Home) -> str:
    if not of.totals.open:
        return "You have no open actions."
    return f"You have {words.count(of.totals.open, 'open action')}, {of.totals.overdue} overdue."


def _changed(changed: Changed | None) -> list[JSON]:
    if changed is None:
        return []
    since = f"Since {words.when(changed.since)}"
    if changed.nothing:
        return [e.quiet(f"{since}: nothing new.")]
    lines = [
        ("Yours now", _some(changed.given)),
        ("Closed", _some(changed.closed)),
        ("Your agency is asked", _some(changed.asked)),
        ("Papers", _some(changed.papers)),
    ]
    return [e.subheading(since), *(e.entry(label, told) for label, told in lines if told)]


def _actions(of: Home) -> list[JSON]:
    body = [e.subheading("My actions")]
    if not of.rows:
        return [*body, e.text("You have no open actions.")]
    body += [*totals_of(of.totals), *(line_of(row, mine=True) for row in of.rows[:LISTED])]
    body += e.buttons(opens_action(row.reference) for row in of.rows[:LISTED])
    more = of.totals.open - LISTED
    return body + ([e.quiet(f"And {words.count(more, 'more action')}: type *my actions*.")] if more > 0 else [])


def _awaited(of: Home) -> list[JSON]:
    body = [e.subheading("Awaited from your agency")]
    if not of.awaited:
        return [*body, e.text("Nothing is awaited.")]
    looks = [e.opens_dialog(f"Answer {each}", Verb.LOOK, reference=each) for each in of.awaited[:ANSWERED]]
    told = f"Or type *referral {of.awaited[0]}*, say why, and answer."
    return [*body, e.text(f"{_some(of.awaited)}."), *e.buttons(looks), e.quiet(told)]


def _board(of: Home) -> list[JSON]:
    body = [e.subheading("The next board"), e.text(_board_said(of))]
    if of.board is None:
        return body
    asked = []
    if of.before.paper_by is not None:
        by = words.weekday(of.before.paper_by)
        asked.append(f"your agency is in focus: its demands, blockers and enablers by {by} (*focus*)")
    if of.before.report:
        asked.append("a subgroup's report is awaited (*report*)")
    if of.before.overdue:
        asked.append(f"{words.count(of.before.overdue, 'action of yours is', 'actions of yours are')} overdue")
    said = f"Before it: {'; '.join(asked)}." if asked else "Nothing is asked of you before it."
    return [*body, e.text(said)]


def _board_said(of: Home) -> str:
    if not of.board_shown:
        return ""
    if of.board is None:
        return "No board is planned yet."
    at = f" at {of.meets_at}" if WALL_TIME.fullmatch(of.meets_at) else ""
    return f"The board meets on {words.weekday(of.board.day)}{at}."


def _some(names: Sequence[str]) -> str:
    shown = [e.shortened(words.tame(each), 60) for each in names[:LISTED]]
    return ", ".join(shown) + (f" and {len(names) - LISTED} more" if len(names) > LISTED else "")


def _buttons(commands: Sequence[str]) -> list[JSON]:
    made = [_button(word) for word in commands]
    return [row for start in range(0, len(made), ROW) for row in e.buttons(made[start : start + ROW])]


def _button(word: str) -> JSON:
    return e.opens_dialog(COMMANDS[word], OPENS[word]) if word in OPENS else e.as_typed(COMMANDS[word], word)
