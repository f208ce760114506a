"""Every button has a typed equivalent: guests' buttons may not work, and some people type faster than they point."""

from __future__ import annotations

import pytest

from board.actions import Step
from board.case_steps import CaseStep
from bot import commands
from bot.dispatch import ROUTES
from cards.case_steps import TYPED as STEPS
from cards.founding import TYPED
from cards.home import COMMANDS, ELSEWHERE
from cards.verbs import Verb

TYPED_FOR = {
    "command": "home",
    "case": "withdraw R-14 why",
    "recording": "board recording https://…; who; until",
    "answer": "return R-14 not known",
    "look": "look R-14 checking our records",
    "refer": "refer name: …; concern: …",
    "pointer": "ask R-14 reason",
    "action.add": "add action",
    "action.step": "done A-103 note",
    "action.change": "transfer A-103 name; why",
    "action.more": "snooze A-103 2026-12-01",
    "action": "action A-103",
    "plan.move": "sign P-14.2 no",
    "raise": "risk cause; event; impact",
    "retain.keep": "keep R-14 until 2033-01-01 why",
    "retain": "dispose R-14 why",
    "escalation": "see to A-103",
    "list": "list move R-14 2",
    "attendance": "attend S-31 POL present",
    "board.record": "decide tracker: text",
    "board.change": "board move 2026-12-10 2026-12-17 why",
    "board": "board start",
    "agreement": "agreement",
    "my board": "my board",
}
"""What is typed instead of a button, by the beginning of its verb; any other begins with its own command."""


def typed_for(verb: str) -> str:
    """The most particular entry for a verb, or its own first word."""
    known = [name for name in TYPED_FOR if verb == name or verb.startswith(f"{name}.")]
    return TYPED_FOR[max(known, key=len)] if known else verb.split(".", maxsplit=1)[0]


@pytest.mark.parametrize("verb", Verb, ids=str)
def test_a_button_can_be_typed(verb: Verb) -> None:
    """What is typed for it is a command that the bot answers, word for word."""
    assert commands.read(typed_for(verb)).word in ROUTES.said


def test_each_step_of_an_action_can_be_typed() -> None:
    """The buttons of an action share one verb, so each of its steps is looked at."""
    assert [step for step in Step if commands.read(f"{step} A-103 why").word not in ROUTES.said] == []


@pytest.mark.parametrize("step", CaseStep)
def test_each_step_of_a_referral_can_be_typed(step: CaseStep) -> None:
    """What its card says is typed for it is its own command."""
    assert commands.read(STEPS[step].format(reference="R-14")).word == step


def test_commands_behind_buttons_and_forms_are_what_they_say() -> None:
    """A button of the home card is its command; what a form of the set-up names is understood."""
    for word in (*COMMANDS, *ELSEWHERE):
        read = commands.read(word)
        assert read.word in ROUTES.said
        assert f"{read.word} {read.rest}".strip() == word
    assert all("type *setup " in said for said in TYPED.values())


def test_every_verb_is_answered() -> None:
    """No button is on a card that nothing answers."""
    assert set(Verb) == set(ROUTES.pressed)
