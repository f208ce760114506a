"""Who may do what. The one place: cards, dialogs, commands and posts all ask `refusal`.

The rule is role × agency × information sharing agreement × forum × whether the agency is asked on this case × state.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from board.actions import Action
from board.errors import NotAllowed, Refusal
from board.records import Agency, Forum, Member, Referral
from board.vocabulary import Role


class Act(StrEnum):
    """What somebody wants to do."""

    REFER = "refer"
    LIST = "list referrals"
    LOOK = "look"
    ANSWER = "answer"
    ADD = "add to a referral"
    SEE_ACTIONS = "see actions"
    ADD_ACTION = "add an action"
    ASK = "ask to be admitted"
    RESTRICT = "restrict a referral"
    ADMIT = "answer a request to be admitted"
    HISTORY = "see the history"
    BUNDLE = "have a bundle made"
    DISCLOSURES = "see who saw what"
    RETAIN = "decide to keep or dispose"
    TRIAGE = "triage a referral"
    WITHDRAW = "withdraw a referral"
    ARRANGE_LIST = "arrange the list"
    RUN_MEETING = "run a meeting"
    RECORD_HEARING = "record a hearing"
    SEE_PLAN = "see a plan"
    WRITE_PLAN = "write a plan"
    SIGN_OFF = "sign a plan off"
    REPORT_TRIGGER = "report a trigger"
    REPORT_TO_BOARD = "report to the board"
    RAISE = "raise a risk or a lesson"


@dataclass(frozen=True, slots=True)
class Standing:
    """Who asks, as the lists say now: `member` and `agency` are None when there is no such row or it is not open."""

    member: Member | None
    agency: Agency | None


SEE_CASES = (
    Role.CHAIR,
    Role.MENTAL_HEALTH_TEAM,
    Role.SUBGROUP_CHAIR,
    Role.AGENCY_LEAD,
    Role.REPRESENTATIVE,
    Role.LIAISON,
)
"""Roles that may see who a referral is about, where everything else allows it."""

ARRANGE = (Role.CHAIR, Role.MENTAL_HEALTH_TEAM, Role.SUBGROUP_CHAIR)
"""Roles that see a forum's cases although their agency is not asked: they run the meeting."""


BY_ROLE: dict[Act, tuple[Role, ...]] = {
    Act.ADD_ACTION: ARRANGE,
    Act.BUNDLE: (Role.INFORMATION_GOVERNANCE_LEAD, Role.MENTAL_HEALTH_TEAM, Role.CHAIR),
    Act.DISCLOSURES: (Role.INFORMATION_GOVERNANCE_LEAD,),
    Act.RETAIN: (Role.INFORMATION_GOVERNANCE_LEAD, Role.CHAIR),
    Act.TRIAGE: (Role.MENTAL_HEALTH_TEAM,),
    Act.ARRANGE_LIST: ARRANGE,
    Act.RUN_MEETING: ARRANGE,
    Act.RECORD_HEARING: ARRANGE,
    Act.SIGN_OFF: (Role.AGENCY_LEAD, Role.REPRESENTATIVE),
    Act.REPORT_TO_BOARD: (Role.SUBGROUP_CHAIR, Role.MENTAL_HEALTH_TEAM),
    Act.RAISE: (*ARRANGE, Role.AGENCY_LEAD, Role.REPRESENTATIVE),
}
"""Acts that need one of these roles, whatever else holds."""

SEES = frozenset(
    {
        *(Act.LOOK, Act.ANSWER, Act.HISTORY, Act.RECORD_HEARING, Act.TRIAGE, Act.SEE_PLAN, Act.WRITE_PLAN),
        *(Act.SIGN_OFF, Act.REPORT_TRIGGER),
    }
)
"""Acts on a case that show, or rest on, who it is about: nobody may do them who may not look."""


def refusal(
    act: Act, who: Standing, on: date, *, referral: Referral | None = None, forum: Forum | None = None
) -> Refusal | None:
    """Say which rule forbids this act on this day, or None when it is allowed.

    `referral` and its `forum` are needed for every act about a case; without them the answer is about the person alone.
    """
    member, agency = who.member, who.agency
    if member is None or not member.open:
        return Refusal.STRANGER
    if agency is None or not agency.open:
        return Refusal.NO_AGENCY
    if member.roles <= {Role.OBSERVER} and act is not Act.SEE_ACTIONS:
        return Refusal.OBSERVER
    if act in BY_ROLE and not member.has(*BY_ROLE[act]):
        return Refusal.NOT_A_CHAIR if BY_ROLE[act] == ARRANGE else Refusal.NOT_THAT_ROLE
    return _case(act, member, agency, on, referral=referral, forum=forum) if referral is not None else None


def _case(
    act: Act, member: Member, agency: Agency, on: date, *, referral: Referral, forum: Forum | None
) -> Refusal | None:
    """What the case itself forbids."""
    if act in (Act.ADD, Act.WITHDRAW):
        return _add(member, referral)
    if act is Act.RESTRICT:
        return None if _holds(member, referral) or member.has(Role.MENTAL_HEALTH_TEAM) else Refusal.NOT_YOURS
    if act is Act.ADMIT:
        return None if _holds(member, referral) else Refusal.NOT_YOURS
    if act not in SEES:
        return None
    if act is Act.ANSWER and agency.code not in referral.asked:
        return Refusal.NOT_ASKED
    return _look(member, agency, on, referral, forum)


def _add(member: Member, referral: Referral) -> Refusal | None:
    if not referral.open:
        return Refusal.CLOSED
    if _own(member, referral) or member.has(Role.MENTAL_HEALTH_TEAM):
        return None
    return Refusal.NOT_YOURS


def _holds(member: Member, referral: Referral) -> bool:
    """Whether they answer for a restricted referral: its holder, or its referrer while it has none."""
    return bool(member.user_id) and member.user_id == (referral.holder_id or referral.referrer_id)


def admitted(member: Member, referral: Referral) -> bool:
    """Whether a restricted referral is open to this person; to all others it is a pointer."""
    mine = _own(member, referral) or _holds(member, referral)
    return not referral.restricted or mine or member.user_id in referral.admitted


def _own(member: Member, referral: Referral) -> bool:
    """Whether they made it; a row without a user id is nobody's, though both may lack one."""
    return bool(member.user_id) and member.user_id == referral.referrer_id


def _look(member: Member, agency: Agency, on: date, referral: Referral, forum: Forum | None) -> Refusal | None:
    own = _own(member, referral)
    if not own and not member.has(*SEE_CASES):
        return Refusal.ROLE
    if not admitted(member, referral):
        return Refusal.RESTRICTED
    if not agency.isa_current(on):
        return Refusal.NO_ISA
    if not referral.open:
        return Refusal.CLOSED
    if own or agency.code in referral.asked or agency.code == referral.agency:
        return None
    if forum is None or not forum.includes(agency.code):
        return Refusal.NOT_IN_FORUM
    return None if member.has(*ARRANGE) else Refusal.NOT_ASKED


class Sight(StrEnum):
    """How much of an action somebody may see."""

    NOTHING = "nothing"
    OUTLINE = "outline"
    FULL = "full"


def sight(action: Action, who: Standing, on: date) -> Sight:
    """How much of an action this person may see in private.

    What does not come from a case is everybody's. A case's action is its agency's and that of those who run the board,
    in full while the agency's sharing agreement is current; others learn that it is there, whose it is and when it is
    due.
    """
    member, agency = who.member, who.agency
    if member is None or not member.open or agency is None or not agency.open:
        return Sight.NOTHING
    if not action.about_a_case:
        return Sight.FULL
    if not member.has(*SEE_CASES, Role.REFERRER):
        return Sight.NOTHING
    owns = bool(member.user_id) and member.user_id == action.owner_id
    mine = owns or agency.code == action.agency or member.has(*ARRANGE)
    return Sight.FULL if mine and agency.isa_current(on) else Sight.OUTLINE


def sight_for(action: Action, who: Standing, on: date, *, channel: bool) -> Sight:
    """How much is shown to a person who asks: in a channel no more than everybody there may see."""
    mine = sight(action, who, on)
    return sight_in_channel(action) if channel and mine is not Sight.NOTHING else mine


def sight_in_channel(action: Action) -> Sight:
    """How much of an action a channel may see: the words of one that comes from a case may be about somebody."""
    return Sight.OUTLINE if action.about_a_case else Sight.FULL


def require(
    act: Act, who: Standing, on: date, *, referral: Referral | None = None, forum: Forum | None = None
) -> Member:
    """Return the member when `refusal` finds nothing against it; raises NotAllowed otherwise."""
    against = refusal(act, who, on, referral=referral, forum=forum)
    if against is not None or who.member is None:
        raise NotAllowed(against or Refusal.STRANGER)
    return who.member
