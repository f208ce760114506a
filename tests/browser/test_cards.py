"""Every card as people see it, in Microsoft's renderer: on a phone, in each theme, with large text, by keyboard."""

from __future__ import annotations

import os
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import pytest

from tests.browser.renderer import Report, render
from tests.cards.gallery import gallery, typical

pytestmark = [pytest.mark.browser, pytest.mark.timeout(900)]

PHONE = 320
TOGETHER = 60
"""Cards in one call of the renderer, so that what goes wrong is told before long."""

AT_ONCE = 4
"""Renderers at once, each with a Chromium of its own."""

CARDS = gallery(typical())
ALSO_WIDE = ("form", "more_form", "detail", "reasons", "channel_card", "referrals_card", "help_card.private")
"""Drawn as wide as Teams shows them as well; a narrow picture finds more, so every card has one."""

IN_DIALOGS = {"form", "form.back", "more_form", "receipt", "reasons", "detail", "detail.no-answer", "answered"}
OF_THE_RENDERER: set[str] = set()
"""Rules of axe-core that Microsoft's renderer breaks whatever the card: none, as docs/accessibility.md says."""

WAYS: dict[str, dict[str, Any]] = {
    "phone": {"width": PHONE, "picture": False},
    "wide": {},
    "dark": {"width": PHONE, "picture": False, "theme": "dark"},
    "contrast": {"width": PHONE, "picture": False, "theme": "contrast"},
    "large": {"text": 2, "picture": False, "walk": True},
}
"""How the cards are looked at: `large` is text at twice its size (WCAG 1.4.4), walked through with Tab."""

Shown = Callable[[str, str], Report]


@pytest.fixture(scope="module")
def shown(tmp_path_factory: pytest.TempPathFactory) -> Shown:
    """Every card drawn in every way, some at a time, as many at once as there are processors."""
    asked = [(way, name) for way in WAYS for name in (ALSO_WIDE if way == "wide" else CARDS)]
    calls = [asked[start : start + TOGETHER] for start in range(0, len(asked), TOGETHER)]
    out = tmp_path_factory.mktemp("shown")

    def draw(some: list[tuple[str, str]]) -> list[Report]:
        return render([_request(name, way) for way, name in some], out, seconds=240)

    with ThreadPoolExecutor(min(os.cpu_count() or 1, AT_ONCE)) as pool:
        found = [report for reports in pool.map(draw, calls) for report in reports]
    reports = {(name, way): report for (way, name), report in zip(asked, found, strict=True)}
    return lambda name, way: reports[name, way]


def _request(name: str, way: str) -> dict[str, Any]:
    frame = "dialog" if name in IN_DIALOGS else "message"
    return {"name": f"{name.replace('.', '-')}-{way}", "card": CARDS[name], "frame": frame, **WAYS[way]}


PICTURES = [(name, "phone") for name in CARDS] + [(name, "wide") for name in ALSO_WIDE]
every_picture = pytest.mark.parametrize(("name", "width"), PICTURES, ids=[".".join(each) for each in PICTURES])
every_card = pytest.mark.parametrize("name", CARDS)


@every_picture
def test_renderer_has_no_complaint(shown: Shown, name: str, width: str) -> None:
    """It warns of nothing but charts, which Teams alone draws and whose fallback is drawn; nothing is fetched."""
    report = shown(name, width)
    assert report.warnings == ()
    assert [unknown for unknown in report.fallbacks if not unknown.startswith("Chart.")] == []
    assert report.blocked == ()


@every_picture
def test_everything_can_be_read(shown: Shown, name: str, width: str) -> None:
    """Nothing is cut off or reaches past the edge, at full width and at 320 pixels."""
    report = shown(name, width)
    assert report.truncated == ()
    assert not report.overflow


@every_picture
def test_no_word_is_broken(shown: Shown, name: str, width: str) -> None:
    """No word goes on in the next line, where people read it as two; at twice the size neither."""
    assert shown(name, width).broken == ()
    assert shown(name, "large").broken == ()


@every_picture
def test_everybody_can_use_it(shown: Shown, name: str, width: str) -> None:
    """axe finds no barrier, and a screen reader says the label of every input, and that a needed one is needed."""
    report = shown(name, width)
    assert {violation.id for violation in report.violations} <= OF_THE_RENDERER
    for field in report.inputs:
        assert field.shown
        assert field.labelled, field
        assert field.error


@every_card
@pytest.mark.parametrize("theme", ["dark", "contrast"])
def test_it_can_be_read_in_every_theme(shown: Shown, name: str, theme: str) -> None:
    """axe finds enough contrast, and nothing else amiss, in the dark theme and in high contrast."""
    report = shown(name, theme)
    assert {violation.id for violation in report.violations} <= OF_THE_RENDERER
    assert report.warnings == ()
    assert report.says == shown(name, "phone").says


@every_card
def test_text_may_be_twice_as_large(shown: Shown, name: str) -> None:
    """Nothing is cut off, hidden or pushed past the edge, and every word is still there."""
    report = shown(name, "large")
    assert report.truncated == ()
    assert not report.overflow
    assert {violation.id for violation in report.violations} <= OF_THE_RENDERER
    assert "".join(report.says.split()) == "".join(shown(name, "phone").says.split())


@every_card
def test_the_keyboard_reaches_everything_in_order(shown: Shown, name: str) -> None:
    """Tab comes to each field and button, from top to bottom, is seen where it is, and comes out behind the card."""
    walk = shown(name, "large").walked
    assert walk is not None
    assert walk.missed == ()
    assert walk.out
    assert [stop.at for stop in walk.stops] == sorted(stop.at for stop in walk.stops)
    assert all(after.bottom >= before.top for before, after in zip(walk.stops, walk.stops[1:], strict=False))
    assert {stop.at for stop in walk.stops} == {stop.at for stop in walk.stops if stop.seen}
    if CARDS[name].get("actions"):
        assert walk.stops


@every_picture
def test_what_is_pressed_is_large_enough(shown: Shown, name: str, width: str) -> None:
    """Buttons and fields are 24 pixels or more each way (WCAG 2.5.8), on a phone too."""
    assert shown(name, width).small == ()


@pytest.mark.parametrize("name", ALSO_WIDE)
def test_it_is_drawn_at_all(shown: Shown, name: str) -> None:
    """A picture has more than a background."""
    report = shown(name, "wide")
    assert report.colours > 20
    assert report.focusable >= len(report.inputs) + len(CARDS[name].get("actions", []))
