"""What one person may do with a referral beside answering and hearing it. Who may is `board.entitlement`'s, when is the
path's: this only brings the two together, so that a card offers nothing that would be refused."""

from __future__ import annotations

from datetime import date
from enum import StrEnum

from board import path
from board.entitlement import Act, Standing
from board.entitlement import refusal as against
from board.path import Move
from board.records import Forum, Referral


class CaseStep(StrEnum):
    """A step, by the word that is typed for it."""

    RECEIPT = "receipt"
    BACK = "back"
    RESTRICT = "restrict"
    HOLDER = "holder"
    UNRESTRICT = "unrestrict"
    WITHDRAW = "withdraw"


ACTS = {
    CaseStep.RECEIPT: Act.TRIAGE,
    CaseStep.BACK: Act.TRIAGE,
    CaseStep.RESTRICT: Act.RESTRICT,
    CaseStep.HOLDER: Act.APPOINT,
    CaseStep.UNRESTRICT: Act.RESTRICT,
    CaseStep.WITHDRAW: Act.WITHDRAW,
}
"""What each step needs."""

MOVES = {CaseStep.RECEIPT: Move.RECEIPT, CaseStep.BACK: Move.BACK, CaseStep.WITHDRAW: Move.WITHDRAW}
"""The steps that move a case along its path; the others change who may see it."""


def is_open_to(step: CaseStep, referral: Referral) -> bool:
    """Whether a referral is in a state in which the step means something."""
    if step in MOVES:
        return path.refusal(referral, MOVES[step]) is None
    return referral.open and referral.restricted is (step is not CaseStep.RESTRICT)


def steps_for(referral: Referral, who: Standing, today: date, forum: Forum | None) -> list[CaseStep]:
    """The steps that this person may take with a referral as it stands now."""
    return [
        step
        for step in CaseStep
        if is_open_to(step, referral) and against(ACTS[step], who, today, referral=referral, forum=forum) is None
    ]
