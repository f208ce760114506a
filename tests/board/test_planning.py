"""A plan's states and moves: what is allowed to whom is the table here, and all else is refused and changes nothing."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from board.alerting import alerted_agencies, due, read_unsigned, told, unsigned, unsigned_about
from board.errors import FieldProblem, NotAllowed, NotUnderstood, Problem, one_of
from board.forms import Form
from board.planning import Moment, Move, decide, may_begin, moves, seen, sign
from board.records import Plan, SignOff
from board.signing import Signed, as_of, named, settled, superseded
from board.vocabulary import PlanStatus, Role, SignedOff
from tests.builders import KEY, NOW, TODAY, create_member

AT = Moment(NOW, TODAY, ("ASC", "MHT", "POL"))
RUN = {Role.CHAIR, Role.MENTAL_HEALTH_TEAM, Role.SUBGROUP_CHAIR}
SIGNERS = {Role.AGENCY_LEAD, Role.REPRESENTATIVE}
ANYBODY = set(Role)
ALLOWED: dict[tuple[str, str], set[Role]] = {
    ("Draft", "contribute"): ANYBODY,
    ("Draft", "send"): RUN,
    ("Draft", "trigger"): ANYBODY,
    ("Draft", "end plan"): RUN,
    ("For sign-off", "sign"): SIGNERS,
    ("For sign-off", "new version"): RUN,
    ("For sign-off", "trigger"): ANYBODY,
    ("For sign-off", "end plan"): RUN,
    ("Agreed", "new version"): RUN,
    ("Agreed", "reviewed"): RUN,
    ("Agreed", "trigger"): ANYBODY,
    ("Agreed", "end plan"): RUN,
    ("Expired", "new version"): RUN,
    ("Expired", "trigger"): ANYBODY,
    ("Expired", "end plan"): RUN,
}
"""Which roles may do what in which state, whoever may see the case at all; what is not here nobody may."""

VALUES = {"key": KEY, "why": "Not needed", "changes": "He moved", "refuses_care": "No", "answer": "Signed off"}


def create_plan(**values: Any) -> Plan:
    """P-14.1 of R-14: a draft with every section, that the trust and the police are to sign."""
    defaults: dict[str, Any] = {
        "id": 14,
        "reference": "P-14.1",
        "case": "R-14",
        "scenarios": "He goes to the house",
        "triggers": "He is not at the hostel by ten",
        "first_actions": "MHT: Ring the ward\nPOL: Send a car",
        "signatories": frozenset({"MHT", "POL"}),
        "owner_name": "Ada Chairperson",
    }
    return Plan(**{**defaults, **values})


def create_sign(agency: str, **values: Any) -> SignOff:
    """One agency's signature of P-14.1."""
    given: dict[str, Any] = {"answer": SignedOff.SIGNED, "refuses_care": "No", **values}
    return SignOff(**{"reference": "P-14.1", "agency": agency, "member_id": "m", "member_name": "M", **given})


def moved(plan: Plan, role: Role, move: Move, **values: Any) -> Any:
    """What comes of a move by a member of the trust with this role."""
    member, form = create_member(role), Form({**VALUES, **values})
    if move is Move.SIGN:
        return sign(plan, member, form, (), now=NOW)
    return decide(plan, member, move, form, AT)


@pytest.mark.parametrize("role", Role)
@pytest.mark.parametrize("status", PlanStatus)
def test_moves_are_those_of_the_table(status: PlanStatus, role: Role) -> None:
    """What is offered in each state to each role is what the table says, and nothing when the plan is over."""
    offered = {move.value for move in moves(create_plan(status=status), create_member(role))}
    assert offered == {move for (at, move), roles in ALLOWED.items() if at == status and role in roles}


@given(st.lists(st.tuples(st.sampled_from(Move), st.sampled_from(Role)), max_size=12))
def test_no_sequence_of_moves_leaves_the_path(steps: list[tuple[Move, Role]]) -> None:
    """Whatever is tried by whomever, a move is made only where the table has it, and a refusal changes nothing."""
    plan = create_plan()
    for move, role in steps:
        allowed = role in ALLOWED.get((plan.status, move.value), set())
        if move is Move.REPORT:
            continue
        try:
            after = moved(plan, role, move)
        except NotAllowed:
            assert not allowed
            continue
        assert allowed
        plan = after if isinstance(after, Plan) else plan
    assert plan.open == (plan.status not in (PlanStatus.ENDED, PlanStatus.SUPERSEDED))


def test_all_signatures_and_no_other_agree_a_plan() -> None:
    """One signature is not enough; with both it is agreed, for ninety days with a review after twenty-eight."""
    plan = create_plan(status=PlanStatus.SIGN_OFF)
    assert settled(plan, [create_sign("MHT")], now=NOW, today=TODAY) == plan
    assert settled(plan, [create_sign("MHT"), create_sign("ASC")], now=NOW, today=TODAY) == plan

    after = settled(plan, [create_sign("MHT"), create_sign("POL")], now=NOW, today=TODAY)

    assert (after.status, after.agreed_on) == (PlanStatus.AGREED, NOW)
    assert (after.expires_on, after.review_on) == (date(2026, 9, 13), date(2026, 7, 13))


@pytest.mark.parametrize(
    "other",
    [
        {"answer": SignedOff.NOT_SIGNED},
        {"refuses_care": "Yes"},
        {"refuses_care": "yes "},
        {"refuses_care": ""},
        {"reference": "P-14.2"},
        {"reference": "P-15.1"},
        {"answer": "signed, probably"},
    ],
)
def test_what_is_not_a_signature_agrees_nothing(other: dict[str, str]) -> None:
    """A refusal, a question left open, another version's signature, or a word typed by hand is none."""
    plan = create_plan(status=PlanStatus.SIGN_OFF)
    signs = [create_sign("MHT"), create_sign("POL", **other)]
    assert settled(plan, signs, now=NOW, today=TODAY).status == PlanStatus.SIGN_OFF


def test_care_refused_stops_the_version_until_that_agency_takes_it_back() -> None:
    """Nobody else signs a stopped version; the agency that stopped it may correct itself."""
    plan, said = (
        create_plan(status=PlanStatus.SIGN_OFF),
        [create_sign("POL", refuses_care="Yes", answer="Not signed off")],
    )
    nurse = create_member(Role.REPRESENTATIVE)
    assert Move.SIGN not in moves(plan, nurse, said)
    assert Move.SIGN in moves(plan, replace(nurse, agency="POL"), said)
    assert Signed.of(plan, said).stopped_by == {"POL"}


@pytest.mark.parametrize(
    ("values", "problem"),
    [
        ({"refuses_care": ""}, FieldProblem("refuses_care", Problem.MISSING)),
        ({"refuses_care": "Perhaps"}, one_of("refuses_care", ("Yes", "No"))),
        ({"refuses_care": "Yes", "why": ""}, FieldProblem("why", Problem.MISSING)),
        ({"answer": "Not signed off", "why": " "}, FieldProblem("why", Problem.MISSING)),
    ],
)
def test_the_question_is_answered_outright(values: dict[str, str], problem: FieldProblem) -> None:
    """No signature without an answer to the question, and no refusal without a reason."""
    with pytest.raises(NotUnderstood) as wrong:
        moved(create_plan(status=PlanStatus.SIGN_OFF), Role.REPRESENTATIVE, Move.SIGN, **values)
    assert wrong.value.problems == (problem,)


@pytest.mark.parametrize("section", ["scenarios", "triggers", "first_actions"])
def test_a_plan_without_its_heart_is_not_sent(section: str) -> None:
    """Scenarios, triggers and first actions are what there is to sign."""
    with pytest.raises(NotUnderstood) as wrong:
        moved(replace(create_plan(), **{section: " "}), Role.CHAIR, Move.ASK)
    assert wrong.value.problems == (FieldProblem(section, Problem.MISSING),)


@pytest.mark.parametrize(
    ("typed", "problem"),
    [
        ("ring the ward", Problem.NOT_OF_AN_AGENCY),
        ("XYZ: ring", Problem.NOT_OF_AN_AGENCY),
        ("MHT:", Problem.NOT_OF_AN_AGENCY),
        ("MHT: ring\nmht: call", Problem.TWICE),
    ],
)
def test_a_first_action_is_some_agencys(typed: str, problem: Problem) -> None:
    """Each line names one agency that there is, once, and says something."""
    with pytest.raises(NotUnderstood) as wrong:
        moved(create_plan(), Role.CHAIR, Move.CONTRIBUTE, first_actions=typed)
    assert wrong.value.problems == (FieldProblem("first_actions", problem),)


lines = st.lists(st.from_regex(r"[a-z]{1,8}( [a-z]{1,8})?", fullmatch=True), max_size=5)


@given(stored=lines, added=lines, typed=lines)
def test_no_line_is_lost_between_two_who_write_at_once(stored: list[str], added: list[str], typed: list[str]) -> None:
    """What an agency added after the chair opened the form is kept when the form is, and so is the form."""
    opened = create_plan(scenarios="\n".join(stored))
    meanwhile = moved(opened, Role.REPRESENTATIVE, Move.CONTRIBUTE, scenario="\n".join(added))

    after = moved(meanwhile, Role.CHAIR, Move.CONTRIBUTE, scenarios="\n".join(typed), seen=seen(opened))

    kept = set(after.scenarios.splitlines())
    assert set(typed) <= kept
    if meanwhile.scenarios != opened.scenarios:
        assert set(added) <= kept


def test_an_agency_changes_its_own_first_action_only() -> None:
    """Neither the others' actions nor the sections that only those who run the meeting edit."""
    form = {"first_action": "Ring the crisis line", "scenarios": "FORGED", "signatories": "MHT"}
    after = moved(create_plan(), Role.REPRESENTATIVE, Move.CONTRIBUTE, **form)
    assert after == replace(create_plan(), first_actions="MHT: Ring the crisis line\nPOL: Send a car")


def test_a_new_version_is_named_and_bare_of_dates() -> None:
    """It has the next number, is a draft, and says what changed."""
    before = create_plan(status=PlanStatus.AGREED, agreed_on=NOW, expires_on=TODAY + timedelta(90), review_on=TODAY)
    after = moved(before, Role.CHAIR, Move.CHANGE)
    assert (after.reference, after.version, after.status, after.changes) == ("P-14.2", 2, "Draft", "He moved")
    assert (after.agreed_on, after.expires_on, after.review_on) == (None, None, None)


@pytest.mark.parametrize(
    ("expires", "status"),
    [
        (date(2026, 6, 16), PlanStatus.AGREED),
        (date(2026, 6, 15), PlanStatus.EXPIRED),
        (date(2026, 6, 14), PlanStatus.EXPIRED),
        (None, PlanStatus.AGREED),
    ],
)
def test_a_plan_expires_on_its_day(expires: date | None, status: str) -> None:
    """It is in force until the day before the one it expires on."""
    assert as_of(create_plan(status=PlanStatus.AGREED, expires_on=expires), TODAY).status == status


def test_rows_typed_by_hand_are_read_as_drafts() -> None:
    """A state or a version that is none of the board's does no harm."""
    row = as_of(create_plan(status="All fine!", version=-3), TODAY)
    assert (row.status, named(row)) == ("Draft", "P-14.1")


def test_a_case_has_one_plan_in_use() -> None:
    """Another begins only once the first has expired or is over, and when agreed takes its place."""
    chair, expired = create_member(Role.CHAIR), create_plan(status=PlanStatus.EXPIRED)
    assert not may_begin([create_plan()], chair)
    assert may_begin([expired], chair)
    assert not may_begin([expired], create_member(Role.REPRESENTATIVE))
    new = create_plan(id=15, status=PlanStatus.AGREED)
    assert [(p.id, p.status, p.open) for p in superseded([expired, new], new)] == [(14, "Superseded", False)]


def test_who_hears_of_a_plan() -> None:
    """Those who sign are asked; chairs hear of its end, its dates once each."""
    nurse, chair = create_member(), create_member(Role.CHAIR, user_id="c", agency="ASC", name="Ada Chairperson")
    plan = create_plan(status=PlanStatus.SIGN_OFF)
    waiting = Signed.of(plan, [])
    assert [n.key for n in told(plan, waiting, [nurse, chair])] == [f"plan/P-14.1/asked/{nurse.user_id}"]
    assert due(plan, [nurse, chair], TODAY) == []
    agreed = create_plan(status=PlanStatus.AGREED, expires_on=TODAY + timedelta(14), review_on=TODAY)
    assert [n.key for n in told(agreed, Signed(), [nurse, chair])] == ["plan/P-14.1/agreed/c"]
    said = [n.key for n in due(agreed, [nurse, chair], TODAY)]
    assert said == ["plan/P-14.1/expiring/c", "plan/P-14.1/review-2026-06-15/c"]
    assert due(replace(agreed, expires_on=TODAY + timedelta(15), review_on=None), [chair], TODAY) == []


def test_who_has_still_to_sign_hears_of_it_once_a_day() -> None:
    """One notice a person, of all that waits for them; nobody whose agency signed, and nothing that was stopped."""
    nurse = create_member(user_id="N")
    both = create_member(Role.AGENCY_LEAD, Role.REPRESENTATIVE, user_id="L")
    officer, observer = create_member(user_id="P", agency="POL"), create_member(Role.OBSERVER, user_id="o")
    everybody = [nurse, both, officer, observer]
    plans = [
        create_plan(id=number, status=PlanStatus.SIGN_OFF, signatories=frozenset(codes))
        for number, codes in ((14, {"MHT"}), (15, {"MHT", "POL"}), (16, {"POL"}), (17, {"MHT"}))
    ]
    stopped = Signed(stopped_by=frozenset({"POL"}), awaited=("MHT",))
    signed = [Signed.of(plan, []) for plan in plans[:2]] + [Signed(), stopped]
    found = unsigned(zip(plans, signed, strict=True), everybody, "MHRMB", TODAY)
    assert {(notice.key, tuple(plan.id for plan in theirs)) for notice, theirs in found} == {
        ("plan/unsigned-MHRMB/2026-06-15/l", (14, 15)),
        ("plan/unsigned-MHRMB/2026-06-15/n", (14, 15)),
        ("plan/unsigned-MHRMB/2026-06-15/p", (15,)),
    }
    assert {notice.about for notice, _ in found} == {unsigned_about("MHRMB", TODAY)}
    assert read_unsigned(found[0][0].key) == ("MHRMB", found[0][0].audience.member)


@pytest.mark.parametrize("key", ["plan/P-14.1/asked/u", "plan/unsigned-MHRMB/2026-06-15", "", "late/S-1/u"])
def test_other_notices_are_not_those_of_unsigned_plans(key: str) -> None:
    """What is told of one plan is made again from that plan."""
    assert read_unsigned(key) is None


def test_a_trigger_alerts_those_that_the_plan_names() -> None:
    """Agencies with a first action and agencies that sign, each once."""
    plan = create_plan(first_actions="mht: ring\nASC: open the shelter\nnothing", signatories=frozenset({"POL", "MHT"}))
    assert alerted_agencies(plan) == ("ASC", "MHT", "POL")
