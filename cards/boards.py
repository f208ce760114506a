"""The boards that somebody belongs to, where an installation has several."""

from __future__ import annotations

from collections.abc import Sequence

from board.records import Forum
from cards import elements as e
from cards import words
from cards.elements import JSON
from cards.verbs import Verb

LISTED = 6
"""Boards with a button; any other is typed."""


def boards_card(boards: Sequence[Forum], current: str) -> JSON:
    """Which they are, which one answers now, and how to speak to another."""
    named = {board.code: e.shortened(words.tame(board.name) or words.tame(board.code), 80) for board in boards}
    if len(boards) < 2:
        said = f"You belong to one board here: {next(iter(named.values()), 'the board')}."
        return e.card([e.heading("Your boards"), e.text(said)], speak=said)
    said = f"{named.get(current, 'The first of your boards')} answers you in this chat. A channel is its own board's."
    body = [e.heading("Your boards"), e.text(said)]
    body += [e.entry(e.shortened(words.tame(code), 40), name) for code, name in list(named.items())[:LISTED]]
    body.append(e.quiet("To speak to another, type *my board* and its code. A number of theirs is found all the same."))
    others = [board for board in boards if board.code != current][:LISTED]
    actions = [
        e.submits(f"Speak to {named[each.code]}", Verb.MY_BOARD, in_dialog=False, checks=False, forum=each.code)
        for each in others
    ]
    return e.card(body, speak=said, actions=actions)
