"""Every card as people see it: drawn once by Microsoft's renderer, in a dialog, on a message and on a phone."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from tests.browser.renderer import Report, render
from tests.cards.gallery import gallery, typical

pytestmark = pytest.mark.browser

PHONE = 320
CARDS = gallery(typical())
ALSO_WIDE = ("form", "more_form", "detail", "reasons", "channel_card", "referrals_card", "help_card.private")
"""Drawn as wide as Teams shows them as well; a narrow picture finds more, so every card has one."""

IN_DIALOGS = {"form", "form.back", "more_form", "receipt", "reasons", "detail", "detail.no-answer", "answered"}
OF_THE_RENDERER: set[str] = set()
"""Rules of axe-core that Microsoft's renderer breaks whatever the card; tests/browser/README.md names none."""

Shown = Callable[[str, str], Report]


@pytest.fixture(scope="module")
def shown(tmp_path_factory: pytest.TempPathFactory) -> Shown:
    """Every card drawn in one call of the renderer as narrow as a phone, and some as wide as Teams shows them."""
    requests = []
    for name, card in CARDS.items():
        frame = "dialog" if name in IN_DIALOGS else "message"
        requests.append({"name": f"{name.replace('.', '-')}-phone", "card": card, "frame": frame, "width": PHONE})
        if name in ALSO_WIDE:
            requests.append({"name": f"{name.replace('.', '-')}-wide", "card": card, "frame": frame})
    reports = {report.name: report for report in render(requests, tmp_path_factory.mktemp("pictures"))}
    return lambda name, width: reports[f"{name.replace('.', '-')}-{width}"]


PICTURES = [(name, "phone") for name in CARDS] + [(name, "wide") for name in ALSO_WIDE]
every_picture = pytest.mark.parametrize(("name", "width"), PICTURES, ids=[".".join(each) for each in PICTURES])


@every_picture
def test_renderer_has_no_complaint(shown: Shown, name: str, width: str) -> None:
    """The renderer knows every element, warns of nothing, and the card asks for no address."""
    report = shown(name, width)
    assert report.warnings == ()
    assert report.fallbacks == ()
    assert report.blocked == ()


@every_picture
def test_everything_can_be_read(shown: Shown, name: str, width: str) -> None:
    """Nothing is cut off or reaches past the edge, at full width and at 320 pixels."""
    report = shown(name, width)
    assert report.truncated == ()
    assert not report.overflow


@every_picture
def test_everybody_can_use_it(shown: Shown, name: str, width: str) -> None:
    """axe finds no barrier, and a screen reader says the label of every input, and that a needed one is needed."""
    report = shown(name, width)
    assert {violation.id for violation in report.violations} <= OF_THE_RENDERER
    for field in report.inputs:
        assert field.shown
        assert field.labelled, field
        assert field.error


@every_picture
def test_every_button_and_field_is_reached_by_keyboard(shown: Shown, name: str, width: str) -> None:
    """The keyboard reaches at least each field and each button of the card."""
    report = shown(name, width)
    assert report.focusable >= len(report.inputs) + len(CARDS[name].get("actions", []))
    assert report.colours > 20  # drawn at all
