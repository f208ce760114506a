"""What single cards say: counts that add up, forms that come back, and the ways on."""

from __future__ import annotations

import json
from dataclasses import replace
from typing import Any

import pytest

from board.notices import ReferralFace, face
from board.vocabulary import CONCERNS, INDICATORS, LOOK_REASONS, MENTAL_HEALTH_ACT, SHARING_BASES, Answer
from cards import help as help_cards
from cards import look, refer, referral, setup
from cards.elements import JSON
from tests.builders import (
    KEY,
    create_agency,
    create_forum,
    create_member,
    create_partners,
    create_referral,
    create_return,
    create_subject,
)
from tests.cards.gallery import objects

TRUST, COUNCIL = "Example Mental Health Trust", "Example Council"


def shown(answered: int = 0, asked: int = 2, awaited: tuple[str, ...] = (TRUST, COUNCIL)) -> ReferralFace:
    made = face(create_referral(), [], create_partners())
    return replace(made, answered=answered, asked=asked, awaited=awaited)


def said_in(card: JSON) -> str:
    """All that a card says, in one line."""
    parts: list[str] = []
    for each in objects(card):
        parts += [each[name] for name in ("text", "title", "label") if isinstance(each.get(name), str)]
        parts += [each["value"]] if "title" in each and isinstance(each.get("value"), str) else []
    return " ".join(parts)


def inputs(card: JSON) -> dict[str, JSON]:
    return {each["id"]: each for each in objects(card) if str(each.get("type", "")).startswith("Input.")}


@pytest.mark.parametrize(
    ("made", "said"),
    [
        (shown(), f"Awaited: {TRUST} and {COUNCIL}."),
        (shown(answered=1, awaited=(COUNCIL,)), f"Awaited: {COUNCIL}."),
        (shown(answered=2, awaited=()), "Nobody is awaited."),
        (shown(asked=0, awaited=()), "The mental health team will say who is asked."),
        (shown(awaited=(TRUST,)), f"Awaited: {TRUST} and 1 other agency."),
        (shown(asked=1, awaited=()), "Awaited: 1 agency not on the list of agencies."),
        (shown(answered=1, asked=3, awaited=()), "Awaited: 2 agencies not on the list of agencies."),
        (shown(asked=1, awaited=("[]",)), "Awaited: 1 agency not on the list of agencies."),
        (
            shown(asked=15, awaited=tuple(f"Agency {number}" for number in range(15))),
            f"Awaited: {', '.join(f'Agency {number}' for number in range(12))} and 3 other agencies.",
        ),
    ],
)
def test_who_is_awaited(made: ReferralFace, said: str) -> None:
    """Named and counted, the awaited add up to those asked less those that answered, on every card that says so."""
    for card in (referral.channel_card(made), look.answered(made, repeated=False)):
        assert said in said_in(card)
        assert said in card["speak"]


@pytest.mark.parametrize(
    ("answered", "asked", "said"),
    [
        (0, 0, "No agency is asked yet"),
        (0, 1, "0 of 1 agency answered"),
        (1, 2, "1 of 2 agencies answered"),
        (2, 2, "2 of 2 agencies answered"),
    ],
)
def test_how_far_the_asking_is(answered: int, asked: int, said: str) -> None:
    """The channel's card and the list say how many of those asked have answered."""
    made = shown(answered=answered, asked=asked, awaited=())
    assert said in said_in(referral.channel_card(made))
    assert said in said_in(referral.referrals_card([made], 1))


def test_channel_card_says_what_a_channel_may_know() -> None:
    """Reference, concern, agency, urgency, time in words, state, and the way to see more."""
    said = said_in(referral.channel_card(shown()))
    for part in (
        "Referral R-14",
        "Violence towards family or carer",
        "Example Police",
        "Urgent (before the next subgroup)",
        "15 June 2026, 10:30",
        "Received",
        "See who this is",
        "call 999",
    ):
        assert part in said


def test_closed_channel_card_offers_nothing() -> None:
    """A closed referral's card says so and has no button."""
    card = referral.channel_card(replace(shown(), open=False))
    assert "This referral is closed." in said_in(card)
    assert "actions" not in card


def test_face_without_anything_still_reads() -> None:
    """What is not among the board's words is said to be missing, never left as a gap."""
    bare = ReferralFace("R-3", "", "", "", "", None, 0, 0, (), True)
    said = said_in(referral.channel_card(bare))
    for part in ("Kind of concern not stated", "Agency not stated", "Not stated", "not recorded"):
        assert part in said


@pytest.mark.parametrize(("total", "more"), [(1, False), (15, False), (16, True), (400, True)])
def test_list_of_referrals(total: int, more: bool) -> None:
    """At most fifteen are listed, the total is true, and it says when there are more."""
    faces = [replace(shown(), reference=f"R-{number}") for number in range(min(total, 20), 0, -1)]
    said = said_in(referral.referrals_card(faces, total))
    assert said.count("**R-") == min(total, 15)
    assert f"{total} referral{'s' if total > 1 else ''} open." in said
    assert ("15 newest are shown" in said) is more


def test_form_comes_back_as_it_was_typed() -> None:
    """A form that could not be sent shows what was typed, says why, and keeps its key."""
    values = {
        "name": "Zed",
        "date_of_birth": "1990-05-31",
        "concern": CONCERNS[2],
        "urgency": "Immediate (today)",
        "why_now": "first\nsecond",
        "asked_for": "",
        "contact": "4410",
        "key": "other",
        "do": "x",
    }
    card = refer.form(KEY, in_dialog=True, values=values, said="Not sent yet. SharePoint is busy.")
    back = {name: each.get("value", "") for name, each in inputs(card).items()}
    assert back == {name: value for name, value in values.items() if name not in ("key", "do")}
    assert "Not sent yet. SharePoint is busy. What you typed is below." in said_in(card)
    assert card["actions"][0]["data"]["key"] == KEY


@pytest.mark.parametrize("value", [5, None, True, ["x"], {"a": "b"}])
def test_form_comes_back_without_what_nobody_typed(value: Any) -> None:
    """A value that is no text is not shown again."""
    for made in (refer.form, refer.more_form):
        arguments = (KEY,) if made is refer.form else (KEY, "R-14")
        names = list(inputs(made(*arguments, in_dialog=True)))
        card = made(*arguments, in_dialog=True, values=dict.fromkeys(names, value), said="Not sent yet.")
        assert not [each for each in inputs(card).values() if "value" in each]


def test_form_that_is_cut_says_so() -> None:
    """Where a form cannot show all again it says that it is cut, because what is sent again is what it shows."""
    names = ("how_known", "urgency_reason", "asked_for", "police_involvement")
    heavy = dict.fromkeys(names, "\U0001f41d" * 2000)
    card = refer.more_form(KEY, "R-14", in_dialog=True, values=heavy, said="Not sent yet.")
    assert "cut short (…)" in said_in(card)
    assert all(inputs(card)[name]["value"].endswith("…") for name in names)
    light = dict.fromkeys(names, "x" * 2000)
    card = refer.more_form(KEY, "R-14", in_dialog=True, values=light, said="Not sent yet.")
    assert "cut short" not in said_in(card)
    assert all(inputs(card)[name]["value"] == "x" * 2000 for name in names)


def test_more_form_starts_empty() -> None:
    """What is stored is shown only after a recorded look, so the second form has nothing in it."""
    card = refer.more_form(KEY, "R-14", in_dialog=True)
    assert not [each for each in inputs(card).values() if "value" in each]


@pytest.mark.parametrize(
    ("field", "choices", "many"),
    [
        ("indicators", INDICATORS, True),
        ("mental_health_act", MENTAL_HEALTH_ACT, False),
        ("sharing_basis", SHARING_BASES, False),
    ],
)
def test_choices_are_the_boards(field: str, choices: tuple[str, ...], many: bool) -> None:
    """Choices are the vocabulary's; several are sent joined by commas, so none of those holds one."""
    made = inputs(refer.more_form(KEY, "R-14", in_dialog=True))[field]
    assert [choice["value"] for choice in made["choices"]] == list(choices)
    assert made.get("isMultiSelect", False) is many
    assert not many or not [choice for choice in choices if "," in choice]


def test_least_is_marked_as_needed() -> None:
    """The two-minute form marks the four fields that are needed, and the second form none."""
    needed = {name for name, each in inputs(refer.form(KEY, in_dialog=True)).items() if each.get("isRequired")}
    assert needed == {"name", "concern", "urgency", "why_now"}
    assert not [
        each for each in inputs(refer.more_form(KEY, "R-14", in_dialog=True)).values() if each.get("isRequired")
    ]


def test_look_asks_for_one_of_the_reasons() -> None:
    """A look needs a reason from the list, and none is chosen beforehand."""
    reason = inputs(look.reasons(shown(), KEY, in_dialog=True))["reason"]
    assert [choice["value"] for choice in reason["choices"]] == list(LOOK_REASONS)
    assert reason["isRequired"] is True
    assert "value" not in reason


@pytest.mark.parametrize("may_add", [True, False])
def test_only_who_may_add_is_offered_to(may_add: bool) -> None:
    """The way to add to a referral is there for those who may use it."""
    titles = [each["title"] for each in look.reasons(shown(), KEY, in_dialog=True, may_add=may_add)["actions"]]
    assert titles == ["Show me", "Add to this referral", "Add somebody at risk"][: 3 if may_add else 1]


def test_detail_shows_every_field_it_has() -> None:
    """Whoever may look sees all that is recorded of the person and the case."""
    told, person = create_referral(), create_subject()
    said = said_in(look.detail(told, [person], key=KEY, in_dialog=True, may_answer=True))
    for value in (
        *(person.name, person.aliases, person.pnc_id, person.other_ids, person.address_area, person.whereabouts),
        *(told.concern, told.urgency, told.why_now, told.how_known, told.urgency_reason, told.asked_for),
        *(told.police_involvement, told.mental_health_act, told.person_aware, told.sharing_basis, told.contact),
        *(told.crime_reference, told.referrer_name, told.manager_sign_off, *told.indicators),
        *("31 May 1990", "943 476 5870", "The person referred"),
    ):
        assert value in said


def test_detail_leaves_out_what_is_not_recorded() -> None:
    """An empty field takes no room, and a referral without anybody recorded says so."""
    said = said_in(look.detail(create_referral(how_known=""), [], key=KEY, in_dialog=True, may_answer=False))
    assert "How this is known" not in said
    assert "Nobody's details are recorded" in said


def test_detail_cuts_long_texts_evenly() -> None:
    """A text too long for the card keeps its beginning and an ellipsis; short ones beside it stay whole."""
    told = create_referral(why_now="x" * 60_000, how_known="y" * 60_000)
    said = said_in(look.detail(told, [create_subject()] * 4, key=KEY, in_dialog=True, may_answer=True))
    assert "xxx…" in said
    assert "yyy…" in said
    assert "Zed Invented" in said


def test_every_answer_is_one_tap() -> None:
    """Each answer is a button of its own; none is chosen for the agency beforehand, and information may be left out."""
    card = look.detail(create_referral(), [create_subject()], key=KEY, in_dialog=True, may_answer=True, agency=TRUST)
    assert [each["data"]["answer"] for each in card["actions"]] == list(Answer)
    assert list(inputs(card)) == ["information"]
    assert f"For {TRUST}: is this person known to you?" in said_in(card)


def test_who_may_not_answer_gets_no_buttons() -> None:
    """Somebody whose agency is not asked sees the case and no way to answer."""
    card = look.detail(create_referral(), [create_subject()], key=KEY, in_dialog=True, may_answer=False)
    assert "actions" not in card
    assert inputs(card) == {}


@pytest.mark.parametrize(
    ("answer", "said"),
    [("Known", "Your agency's answer of 15 June 2026, 10:30 was: Known."), ("Zed is known", "Is this person known")],
)
def test_earlier_answer_is_shown_to_its_agency(answer: str, said: str) -> None:
    """An agency sees what it answered before, in the board's words; text typed over an answer is not repeated."""
    own = create_return(answer=answer)
    card = look.detail(create_referral(), [], key=KEY, in_dialog=True, may_answer=True, own=own)
    assert said in said_in(card)
    assert "Zed is known" not in said_in(card)


def test_answer_that_comes_back_shows_nobody() -> None:
    """An answer to be sent again shows what was typed and nothing of the person, who is seen only after a look."""
    card = look.answer_again("R-14", KEY, in_dialog=True, said="Not sent yet.", typed="Seen on Monday.")
    assert inputs(card)["information"]["value"] == "Seen on Monday."
    assert [each["data"]["answer"] for each in card["actions"]] == list(Answer)
    assert [each["data"]["key"] for each in card["actions"]] == [KEY] * 4


@pytest.mark.parametrize(("repeated", "said"), [(False, "is kept. Thank you."), (True, "already kept")])
def test_thanks(repeated: bool, said: str) -> None:
    """A repeated answer is told from a new one."""
    assert said in said_in(look.answered(shown(), repeated=repeated))


def test_stub_names_nobody_and_tells_the_way_back() -> None:
    """What stays in a chat says that details were taken away and how to see them again."""
    assert "referral R-14" in said_in(look.stub("R-14"))


@pytest.mark.parametrize(("agency", "asks"), [("", True), ("MHT", False)])
def test_first_chair_is_asked_for_an_agency(agency: str, asks: bool) -> None:
    """A chair without an agency is asked for it in the same card; one with an agency is told what comes next."""
    card = setup.bound(create_forum(), create_member(agency=agency), [create_agency()], moved=False)
    assert ("agency" in inputs(card)) is asks
    assert ("*Agencies*" in said_in(card)) is not asks


def test_first_agency_is_named_in_full() -> None:
    """Where there is no agency yet, a code and a name are asked for; where there are some, one is chosen."""
    assert list(inputs(setup.agency_form([], said="Set up."))) == ["agency", "agency_name"]
    chosen = inputs(setup.agency_form([create_agency("A"), create_agency("B", name="")], said="Set up."))["agency"]
    assert chosen["choices"] == [{"title": TRUST, "value": "A"}, {"title": "B", "value": "B"}]
    assert chosen["isRequired"] is True


@pytest.mark.parametrize(
    ("values", "warned"), [({}, False), ({"isa_signed_on": None}, True)], ids=["signed", "not signed"]
)
def test_agency_without_agreement_is_warned(values: dict[str, Any], warned: bool) -> None:
    """A chair whose agency has signed nothing is told that it sees no case details yet."""
    assert ("sees no case details yet" in said_in(setup.done(create_agency(**values)))) is warned


@pytest.mark.parametrize(("current", "said"), [(True, "current"), (False, "not current, so no case details")])
def test_whoami(current: bool, said: str) -> None:
    """The card says name, agency, roles and whether the sharing agreement holds."""
    card = said_in(setup.whoami(create_member(), create_agency(), isa_current=current))
    for part in ("Cy Nurse", TRUST, "Representative", said):
        assert part in card


@pytest.mark.parametrize("private", [True, False])
def test_help_names_every_command(private: bool) -> None:
    """Help shows every command with an example, says which are for a private chat, and when to call 999."""
    card = help_cards.help_card(private=private)
    said = said_in(card)
    for command in help_cards.COMMANDS:
        assert command.typed in said
        assert command.word in card["speak"]
    assert json.dumps(card).count("(private chat)") == sum(command.private for command in help_cards.COMMANDS)
    assert ("Mention me" in said) is not private


@pytest.mark.parametrize(("nearest", "said"), [("referrals", "Did you mean *referrals*?"), ("", "Type *help*")])
def test_not_understood(nearest: str, said: str) -> None:
    """Words that are no command get the nearest one, or help."""
    assert said in help_cards.not_understood(nearest)
