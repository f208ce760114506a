"""Agreements: which version holds, how each agency stands to it, what is due when, and whom that is told."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from itertools import pairwise
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from board.agreements import (
    Signature,
    Stands,
    What,
    access_changed,
    access_notices,
    adopt,
    asked,
    coming,
    digests,
    dues,
    end,
    faults,
    in_use,
    lapsed_between,
    parties,
    read_access_key,
    read_key,
    remind_days,
    replaced,
    sign,
    signatures,
    spocs,
    told,
)
from board.calendar import DIGEST_AT, at_uk
from board.errors import NotAllowed, NotUnderstood, Problem, Refusal
from board.forms import Form
from board.records import Agency, Agreement
from board.vocabulary import AgreementKind, AgreementStatus, Role
from tests.builders import KEY, create_agency, create_forum, create_member

TODAY = date(2026, 11, 30)
NOW = datetime(2026, 11, 30, 10, tzinfo=UTC)
FORUM = create_forum(agencies=frozenset())
CHAIR = create_member(Role.CHAIR, id=1, user_id="chair", name="Ada Chairperson", agency="POL")
LEAD = create_member(Role.AGENCY_LEAD, id=2, user_id="lead", name="Di Trustlead", agency="MHT")
NURSE = create_member(Role.REPRESENTATIVE, id=3, user_id="nurse", name="Cy Nurse", agency="MHT", email="cy@example.com")
TEAM = create_member(Role.MENTAL_HEALTH_TEAM, id=4, user_id="team", name="Ivy Team", agency="POL")
MEMBERS = (CHAIR, LEAD, NURSE, TEAM)


def create_agreement(**values: Any) -> Agreement:
    """G-3: the second version of the sharing agreement, signed by nobody yet."""
    defaults: dict[str, Any] = {"id": 3, "kind": AgreementKind.ISA, "title": "Sharing", "version": 2}
    return Agreement(**{**defaults, **values})


def create_agencies(**lapses: date | None) -> dict[str, Agency]:
    """Agencies by code, each with a sharing agreement since last year that lapses on a day."""
    return {
        code: create_agency(code, id=number, isa_signed_on=date(2025, 12, 1), isa_lapses_on=on)
        for number, (code, on) in enumerate(lapses.items(), start=1)
    }


AGENCIES = create_agencies(MHT=date(2027, 1, 5), POL=date(2027, 6, 1))


class TestLines:
    """Who signed, as lines that an administrator may type."""

    @pytest.mark.parametrize(
        ("line", "read"),
        [
            ("MHT 2026-11-29 until 2027-11-29", Signature("MHT", date(2026, 11, 29), date(2027, 11, 29))),
            ("mht: 2026-11-29 2027-11-29", Signature("MHT", date(2026, 11, 29), date(2027, 11, 29))),
            ("  POL 2026-11-29 ", Signature("POL", date(2026, 11, 29), None)),
        ],
    )
    def test_a_line_is_read(self, line: str, read: Signature) -> None:
        """With or without a colon, *until*, and a last day."""
        assert signatures(line) == {read.agency: read}
        assert faults(line) == []

    @pytest.mark.parametrize(
        "line", ["MHT", "MHT 29 November 2026", "MHT 2026-02-30", "2026-11-29", "MHT 2026-11-29 x"]
    )
    def test_a_line_that_says_nothing_is_named(self, line: str) -> None:
        """It signs nothing, and is not lost."""
        assert signatures(line) == {}
        assert faults(line) == [line]

    @given(st.text(max_size=60))
    def test_no_line_breaks_anything(self, line: str) -> None:
        """Whatever stands there, each line either signs or is a fault."""
        lines = [each for each in line.splitlines() if each.strip()]
        assert len(faults(line)) + sum(bool(signatures(each)) for each in lines) == len(lines)

    @pytest.mark.parametrize(
        ("said", "days"),
        [("", (60, 30, 7)), ("90; 14", (90, 14)), ("7,30", (30, 7)), ("soon", (60, 30, 7)), ("0; 999", (60, 30, 7))],
    )
    def test_days_of_notice(self, said: str, days: tuple[int, ...]) -> None:
        """A row's own days; the default where it says none that can be followed."""
        assert remind_days(said) == days


class TestVersions:
    """Which version of an agreement counts."""

    def test_the_newest_open_version_counts(self) -> None:
        """One of each, in the order of the kinds; what was replaced or ended is not among them."""
        terms = create_agreement(id=1, kind=AgreementKind.TERMS, title="Terms", version=1)
        old, new = create_agreement(id=2, version=1), create_agreement(id=3, version=2)
        ended = create_agreement(id=4, version=9, status=AgreementStatus.ENDED)
        closed = create_agreement(id=5, version=9, open=False)
        assert in_use([ended, new, terms, old, closed]) == [new, terms]

    def test_there_is_one_sharing_agreement_and_there_may_be_several_others(self) -> None:
        """Another title is another piece of advice; of the sharing agreement it is another version."""
        first = create_agreement(id=1, kind=AgreementKind.ADVICE, title="Absconding")
        second = create_agreement(id=2, kind=AgreementKind.ADVICE, title="Missing from care")
        same = create_agreement(id=6, kind=AgreementKind.ADVICE, title="absconding ", version=3)
        sharing = create_agreement(id=3, title="Sharing 2025", version=1)
        later = create_agreement(id=4, title="Sharing 2026", version=2)
        assert in_use([first, second, sharing, later, same]) == [later, second, same]

    def test_a_new_version_has_no_signatures_and_replaces_the_one_before(self) -> None:
        """The number follows; the form sent again makes the same version."""
        before = create_agreement(signatures="MHT 2026-01-01")
        form = {"key": KEY, "agreement_kind": AgreementKind.ISA.value, "agreement_title": "Sharing"}
        made, earlier = adopt(Form(form), [before], AGENCIES, now=NOW, today=TODAY)
        assert (made.version, made.signatures, earlier) == (3, "", [before])
        again, left = adopt(Form(form), [before, replace(made, id=9)], AGENCIES, now=NOW, today=TODAY)
        assert (again.version, left) == (3, [before])
        assert in_use([replaced(before), replace(made, id=9)]) == [replace(made, id=9)]

    @pytest.mark.parametrize(
        ("typed", "field", "problem"),
        [
            ({"agreement_kind": ""}, "agreement_kind", Problem.MISSING),
            ({"agreement_kind": "Treaty"}, "agreement_kind", Problem.ONE_OF),
            ({"review_on": "2026-11-30"}, "review_on", Problem.NOT_TO_COME),
            ({"expires_on": "2026-13-01"}, "expires_on", Problem.NOT_A_DATE),
            ({"link": "http://example.com"}, "link", Problem.NOT_A_LINK),
            ({"link": "https://example.com/a b"}, "link", Problem.NOT_A_LINK),
            ({"parties": "MHT; XYZ"}, "parties", Problem.ONE_OF),
            ({"agreement_title": "x" * 121}, "agreement_title", Problem.TOO_LONG),
            ({"key": "x"}, "key", Problem.STALE),
        ],
    )
    def test_what_is_wrong_with_a_new_one(self, typed: dict[str, str], field: str, problem: Problem) -> None:
        """Each mistake is named by its field."""
        values = {"key": KEY, "agreement_kind": AgreementKind.TERMS.value, **typed}
        with pytest.raises(NotUnderstood) as wrong:
            adopt(Form(values), [], AGENCIES, now=NOW, today=TODAY)
        assert [(each.field, each.problem) for each in wrong.value.problems] == [(field, problem)]


class TestSigning:
    """Recording that an agency signed, or that its signature ends."""

    def test_signing_the_sharing_agreement_writes_the_agency_as_well(self) -> None:
        """The same days on both: the agency's are what the sight of cases goes by."""
        agreement = create_agreement(expires_on=date(2028, 1, 1))
        form = Form({"signing_agency": "mht", "signed_on": "2026-11-29", "signed_until": "2027-11-29"})
        after, agency = sign(agreement, [agreement], AGENCIES, form, today=TODAY)
        assert after.signatures == "MHT 2026-11-29 until 2027-11-29"
        assert (agency.isa_signed_on, agency.isa_lapses_on) == (date(2026, 11, 29), date(2027, 11, 29))

    def test_without_days_it_is_today_and_as_long_as_the_agreement(self) -> None:
        """What most signatures are."""
        agreement = create_agreement(expires_on=date(2028, 1, 1), signatures="POL 2026-01-01\nwhat is this")
        after, agency = sign(agreement, [agreement], AGENCIES, Form({"signing_agency": "MHT"}), today=TODAY)
        assert after.signatures.splitlines() == ["MHT 2026-11-30 until 2028-01-01", "POL 2026-01-01", "what is this"]
        assert agency.isa_lapses_on == date(2028, 1, 1)

    def test_signing_again_changes_nothing(self) -> None:
        """The same press, delivered twice."""
        agreement, form = create_agreement(), {"signing_agency": "MHT", "signed_until": "2027-11-29"}
        once, agency = sign(agreement, [agreement], AGENCIES, Form(form), today=TODAY)
        twice, same = sign(once, [once], {**AGENCIES, "MHT": agency}, Form(form), today=TODAY)
        assert (twice, same) == (once, agency)

    def test_any_other_agreement_leaves_the_agency_alone(self) -> None:
        """Terms of reference open no case."""
        agreement = create_agreement(kind=AgreementKind.TERMS)
        after, agency = sign(agreement, [agreement], AGENCIES, Form({"signing_agency": "MHT"}), today=TODAY)
        assert after.signatures == "MHT 2026-11-30"
        assert agency == AGENCIES["MHT"]

    @pytest.mark.parametrize(
        ("typed", "field", "problem"),
        [
            ({}, "signing_agency", Problem.MISSING),
            ({"signing_agency": "XYZ"}, "signing_agency", Problem.ONE_OF),
            ({"signing_agency": "POL"}, "signing_agency", Problem.ONE_OF),
            ({"signing_agency": "MHT", "signed_on": "2026-12-01"}, "signed_on", Problem.IN_THE_FUTURE),
            ({"signing_agency": "MHT", "signed_until": "2026-11-30"}, "signed_until", Problem.NOT_TO_COME),
            ({"signing_agency": "MHT", "signed_until": "2028-01-02"}, "signed_until", Problem.AFTER_EXPIRY),
            ({"signing_agency": "MHT", "signed_until": "tomorrow"}, "signed_until", Problem.NOT_A_DATE),
        ],
    )
    def test_what_is_wrong_with_a_signature(self, typed: dict[str, str], field: str, problem: Problem) -> None:
        """Each mistake is named by its field; the police are no party to this one."""
        agreement = create_agreement(parties=frozenset({"MHT", "XYZ"}), expires_on=date(2028, 1, 1))
        with pytest.raises(NotUnderstood) as wrong:
            sign(agreement, [agreement], AGENCIES, Form(typed), today=TODAY)
        assert [(each.field, each.problem) for each in wrong.value.problems] == [(field, problem)]

    def test_a_version_that_does_not_hold_is_not_signed(self) -> None:
        """One that was replaced, or has expired."""
        old, new = create_agreement(id=2, version=1), create_agreement(id=3, version=2)
        over = create_agreement(expires_on=TODAY)
        for agreement, rows in ((old, [old, new]), (over, [over])):
            with pytest.raises(NotAllowed) as refused:
                sign(agreement, rows, AGENCIES, Form({"signing_agency": "MHT"}), today=TODAY)
            assert refused.value.refusal is Refusal.AGREEMENT_OVER

    def test_ending_a_signature_takes_the_sight_of_cases_away_today(self) -> None:
        """With a reason; without one, or where nothing was signed, nothing is done."""
        agreement = create_agreement(signatures="MHT 2026-01-01 until 2027-01-05")
        form = Form({"signing_agency": "MHT", "why": "left the partnership"})
        after, agency = end(agreement, AGENCIES, form, today=TODAY)
        assert after.signatures == "MHT 2026-01-01 until 2026-11-30"
        assert not agency.isa_current(TODAY)
        assert agency.isa_current(TODAY - timedelta(days=1))
        terms = create_agreement(kind=AgreementKind.TERMS)
        for of, values in ((agreement, {"signing_agency": "MHT"}), (terms, {"signing_agency": "MHT", "why": "x"})):
            with pytest.raises(NotUnderstood):
                end(of, AGENCIES, Form(values), today=TODAY)

    def test_ending_what_has_ended_changes_no_day(self) -> None:
        """An agency that lapsed last month lapsed then."""
        lapsed = create_agencies(MHT=date(2026, 11, 1))
        _, agency = end(create_agreement(), lapsed, Form({"signing_agency": "MHT", "why": "x"}), today=TODAY)
        assert agency.isa_lapses_on == date(2026, 11, 1)


class TestStanding:
    """How each agency stands to an agreement."""

    def test_the_sharing_agreement_goes_by_the_agencies_rows(self) -> None:
        """One truth: the agreement's lines only say which version was signed, whatever days stand in them."""
        agencies = create_agencies(AAA=date(2027, 1, 1), BBB=date(2027, 1, 1), CCC=date(2026, 11, 30), DDD=None)
        agencies["DDD"] = replace(agencies["DDD"], isa_signed_on=None)
        agreement = create_agreement(signatures="AAA 2020-01-01 until 2021-01-01\nCCC 2026-01-01 until 2030-01-01")
        found = {each.code: each.stands for each in parties(agreement, agencies.values(), FORUM, TODAY)}
        expected = {"AAA": Stands.SIGNED, "BBB": Stands.EARLIER, "CCC": Stands.LAPSED, "DDD": Stands.UNSIGNED}
        assert found == expected

    def test_another_agreement_goes_by_its_lines(self) -> None:
        """A signature lapses on its last day; one of tomorrow is none yet."""
        agencies = create_agencies(AAA=None, BBB=None, CCC=None)
        lines = "AAA 2026-01-01 until 2026-12-01\nBBB 2026-01-01 until 2026-11-30\nCCC 2026-12-01"
        agreement = create_agreement(kind=AgreementKind.TERMS, signatures=lines)
        found = [each.stands for each in parties(agreement, agencies.values(), FORUM, TODAY)]
        assert found == [Stands.SIGNED, Stands.LAPSED, Stands.UNSIGNED]

    def test_who_is_to_sign(self) -> None:
        """The open agencies of the forum; of those, whom the agreement names."""
        agencies = create_agencies(AAA=None, BBB=None, CCC=None)
        agencies["CCC"] = replace(agencies["CCC"], open=False)
        forum = create_forum(agencies=frozenset({"AAA", "BBB", "CCC"}))
        assert [each.code for each in parties(create_agreement(), agencies.values(), forum, TODAY)] == ["AAA", "BBB"]
        named = create_agreement(parties=frozenset({"BBB", "CCC"}))
        assert [each.code for each in parties(named, agencies.values(), forum, TODAY)] == ["BBB"]


class TestDue:
    """What is told of an agreement, on which day."""

    def test_a_review_is_told_on_each_of_its_days_and_on_its_own_once(self) -> None:
        """Day by day over half a year, weekends caught up on the Monday: four times in all."""
        agreement = create_agreement(kind=AgreementKind.TERMS, review_on=date(2027, 2, 21))
        days, last = list[date](), date(2026, 11, 1)
        for day in (date(2026, 11, 1) + timedelta(days=n) for n in range(1, 180)):
            if day.weekday() < 5:
                if told(dues([agreement], [], FORUM, day), last, day):
                    days.append(day)
                last = day
        # 60, 30 and 7 days before are 23 December, 22 January and 14 February (a Sunday); the 21st is a Sunday too.
        assert days == [date(2026, 12, 23), date(2027, 1, 22), date(2027, 2, 15), date(2027, 2, 22)]

    def test_an_outage_tells_it_once(self) -> None:
        """Two days of notice that fell in it are one line."""
        agreement = create_agreement(kind=AgreementKind.TERMS, review_on=date(2027, 2, 21))
        found = told(dues([agreement], [], FORUM, TODAY), date(2026, 12, 1), date(2027, 2, 1))
        assert [each.what for each in found] == [What.REVIEW]

    def test_lapses_are_told_agency_by_agency_where_cases_go_with_them(self) -> None:
        """Agencies that lapse on one day are one line; other agreements' signatures lapse with their expiry."""
        agencies = create_agencies(AAA=date(2027, 1, 29), BBB=date(2027, 1, 29), CCC=date(2027, 3, 1))
        terms = create_agreement(
            id=4,
            kind=AgreementKind.TERMS,
            expires_on=date(2027, 1, 29),
            signatures="AAA 2026-01-01 until 2027-01-29\nBBB 2026-01-01 until 2027-01-10",
        )
        found = [(each.what, each.on, each.agencies) for each in dues([terms], list(agencies.values()), FORUM, TODAY)]
        assert found == [
            (What.LAPSE, date(2027, 1, 10), ("BBB",)),
            (What.LAPSE, date(2027, 1, 29), ("AAA", "BBB")),
            (What.EXPIRY, date(2027, 1, 29), ("AAA", "BBB", "CCC")),
            (What.LAPSE, date(2027, 3, 1), ("CCC",)),
        ]

    def test_what_a_board_sees(self) -> None:
        """What is overdue, and what comes within ninety days; nothing later."""
        agreement = create_agreement(
            kind=AgreementKind.TERMS, review_on=TODAY - timedelta(days=1), expires_on=TODAY + timedelta(days=91)
        )
        assert [each.what for each in coming(dues([agreement], [], FORUM, TODAY), TODAY)] == [What.REVIEW]
        nearer = replace(agreement, expires_on=TODAY + timedelta(days=90))
        assert len(coming(dues([nearer], [], FORUM, TODAY), TODAY)) == 2

    def test_the_day_of_a_lapse_is_told_by_itself(self) -> None:
        """Not in the digest: whoever loses the sight of cases gets a message of their own."""
        agencies = create_agencies(AAA=TODAY)
        yesterday = TODAY - timedelta(days=1)
        assert told(dues([], list(agencies.values()), FORUM, TODAY), yesterday, TODAY) == []
        assert [each.code for each in lapsed_between(agencies.values(), yesterday, TODAY)] == ["AAA"]
        assert lapsed_between(agencies.values(), TODAY, TODAY + timedelta(days=1)) == []

    def test_a_new_version_asks_those_who_have_not_signed_it_once(self) -> None:
        """In the first round after it was put before the partners, and in no other."""
        new = create_agreement(adopted_on=at_uk(TODAY, DIGEST_AT), signatures="POL 2026-11-30")
        every, days = list(AGENCIES.values()), [TODAY + timedelta(days=n) for n in range(-1, 3)]
        rounds = [asked([new], every, FORUM, a, b) for a, b in pairwise(days)]
        assert [[each.agencies for each in one] for one in rounds] == [[("MHT",)], [], []]


class TestTelling:
    """Who is told."""

    def test_point_of_contact(self) -> None:
        """Whom the agency's row names, by name or address; else its lead; else the team for it."""
        assert spocs(create_agency("MHT", spoc="cy nurse"), MEMBERS) == [NURSE]
        assert spocs(create_agency("MHT", spoc="CY@example.com"), MEMBERS) == [NURSE]
        assert spocs(create_agency("MHT", spoc="Somebody else"), MEMBERS) == [LEAD]
        assert spocs(create_agency("ASC"), MEMBERS) == [TEAM]

    def test_one_message_a_person(self) -> None:
        """A chair hears all of it, a point of contact what is theirs, and nobody twice."""
        agencies = create_agencies(MHT=date(2027, 1, 29), ASC=date(2027, 1, 29))
        agreement = create_agreement(kind=AgreementKind.TERMS, review_on=date(2027, 1, 29), parties=frozenset({"ASC"}))
        found = told(dues([agreement], list(agencies.values()), FORUM, TODAY), TODAY - timedelta(days=1), TODAY)
        heard = {
            notice.key: [(each.what, each.agencies) for each in some]
            for notice, some in digests(found, agencies.values(), MEMBERS, "MHRMB", TODAY)
        }
        lapse, review = (What.LAPSE, ("ASC", "MHT")), (What.REVIEW, ("ASC",))
        assert heard == {
            "agreements/MHRMB/2026-11-30/member:chair": [lapse, review],
            "agreements/MHRMB/2026-11-30/member:lead": [(What.LAPSE, ("MHT",))],
            "agreements/MHRMB/2026-11-30/member:team": [(What.LAPSE, ("ASC",)), review],
        }
        assert {read_key(key) for key in heard} == {("MHRMB", TODAY)}

    @pytest.mark.parametrize("key", ["", "agreements/B/x/member:a", "agreements/B/2026-11-30/nobody", "digest/a/b"])
    def test_other_keys_are_none_of_these(self, key: str) -> None:
        """They are told apart from others' keys."""
        assert read_key(key) is None
        assert read_access_key(key) is None

    def test_losing_and_regaining_the_sight_of_cases(self) -> None:
        """To its point of contact and the chairs, once for each pair of days."""
        agency = create_agency("MHT", isa_signed_on=date(2025, 1, 1), isa_lapses_on=TODAY)
        lost = [each.key for each in access_notices(agency, MEMBERS, TODAY)]
        assert lost == [f"access/lost/MHT/2025-01-01:2026-11-30/member:{who}" for who in ("lead", "chair")]
        assert read_access_key(lost[0]) == ("MHT", False)
        again = replace(agency, isa_signed_on=TODAY, isa_lapses_on=None)
        assert access_changed(agency, again, TODAY)
        assert access_changed(again, agency, TODAY)
        assert not access_changed(agency, replace(agency, name="Another"), TODAY)
        assert read_access_key(access_notices(again, MEMBERS, TODAY)[0].key) == ("MHT", True)
