"""The card-rendering harness itself: a good card passes, and a broken one is told apart from it."""

import copy
from pathlib import Path
from typing import Any

import pytest

from tests.browser import renderer
from tests.browser.renderer import RendererError, Report, render

pytestmark = pytest.mark.browser

RICH: dict[str, Any] = {
    "type": "AdaptiveCard",
    "version": "1.5",
    "speak": "Action A-103 is due on 5 December 2025.",
    "body": [
        {
            "type": "TextBlock",
            "text": "Action A-103",
            "style": "heading",
            "size": "Large",
            "weight": "Bolder",
            "wrap": True,
        },
        {
            "type": "ColumnSet",
            "columns": [
                {
                    "type": "Column",
                    "width": "stretch",
                    "items": [{"type": "TextBlock", "text": "Replace the **ward 4** locks", "wrap": True}],
                },
                {
                    "type": "Column",
                    "width": "auto",
                    "items": [
                        {
                            "type": "TextBlock",
                            "text": "● Amber: due soon",
                            "color": "Warning",
                            "weight": "Bolder",
                            "wrap": True,
                        }
                    ],
                },
            ],
        },
        {
            "type": "FactSet",
            "facts": [
                {"title": "Owner", "value": "Estates"},
                {"title": "Due", "value": "Friday 5 December 2025"},
            ],
        },
        {
            "type": "Chart.Donut",
            "data": [],
            "fallback": {"type": "TextBlock", "text": "3 of 8 done", "wrap": True},
        },
        {
            "type": "Input.Text",
            "id": "note",
            "label": "What has been done",
            "isMultiline": True,
            "isRequired": True,
            "errorMessage": "Say what has been done.",
        },
        {
            "type": "Input.ChoiceSet",
            "id": "status",
            "label": "Status",
            "value": "open",
            "isRequired": True,
            "errorMessage": "Choose a status.",
            "choices": [{"title": "Open", "value": "open"}, {"title": "Done", "value": "done"}],
        },
        {"type": "Input.Date", "id": "due", "label": "New date", "value": "2025-12-05"},
    ],
    "actions": [
        {
            "type": "Action.Execute",
            "title": "Save",
            "verb": "action.save",
            "style": "positive",
            "data": {"key": "k1"},
        },
        {
            "type": "Action.Submit",
            "title": "Not mine",
            "associatedInputs": "none",
            "data": {"do": "action.decline"},
        },
    ],
}

BROKEN: dict[str, Any] = {
    "type": "AdaptiveCard",
    "version": "1.5",
    "body": [
        {"type": "TextBlock", "text": "A line far too long for a phone " * 5},
        {"type": "Hologram", "text": "nobody draws this"},
        {"type": "Input.Text", "id": "same", "label": "First"},
        {"type": "Input.Text", "id": "same"},
        {"type": "Image", "url": "https://example.invalid/picture.png", "altText": "A picture"},
    ],
}


@pytest.fixture(scope="module")
def drawn(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Report]:
    filled = copy.deepcopy(RICH)
    next(item for item in filled["body"] if item.get("id") == "note")["value"] = "Locks ordered"
    cards = [
        {"name": "rich", "card": RICH, "theme": theme, "subject": "Action due"}
        for theme in ("light", "dark", "contrast")
    ]
    cards += [
        {"name": "dialog", "card": RICH, "frame": "dialog", "title": "Update A-103"},
        {"name": "phone", "card": RICH, "width": 320},
        {"name": "held", "card": RICH, "press": "Save"},
        {"name": "sent", "card": filled, "press": "Save"},
        {"name": "declined", "card": RICH, "press": "Not mine"},
        {"name": "broken", "card": BROKEN, "width": 320},
    ]
    reports = render(cards, tmp_path_factory.mktemp("pictures"))
    assert [(c["name"], c.get("theme", "light")) for c in cards] == [(r.name, r.theme) for r in reports]
    return {f"{report.name}-{report.theme}": report for report in reports}


GOOD = ["rich-light", "rich-dark", "rich-contrast", "dialog-light", "phone-light"]


@pytest.mark.parametrize("which", GOOD)
def test_picture_is_drawn_at_twice_the_width_and_not_blank(drawn: dict[str, Report], which: str) -> None:
    report = drawn[which]
    assert report.picture.name == f"{which}.png"
    assert report.picture.read_bytes().startswith(b"\x89PNG")
    assert report.pixels[0] == report.width * 2
    assert report.pixels[1] > 400
    assert report.colours > 50


@pytest.mark.parametrize("which", GOOD)
def test_good_card_draws_no_complaint(drawn: dict[str, Report], which: str) -> None:
    report = drawn[which]
    assert report.warnings == ()
    assert report.violations == ()
    assert report.blocked == ()
    assert report.truncated == ()
    assert not report.overflow
    assert report.fallbacks == ("Chart.Donut",)
    assert report.focusable == 5
    assert 1000 < report.size < 2500


def test_every_input_of_a_good_card_is_labelled(drawn: dict[str, Report]) -> None:
    inputs = drawn["rich-light"].inputs
    assert [(field.id, field.type, field.name, field.required) for field in inputs] == [
        ("note", "Input.Text", "What has been done", True),
        ("status", "Input.ChoiceSet", "Status", True),
        ("due", "Input.Date", "New date", False),
    ]
    assert all(field.labelled and field.shown for field in inputs)


def test_execute_sends_its_verb_and_the_inputs(drawn: dict[str, Report]) -> None:
    assert drawn["sent-light"].pressed == {
        "title": "Save",
        "type": "Action.Execute",
        "verb": "action.save",
        "data": {"key": "k1", "note": "Locks ordered", "status": "open", "due": "2025-12-05"},
        "url": None,
    }


def test_submit_without_inputs_sends_only_its_data(drawn: dict[str, Report]) -> None:
    pressed = drawn["declined-light"].pressed
    assert pressed is not None
    assert (pressed["type"], pressed["data"]) == ("Action.Submit", {"do": "action.decline"})


def test_empty_required_input_holds_the_button_back_and_says_why(drawn: dict[str, Report]) -> None:
    """The error message joins the input's accessible name, so a screen reader says it."""
    held = drawn["held-light"]
    assert held.pressed is None
    assert "Say what has been done." in (held.inputs[0].name or "")


def test_broken_card_is_told_apart(drawn: dict[str, Report]) -> None:
    """Every check above can fail."""
    report = drawn["broken-light"]
    assert {"UnknownType", "DuplicateId"} <= {warned.event for warned in report.warnings}
    assert any("Hologram" in warned.message for warned in report.warnings)
    assert [field.labelled for field in report.inputs] == [True, False]
    assert "label" in {violation.id for violation in report.violations}
    assert len(report.truncated) == 1
    assert report.blocked == ("https://example.invalid/picture.png",)


def test_blank_picture_would_be_noticed(tmp_path: Path) -> None:
    """A card of nothing but a background has almost no colours, so the threshold above means something."""
    empty = {"type": "AdaptiveCard", "version": "1.5", "body": []}
    card = {"name": "empty", "card": empty, "bot": " ", "time": " ", "avatar": False, "reply": False}
    (report,) = render([card], tmp_path)
    assert report.colours < 50


def test_overflow_is_noticed(tmp_path: Path) -> None:
    column = {
        "type": "Column",
        "width": "250px",
        "items": [{"type": "TextBlock", "text": "Ward", "wrap": True}],
    }
    card = {
        "type": "AdaptiveCard",
        "version": "1.5",
        "body": [{"type": "ColumnSet", "columns": [column, column]}],
    }
    reports = render([{"name": str(width), "card": card, "width": width} for width in (320, 680)], tmp_path)
    assert [report.overflow for report in reports] == [True, False]


def test_text_twice_as_large_is_drawn_so(tmp_path: Path) -> None:
    """The picture of the same card grows, and a box that held its word no longer does."""
    narrow = {"type": "Column", "width": "150px", "items": [{"type": "TextBlock", "text": "Responsibilities"}]}
    card = {"type": "AdaptiveCard", "version": "1.5", "body": [{"type": "ColumnSet", "columns": [narrow]}]}
    asked = [{"name": f"x{text}", "card": card, "text": text} for text in (1, 2)]
    once, twice = render(asked, tmp_path)
    assert twice.pixels[1] > once.pixels[1]
    assert (once.truncated, twice.truncated) == ((), ("Responsibilities",))


def test_what_is_too_small_to_press_is_noticed(tmp_path: Path) -> None:
    """A link of one letter, where a button would be large enough."""
    link = {"type": "TextBlock", "text": "[x](https://example.org)"}
    button = {"type": "Action.Execute", "title": "Go", "verb": "go"}
    card = {"type": "AdaptiveCard", "version": "1.5", "body": [link], "actions": [button]}
    (report,) = render([{"name": "small", "card": card, "picture": False}], tmp_path)
    assert report.small == ("x",)
    assert report.pixels == (0, 0)


def test_keyboard_walk_tells_where_it_went(tmp_path: Path) -> None:
    """Three fields and two buttons, in their order; a group of choices is one stop that says so."""
    (report,) = render([{"name": "walk", "card": RICH, "walk": True}], tmp_path)
    walk = report.walked
    assert walk is not None
    assert (walk.out, walk.missed) == (True, ())
    assert len({stop.at for stop in walk.stops}) == 5
    assert [stop.at for stop in walk.stops] == sorted(stop.at for stop in walk.stops)


@pytest.mark.parametrize(
    ("wrong", "sentence"),
    [
        ({"name": "../up"}, "name must be"),
        ({"name": "a", "card": []}, "card must be an object"),
        ({"name": "a", "card": RICH, "theme": "sepia"}, "theme must be one of light, dark, contrast"),
        ({"name": "a", "card": RICH, "frame": "window"}, "frame must be one of message, dialog"),
        ({"name": "a", "card": RICH, "width": 12}, "width must be"),
        ({"name": "a", "card": RICH, "text": 3}, "text must be 1 or 2"),
        ({"name": "a", "card": RICH, "press": "Nothing"}, 'no button "Nothing"'),
    ],
)
def test_request_that_makes_no_sense_is_refused(tmp_path: Path, wrong: dict[str, Any], sentence: str) -> None:
    with pytest.raises(RendererError, match=sentence):
        render([wrong], tmp_path)


def test_missing_packages_are_named(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(renderer, "HERE", tmp_path)
    with pytest.raises(RendererError, match="npm ci"):
        render([{"name": "a", "card": RICH}], tmp_path)


def test_slow_rendering_is_stopped(tmp_path: Path) -> None:
    with pytest.raises(RendererError, match="longer than"):
        render([{"name": "a", "card": RICH}], tmp_path, seconds=0.1)
