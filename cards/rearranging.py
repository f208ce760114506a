"""What is done with an action beside its everyday steps: a form with a button for each."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from board.actions import Action
from board.rearranging import Change
from board.records import Member
from cards import elements as e
from cards import words
from cards.actions import member_input
from cards.elements import JSON
from cards.verbs import Verb

TITLES: Mapping[Change, str] = {
    Change.TRANSFER: "Transfer",
    Change.SNOOZE: "Remind me later",
    Change.NOT_UNDERTAKEN: "Not undertaken",
    Change.SUPERSEDE: "Superseded",
    Change.SENIOR: "Senior Partnership Board",
}

HOW: Mapping[Change, str] = {
    Change.TRANSFER: "Transfer: choose its new owner and say why; it keeps its number and its history.",
    Change.SNOOZE: "Remind me later: your own digest leaves it out until a day; the tracker and escalation go on.",
    Change.NOT_UNDERTAKEN: "Not undertaken: it could have been done and was not. It is closed, and counts as that.",
    Change.SUPERSEDE: "Superseded: something else takes its place; say what.",
    Change.SENIOR: "Senior Partnership Board: a paper is made for it; say what is asked of it.",
}

DONE: Mapping[Change, str] = {
    Change.TRANSFER: "Transferred. Its new owner hears of it with the next digest, at once if it is an immediate risk.",
    Change.SNOOZE: "Kept. Your own digest leaves it out until then.",
    Change.NOT_UNDERTAKEN: "Closed as not undertaken.",
    Change.SUPERSEDE: "Closed as superseded.",
    Change.SENIOR: "It is put before the Senior Partnership Board. Its paper is made in a minute or two.",
}

TYPED: Mapping[Change, str] = {
    Change.TRANSFER: "*transfer A-103 name; why; 2026-12-20*",
    Change.SNOOZE: "*snooze A-103 2026-12-01*",
    Change.NOT_UNDERTAKEN: "*not undertaken A-103 why*",
    Change.SUPERSEDE: "*supersede A-103 why*",
    Change.SENIOR: "*senior board A-103 what is asked*",
}


def change_form(
    action: Action,
    offered: Sequence[Change],
    to: Iterable[Member],
    key: str,
    *,
    in_dialog: bool,
    values: Mapping[str, Any] | None = None,
    said: str = "",
) -> JSON:
    """What can be done with it beside its steps. `to` are the members to whom it may go."""
    people = list(to)

    def made(share: float) -> JSON:
        typed = e.typed(values, share)
        body = [
            *([e.warning(f"{e.shortened(said, 2000)} {words.TYPED_BELOW}")] if said else []),
            e.heading(f"Action {action.reference}"),
            *[e.text(HOW[each]) for each in offered],
            *([e.text("There is nothing else that you can do with it now.")] if not offered else []),
            *([e.paragraph_input("note", typed("note"))] if set(offered) - {Change.SNOOZE} else []),
        ]
        if Change.TRANSFER in offered:
            body += [member_input("owner", people, typed("owner")), e.date_input("new_due", typed("new_due"))]
        if Change.SNOOZE in offered:
            body.append(e.date_input("snooze_until", typed("snooze_until")))
        if offered:
            body.append(e.quiet(f"Or type {', '.join(TYPED[each] for each in offered)}."))
        speak = f"Action {action.reference}: " + ", ".join(TITLES[each] for each in offered)
        return e.card(body, speak=speak, actions=_buttons(action, offered, key, in_dialog=in_dialog))

    return e.fitted(made)


def _buttons(action: Action, offered: Sequence[Change], key: str, *, in_dialog: bool) -> list[JSON]:
    data = {"reference": action.reference, "key": key}
    shown = [
        e.submits(TITLES[each], Verb.ACTION_CHANGE, in_dialog=in_dialog, change=each.value, **data)  # type: ignore[arg-type]
        for each in offered
    ]
    back = e.submits("Back", Verb.ACTION, checks=False, in_dialog=in_dialog, reference=action.reference)
    return [*shown, back]
