"""What a card's button asks for: the one word that travels with it, and that the bot routes by."""

from __future__ import annotations

from enum import StrEnum


class Verb(StrEnum):
    """The `verb` of an Action.Execute, and the `do` of a dialog's Action.Submit."""

    REFER = "refer"
    REFER_SUBMIT = "refer.submit"
    REFER_MORE = "refer.more"
    REFER_MORE_SUBMIT = "refer.more.submit"
    LOOK = "look"
    LOOK_SUBMIT = "look.submit"
    ANSWER = "answer"
    RESTRICT = "restrict"
    POINTER_ASK = "pointer.ask"
    ADMIT = "admit"
    REFUSE = "refuse"
    ACTION = "action"
    ACTION_STEP = "action.step"
    ACTION_ADD = "action.add"
    ACTION_ADD_SUBMIT = "action.add.submit"
    PLAN = "plan"
    PLAN_SHOW = "plan.show"
    PLAN_BEGIN = "plan.begin"
    PLAN_FORM = "plan.form"
    PLAN_MOVE = "plan.move"
    PLAN_SEEN = "plan.seen"
    RAISE = "raise"
    RAISE_SUBMIT = "raise.submit"
    TRACKER = "tracker"
    RETAIN = "retain"
    RETAIN_KEEP = "retain.keep"
    RETAIN_DISPOSE = "retain.dispose"
    RETAIN_CONFIRM = "retain.confirm"
    RETAIN_AGAIN = "retain.again"
    RETAIN_PAGE = "retain.page"
    SETUP_AGENCY = "setup.agency"
    DISCLOSURES = "disclosures"
