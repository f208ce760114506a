"""What people type is handed on without what Teams and mischief put around it."""

from __future__ import annotations

import time
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.teams.text import NAME_LIMIT, TEXT_LIMIT, name_of, spoken

BOT = "28:bot"


def mention(text: str, who: str = BOT) -> dict[str, Any]:
    return {"type": "mention", "text": text, "mentioned": {"id": who, "name": "x"}}


@pytest.mark.parametrize(
    ("text", "entities", "expected"),
    [
        ("help", [], "help"),
        ("<at>MHRMB</at> help", [mention("<at>MHRMB</at>")], "help"),
        ("<at>MHRMB</at>&nbsp;help\n", [mention("<at>MHRMB</at>")], "help"),
        ("help\xa0<at>MHRMB</at>", [mention("<at>MHRMB</at>")], "help"),
        ("<at>MHRMB</at> show <at>MHRMB</at>  tracker", [mention("<at>MHRMB</at>")], "show tracker"),
        ("<at>MHRMB</at> help", [], "help"),
        ('<at id="0">MHRMB</at> help', [mention("<at>MHRMB</at>")], "help"),
        (
            "<at>MHRMB</at> ask <at>Amy Archer</at>",
            [mention("<at>MHRMB</at>"), mention("<at>Amy Archer</at>", "29:amy")],
            "ask Amy Archer",
        ),
        ("ask <at>Amy</at>", [mention("<at>Amy</at>", "29:amy")], "ask Amy"),
        ("done A-1 &lt;at&gt;x&lt;/at&gt; &amp; more", [], "done A-1 <at>x</at> & more"),
        ("\n\n a \r\n\r\n b\rc \n", [], "a\nb\nc"),
        ("a\x00b\x1b[31m\u202egnp\u200b.exe\ufeff", [], "ab[31mgnp.exe"),
        ("👩‍⚕️ ok", [], "👩‍⚕️ ok"),
        ("help", ["x", None, {"type": "mention"}, {"type": "mention", "mentioned": {"id": BOT}, "text": 5}], "help"),
        ("<at>MHRMB</at>", [mention("<at>MHRMB</at>")], ""),
        ("<at>never closed", [], "<at>never closed"),
    ],
)
def test_spoken(text: str, entities: list[Any], expected: str) -> None:
    """The bot's mention goes, other people's become their names, spaces and hidden characters are tidied."""
    assert spoken(text, entities, BOT) == expected


def test_spoken_is_bounded() -> None:
    """A long text is cut, and a hostile one costs no more than a long one."""
    started = time.perf_counter()
    assert len(spoken("x" * 250_000, [], BOT)) == TEXT_LIMIT
    spoken("<at>" * 60_000, [mention("<at>")] * 1_000, BOT)
    spoken("&" * 250_000, [], BOT)
    spoken("\n " * 100_000, [], BOT)
    assert time.perf_counter() - started < 1


@given(st.text(max_size=200))
def test_spoken_settles(text: str) -> None:
    """What comes out is trimmed, one-spaced and without control characters, whatever went in."""
    said = spoken(text, [], BOT)
    assert said == said.strip()
    assert "  " not in said
    assert all(character.isprintable() or character == "\n" or ord(character) > 0x9F for character in said)


@pytest.mark.parametrize(
    ("name", "expected"),
    [
        ("Amy Archer", "Amy Archer"),
        (" Amy\nArcher\x00 ", "Amy Archer"),
        ("Siân O'Neill (Trust)", "Siân O'Neill (Trust)"),
        ("\u202eAmy\u200b Archer", "Amy Archer"),
    ],
)
def test_name(name: str, expected: str) -> None:
    """A name fits on one line."""
    assert name_of(name) == expected
    assert len(name_of("x" * 900)) == NAME_LIMIT


def test_name_is_bounded_as_sharepoint_counts() -> None:
    """An emoji is two UTF-16 units, and a line of SharePoint's holds 255: a name is cut between characters."""
    assert name_of("💥" * 300) == "💥" * (NAME_LIMIT // 2)
    assert name_of("x" + "💥" * 300) == "x" + "💥" * ((NAME_LIMIT - 1) // 2)
