"""What is said, to whom, once; and that nothing a person typed can reach a channel."""

from __future__ import annotations

from dataclasses import fields
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from board.notices import Audience, Notice, NoticeKind, ReferralFace, face, notices
from board.records import Referral
from board.vocabulary import CONCERNS, Status, Urgency
from tests.builders import NOW, create_agency, create_partners, create_referral, create_return

REFERRER = "00000000-0000-4000-8000-00000000000b"
TYPED = st.text(max_size=30)
CODES = st.sampled_from(("POL", "MHT", "ASC", "pol", "Zed Invented", ""))
TEXT_FIELDS = [each.name for each in fields(Referral) if each.name not in ("id", "open", "asked", "indicators")]
ANY_REFERRAL = st.builds(
    Referral,
    **{name: TYPED for name in TEXT_FIELDS if name != "received_on"},
    id=st.integers(0, 10**6),
    open=st.booleans(),
    indicators=st.lists(TYPED, max_size=3).map(tuple),
    asked=st.frozensets(CODES | TYPED, max_size=4),
    received_on=st.sampled_from((None, NOW)),
)
RETURNS = st.lists(
    st.builds(create_return, CODES | TYPED, answer=TYPED, information=TYPED, member_name=TYPED, member_id=TYPED),
    max_size=4,
)


def texts_in(shown: ReferralFace) -> list[str]:
    values = [getattr(shown, each.name) for each in fields(shown)]
    return [text for value in values for text in (value if isinstance(value, tuple) else (value,)) if text]


@given(ANY_REFERRAL, RETURNS)
def test_face_says_nothing_anybody_typed(referral: Referral, returns: list[Any]) -> None:
    """Whatever stands in a row, its face holds the board's words, agencies' names, its number, a time and counts."""
    agencies = create_partners()
    shown = face(referral, returns, agencies)
    allowed = {*CONCERNS, *Urgency, *Status, *(agency.name for agency in agencies.values()), f"R-{referral.id}"}
    said = [text for text in texts_in(shown) if isinstance(text, str)]
    assert set(said) <= allowed
    others = [value for value in texts_in(shown) if not isinstance(value, str)]
    assert all(isinstance(value, bool | int) or value is referral.received_on for value in others)


def test_face_of_a_whole_referral() -> None:
    """A referral in order is shown with its concern, urgency, agency, state, time and how far the asking has come."""
    shown = face(create_referral(), [create_return("MHT")], create_partners())
    assert shown == ReferralFace(
        reference="R-14",
        concern="Violence towards family or carer",
        urgency="Urgent (before the next subgroup)",
        agency="Example Police",
        status="Received",
        received_on=NOW,
        answered=1,
        asked=2,
        awaited=("Example Council",),
        open=True,
    )


@pytest.mark.parametrize("answered", ["Not known", "Known", "Known, will bring a report", "Information added"])
def test_face_is_the_same_whatever_was_answered(answered: str) -> None:
    """That the trust knows somebody is health data, so an answer shows only as given."""
    returned = create_return("MHT", answer=answered, information="Zed is a patient")
    assert face(create_referral(), [returned], create_partners()) == face(
        create_referral(), [create_return("MHT")], create_partners()
    )


@pytest.mark.parametrize(
    ("typed", "left"),
    [
        ({"concern": "Zed Invented again"}, "concern"),
        ({"concern": "other"}, "concern"),
        ({"urgency": "Now, for Zed"}, "urgency"),
        ({"status": "Zed withdrew"}, "status"),
        ({"agency": "Zed's mother"}, "agency"),
    ],
)
def test_words_that_are_not_the_boards_are_left_out(typed: dict[str, Any], left: str) -> None:
    """A word typed into the list by hand may be a name, so it is left out and the rest is shown."""
    shown = face(create_referral(**typed), [], create_partners())
    assert getattr(shown, left) == ""
    assert shown.reference == "R-14"


def test_reference_typed_by_hand_is_not_shown() -> None:
    """A name typed over a reference in the list is neither shown nor announced: the number is the item's own."""
    tampered = create_referral(reference="Zed Invented")
    assert face(tampered, [], create_partners()).reference == "R-14"
    assert notices([tampered, create_referral(reference="R-15")], []) == []


def test_agency_that_is_gone_is_counted_and_not_named() -> None:
    """A code without an open agency still counts as asked; its text is not shown."""
    shown = face(create_referral(asked=frozenset({"MHT", "GONE"})), [], create_partners())
    assert (shown.asked, shown.answered, shown.awaited) == (2, 0, ("Example Mental Health Trust",))


def test_new_referral_is_told_to_its_forum_and_its_referrer() -> None:
    """A numbered, open referral gives one card for the forum's channel and one receipt."""
    assert notices([create_referral()], []) == [
        Notice("referral/R-14", NoticeKind.REFERRAL, Audience(forum="SUB"), "R-14"),
        Notice("receipt/R-14", NoticeKind.RECEIPT, Audience(member=REFERRER), "R-14"),
    ]


@pytest.mark.parametrize(
    "values", [{"open": False}, {"reference": ""}, {"forum": ""}], ids=["closed", "not numbered yet", "no forum"]
)
def test_what_is_not_announced(values: dict[str, Any]) -> None:
    """A referral that is closed, unnumbered or of no forum is not announced."""
    assert notices([create_referral(**values)], []) == []


def test_typed_row_has_no_receipt() -> None:
    """A row typed into the list has no referrer in Teams to thank."""
    assert [each.kind for each in notices([create_referral(referrer_id="")], [])] == [NoticeKind.REFERRAL]


REFERRALS = st.lists(st.integers(1, 50), unique=True, max_size=8).map(
    lambda ids: [create_referral(id=number, referrer_id=REFERRER if number % 2 else "") for number in ids]
)


@given(REFERRALS, st.randoms(use_true_random=False))
def test_everything_is_said_once(referrals: list[Referral], shuffle: Any) -> None:
    """Keys are unique, the order is by number however the rows come, and what was posted is never said again."""
    made = notices(referrals, [])
    keys = [each.key for each in made]
    assert len(set(keys)) == len(keys) == sum(2 if each.referrer_id else 1 for each in referrals)
    shuffled = list(referrals)
    shuffle.shuffle(shuffled)
    assert notices(shuffled, []) == made
    posted = keys[::2]
    assert [each.key for each in notices(referrals, posted)] == [key for key in keys if key not in posted]
    assert notices(referrals, keys) == []


@pytest.mark.parametrize("audience", [Audience(forum="SUB"), Audience(member=REFERRER), Audience(member="a:b")])
def test_audience_is_read_back(audience: Audience) -> None:
    """What an audience is stored as is read back as the same."""
    assert Audience.parse(str(audience)) == audience


@pytest.mark.parametrize(
    "stored", ["", ":", "forum", "forum:", "member:", "team:SUB", "Forum:SUB", "SUB", " forum:SUB"]
)
def test_audience_that_was_never_written(stored: str) -> None:
    """Any other text is no audience: nothing is sent to somebody guessed."""
    assert Audience.parse(stored) is None


@given(st.text(max_size=20))
def test_audience_parse_never_raises(stored: str) -> None:
    """Any text is an audience that reads back as that text, or none."""
    read = Audience.parse(stored)
    assert read is None or str(read) == stored


def test_agency_without_a_name_is_left_out() -> None:
    """An agency row with its name still blank shows nothing rather than its code."""
    shown = face(create_referral(), [], {"POL": create_agency("POL", name="")})
    assert (shown.agency, shown.awaited) == ("", ())
