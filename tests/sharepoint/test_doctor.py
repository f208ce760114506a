"""What is amiss with a site: lists, sizes, rights and zones, from what was read of them."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest

from board.findings import Finding, Level
from sharepoint import doctor, upkeep
from sharepoint.bookkeeping import Event, Post
from sharepoint.doctor import Groups, Holder, May
from sharepoint.provision import Step
from sharepoint.schema import MEETINGS, MEMBERS, REFERRALS, ListOf
from sharepoint.zones import CONTRIBUTE, FULL_CONTROL, READ

EDIT = 1073741830
OWNERS, PEOPLE, CASES, APP, STRANGER = 3, 5, 6, 9, 42
GROUPS = Groups(OWNERS, PEOPLE, CASES)
NOW = datetime(2026, 6, 15, 12, tzinfo=UTC)


def levels(found: list[Finding]) -> list[Level]:
    """The levels of findings, in order."""
    return [each.level for each in found]


@pytest.mark.parametrize(("steps", "lines"), [(0, 1), (1, 1), (10, 10), (11, 1), (217, 1)])
def test_what_is_missing(steps: int, lines: int) -> None:
    """Up to ten things are a line each; more are one line with their number."""
    found = doctor.structure([Step(f"create the list L{n}", "", {}) for n in range(steps)])
    assert len(found) == lines
    assert set(levels(found)) == ({Level.FIX} if steps else {Level.GOOD})
    assert ("create the list L0" in found[0].says) is bool(steps)
    assert (f"{steps} things" in found[0].says) is (steps > 10)


@pytest.mark.parametrize(
    ("rows", "open_rows", "expected"),
    [
        (0, None, []),
        (3_999, None, []),
        (15_999, 3_999, []),
        (4_000, 4_000, [Level.ADVICE]),
        (5_000, 4_999, [Level.ADVICE]),
        (5_000, 5_000, [Level.FIX]),
        (16_000, 10, [Level.ADVICE]),
        (20_000, 10, [Level.ADVICE]),
        (60_000, 5_000, [Level.FIX, Level.ADVICE]),
    ],
)
def test_sizes(rows: int, open_rows: int | None, expected: list[Level]) -> None:
    """Open rows count against 5,000, all rows against 20,000; both are told from four fifths on."""
    assert levels(doctor.size(REFERRALS, rows, open_rows)) == expected


@pytest.mark.parametrize(
    ("mask", "word"),
    [
        (May.VIEW | May.ADD | May.EDIT, ""),
        (0x7FFFFFFF, ""),
        (May.VIEW, "add, change"),
        (May.VIEW | May.ADD, "change"),
        (0, "read, add, change"),
    ],
)
def test_rights_too_few(mask: int, word: str) -> None:
    """What the bot may not do in a list is named."""
    found = doctor.rights(REFERRALS, mask)
    assert levels(found) == ([Level.FIX] if word else [])
    assert all(f"may not {word} rows in Referrals" in each.says for each in found)


@pytest.mark.parametrize(
    ("mask", "admin", "level", "word"),
    [
        (0x7, False, Level.GOOD, "may not reshape"),
        (0x40000007, False, Level.ADVICE, "manage the site"),
        (0x02000007, False, Level.ADVICE, "manage permissions"),
        (0x00000807, False, Level.ADVICE, "manage lists"),
        (0xFFFFFFFF, False, Level.ADVICE, "manage the site, permissions, lists"),
        (0x7, True, Level.ADVICE, "site collection administrator"),
        (None, False, Level.ADVICE, "cannot be told"),
    ],
)
def test_rights_too_many(mask: int | None, admin: bool, level: Level, word: str) -> None:
    """The bits are SharePoint's own: ManageLists 0x800, ManagePermissions 0x2000000, ManageWeb 0x40000000."""
    (found,) = doctor.rights_too_many(mask, site_admin=admin)
    assert (found.level, word in found.says) == (level, True)


def test_rights_of_the_token() -> None:
    """A right over every site is told; the one for selected sites is not, nor are rights of other kinds."""
    found = doctor.granted(["Sites.Selected", "User.Read.All", "Sites.FullControl.All", "Sites.ReadWrite.All"])
    assert [each.says.split()[3].rstrip(",") for each in found] == ["Sites.FullControl.All", "Sites.ReadWrite.All"]
    assert set(levels(found)) == {Level.ADVICE}
    assert doctor.granted(["Sites.Selected"]) == []


def holder(number: int, *roles: int, login: str = "", group: bool = True) -> Holder:
    """Somebody who holds these roles on a list."""
    return Holder(number, login or f"principal {number}", group, frozenset(roles))


OURS = [holder(OWNERS, FULL_CONTROL), holder(CASES, CONTRIBUTE)]
TEAM = [*OURS, holder(PEOPLE, READ)]

ZONES: list[tuple[str, ListOf, list[Holder], str]] = [  # type: ignore[type-arg]
    ("cases", REFERRALS, OURS, ""),
    ("team", MEETINGS, TEAM, ""),
    ("administrators", MEMBERS, OURS[:1], ""),
    ("the app that provisioned", REFERRALS, [*OURS, holder(APP, FULL_CONTROL, login="app@sharepoint")], ""),
    ("an app by its claim", REFERRALS, [*OURS, holder(APP, FULL_CONTROL, login="i:0i.t|ms.sp.ext|x@y")], ""),
    ("limited access", REFERRALS, [*OURS, holder(STRANGER, doctor.LIMITED_ACCESS)], ""),
    ("read beside limited access", REFERRALS, [*OURS, holder(STRANGER, doctor.LIMITED_ACCESS, READ)], "42"),
    ("team in cases", REFERRALS, TEAM, "principal 5"),
    ("cases in administrators", MEMBERS, OURS, "principal 6"),
    ("a person", REFERRALS, [*OURS, holder(STRANGER, READ, group=False)], "people or groups"),
    ("two groups", REFERRALS, [*OURS, holder(STRANGER, READ), holder(7, EDIT)], "2 groups"),
    ("team may edit", MEETINGS, [*OURS, holder(PEOPLE, EDIT)], "principal 5"),
    ("team may contribute", MEETINGS, [*OURS, holder(PEOPLE, READ, CONTRIBUTE)], "principal 5"),
    ("visitors may read", MEETINGS, [*TEAM, holder(4, READ)], ""),
    ("cases own it", REFERRALS, [OURS[0], holder(CASES, FULL_CONTROL)], "principal 6"),
    ("a role of one's own", REFERRALS, [OURS[0], holder(CASES, CONTRIBUTE, 1073741999)], "principal 6"),
    ("team missing", MEETINGS, OURS, "not open to the members of the Team"),
    ("cases missing", REFERRALS, OURS[:1], "not open to the mental health team"),
    ("owners missing", REFERRALS, OURS[1:], "not open to the site's owners"),
]


@pytest.mark.parametrize(("case", "of", "holders", "says"), ZONES, ids=[each[0] for each in ZONES])
def test_zones(case: str, of: ListOf, holders: list[Holder], says: str) -> None:  # type: ignore[type-arg]
    """Whoever the zone does not name is beyond it; apps and what SharePoint adds by itself are not."""
    found = doctor.zone(of, own=True, holders=holders, groups=GROUPS)
    assert levels(found) == ([Level.FIX] if says else [])
    assert all(says in each.says and of.name in each.says for each in found)


def test_a_list_with_the_sites_permissions() -> None:
    """A list that inherits is open to the whole Team; who holds what on the site does not matter then."""
    (found,) = doctor.zone(REFERRALS, own=False, holders=OURS, groups=GROUPS)
    assert (found.level, "every member of the Team" in found.says) == (Level.FIX, True)


@pytest.mark.parametrize(
    ("read", "expected"),
    [
        ({"Referrals": False, "Meetings": True}, [Level.GOOD]),
        ({"Referrals": True, "Meetings": True}, [Level.FIX]),
        ({"Referrals": False, "Meetings": False}, [Level.FIX]),
        ({"Referrals": None, "Meetings": True}, [Level.ADVICE]),
    ],
)
def test_read_as_a_member(read: dict[str, bool | None], expected: list[Level]) -> None:
    """A member reads what the team may read; anything else either way has to be fixed."""
    assert levels(doctor.read_as_member(read, [REFERRALS, MEETINGS])) == expected


def post(minutes: float | None) -> Post:
    """An open post that is due in so many minutes."""
    due = None if minutes is None else NOW + timedelta(minutes=minutes)
    return Post(kind="digest", audience="forum:MHRMB", next_attempt=due)


@pytest.mark.parametrize(
    ("waiting", "undelivered", "expected"),
    [
        ([], 0, [Level.GOOD]),
        ([post(5), post(-29)], 0, [Level.GOOD]),
        ([post(-31)], 0, [Level.FIX]),
        ([post(None)], 0, [Level.FIX]),
        ([], 3, [Level.ADVICE]),
        ([post(-31)], 100, [Level.FIX, Level.ADVICE]),
    ],
)
def test_posts(waiting: list[Post], undelivered: int, expected: list[Level]) -> None:
    """Half an hour past its time a post is stuck; those given up are counted."""
    found = upkeep.posts(waiting, undelivered, NOW, at_most=100)
    assert levels(found) == expected
    assert any("100 posts or more" in each.says for each in found) is (undelivered == 100)


def token(at: datetime) -> str:
    """A change token of the whole site as SharePoint writes it; its fourth part is .NET's ticks."""
    ticks = (at - datetime(1, 1, 1, tzinfo=UTC)) // timedelta(microseconds=1) * 10
    return f"1;1;11111111-2222-3333-4444-555555555555;{ticks};123"


@pytest.mark.parametrize(
    ("value", "level", "says"),
    [
        (None, Level.ADVICE, "not followed"),
        ("", Level.ADVICE, "not followed"),
        ("nonsense", Level.ADVICE, "not followed"),
        ("1;1;11111111-2222-3333-4444-555555555555;9999999999999999999;1", Level.ADVICE, "not followed"),
        (token(NOW - timedelta(days=1)), Level.GOOD, "14 June 2026, 12:00"),
        (token(NOW - timedelta(days=61)), Level.ADVICE, "61 days ago"),
    ],
)
def test_the_feed(value: str | None, level: Level, says: str) -> None:
    """How far the lists were followed is read out of the token; sixty days is what SharePoint remembers."""
    row = None if value is None else Event(kind="change token", value=value)
    (found,) = upkeep.feed(row, NOW)
    assert (found.level, says in found.says) == (level, True)


@pytest.mark.parametrize("serving", [True, False])
@pytest.mark.parametrize("seconds", [None, -1, 0, 1])
def test_the_lease(serving: bool, seconds: int | None) -> None:
    """A lease that has run out means that nobody posts: a fault where a bot should be, advice in a trial."""
    row = None if seconds is None else Event(kind="lease", holder="x", until=NOW + timedelta(seconds=seconds))
    (found,) = upkeep.lease(row, NOW, serving=serving)
    missing = Level.FIX if serving else Level.ADVICE
    assert found.level is (Level.GOOD if seconds == 1 else missing)


@pytest.mark.parametrize(
    ("bound", "readable", "serving", "level"),
    [
        (True, True, True, Level.GOOD),
        (True, False, True, Level.FIX),
        (False, False, True, Level.FIX),
        (False, False, False, Level.ADVICE),
    ],
)
def test_the_channel(bound: bool, readable: bool, serving: bool, level: Level) -> None:
    """A board that is served and has no channel cannot speak."""
    assert levels(upkeep.channel(bound, readable, serving=serving)) == [level]
