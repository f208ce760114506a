"""What is amiss with the board's records is found, with its level and its fix, and nobody is named."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as some

from board import health
from board.findings import Finding, Level, ending
from board.measures import SEEDED
from board.records import Agency, Agreement, Forum, Member
from board.settingup import TRIES
from board.vocabulary import AgreementKind, Role
from tests.builders import TODAY, create_agency, create_forum, create_member, create_referral

DAY = timedelta(days=1)
ID = "00000000-0000-4000-8000-00000000000{}"
PARTNERS = [create_agency("MHT"), create_agency("POL", id=2)]


def person(number: int, *roles: Role, **values: object) -> Member:
    """A member with a number of their own."""
    return create_member(*roles, **{"id": number, "user_id": ID.format(number), **values})


def levels(found: list[Finding]) -> set[Level]:
    """The levels among findings."""
    return {each.level for each in found}


def line(found: list[Finding], says: str) -> Finding:
    """The one finding that says this."""
    (one,) = [each for each in found if says in each.says]
    return one


GOOD = [person(1, Role.CHAIR, Role.ADMINISTRATOR), person(2, agency="pol ")]


def test_healthy_records() -> None:
    """Codes match however they are typed, and all is told in one good line each."""
    spoken = [
        replace(agency, spoc="Cy Nurse") if agency.code == "MHT" else replace(agency, spoc="b@pol.example")
        for agency in PARTNERS
    ]
    people = [GOOD[0], replace(GOOD[1], email="B@POL.example")]
    board = create_forum("MHRMB", kind="Board", agencies=frozenset({"MHT", "POL"}))
    for found in (
        health.members(people, PARTNERS),
        health.chairs(people, [board]),
        health.agencies(spoken, people, TODAY),
        health.forums([board], PARTNERS),
        health.set_up(open_=False, tries=0, chaired=True),
    ):
        assert [each.level for each in found] == [Level.GOOD], found


MEMBERS: list[tuple[str, Member, str, Level]] = [
    ("no id", person(3, user_id=""), "Row 3 of Members has no Entra object id", Level.FIX),
    ("an e-mail for an id", person(3, user_id="kim@example.org"), "no Entra object id", Level.FIX),
    ("twice", person(3, user_id=ID.format(1).upper()), "Row 3 of Members has the same Entra object id", Level.FIX),
    ("no agency", person(3, agency=" "), "Row 3 of Members has no agency", Level.FIX),
    ("lost agency", person(3, agency="NHS"), "an agency code that is not in Agencies", Level.FIX),
    ("no role", person(3, roles=frozenset()), "no role that the bot knows", Level.ADVICE),
]


@pytest.mark.parametrize(("case", "row", "says", "level"), MEMBERS, ids=[each[0] for each in MEMBERS])
def test_a_member_amiss(case: str, row: Member, says: str, level: Level) -> None:
    """The row is named by its number, among members who are as they should be."""
    found = health.members([*GOOD, row], PARTNERS)
    assert (line(found, says).level, len(found)) == (level, 1)
    assert line(found, says).fix.endswith(".")


def test_the_older_row_counts() -> None:
    """Of three rows of one person the two newer are told, whatever order they come in."""
    rows = [person(9, user_id=ID.format(1)), person(1), person(5, user_id=ID.format(1))]
    assert "Rows 5, 9 of Members" in line(health.members(rows, PARTNERS), "same Entra").says


def test_many_rows_are_one_line() -> None:
    """A thousand rows alike are one line with a number in it."""
    rows = [person(1), *(replace(person(2), id=number, user_id="") for number in range(2, 1002))]
    assert "2, 3, 4, 5, 6, 7, 8, 9 and 992 more" in line(health.members(rows, PARTNERS), "no Entra").says


def test_empty_lists() -> None:
    """Nothing in a list is a thing to fix, told once."""
    for found in (
        health.members([], PARTNERS),
        health.chairs([], []),
        health.agencies([], [], TODAY),
        health.forums([], PARTNERS),
    ):
        assert [each.level for each in found] == [Level.FIX]


@pytest.mark.parametrize(
    ("kind", "agencies", "roles", "says"),
    [
        ("Board", {"MHT"}, {Role.CHAIR, Role.ADMINISTRATOR}, "There is a chair"),
        ("Board", {"POL"}, {Role.CHAIR, Role.ADMINISTRATOR}, "Forum SUB has no chair"),
        ("Board", set(), {Role.CHAIR, Role.ADMINISTRATOR}, "There is a chair"),
        ("Subgroup", {"MHT"}, {Role.CHAIR}, "Nobody is Administrator"),
        ("Subgroup", {"POL"}, {Role.CHAIR, Role.ADMINISTRATOR}, "Forum SUB has no chair"),
        ("Board", {"MHT"}, {Role.SUBGROUP_CHAIR}, "The board has no chair"),
    ],
)
def test_who_runs_it(kind: str, agencies: set[str], roles: set[Role], says: str) -> None:
    """The board needs a chair; each forum one from among its agencies."""
    forum = create_forum("SUB", kind=kind, agencies=frozenset(agencies))
    found = health.chairs([person(1, *roles)], [forum])
    expected = {"There": Level.GOOD, "Forum": Level.ADVICE, "Nobody": Level.ADVICE, "The": Level.FIX}
    assert line(found, says).level is expected[says.split(maxsplit=1)[0]]


def test_measures_that_say_nothing() -> None:
    """The shipped ones are in order; one without a code, of no kind, resting on nothing, or there twice is named."""
    sound = [replace(each, id=n) for n, each in enumerate(SEEDED, start=1)]
    assert levels(health.measures([])) == {Level.ADVICE}
    assert levels(health.measures(sound)) == {Level.GOOD}
    for wrong, says, level in (
        ({"code": " "}, "Row 90 of Measures has no code", Level.FIX),
        ({"code": "x", "kind": "Guess"}, "Row 90 of Measures has a kind that is none", Level.ADVICE),
        ({"code": "x", "rests_on": "s163"}, "Row 90 of Measures has a count to rest on", Level.ADVICE),
        ({"code": "S136"}, "Row 90 of Measures has a code that another has too", Level.ADVICE),
    ):
        other = replace(sound[0], id=90, **wrong)
        assert line(health.measures([*sound, other]), says).level is level


def test_agreements_that_cannot_be_read() -> None:
    """None at all is told; so are a line that signs nothing and a kind that is none; the rest is good."""
    assert levels(health.agreements([])) == {Level.ADVICE}
    sound = Agreement(id=1, kind=AgreementKind.ISA, signatures="MHT 2026-11-29 until 2027-11-29")
    assert levels(health.agreements([sound])) == {Level.GOOD}
    muddled = replace(sound, id=2, signatures="MHT next year")
    assert line(health.agreements([sound, muddled]), "Row 2 of Agreements has a line").level is Level.ADVICE
    assert line(health.agreements([replace(sound, id=3, kind="Treaty")]), "Row 3 of Agreements").level is Level.ADVICE


def test_what_is_tuned_and_cannot_be_followed() -> None:
    """A line that says nothing is told, with its column and whose it is; what is understood is not."""
    partner = create_agency("MHT", ladder="lead 5: the matron\nmanager soon", spoc="Cy Nurse")
    people = [create_member(name="Cy Nurse", agency="MHT")]
    assert line(health.agencies([partner], people, TODAY), "MHT: a line in Ladder").level is Level.ADVICE
    sound = create_agency("MHT", ladder="lead 5: the matron", spoc="Cy Nurse")
    assert levels(health.agencies([sound], people, TODAY)) == {Level.GOOD}
    board = create_forum("MHRMB", agencies=frozenset(), milestones="pack 6\ncall 99", agenda="tracker 25\nlunch 60")
    found = health.forums([board], [sound])
    assert line(found, "MHRMB: a line in Milestones").level is Level.ADVICE
    assert line(found, "MHRMB: a line in Agenda").level is Level.ADVICE
    tuned = create_forum("MHRMB", agencies=frozenset(), milestones="pack 6\ndecisions -3", agenda="tracker 25\nother 0")
    assert levels(health.forums([tuned], [sound])) == {Level.GOOD}


def test_a_subgroup_may_have_its_own_chair() -> None:
    """A subgroup's chair is enough for a subgroup, not for the board."""
    people = [person(1, Role.CHAIR, Role.ADMINISTRATOR), person(2, Role.SUBGROUP_CHAIR, agency="POL")]
    theirs = frozenset({"POL"})
    assert levels(health.chairs(people, [create_forum("SUB", kind="Subgroup", agencies=theirs)])) == {Level.GOOD}
    assert levels(health.chairs(people, [create_forum("TWO", kind="Board", agencies=theirs)])) == {Level.ADVICE}


AGREEMENTS: list[tuple[date | None, date | None, str]] = [
    (None, None, "no signed"),
    (TODAY + DAY, None, "no signed"),
    (TODAY, None, ""),
    (TODAY - DAY, TODAY, "has lapsed"),
    (TODAY - DAY, TODAY + DAY, "lapses within 30 days"),
    (TODAY - DAY, TODAY + 30 * DAY, "lapses within 30 days"),
    (TODAY - DAY, TODAY + 31 * DAY, ""),
]


@pytest.mark.parametrize(("signed", "lapses", "says"), AGREEMENTS)
def test_agreements(signed: date | None, lapses: date | None, says: str) -> None:
    """Unsigned, lapsed and lapsing are told apart, on the very days they begin."""
    agency = create_agency(isa_signed_on=signed, isa_lapses_on=lapses, spoc="Cy Nurse")
    found = health.agencies([agency], [person(1)], TODAY)
    if says:
        assert line(found, f"MHT: a sharing agreement that {says}" if says != "no signed" else f"MHT: {says}")
        assert levels(found) == {Level.ADVICE}
    else:
        assert levels(found) == {Level.GOOD}


@pytest.mark.parametrize(
    ("spoc", "says"),
    [
        ("", "no single point of contact"),
        ("Somebody Else", "not one of their members"),
        ("Bo Officer", "not one of their members"),
        ("cy nurse ", ""),
        ("CY@mht.example", ""),
        (ID.format(1), ""),
    ],
)
def test_single_points_of_contact(spoc: str, says: str) -> None:
    """A name, an address or an object id of a member of that agency will do; a member of another will not."""
    people = [person(1, email="cy@mht.example"), person(2, name="Bo Officer", agency="POL")]
    found = health.agencies([create_agency(spoc=spoc)], people, TODAY)
    assert levels(found) == ({Level.ADVICE} if says else {Level.GOOD})
    assert all(says in each.says for each in found)


def test_codes() -> None:
    """An agency or forum without a code, or with another's, has to be fixed; so has a forum of unknown agencies."""
    rows = [create_agency(spoc="Cy Nurse"), create_agency(" ", id=5), create_agency("mht", id=6)]
    found = health.agencies(rows, [person(1)], TODAY)
    assert "Row 5 of Agencies" in line(found, "no code").says
    assert "Row 6 of Agencies" in line(found, "same code").says
    lost = health.forums([create_forum("SUB", agencies=frozenset({"MHT", "XYZ", "ABC"}))], PARTNERS)
    assert line(lost, "Forum SUB names agencies that are not in Agencies: ABC, XYZ.").level is Level.FIX
    assert levels(health.forums([create_forum(""), create_forum("B", id=3), create_forum("b", id=4)], PARTNERS)) >= {
        Level.FIX
    }


@pytest.mark.parametrize(
    ("open_", "tries", "chaired", "expected"),
    [
        (True, 0, True, [Level.ADVICE]),
        (True, 0, False, []),
        (True, TRIES, False, [Level.FIX]),
        (True, TRIES, True, [Level.ADVICE]),
        (False, 0, True, [Level.GOOD]),
        (False, 0, False, []),
    ],
)
def test_the_set_up_code(open_: bool, tries: int, chaired: bool, expected: list[Level]) -> None:
    """Unused it is a key lying about; used up by wrong guesses it stops who has no chair yet."""
    assert [each.level for each in health.set_up(open_=open_, tries=tries, chaired=chaired)] == expected


ROUNDS: list[tuple[date | None, datetime, Level]] = [
    (None, datetime(2026, 6, 15, 12, tzinfo=UTC), Level.ADVICE),
    (date(2026, 6, 15), datetime(2026, 6, 15, 12, tzinfo=UTC), Level.GOOD),
    (date(2026, 6, 12), datetime(2026, 6, 15, 12, tzinfo=UTC), Level.FIX),  # Monday noon, done on Friday
    (date(2026, 6, 12), datetime(2026, 6, 15, 5, tzinfo=UTC), Level.GOOD),  # Monday, before its hour
    (date(2026, 6, 12), datetime(2026, 6, 14, 12, tzinfo=UTC), Level.GOOD),  # Sunday
    (date(2026, 6, 11), datetime(2026, 6, 14, 12, tzinfo=UTC), Level.FIX),  # Sunday, done on Thursday
    (date(2026, 5, 22), datetime(2026, 5, 25, 12, tzinfo=UTC), Level.GOOD),  # a bank holiday Monday
    (date(2026, 5, 21), datetime(2026, 5, 25, 12, tzinfo=UTC), Level.FIX),
]


@pytest.mark.parametrize(("last", "now", "level"), ROUNDS)
def test_the_daily_round(last: date | None, now: datetime, level: Level) -> None:
    """Only a working day's round is missed, and only an hour after it was due."""
    assert [each.level for each in health.daily_round(last, now)] == [level]


NOW = datetime(2026, 6, 15, 12, tzinfo=UTC)


@pytest.mark.parametrize(
    ("left", "level", "says"),
    [
        (timedelta(0), Level.FIX, "expired on 15 June 2026"),
        (-DAY, Level.FIX, "expired on 14 June 2026"),
        (timedelta(hours=1), Level.ADVICE, "in less than a day"),
        (DAY, Level.ADVICE, "in 1 day."),
        (30 * DAY, Level.ADVICE, "in 30 days"),
        (30 * DAY + timedelta(seconds=1), Level.GOOD, "30 days more"),
        (400 * DAY, Level.GOOD, "400 days more"),
    ],
)
def test_what_ends(left: timedelta, level: Level, says: str) -> None:
    """Told from 30 days before, and a thing to fix from its last moment."""
    (found,) = ending("The certificate", NOW + left, NOW, "Make a new one.")
    assert found.level is level
    assert says in found.says


def test_records() -> None:
    """What went in part is to be put right, what waits for a decision or a second person is told; each by number."""
    closed = create_referral(open=False, review_on=date(2020, 1, 1))
    rows = [
        replace(closed, id=1),
        replace(closed, id=2),
        replace(closed, id=3, retention="Dispose", retention_by_id=ID.format(1)),
        replace(closed, id=4, retention="Disposed in part", disposal_left=PLANTED),
        replace(closed, id=5, retention="Disposed", review_on=None),
        replace(closed, id=6, review_on=TODAY + DAY),
    ]
    found = health.records(rows, TODAY)
    assert [(each.level, each.says) for each in found] == [
        (Level.FIX, "Disposed of in part: R-4."),
        (Level.ADVICE, "To be disposed of once a second person confirms: R-3."),
        (Level.ADVICE, "Records to keep or dispose of: 2."),
    ]
    assert PLANTED not in str(found)
    assert [each.level for each in health.records(rows[4:], TODAY)] == [Level.GOOD]


PLANTED = "Zebedee Planted"
words = some.sampled_from(["", " ", "MHT", "mht", "XYZ", PLANTED, ID.format(1), "😀" * 3, "a\nb"])
people_ = some.builds(
    Member, id=some.integers(1, 9), user_id=words, name=some.just(PLANTED), agency=words, email=words,
    roles=some.frozensets(some.sampled_from(Role)),
)  # fmt: skip
days = some.none() | some.dates(date(2025, 1, 1), date(2028, 1, 1))
agencies_ = some.builds(
    Agency, id=some.integers(1, 9), code=words, name=some.just(PLANTED), spoc=words, isa_signed_on=days,
    isa_lapses_on=days,
)  # fmt: skip
forums_ = some.builds(
    Forum, id=some.integers(1, 9), code=words, name=some.just(PLANTED), kind=words,
    agencies=some.frozensets(some.sampled_from(["MHT", "POL", "ZZZ"])),
)  # fmt: skip


@given(some.lists(people_, max_size=5), some.lists(agencies_, max_size=5), some.lists(forums_, max_size=5))
def test_whatever_was_typed(members: list[Member], agencies: list[Agency], forums: list[Forum]) -> None:
    """Any rows lead to findings of one line each, without a name or a contact, and with a fix unless good."""
    found = [
        *health.members(members, agencies),
        *health.chairs(members, forums),
        *health.agencies(agencies, members, TODAY),
        *health.forums(forums, agencies),
    ]
    for each in found:
        assert PLANTED.casefold() not in f"{each.says} {each.fix}".casefold()
        assert "\n" not in each.says + each.fix
        assert bool(each.fix) is (each.level is not Level.GOOD)
    assert len(found) >= 4


def test_what_parts_boards_is_looked_through() -> None:
    """A forum of a board that is not there, and a member of a forum that is not, are named; sound rows are not."""
    board = Forum(id=1, code="MHRMB", name="First", kind="Board")
    north = Forum(id=2, code="NORTH", name="North", kind="Board")
    marac = Forum(id=3, code="MARAC", name="MARAC", kind="MARAC", board="north")
    member = replace(GOOD[0], forums=frozenset({"marac"}))
    assert health.parted([board, north, marac], [member]) == []
    lost, stray = health.parted([board, replace(marac, board="SOUTH")], [replace(member, forums=frozenset({"GONE"}))])
    assert "Row 3 of Forums" in lost.says
    assert "of Members" in stray.says
