"""What is offered of a referral is what would be taken, and all of it: for everybody, in every state."""

from __future__ import annotations

from datetime import date

import pytest

from board import path, restricting
from board.case_steps import ACTS, CaseStep, steps_for
from board.entitlement import Standing, require
from board.errors import BoardError
from board.forms import Form
from board.path import Moment
from board.records import Referral
from board.vocabulary import RESTRICT_REASONS, Role, Status
from tests.builders import NOW, create_agency, create_forum, create_member, create_referral

TODAY = date(2026, 11, 16)
POLICE = create_agency("POL")
REFERRER = create_member(user_id="referrer", name="Ref Invented", agency="POL")
OFFICER = create_member(
    user_id="officer", name="Off Invented", agency="POL", roles=frozenset({Role.MENTAL_HEALTH_TEAM})
)
LEAD = create_member(user_id="lead", name="Lea Invented", agency="POL", roles=frozenset({Role.AGENCY_LEAD}))
CHAIR = create_member(user_id="chair", name="Cha Invented", agency="POL", roles=frozenset({Role.CHAIR}))
HOLDER = create_member(user_id="holder", name="Hol Invented", agency="POL")
EVERYBODY = (REFERRER, OFFICER, LEAD, CHAIR, HOLDER)

OVER = (Status.DECLINED, Status.CLOSED, Status.WITHDRAWN)


def the_case(status: Status, *, restricted: bool) -> Referral:
    """A referral of the police in a state, held by another when it is restricted."""
    return create_referral(
        status=status,
        open=status not in OVER,
        agency="POL",
        referrer_id=REFERRER.user_id,
        referrer_name=REFERRER.name,
        restricted=restricted,
        holder_id=HOLDER.user_id if restricted else "",
        holder_name=HOLDER.name if restricted else "",
        redirected_to="MARAC" if status is Status.REDIRECTED else "",
    )


def is_taken(step: CaseStep, case: Referral, who: Standing) -> bool:
    """Whether the rules would take it, asked by taking it."""
    form = Form({"rationale": "why", "receipt_by": "Fay", "restricted_why": RESTRICT_REASONS[0], "key": "a" * 32})
    try:
        member = require(ACTS[step], who, TODAY, referral=case, forum=create_forum())
        if step is CaseStep.RECEIPT:
            path.receipt(case, form, Moment(NOW))
        elif step is CaseStep.BACK:
            path.back(case, form)
        elif step is CaseStep.WITHDRAW:
            path.withdraw(case, form, Moment(NOW))
        elif step is CaseStep.RESTRICT:
            return not case.restricted
        elif step is CaseStep.HOLDER:
            restricting.appoint(case, member, LEAD)
        else:
            return case.restricted
    except BoardError:
        return False
    return True


@pytest.mark.parametrize("status", Status)
@pytest.mark.parametrize("restricted", [False, True])
@pytest.mark.parametrize("member", EVERYBODY, ids=lambda member: member.user_id)
def test_what_is_offered_is_what_is_taken(status: Status, restricted: bool, member: object) -> None:
    """Neither a button that is refused, nor a step without a button."""
    who = Standing(member, POLICE)  # type: ignore[arg-type]
    case = the_case(status, restricted=restricted)
    offered = steps_for(case, who, TODAY, create_forum())
    assert offered == [step for step in CaseStep if is_taken(step, case, who)]


def test_each_is_offered_to_somebody() -> None:
    """The table above is not empty."""
    cases = [the_case(status, restricted=restricted) for status in Status for restricted in (False, True)]
    seen = {
        (step, member.user_id)
        for case in cases
        for member in EVERYBODY
        for step in steps_for(case, Standing(member, POLICE), TODAY, create_forum())
    }
    assert {(CaseStep.RECEIPT, "officer"), (CaseStep.BACK, "officer"), (CaseStep.WITHDRAW, "referrer")} <= seen
    assert {(CaseStep.WITHDRAW, "lead"), (CaseStep.RESTRICT, "referrer"), (CaseStep.RESTRICT, "officer")} <= seen
    assert {(CaseStep.UNRESTRICT, "holder"), (CaseStep.HOLDER, "holder"), (CaseStep.HOLDER, "chair")} <= seen
    assert not {(CaseStep.UNRESTRICT, "chair"), (CaseStep.UNRESTRICT, "officer"), (CaseStep.WITHDRAW, "holder")} & seen
