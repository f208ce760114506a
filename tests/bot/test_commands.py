"""Typed words: what is meant, what is forgiven, and what is only offered."""

from __future__ import annotations

import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.commands import PLAN_MOVES, STEPS, SYNONYMS, WORDS, Typed, read
from cards.help import COMMANDS, Command


@pytest.mark.parametrize("command", COMMANDS, ids=lambda command: command.word)
def test_every_command_of_help_is_understood(command: Command) -> None:
    """What help shows, typed as it stands or in capitals, is the command it stands for, with the words after it."""
    assert command.typed == command.word or command.typed.startswith(f"{command.word} ")
    rest = command.typed.removeprefix(command.word).strip()
    assert read(command.typed) == Typed(command.word, rest)
    assert read(command.typed.upper()) == Typed(command.word, rest.upper())
    assert read(f"  {command.typed}! ") == Typed(command.word, rest)


def test_words_are_told_apart() -> None:
    """No command is listed twice, and no synonym hides one."""
    assert len(set(WORDS)) == len(WORDS)
    assert not set(SYNONYMS) & set(WORDS)
    assert set(SYNONYMS.values()) <= set(WORDS)


@pytest.mark.parametrize(
    ("typed", "word"),
    [
        ("", "help"),
        ("   ", "help"),
        ("Hello", "home"),
        ("hi!", "home"),
        ("?", "help"),
        ("help?", "help"),
        ("Who am I", "whoami"),
        ("make a referral", "refer"),
        ("New  referral.", "refer"),
        ("answer R-14 known", "return"),
        ("Refer:", "refer"),
    ],
)
def test_other_words_for_it(typed: str, word: str) -> None:
    """Greetings and everyday phrases mean a command; nothing at all means help."""
    assert read(typed).word == word


@pytest.mark.parametrize(
    ("typed", "word"),
    [
        ("reffer", "refer"),
        ("refr", "refer"),
        ("refferal R-14", "referral"),
        ("referal R-14", "referral"),
        ("referals", "referrals"),
        ("reterals", "referrals"),
        ("retrun R-14 known", "return"),
        ("reurn R-14 known", "return"),
        ("loook R-14", "look"),
        ("lok R-14", "look"),
        ("whoam", "whoami"),
        ("whaomi", "whoami"),
        ("setupp CODE", "setup"),
        ("hellp", "help"),
    ],
)
def test_mistypings_are_forgiven(typed: str, word: str) -> None:
    """One letter too many, too few or out of place is taken as meant, and the words after it are kept."""
    rest = typed.partition(" ")[2]
    assert read(typed) == Typed(word, rest)


@pytest.mark.parametrize(
    ("typed", "nearest"),
    [("hepl", "help"), ("lkoo R-14", "look"), ("set up", "setup"), ("who is it", "whoami"), ("refund", "return")],
)
def test_nearest_is_offered(typed: str, nearest: str) -> None:
    """Words further off do nothing, and the nearest command is offered."""
    assert read(typed).word == ""
    assert read(typed).nearest == nearest


@pytest.mark.parametrize("typed", ["xyzzy", "12345", "🐝", "<at>x</at>", "Zed Invented was seen", "—"])
def test_junk_is_nothing(typed: str) -> None:
    """Anything else is no command, and nothing is guessed."""
    assert (read(typed).word, read(typed).nearest) == ("", "")


@pytest.mark.parametrize(
    ("typed", "expected"),
    [
        ("R-14", Typed("referral", "R-14")),
        ("r14", Typed("referral", "r14")),
        ("refer R-14", Typed("referral", "R-14")),
        ("referrals r 14", Typed("referral", "r 14")),
        ("reffer R-14", Typed("referral", "R-14")),
        ("refer name: Zed", Typed("refer", "name: Zed")),
        ("return R-14 Known to the team, seen in May", Typed("return", "R-14 Known to the team, seen in May")),
    ],
)
def test_references(typed: str, expected: Typed) -> None:
    """A number alone, or after the wrong one of two like words, means that referral; the text after a command stays."""
    assert read(typed) == expected


@given(
    st.text(max_size=60) | st.sampled_from(WORDS).flatmap(lambda word: st.text(max_size=20).map(f"{word} {{}}".format))
)
def test_any_text_is_read(typed: str) -> None:
    """No text raises: it is a known command, or none with at most one to offer."""
    found = read(typed)
    assert found.word in (*WORDS, *STEPS, *PLAN_MOVES, "")
    assert found.nearest in (*WORDS, "")
    assert not (found.word and found.nearest)


@pytest.mark.parametrize("filler", ["x", "refer ", "referral", " ", "r-1", "🐝", "\n"])
def test_very_long_text_is_read_quickly(filler: str) -> None:
    """A text of a hundred thousand characters costs no more than reading it."""
    started = time.perf_counter()
    read(filler * (100_000 // len(filler)))
    assert time.perf_counter() - started < 1
