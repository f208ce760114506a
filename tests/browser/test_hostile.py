"""Hostile words in every place that people's words have, drawn by Microsoft's renderer: they stay words."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from cards import elements as e
from cards import words
from cards.elements import JSON
from tests.browser.renderer import Report, render
from tests.cards.gallery import gallery
from tests.cards.test_every_card import sown
from tests.fuzz.hostile import MARK, TEXTS

pytestmark = pytest.mark.browser

HOSTILE = [each.format(*[MARK] * 2) for each in TEXTS]
SOWN = ("form.back", "detail", "answer_again", "action_card", "tracker_card", "channel_card", "referrals_card", "bound")


def places(typed: str) -> Iterator[JSON]:
    """Every way the product has of showing what people typed, and what administrators named."""
    named = e.named(typed) or "nothing left"
    yield e.plain("Label", typed)
    yield {"type": "RichTextBlock", "inlines": [e.run("A-1 "), e.run(typed)]}
    yield e.heading(named)
    yield e.text(words.whom_to_ask(typed, [typed]))
    yield e.facts([("From", named)])
    yield e.line_input("name", typed)
    yield e.paragraph_input("why", typed)
    yield e.titled_choices("owner", [(named, "1")], "1")


@pytest.fixture(scope="module")
def drawn(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Report]:
    """A card for each hostile text, some of ours sown with another, and one that markdown does act on."""
    asked = [
        {"name": f"text-{number}", "card": e.card(list(places(each)), speak="x")} for number, each in enumerate(HOSTILE)
    ]
    made = gallery(sown())
    asked += [{"name": f"sown-{name}", "card": made[name]} for name in SOWN]
    acted_on = "[x](https://evil.example) **bold** <at>Ada</at>\n\n- one\n- two"
    asked.append({"name": "acted-on", "card": e.card([e.text(acted_on)], speak="x")})
    return {report.name: report for report in render(asked, tmp_path_factory.mktemp("pictures"))}


@pytest.mark.parametrize("number", range(len(HOSTILE)))
def test_a_hostile_text_stays_words(drawn: dict[str, Report], number: int) -> None:
    """No link, picture, script, mention, emphasis, list or heading; what was typed can be read as it was typed."""
    report = drawn[f"text-{number}"]
    assert (report.links, report.pictures, report.marked, report.blocked) == ((), (), (), ())
    shown = "".join(e.run(HOSTILE[number])["text"].split())
    seen = "".join(report.says.split())
    assert "".join(c for c in shown if c.isprintable()) in "".join(c for c in seen if c.isprintable())


@pytest.mark.parametrize("name", SOWN)
def test_no_card_of_ours_makes_more_of_it(drawn: dict[str, Report], name: str) -> None:
    """Cards with hostile words in every field hold no link and fetch nothing."""
    report = drawn[f"sown-{name}"]
    assert (report.links, report.pictures, report.blocked) == ((), (), ())


def test_the_renderer_would_act_on_it(drawn: dict[str, Report]) -> None:
    """The same marks in a text of our own are acted on, so the tests above could fail."""
    report = drawn["acted-on"]
    assert report.links == ("https://evil.example",)
    assert {"strong", "li"} <= set(report.marked)
