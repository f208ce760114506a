"""What people type, and what administrators name things, stays words: no card or sentence of ours becomes more."""

from __future__ import annotations

import json
import re
import unicodedata

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from cards import elements as e
from cards import words
from tests.fuzz.hostile import MARK, TEXTS

HOSTILE = [each.format(*[MARK] * 2) for each in TEXTS]
MARKS = set("[]<>*_`~|#\\{}")
"""Without these, CommonMark and Teams' own additions know no link, picture, mention, emphasis, code or heading."""
LIST = re.compile(r"\s*(?:[-+]|[0-9]{1,9}[.)])(?:\s|$)")
UNDERLINE = re.compile(r"\s*(?:=+|-+)\s*$")
ENTITY = re.compile(r"&#?[0-9A-Za-z]+;")
TURNING = {"\u061c", "\u200e", "\u200f", *map(chr, range(0x202A, 0x202F)), *map(chr, range(0x2066, 0x206A))}

a_name = st.text(max_size=60) | st.lists(st.sampled_from([*HOSTILE, "- ", "1. ", "=", "&#91;", "x"]), max_size=4).map(
    "".join
)


@given(a_name)
@example("- - 1. &lt;at&gt;")
@example("\u202e1)\u200b x")
@example("-\u2066 x")
@example("&&#60;lt;;")
def test_a_name_is_one_line_of_plain_words(name: str) -> None:
    """Whatever stands in a list as a name, it holds nothing that a card's or a message's markdown acts on."""
    tamed = words.tame(name)
    assert not MARKS & set(tamed)
    assert not LIST.match(tamed)
    assert not UNDERLINE.match(tamed)
    assert not ENTITY.search(tamed)
    assert tamed.isprintable()
    assert not TURNING & set(tamed)
    assert words.tame(tamed) == tamed


@pytest.mark.parametrize(
    "name",
    ["Example Police", "Health & Care", "St. Mary's (North)", "3rd Ward", "Ysbyty'r Môr", "A-Team", "24/7 Line", "-Ö-"],
)
def test_an_ordinary_name_stays(name: str) -> None:
    """Taming costs no ordinary name a letter."""
    assert words.tame(name) == name


@pytest.mark.parametrize("name", ["[]", "- ", "\u202e", "**", "===", ""])
def test_a_contact_that_is_no_name_is_passed_over(name: str) -> None:
    """A sentence about whom to ask names somebody, or the mental health team."""
    assert words.whom_to_ask(name, [name, "Ada"]) == "Please ask Ada."
    assert words.whom_to_ask(name, [name]) == "Please ask the board's mental health team."


@given(st.text(max_size=80))
@example("\u202eevil\u2066")
def test_a_run_shows_what_was_typed(typed: str) -> None:
    """Typed text stands in a TextRun letter for letter, but for what would turn the words beside it."""
    made = e.run(typed, weight="Bolder")
    assert made["type"] == "TextRun"
    assert made["text"] == "".join(c for c in typed if c not in TURNING)


@pytest.mark.parametrize("typed", HOSTILE)
def test_typed_text_stands_in_runs_and_values_only(typed: str) -> None:
    """The two places where no client reads markdown; a name in a heading is tamed before it stands there."""
    card = e.card([e.plain("Label", typed), e.line_input("name", typed), e.heading(e.named(typed))], speak="Said.")
    _, shown, field, heading = card["body"]
    assert MARK in shown["items"][1]["inlines"][0]["text"]
    assert "text" not in field
    assert field["value"] == typed[:255]
    assert not MARKS & set(heading["text"])
    assert json.loads(json.dumps(card)) == card


@pytest.mark.parametrize(
    "address",
    [
        "https://teams.microsoft.com/l/meetup-join/19%3ameeting_x%40thread.v2/0?context=%7b%22Tid%22%3a%221%22%7d",
        "https://example.com",
        "HTTPS://meet.example.nhs.uk/board?pwd=a.b~c#top",
    ],
)
def test_a_meetings_address_is_offered(address: str) -> None:
    """An https address of a named host becomes a button."""
    assert e.opens_link("Join", address) == [{"type": "Action.OpenUrl", "title": "Join", "url": address}]


@pytest.mark.parametrize(
    "address",
    [
        *("", "https://", "http://example.com", "javascript:alert(1)", "https:javascript:alert(1)", "data:text/html,x"),
        *("https://teams.microsoft.com@evil.example/", "https://user:pass@evil.example", "https://evil.example:8443/"),
        *(
            "https://127.0.0.1/",
            "https://[::1]/",
            "https://localhost/x",
            "https://evil.example/\u202egnp",
            "//evil.example",
        ),
        *(
            "https://teams.microsoft.com\\@evil.example",
            "https://evil.example/ x",
            "https://evil.example/\n",
            " https://a.b",
        ),
        *("https://еxample.com/", "https://evil.example/<at>", "https://evil.example/\x00", *HOSTILE),
    ],
)
def test_anything_else_is_not_offered(address: str) -> None:
    """Another scheme, a user name before the host, a bare address or letters that only look alike: no button."""
    assert e.opens_link("Join", address) == []


def test_the_hostile_texts_hold_every_trick() -> None:
    """The list that these tests and the fuzz draw from has each kind, so that neither passes for want of one."""
    every = "".join(HOSTILE)
    assert set("[]<>*_`~|#\\{}'\"%$=+@") <= set(every)
    assert TURNING & set(every)
    assert {"Cc", "Cf", "Mn", "So", "Co"} <= {unicodedata.category(c) for c in every}
    assert {each[0] for each in HOSTILE} >= set("=+-@\t\r")
