"""What may be told together after a wait, and what never."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from board.merging import together


def test_digests_of_one_audience() -> None:
    """A later digest says all that is open, so the earlier ones are told within it, at the earliest's place."""
    assert together(
        [
            "digest/member:amy/2026-11-19",
            "referral/R-3",
            "digest/forum:MHRMB/2026-11-19",
            "digest/member:amy/2026-11-20",
            "digest/member:amy/2026-11-23",
        ]
    ) == {
        "digest/member:amy/2026-11-23": ("digest/member:amy/2026-11-19", "digest/member:amy/2026-11-20"),
        "referral/R-3": (),
        "digest/forum:MHRMB/2026-11-19": (),
    }
    assert list(together(["digest/member:a/2026-11-19", "referral/R-3", "digest/member:a/2026-11-20"])) == [
        "digest/member:a/2026-11-20",
        "referral/R-3",
    ]


def test_reminders_of_one_board() -> None:
    """A later milestone of the same board stands for the earlier one; another board's does not."""
    told = together(
        ["board/MHRMB/2026-12-01/disseminate", "board/MHRMB/2026-12-01/eve", "board/MHRMB/2027-01-12/disseminate"]
    )
    assert told == {
        "board/MHRMB/2026-12-01/eve": ("board/MHRMB/2026-12-01/disseminate",),
        "board/MHRMB/2027-01-12/disseminate": (),
    }


NEVER = st.one_of(
    st.integers(1, 50).map(lambda n: f"immediate/A-{n}/member:amy"),
    st.integers(1, 50).map(lambda n: f"referral/R-{n}"),
    st.integers(1, 50).map(lambda n: f"receipt/R-{n}"),
    st.integers(1, 50).map(lambda n: f"report/A-{n}/no owner/amy"),
    st.text(max_size=30),
)
MAY = st.tuples(st.sampled_from(["forum:MHRMB", "member:amy", "member:ben"]), st.dates()).map(
    lambda told: f"digest/{told[0]}/{told[1].isoformat()}"
)


@given(st.lists(st.one_of(NEVER, MAY), unique=True, max_size=40))
def test_nothing_is_lost_and_nothing_else_merges(keys: list[str]) -> None:
    """Each notice is posted or told within one that is, once; an immediate risk is always posted by itself."""
    told = together(keys)
    assert sorted([*told, *(key for within in told.values() for key in within)]) == sorted(keys)
    for key, within in told.items():
        if not key.startswith("digest/"):
            assert within == ()
        assert not any(each.startswith(("immediate", "referral", "receipt", "report")) for each in within)
