"""Who may do what. The one place: cards, dialogs, commands and posts all ask `refusal`.

The rule is role × agency × information sharing agreement × forum × whether the agency is asked on this case × state.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from board.actions import Action
from board.errors import NotAllowed, Refusal
from board.records import Agency, Forum, Member, Referral
from board.vocabulary import Retention, Role


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
    APPOINT = "pass a restricted referral to another holder"
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
    OFFER_ITEM = "offer an item for the agenda"
    RUN_BOARD = "arrange and run the board"
    SET_UP = "set the board up"
    SEE_AGREEMENTS = "see agreements"
    KEEP_AGREEMENTS = "keep agreements"
    SEE_LESSONS = "see lessons"
    SEE_ENGAGEMENT = "see engagement"
    DISPUTE = "dispute a figure of one's agency"
    RECORD_CONFERENCE = "record who attended a conference"
    DISSEMINATE = "disseminate or withdraw a lesson"
    SEE_MEASURES = "see the measures"
    REPORT_MEASURE = "report a measure"


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
    Act.ASK: SEE_CASES,
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
    Act.OFFER_ITEM: (*SEE_CASES, Role.INFORMATION_GOVERNANCE_LEAD, Role.ADMINISTRATOR),
    Act.RUN_BOARD: (Role.CHAIR, Role.MENTAL_HEALTH_TEAM),
    Act.SET_UP: (Role.ADMINISTRATOR,),
    Act.SEE_AGREEMENTS: (
        *(Role.CHAIR, Role.MENTAL_HEALTH_TEAM, Role.ADMINISTRATOR, Role.INFORMATION_GOVERNANCE_LEAD),
        Role.AGENCY_LEAD,
    ),
    Act.KEEP_AGREEMENTS: (Role.CHAIR, Role.ADMINISTRATOR),
    Act.SEE_ENGAGEMENT: (*ARRANGE, Role.AGENCY_LEAD),
    Act.DISPUTE: (Role.AGENCY_LEAD,),
    Act.RECORD_CONFERENCE: ARRANGE,
    Act.DISSEMINATE: (Role.CHAIR, Role.MENTAL_HEALTH_TEAM),
    Act.RAISE: (*ARRANGE, Role.AGENCY_LEAD, Role.REPRESENTATIVE),
    Act.REPORT_MEASURE: (Role.CHAIR, Role.MENTAL_HEALTH_TEAM, Role.AGENCY_LEAD, Role.REPRESENTATIVE),
}
"""Acts that need one of these roles, whatever else holds."""

SEES = frozenset(
    {
        *(Act.LOOK, Act.ANSWER, Act.HISTORY, Act.BUNDLE, Act.RECORD_HEARING, Act.TRIAGE, Act.SEE_PLAN),
        *(Act.WRITE_PLAN, Act.SIGN_OFF, Act.REPORT_TRIGGER),
    }
)
"""Acts on a case that show, or rest on, who it is about: nobody may do them who may not look."""

REVIEWS = (Act.HISTORY, Act.BUNDLE)
"""Acts that look back on a case: a closed one too, for those whose work that is."""

LOOKS_BACK = (*ARRANGE, Role.INFORMATION_GOVERNANCE_LEAD)
"""Roles whose work looking back is. The governance lead sees a case in no other way: they answer for the record."""

OBSERVED = (Act.SEE_ACTIONS, Act.SEE_LESSONS, Act.SEE_MEASURES)
"""Acts of an observer, who sees no case: what is shown to them holds none."""

CHANGES_CASE = (Act.ADD, Act.WITHDRAW, Act.ASK, Act.RESTRICT, Act.APPOINT, Act.ADMIT)
"""Acts that change a case without showing it: on an open case only."""

OUTLIVES = (Act.LIST, Act.DISCLOSURES)
"""Acts left on a record that was disposed of: that it was there, and who had seen it."""


OF_THE_PERSON = frozenset(
    {Refusal.STRANGER, Refusal.NO_AGENCY, Refusal.OBSERVER, Refusal.NOT_A_CHAIR, Refusal.NOT_THAT_ROLE}
)
"""Refusals that go by the person's own row and their agency's, and by no case: what `refusal` says first."""


def refusal(
    act: Act, who: Standing, on: date, *, referral: Referral | None = None, forum: Forum | None = None
) -> Refusal | None:
    """Say which rule forbids this act on this day, or None when it is allowed.

    `referral` and its `forum` are needed for every act about a case; without them the answer is about the person alone.
    Of several broken rules the person's own is told first, so that little is learnt of the case.
    """
    member, agency = who.member, who.agency
    if member is None or not member.open:
        return Refusal.STRANGER
    if agency is None or not agency.open:
        return Refusal.NO_AGENCY
    if member.roles <= {Role.OBSERVER} and act not in OBSERVED:
        return Refusal.OBSERVER
    if act in BY_ROLE and not member.has(*BY_ROLE[act]):
        return Refusal.NOT_A_CHAIR if BY_ROLE[act] == ARRANGE else Refusal.NOT_THAT_ROLE
    if referral is None:
        return None
    return _case(act, member, agency, on, referral=referral, forum=forum)


def _case(
    act: Act, member: Member, agency: Agency, on: date, *, referral: Referral, forum: Forum | None
) -> Refusal | None:
    """What the case itself forbids."""
    if referral.retention == Retention.DISPOSED and act not in OUTLIVES:
        return Refusal.DISPOSED
    if act in CHANGES_CASE:
        return _change(act, member, agency, on, referral=referral, forum=forum)
    if act not in SEES:
        return None
    if act is Act.ANSWER and agency.code not in referral.asked:
        return Refusal.NOT_ASKED
    return _look(act, member, agency, on, referral=referral, forum=forum)


def _change(
    act: Act, member: Member, agency: Agency, on: date, *, referral: Referral, forum: Forum | None
) -> Refusal | None:
    """What forbids changing a case that the change does not show."""
    if not referral.open:
        return Refusal.CLOSED
    if act is Act.ASK:
        return _ask(member, agency, on, referral, forum)
    if not _answers_for(act, member, agency, referral):
        return Refusal.NOT_YOURS
    return None if act is Act.APPOINT or admitted(member, referral) else Refusal.RESTRICTED


def _answers_for(act: Act, member: Member, agency: Agency, referral: Referral) -> bool:
    """Whether this change of the case is theirs to make, restrictions apart.

    Once a case is restricted, only its referrer and its holder lift that or admit others: those who arrange the list
    could open to themselves what is kept from them. A chair may give it another holder, and does not see it by that.
    """
    if act is Act.ADMIT:
        return _holds(member, referral)
    if act is Act.APPOINT:
        return _holds(member, referral) or member.has(Role.CHAIR)
    if act is Act.RESTRICT:
        theirs = not referral.restricted and member.has(Role.MENTAL_HEALTH_TEAM)
        return theirs or _own(member, referral) or _holds(member, referral)
    leads = act is Act.WITHDRAW and member.has(Role.AGENCY_LEAD) and agency.code == referral.agency
    return leads or _own(member, referral) or member.has(Role.MENTAL_HEALTH_TEAM)


def _ask(member: Member, agency: Agency, on: date, referral: Referral, forum: Forum | None) -> Refusal | None:
    """Whoever may not look even when admitted is not asked for; that is told before the holder hears of it."""
    if not agency.isa_current(on):
        return Refusal.NO_ISA
    near = agency.code in referral.asked or agency.code == referral.agency
    return None if near or (forum is not None and forum.includes(agency.code)) else Refusal.NOT_IN_FORUM


def _holds(member: Member, referral: Referral) -> bool:
    """Whether they answer for a restricted referral: its holder, or its referrer while it has none."""
    return bool(member.user_id) and member.user_id == (referral.holder_id or referral.referrer_id)


def admitted(member: Member, referral: Referral) -> bool:
    """Whether a restricted referral is open to this person; to all others it is a pointer."""
    return not referral.restricted or _own(member, referral) or _holds(member, referral) or _let_in(member, referral)


def _let_in(member: Member, referral: Referral) -> bool:
    """Whether its holder admitted this person, by name, to a referral that is restricted."""
    return referral.restricted and bool(member.user_id) and member.user_id in referral.admitted


def _own(member: Member, referral: Referral) -> bool:
    """Whether they made it; a row without a user id is nobody's, though both may lack one."""
    return bool(member.user_id) and member.user_id == referral.referrer_id


def _look(
    act: Act, member: Member, agency: Agency, on: date, *, referral: Referral, forum: Forum | None
) -> Refusal | None:
    own, reviews = _own(member, referral), act in REVIEWS and member.has(*LOOKS_BACK)
    if not own and not reviews and not member.has(*SEE_CASES):
        return Refusal.ROLE
    if not admitted(member, referral):
        return Refusal.RESTRICTED
    if not agency.isa_current(on):
        return Refusal.NO_ISA
    if not referral.open and not reviews:
        return Refusal.CLOSED
    if own or agency.code in referral.asked or agency.code == referral.agency:
        return None
    if referral.restricted:  # its holder, or one let in by name: that stands in the place of being asked
        return None
    if forum is None or not forum.includes(agency.code):
        return Refusal.NOT_IN_FORUM
    return None if reviews or member.has(*ARRANGE) else Refusal.NOT_ASKED


def may_report(who: Standing, on: date, agency: str) -> Refusal | None:
    """Say which rule forbids reporting an agency's figures, or None: its own people do, and whoever runs the board."""
    against = refusal(Act.REPORT_MEASURE, who, on)
    if against is not None or who.member is None or who.member.has(Role.CHAIR, Role.MENTAL_HEALTH_TEAM):
        return against
    return None if who.agency is not None and who.agency.code.upper() == agency.upper() else Refusal.NOT_A_SUPPLIER


class Sight(StrEnum):
    """How much of an action somebody may see."""

    NOTHING = "nothing"
    OUTLINE = "outline"
    FULL = "full"


def sight(action: Action, who: Standing, on: date, restricted: Iterable[Referral] = ()) -> Sight:
    """How much of an action this person may see in private. `restricted` are the referrals that are pointers now.

    What does not come from a case is everybody's. A case's action is its agency's and that of those who run the board,
    in full while the agency's sharing agreement is current; others learn that it is there, whose it is and when it is
    due. Of a restricted case's action only its owner, who has to do it, and those let in see more than that.
    """
    member, agency = who.member, who.agency
    if member is None or not member.open or agency is None or not agency.open:
        return Sight.NOTHING
    if not action.about_a_case:
        return Sight.FULL
    if not member.has(*SEE_CASES, Role.REFERRER):
        return Sight.NOTHING
    owns = bool(member.user_id) and member.user_id == action.owner_id
    let_in = all(admitted(member, each) for each in restricted if comes_from(action.source, each.id))
    mine = owns or (let_in and (agency.code == action.agency or member.has(*ARRANGE)))
    return Sight.FULL if mine and agency.isa_current(on) else Sight.OUTLINE


_NUMBER = re.compile(r"[Rr][A-Za-z]*\s*[-‐‑–—]?\s*0*([1-9][0-9]{0,8})")


def comes_from(source: str, number: int) -> bool:
    """Whether an action's source names this referral, however it was typed: `R-14`, `r14`, `Referral R 14`."""
    return str(number) in _NUMBER.findall(source)


def sight_for(action: Action, who: Standing, on: date, *, channel: bool, restricted: Iterable[Referral] = ()) -> Sight:
    """How much is shown to a person who asks: in a channel no more than everybody there may see."""
    mine = sight(action, who, on, restricted)
    return sight_in_channel(action) if channel and mine is not Sight.NOTHING else mine


def sight_in_channel(action: Action) -> Sight:
    """How much of an action a channel may see: the words of one that comes from a case may be about somebody."""
    return Sight.OUTLINE if action.about_a_case else Sight.FULL


def may_chair(member: Member, forum: str) -> None:
    """Raise NotAllowed for a subgroup's chair whose row names forums, and not this one.

    Chairs of the board and the mental health team run any forum of theirs; a subgroup's chair whose row names none runs
    any too, as where there is one.
    """
    if member.has(Role.CHAIR, Role.MENTAL_HEALTH_TEAM) or not member.forums:
        return
    if member.has(Role.SUBGROUP_CHAIR) and forum.upper() not in {code.upper() for code in member.forums}:
        raise NotAllowed(Refusal.ANOTHER_FORUM)


def own_forum(member: Member | None, forums: Mapping[str, Forum]) -> str:
    """The code of the forum that a chair of no board runs: the first that their row names; empty for anybody else."""
    if member is None or member.has(Role.CHAIR, Role.MENTAL_HEALTH_TEAM) or not member.has(Role.SUBGROUP_CHAIR):
        return ""
    return next((code.upper() for code in sorted(member.forums) if _runs(code, forums)), "")


def _runs(code: str, forums: Mapping[str, Forum]) -> bool:
    forum = forums.get(code.upper())
    return forum is not None and not forum.is_board


def require(
    act: Act, who: Standing, on: date, *, referral: Referral | None = None, forum: Forum | None = None
) -> Member:
    """Return the member when `refusal` finds nothing against it; raises NotAllowed otherwise."""
    against = refusal(act, who, on, referral=referral, forum=forum)
    if against is not None or who.member is None:
        raise NotAllowed(against or Refusal.STRANGER)
    return who.member
