"""What Teams' own box and menus offer is within Teams' limits, and each of it is answered."""

from __future__ import annotations

import re

import pytest

from bot.dispatch import ROUTES
from cards import extensions as offered

EVERY = (*offered.SEARCHES, *offered.COMMANDS)


def test_each_is_answered_and_nothing_else_is() -> None:
    """The ids in the app package are exactly those that the bot routes."""
    assert {each.id for each in offered.SEARCHES} == set(ROUTES.searched) == set(offered.NOTHING)
    assert {each.id for each in offered.COMMANDS} == set(ROUTES.begun)
    assert len({each.id for each in EVERY}) == len(EVERY) <= 10, "Teams takes ten commands"


@pytest.mark.parametrize("each", EVERY, ids=lambda each: each.id)
def test_words_fit(each: offered.Search | offered.Command) -> None:
    """An id is one word; title and description are there and as short as Teams wants them."""
    assert re.fullmatch(r"[A-Za-z]{1,64}", each.id)
    assert 0 < len(each.title) <= 32
    assert 0 < len(each.description) <= 128


@pytest.mark.parametrize("each", offered.SEARCHES, ids=lambda each: each.id)
def test_parameters_fit(each: offered.Search) -> None:
    """A search has one box, and what it says is short."""
    assert re.fullmatch(r"[a-z]{1,64}", each.parameter)
    assert 0 < len(each.parameter_title) <= 32
    assert 0 < len(each.parameter_description) <= 128


@pytest.mark.parametrize("each", offered.COMMANDS, ids=lambda each: each.id)
def test_contexts_are_teams(each: offered.Command) -> None:
    """A command is offered somewhere, and only where Teams knows."""
    assert each.contexts
    assert set(each.contexts) <= {"message", "compose", "commandBox"}
