"""What holds for every card: its weight, its marking, its inputs and buttons, and where typed text may stand."""

from __future__ import annotations

import json
import pkgutil
import re
from collections.abc import Callable
from dataclasses import fields, replace
from typing import Any

import pytest

import cards
from board.records import Referral, Subject
from cards.elements import JSON
from cards.verbs import Verb
from tests.builders import create_agency, create_forum, create_member, create_referral, create_return, create_subject
from tests.cards.gallery import Content, card_functions, empty, gallery, longest, objects, typical

LIMIT = 24_000
"""Bytes: Teams takes messages of about 28 KB, and the envelope needs some."""

CONTENTS = {
    "typical": typical(),
    "empty": empty(),
    "letters": longest("x"),
    "emoji": longest("\U0001f41d"),
    "quotes": longest('"'),
    "backslashes": longest("\\"),
    "lines": longest("\n"),
    "escaped": longest("\x01"),
    "ideographs": longest("王"),
}
GALLERIES = {name: gallery(content) for name, content in CONTENTS.items()}
NAMES = list(dict.fromkeys(which for made in GALLERIES.values() for which in made))
TYPICAL = [pytest.param(card, id=which) for which, card in GALLERIES["typical"].items()]


def every_card(test: Callable[[JSON], None]) -> Callable[[str], None]:
    """Run a test for each card, made of each of the contents: one test a card, since thirty thousand take a minute."""

    def of_all_contents(which: str) -> None:
        for name, made in GALLERIES.items():
            try:
                if which in made:
                    test(made[which])
            except AssertionError as wrong:
                wrong.add_note(f"This is {which}, made of {name} records.")
                raise

    of_all_contents.__name__, of_all_contents.__doc__ = test.__name__, test.__doc__
    return pytest.mark.parametrize("which", NAMES)(of_all_contents)


typical_cards = pytest.mark.parametrize("card", TYPICAL)


READ_BY_NOBODY = {
    ("Input.Text", "value"),
    ("TextRun", "text"),
    ("Action.Execute", "asked"),
    ("Input.ChoiceSet", "title"),
    ("mention", "name"),
}
"""Where text that a person typed may stand: no client reads markdown there (and names to choose from are tamed)."""


def actions_in(card: JSON) -> list[JSON]:
    """The buttons that come back to the bot; a link to the meeting does not."""
    found = [each for each in objects(card) if str(each.get("type", "")).startswith("Action.")]
    return [each for each in found if each["type"] != "Action.OpenUrl"]


def inputs_in(card: JSON) -> list[JSON]:
    return [each for each in objects(card) if str(each.get("type", "")).startswith("Input.")]


def test_no_card_is_forgotten() -> None:
    """The gallery holds every function that makes a card, and every module of cards."""
    assert {name.split(".")[0] for name in GALLERIES["typical"]} == card_functions()
    modules = {module.name for module in pkgutil.iter_modules(cards.__path__) if not module.ispkg}
    assert modules == {
        *(
            "actions",
            "agenda",
            "agreements",
            "conference",
            "engagement",
            "lessons",
            "boardroom",
            "case_steps",
            "boards",
            "pack",
            "programmes",
            "rearranging",
            "board",
            "brief",
            "bundle",
            "disclosures",
            "elements",
            "escalation",
            "extensions",
            "figures",
            "focus",
            "help",
            "measures",
            "look",
            "plans",
            "pointer",
            "raising",
            "risks",
            "refer",
            "referral",
        ),
        *(
            "hearing",
            "history",
            "home",
            "listing",
            "founding",
            "reaching",
            "meeting",
            "patterns",
            "reporting",
            "retention",
            "setup",
            "triage",
            "verbs",
            "words",
        ),
    }


@every_card
def test_weight(card: JSON) -> None:
    """A card stays under 24 KB, whatever characters its texts are of and however JSON spells them."""
    compact = json.dumps(card, ensure_ascii=False, separators=(",", ":")).encode("utf-8", "surrogatepass")
    assert len(compact) < LIMIT


@every_card
def test_frame(card: JSON) -> None:
    """A card is version 1.5, marked before anything else, and has the same sentence for ears and for old clients."""
    assert (card["type"], card["version"]) == ("AdaptiveCard", "1.5")
    assert card["speak"].strip()
    assert card["fallbackText"].strip()
    assert (card["body"][0]["type"], card["body"][0]["text"]) in (
        ("TextBlock", "OFFICIAL-SENSITIVE"),
        ("TextBlock", "OFFICIAL"),
    )


COLOURED = {"Attention", "Warning", "Good", "attention", "warning", "good"}


def silent(card: JSON) -> list[JSON]:
    """Boxes of a card in which something stands out in colour and no words are."""
    found: list[JSON] = []
    for box in objects(card):
        if box.get("type") not in ("AdaptiveCard", "Container", "Column", "RichTextBlock"):
            continue
        inside = box.get("body") or box.get("items") or box.get("inlines") or []
        said = "".join(str(each.get("text", "")) for one in inside for each in objects(one))
        coloured = box.get("style") in COLOURED or any(each.get("color") in COLOURED for each in inside)
        if coloured and not re.search(r"[A-Za-z]{2}", said):
            found.append(box)
    return found


@every_card
def test_nothing_is_said_by_colour_alone(card: JSON) -> None:
    """What stands out in colour says the same in words, its own or those of the box it stands in (WCAG 1.4.1).

    A square of the risk register's map has its row, its column and the list below it to say what its colour does.
    """
    assert silent(card) == []


def test_a_dot_in_colour_would_be_noticed() -> None:
    """A red dot alone says nothing to whoever does not see red; with its word it does."""
    dot = {"type": "TextBlock", "text": "●", "color": "Attention"}
    word = {"type": "TextBlock", "text": "overdue"}
    assert len(silent({"type": "AdaptiveCard", "body": [dot]})) == 1
    assert silent({"type": "AdaptiveCard", "body": [dot, word]}) == []


def test_only_measures_are_marked_lower() -> None:
    """Figures are OFFICIAL; every card that anything of a case may stand on is OFFICIAL-SENSITIVE."""
    lower = {name.split(".")[0] for name, card in GALLERIES["typical"].items() if card["body"][0]["text"] == "OFFICIAL"}
    assert lower == {"measures_card", "missing_card", "measure_card", "measure_form", "owed_card", "reported_card"}


@every_card
def test_inputs(card: JSON) -> None:
    """Every input has an id of its own, a label and an error message, and a text has a limit its value keeps."""
    found = inputs_in(card)
    ids = [each["id"] for each in found]
    assert len(set(ids)) == len(ids)
    for each in found:
        assert each["label"].strip()
        assert each["errorMessage"].strip()
        if each["type"] == "Input.Text":
            assert len(each.get("value", "")) <= each["maxLength"] <= 2000
        if each["type"] == "Input.ChoiceSet":
            values = [choice["value"] for choice in each["choices"]]
            assert len(set(values)) == len(values) > 0
            assert all(choice["title"] for choice in each["choices"])
            assert set(filter(None, each.get("value", "").split(","))) <= {
                part for v in values for part in v.split(",")
            }
        if each["type"] == "Input.Date":
            assert re.fullmatch(r"\d{4}-\d{2}-\d{2}", each.get("value", "2026-01-01"))


@every_card
def test_buttons(card: JSON) -> None:
    """At most six buttons in a row, as Teams shows no more, and each says what it does in a word of ours."""
    found = actions_in(card)
    for row in objects(card):
        assert len(row.get("actions", ())) <= 6
    for each in found:
        assert each["title"].strip()
        assert each["type"] in ("Action.Execute", "Action.Submit")
        said = each["verb"] if each["type"] == "Action.Execute" else each["data"]["do"]
        assert said in set(Verb)
        assert isinstance(each.get("data", {}), dict)


READS = frozenset(
    {
        Verb.COMMAND,
        Verb.SETUP_FORM,
        Verb.BOARD_CHANGE,
        Verb.REFERRAL_VIEW,
        Verb.ACTION_VIEW,
        Verb.REFER,
        Verb.REFER_MORE,
        Verb.PERSON,
        Verb.LOOK,
        Verb.ACTION,
        Verb.ACTION_ADD,
        Verb.TRACKER,
        Verb.DISCLOSURES,
    }
    | {Verb.PLAN, Verb.PLAN_FORM, Verb.RAISE, Verb.RETAIN, Verb.RETAIN_PAGE}
    | {Verb.AGENDA_OFFER, Verb.AGENDA_ITEM, Verb.FOCUS_FORM, Verb.MINUTES_CORRECT}
    | {Verb.MEASURE_FORM, Verb.CASE, Verb.CASE_FORM, Verb.RECORDING, Verb.PACK_ISSUE}
    | {Verb.ACTION_MORE, Verb.BOARD_SHEET, Verb.BOARD_RECORD, Verb.BOARD_ATTENDANCE}
    | {Verb.AGREEMENT, Verb.AGREEMENT_FORM, Verb.LESSON, Verb.ENGAGEMENT, Verb.CONFERENCE_FORM}
    | {Verb.SUBGROUP, Verb.ATTENDANCE, Verb.HISTORY, Verb.BUNDLE, Verb.TRIAGE, Verb.RISK, Verb.RISK_FORM}
)
"""What only shows something. (A look that is refused is recorded, under a key of the press itself.)"""

SETS = frozenset(
    {
        Verb.SETUP_AGENCY,
        Verb.PLAN_BEGIN,
        Verb.PLAN_SEEN,
        Verb.ESCALATION_ANSWER,
        Verb.BOARD_CHANGE_SUBMIT,
        Verb.AGREEMENT_SIGN,
    }
    | {
        Verb.RECORDING_SUBMIT,
        Verb.AGREEMENT_END,
        Verb.LESSON_DISSEMINATE,
        Verb.LESSON_WITHDRAW,
        Verb.MY_BOARD,
        Verb.BOARD_CHANGE_SUBMIT,
    }
)
"""What writes one chosen value, guarded by the row's ETag, and nothing when that is the value already; or a row whose
key is made of what it is about (a case's next plan, somebody's having seen an alert), so that it is made once."""

WRITES = frozenset(Verb) - READS - SETS


@every_card
def test_button_that_needs_a_key_has_one(card: JSON) -> None:
    """A button that writes carries the idempotency key of its form, and one about a referral carries its number."""
    for each in actions_in(card):
        said = each["verb"] if each["type"] == "Action.Execute" else each["data"]["do"]
        if said in WRITES:
            assert re.fullmatch("[0-9a-f]{32}", each["data"]["key"])
        if said in (Verb.LOOK, Verb.LOOK_SUBMIT, Verb.REFER_MORE, Verb.REFER_MORE_SUBMIT, Verb.ANSWER):
            assert each["data"]["reference"] == "R-14"


def test_every_verb_that_writes_is_seen() -> None:
    """The gallery shows a button for every verb, so that none escapes the test of keys."""
    shown = {
        each.get("verb") or each["data"]["do"] for card in GALLERIES["typical"].values() for each in actions_in(card)
    }
    assert shown == set(Verb)


@typical_cards
def test_dialogs_submit_and_messages_execute(card: JSON) -> None:
    """No card mixes the two ways of sending a form: Teams takes Submit in a dialog and Execute on a message."""
    kinds = {each["type"] for each in actions_in(card) if each["data"].get("msteams", {}).get("type") != "task/fetch"}
    assert len(kinds) <= 1


@typical_cards
def test_cards_that_take_or_show_a_concern_say_999(card: JSON) -> None:
    """A card with a text field, or with a way to one, says that it is not monitored and when to call 999."""
    writes = {Verb.REFER, Verb.REFER_SUBMIT, Verb.REFER_MORE_SUBMIT, Verb.ANSWER, Verb.LOOK}
    verbs = {each.get("verb", each["data"].get("do")) for each in actions_in(card)}
    if verbs & writes:
        assert "call 999" in json.dumps(card)


@every_card
def test_every_text_wraps_and_no_element_is_empty(card: JSON) -> None:
    """Nothing a reader needs is cut off at the edge, and no element stands empty."""
    for each in objects(card):
        if each.get("type") == "TextBlock" and each["text"] not in ("OFFICIAL-SENSITIVE", "OFFICIAL"):
            assert each["wrap"] is True
            assert each["text"].strip()
        if each.get("type") == "FactSet":
            assert all(fact["title"].strip() and fact["value"].strip() for fact in each["facts"])


MENTION = re.compile(r"<at>[^\[\]<>{}`]*</at>")
"""A member whom the bot mentions: their name, tamed, between marks of ours."""

HOSTILE = "[x](https://evil.example)<at>Everybody</at>{{DATE(2026-01-01,SHORT)}}<b>![i](https://evil.example/i)</b>"


def planted(name: str) -> str:
    """A text that can be found again, dressed in all that a client might read as more than text."""
    return f"PLANT-{name}{HOSTILE}"


def text_fields(record: type) -> list[str]:
    kept_by_us = {"id", "etag", "reference", "key", "open", "date_of_birth", "received_on", "indicators", "asked"}
    return [each.name for each in fields(record) if each.name not in kept_by_us and each.type == "str"]


def sown() -> Content:
    """Records with a planted text in every field a person can type into, in Teams or in SharePoint."""
    told = create_referral(
        **{name: planted(name) for name in text_fields(Referral) if name != "agency"},
        indicators=(planted("indicators"),),
        asked=frozenset({"MHT", planted("asked")}),
    )
    person = create_subject(**{name: planted(name) for name in text_fields(Subject)})
    answered = create_return(
        answer=planted("answer"), information=planted("information"), member_name=planted("member"), member_id="PLANT"
    )
    typed = [*text_fields(Referral), *text_fields(Subject), "information", "indicators", "date_of_birth"]
    agencies = {code: create_agency(code, name=f"Trust {HOSTILE}", spoc=planted("spoc")) for code in ("MHT", "POL")}
    return replace(
        typical(),
        referral=told,
        subjects=(person, person),
        own=answered,
        agencies=agencies,
        forum=create_forum(name=f"Forum {HOSTILE}", contact=planted("contact"), kind=planted("kind")),
        member=create_member(name=planted("member"), agency=f"MHT{HOSTILE}"),
        values={name: planted(name) for name in typed},
    )


SOWN = [pytest.param(card, id=which) for which, card in gallery(sown()).items()]


def strings_with_owner(node: Any, owner: str = "") -> list[tuple[str, str, str]]:
    """Every string of a card as (type of the element it is in, property, string)."""
    if isinstance(node, list):
        return [found for each in node for found in strings_with_owner(each, owner)]
    if not isinstance(node, dict):
        return []
    here = node.get("type", owner) if isinstance(node.get("type", owner), str) else owner
    found: list[tuple[str, str, str]] = []
    for name, value in node.items():
        if isinstance(value, str):
            found.append((here, name, value))
        found += strings_with_owner(value, here)
    return found


@pytest.mark.parametrize("card", SOWN)
def test_typed_text_is_shown_as_it_is_or_not_at_all(card: JSON) -> None:
    """What a person typed stands only in a TextRun or an input's value, where no client reads it as markup."""
    for element, name, text in strings_with_owner(card):
        if "PLANT" in text and not MENTION.match(text):
            assert (element, name) in READ_BY_NOBODY


@pytest.mark.parametrize("card", SOWN)
def test_names_of_agencies_and_forums_carry_no_markup(card: JSON) -> None:
    """A name that administrators typed into a list brings no link, mention, picture or function into our own words."""
    for element, name, text in strings_with_owner(card):
        if (element, name) not in READ_BY_NOBODY - {("Input.ChoiceSet", "title")} and "evil" in text:
            assert not set(MENTION.sub("", text)) & set("[]<>{}`")


NOT_IN_THE_DETAIL = {
    *("restricted_why", "holder_id", "holder_name", "gate", "mappa_status", "pdp_status", "definitions", "rationale"),
    *("triaged_by", "redirected_to", "receipt_by", "decline_reason", "repeat_of", "listed_for", "retention"),
    *("retention_why", "retention_by", "retention_by_id", "disposal_by", "disposal_by_id", "disposal_left"),
    *("step_key", "relationship"),
}
"""What the card with a person's details does not show: it is shown, if anywhere, on cards of its own."""


def test_planted_texts_do_arrive() -> None:
    """The two tests above look at cards that hold what was planted, in every field the detail and the forms show."""
    made = gallery(sown())
    shown = json.dumps(made["detail"])
    hidden = {"agency", "referrer_id", "forum", "status", "role", *NOT_IN_THE_DETAIL}
    for name in {*text_fields(Referral), *text_fields(Subject), "indicators"} - hidden:
        assert f"PLANT-{name}" in shown, name
    assert "PLANT-why_now" in json.dumps(made["form.back"])
    assert "PLANT-aliases" in json.dumps(made["more_form.back"])
    assert "PLANT-information" in json.dumps(made["answer_again"])
    assert "evil" in json.dumps(made["channel_card"])


FOR_CHANNELS = [
    "channel_card",
    "channel_card.closed",
    "referrals_card",
    "receipt",
    "receipt_message",
    "answered",
    "stub",
]


@pytest.mark.parametrize(
    "which", [*FOR_CHANNELS, "reasons", "help_card.channel", "invitation.channel", "welcome.channel"]
)
def test_no_card_for_many_holds_what_a_person_typed(which: str) -> None:
    """A channel's card, a list, a receipt and the question before a look hold nothing typed, in no property at all."""
    assert "PLANT" not in json.dumps(gallery(sown())[which])


@pytest.mark.parametrize("which", FOR_CHANNELS)
@pytest.mark.parametrize("answered", ["Not known", "Known", "Known, will bring a report", "Information added"])
def test_no_card_for_many_tells_an_answer(which: str, answered: str) -> None:
    """Whatever an agency answered, such a card is the same."""
    content = replace(typical(), own=create_return(answer=answered, information="Zed is a patient here"))
    assert gallery(content)[which] == GALLERIES["typical"][which]
