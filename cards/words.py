"""Every sentence a person reads: en-GB, plain, short. Says what happened, what was kept, and what to do next."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from datetime import date, datetime
from zoneinfo import ZoneInfo

from board.actions import ActionStatus, Step
from board.errors import FieldProblem, Problem, Refusal
from board.identifying import Found
from board.vocabulary import Answer, PersonRole

UK = ZoneInfo("Europe/London")

_MARKS = str.maketrans("", "", "[]<>*_`~|#\\{}")
_ENTITY = re.compile(r"(&#?\w+);")
_LIST = re.compile(r"^(?:(?:[-+=]+|[0-9]{1,9}[.)])(?:\s+|$))+")
"""What markdown takes for a list, a rule or the line under a heading when a line begins with it."""

MARKING = "OFFICIAL-SENSITIVE"
OFFICIAL = "OFFICIAL"
"""The marking of figures: nothing of a case is in them."""

NOT_MONITORED = "This is not monitored. If there is a risk to life, call 999."
BOT_NAME = "MHRMB"

SORRY = (
    "Something went wrong on our side. What you did may not have been kept: look before you try again, "
    "and tell the mental health team if it happens twice."
)
NOT_HERE = "I cannot do that here. Open a private chat with me and type *help* to see what I can do."
TOO_FAST = "That was a lot at once, so this one was not done. Please wait a few seconds and try again."
STORE_BUSY = "SharePoint is not answering just now, so nothing was changed. Please try again in a minute."
STORE_MAYBE = (
    "SharePoint stopped answering before it confirmed. Please press the same button again: "
    "if it was kept the first time it will not be kept twice."
)
MAKING = "I am making {what}. It comes here in a moment."
MAKING_THERE = "I am making {what}. It comes into your private chat with me in a moment."
SAY_HELLO_FIRST = (
    "Where it lies is told in your private chat with me, and I do not know that yet. Open the chat, say hello, and "
    "choose Make it again. Nothing is recorded yet."
)
NOT_MADE = "{what} could not be made just now. Nothing is lost: please try again in a few minutes."
STORE_REFUSED = "SharePoint refused this, so nothing was changed. Please tell the mental health team: {what}."
TOO_MANY_OPEN = (
    "More than 5,000 are open, which is more than SharePoint lists at one time, so I cannot show them together. "
    "Nothing is lost, and reminders and digests go on. For actions, *my actions* shows what is yours and "
    "*action A-103* shows any one. To bring the tracker back, close what is finished: "
    "in SharePoint, the list Actions filtered by owner shows it."
)
CONFLICT = "Somebody else changed this at the same moment, so nothing of yours was kept. Please try again."
OLD_CARD = "That button is from an older card, so nothing was changed. Type *help* to see what I can do now."
OLD_COMMAND = "I do not know that command any more. Open a private chat with me and type *help* to see what I can do."
NOT_FOUND = "There is no {reference}, or none that you may know of. Type *referrals* or *tracker* to see what is open."
PRIVATELY = (
    "For people's privacy I do not take that in a channel, and have not kept it. "
    "Please open a private chat with me and say it there."
)

REFUSALS = {
    Refusal.STRANGER: "I do not know you as a member of this board yet. {whom} Or type *join* to me in a private chat.",
    Refusal.NO_AGENCY: "Your membership names no agency that is open, so I cannot tell what you may see. {whom}",
    Refusal.OBSERVER: "Observers see no case information. {whom}",
    Refusal.ROLE: "Your role does not include seeing who a referral is about. {whom}",
    Refusal.NO_ISA: (
        "Your agency has no current information sharing agreement on record, so I cannot show case details. {whom}"
    ),
    Refusal.ANOTHER_FORUM: "You chair another forum, and this is not its own. {whom}",
    Refusal.NOT_IN_FORUM: "Your agency does not belong to the forum that hears this referral. {whom}",
    Refusal.NOT_ASKED: "Your agency is not asked about this referral. {whom}",
    Refusal.NOT_YOURS: "Only the person whose it is, or the mental health team, can do that. {whom}",
    Refusal.CLOSED: "This is closed, so it is no longer shown or changed here. {whom}",
    Refusal.NOT_A_CHAIR: "Only a chair or the mental health team can do that. {whom}",
    Refusal.NOT_NOW: "That cannot be done with this action as it stands now. Type *action* and its number to see it.",
    Refusal.RESTRICTED: (
        "This referral is restricted. You may know that it is there, which agencies are involved and whom to ask. "
        "{whom}"
    ),
    Refusal.NOT_THAT_ROLE: "Your role does not include that. {whom}",
    Refusal.STILL_OPEN: "This case is open. Whether its record is kept is decided once it is closed. {whom}",
    Refusal.NOT_DUE: (
        "The day on which keeping this record is decided has not come yet, so nothing was changed. "
        "It may be kept longer now; disposing of it waits until then."
    ),
    Refusal.NOT_DECIDED: "Nobody has decided to dispose of this record yet. Type *dispose*, its number and why.",
    Refusal.DECIDED: (
        "It is decided already that this record is disposed of. A second person confirms it with *dispose*, its number "
        "and *confirm*; *keep*, its number, a day and why takes the decision back."
    ),
    Refusal.UNDER_WAY: "The disposal of this record was confirmed and is under way, so it is no longer decided about.",
    Refusal.STILL_LIVE: (
        "An action of this case is open or a plan for it is in force, so its record is not disposed of yet. "
        "Close those first, or keep the record until a day."
    ),
    Refusal.SECOND_PERSON: "You decided this, so somebody else who may decide on records confirms it. {whom}",
    Refusal.DISPOSED: "This record has been disposed of, so nothing of it is left to show or change. {whom}",
    Refusal.NOT_LISTABLE: (
        "This referral cannot be put on the subgroup's list as it stands now: it is triaged to the subgroup first. "
        "Type *referral* and its number to see where it stands."
    ),
    Refusal.NOT_ON_LIST: "This referral is not on that list. Type *list* to see what is.",
    Refusal.NOT_AT_THE_GATE: (
        "That cannot be done with this referral as it stands now. Type *referral* and its number to see where it is."
    ),
    Refusal.NOT_HEARABLE: "This referral cannot be heard as it stands now. Type *referral* and its number to see why.",
    Refusal.MEETING_OVER: "That meeting is not going on, so nothing was recorded. Type *subgroup* to see which one is.",
    Refusal.NOT_ACCEPTED: (
        "Whoever runs the meeting accepts its confidentiality statement first. Type *subgroup* to read it, "
        "or *subgroup accept* to accept it."
    ),
    Refusal.FROZEN: "This report was submitted, so it stays as it is. What is to be said later goes into a supplement.",
    Refusal.PLAN_OVER: "This plan has ended or was superseded, so nothing more is done with it.",
    Refusal.PLAN_NOT_NOW: "That cannot be done with this plan as it stands now. Type *plan* and its number to see it.",
    Refusal.PLAN_STOPPED: (
        "An agency says that this version directs that somebody be refused care, so nobody signs it. "
        "A chair makes a new version. {whom}"
    ),
    Refusal.PLAN_CHANGED: "There is a newer version than the one you name. Type *plan* and its number to see it first.",
    Refusal.NOT_A_SIGNATORY: "Your agency is not among those that sign this plan off. {whom}",
    Refusal.ITEM_OVER: (
        "This item was declined, withdrawn or dealt with, so it stays as it is. Offer it anew with *agenda add*."
    ),
    Refusal.MINUTES_APPROVED: "These minutes were approved, so they stay as they are.",
    Refusal.MINUTES_LATER: (
        "Minutes are approved at the next board: once it has begun, a chair types *minutes approve*."
    ),
    Refusal.MINUTES_NOT_MADE: "There are no minutes of this board yet: they are drafted once a chair closes it.",
    Refusal.NOT_ATTENDED: "Those who attended the board correct its minutes. {whom}",
    Refusal.BOARD_NOT_ON: "No board is going on, so nothing was recorded. A chair begins it with *board start*.",
    Refusal.BOARD_NOT_ACCEPTED: (
        "Whoever runs the board accepts its confidentiality statement first. Type *board start* to read it, "
        "or *board accept* to accept it."
    ),
    Refusal.PACK_FROZEN: (
        "The pack of this board was issued, so this stays as it is. Tell the board in the meeting, or a chair."
    ),
    Refusal.PACK_ISSUED: (
        "The pack of this board was issued, so it stays as it is. What comes in later follows in a supplement. "
        "Type *pack* to open it."
    ),
    Refusal.AGREEMENT_OVER: (
        "That version does not hold any more, so nothing was recorded. Type *agreements* to see which one does."
    ),
    Refusal.LESSON_WITHDRAWN: "That lesson was withdrawn, so nobody is told of it. Raise it anew with *lesson*.",
    Refusal.NOT_A_SUPPLIER: (
        "Your agency does not report that measure: whoever reports it does, a chair or the mental health team. {whom}"
    ),
    Refusal.SIGNED: "Your agency has signed this version off already.",
    Refusal.NOT_LOOKED: (
        "An answer counts only after somebody in your agency has looked at who the referral is about. "
        "Choose *See who this is* first."
    ),
}
ANSWERS: dict[str, str] = {
    Answer.NOT_KNOWN: "Not known",
    Answer.KNOWN: "Known",
    Answer.KNOWN_REPORT: "Known, will bring a report",
    Answer.INFORMATION: "Here is the information",
}

PERSON = "Person"
PEOPLE: dict[str, str] = {
    PersonRole.SUBJECT: "The person referred",
    PersonRole.AT_RISK: "Person who may be at risk",
    PersonRole.THIRD_PARTY: "Third party",
}

ACTION_STATUSES = tuple(ActionStatus)

STEPS: dict[str, str] = {
    Step.ACKNOWLEDGE: "Acknowledge",
    Step.UPDATE: "Update",
    Step.DONE: "Done",
    Step.MORE_TIME: "Ask for more time",
    Step.BLOCKED: "Blocked",
    Step.NOT_POSSIBLE: "Not possible",
    Step.VERIFY: "Verify",
    Step.RETURN: "Return to owner",
    Step.GRANT: "Grant the new date",
}

STEP_TAKEN: dict[str, str] = {
    Step.ACKNOWLEDGE: "Acknowledged. Thank you.",
    Step.UPDATE: "The update is kept.",
    Step.DONE: "Kept as done. A chair will verify it.",
    Step.MORE_TIME: "More time is asked for. A chair will decide.",
    Step.BLOCKED: "Kept as blocked. The chairs can see why.",
    Step.NOT_POSSIBLE: "Kept as not possible. A chair will verify it.",
    Step.VERIFY: "Verified and closed.",
    Step.RETURN: "Returned to its owner.",
    Step.GRANT: "The new date is granted.",
}

TYPED_BELOW = "What you typed is below."
TYPED_BELOW_CUT = "What you typed is below, cut short (…) where it was too long to show again."
LOOK_THROUGH = "Something in these words may say who somebody is; take out what the action does not need."
SOURCE_LEFT_EMPTY = "Left without a source it counts as about a case: no channel shows its words."
NOT_SENT = "Not sent yet."
LOOK_RECORDED = "This request has been recorded."

MOST_CHOICES = 24
"""Choices that one sentence names."""

PROBLEMS = {
    Problem.MISSING: "{field} is needed.",
    Problem.TOO_LONG: "{field} is too long: at most {limit} characters.",
    Problem.NOT_TEXT: "{field} could not be read.",
    Problem.NOT_A_CHOICE: "{field}: please choose from the list.",
    Problem.ONE_OF: "{field}: please choose {choices}.",
    Problem.NOT_A_DATE: "{field} is not a date I can read.",
    Problem.IN_THE_FUTURE: "{field} is in the future.",
    Problem.IN_THE_PAST: "{field} is in the past.",
    Problem.NOT_LATER: "{field} is not later than it is now.",
    Problem.NOT_A_WORKING_DAY: "{field} is a weekend or a bank holiday in England.",
    Problem.TOO_FAR: "{field} is too far from the board's own day: ten weeks at most.",
    Problem.NOT_A_LINK: "{field} is not a link: it begins with https:// and has no spaces.",
    Problem.OTHER_AGENCY: "{field} is of another agency: a chair or the mental health team transfers it there.",
    Problem.TOO_LONG_A_PAUSE: "{field} is more than two weeks ahead.",
    Problem.BEYOND_A_YEAR: "{field} is more than a year ahead.",
    Problem.WORSE: "{field} is rated worse with the controls than without them.",
    Problem.TAKEN: "{field} is the day of another board.",
    Problem.TOO_OLD: "{field} is before 1900.",
    Problem.NOT_PNC_ID: "{field} is not a PNC id: year, stroke, number and check letter, as in 2014/0123456D.",
    Problem.NOT_NHS_NUMBER: "{field} is not an NHS number: ten digits, the last of which is a check digit.",
    Problem.NOT_A_REFERENCE: "That is not a reference. References look like R-14 or A-103.",
    Problem.STALE: "This form is out of date. Please open it again.",
    Problem.WRONG_CODE: "That is not the set-up code.",
    Problem.NOT_A_CHANNEL: "Please say that in the channel itself, after mentioning me.",
    Problem.NOT_PRIVATE: PRIVATELY,
    Problem.NOT_OF_AN_AGENCY: "{field}: please begin each line with an agency's code and a colon, as in *MHT: …*.",
    Problem.GATE_ORDER: (
        "{field}: the gate is asked in order. Who is eligible for MAPPA goes there, and a potentially dangerous person "
        "to that pathway, before the subgroup."
    ),
    Problem.NOT_A_NUMBER: "{field} is not a number: figures alone, as in 41 or 6.25.",
    Problem.NEGATIVE: "{field} is below nought.",
    Problem.NOT_WHOLE: "{field} is not a whole number, and people and events are counted whole.",
    Problem.TOO_LARGE: "{field} is more than ten million.",
    Problem.DECIMALS: "{field} has more than two decimals.",
    Problem.NEEDS_WHOLE: "{field} is needed: a share or an average is reported as 30 of 41.",
    Problem.NO_WHOLE: "{field} is left empty for this measure: it is a single number.",
    Problem.MORE_THAN_WHOLE: "{field} is more than the whole it is a part of.",
    Problem.OF_NOTHING: "{field} is nought, so nothing can be a part of it.",
    Problem.NOT_A_MONTH: "{field} is not a month I can read: 2026-10 or October 2026.",
    Problem.NOT_OVER: "{field} is not over yet: a month is reported once it is.",
    Problem.TOO_EARLY: "{field} is before 2015.",
    Problem.NOT_A_QUARTER: "{field}: this measure is reported each quarter, under March, June, September or December.",
    Problem.NO_SUCH_MEASURE: "{field} is none of the board's measures: its code, or its name as in the list.",
    Problem.NOT_ITS_SUPPLIER: "{field} is no agency that reports this measure, by its code.",
    Problem.REPORTED_TWICE: "{field}, agency and month are on an earlier row already.",
    Problem.SAME_ID: "{field} is on an earlier row already, and each detention has its own.",
    Problem.NOT_A_PSEUDONYM: "{field} is not a pseudonym: letters, figures and dashes that say nothing of the person.",
    Problem.NOT_A_TIME: "{field} is not a day with a time, as in 25/10/2026 01:30.",
    Problem.SKIPPED_HOUR: "{field} is in the hour that the clocks skip in March, so there was no such time.",
    Problem.BEFORE_IT_BEGAN: "{field} is before the arrival.",
    Problem.TOO_LONG_A_STAY: "{field} is more than a week after the arrival.",
    Problem.TOO_MANY_HOURS: "{field} is more than two officers spend in a week.",
    Problem.TWO_ENDS: "{field}: a detention ends once, in a release or an admission; leave the one that counts.",
    Problem.TWICE: "{field}: please give each agency one line.",
    Problem.NOT_TO_COME: "{field} is not a day to come.",
    Problem.PERIOD_TOO_LONG: "{field} is more than a year: choose a shorter one, such as 2026 or 2026-10.",
    Problem.TOO_FAR_BACK: "{field} reaches further back than SharePoint lists at one time: choose a later one.",
    Problem.AFTER_EXPIRY: "{field} is later than the agreement itself expires.",
    Problem.NOT_SIGNED: "{field}: that agency has not signed it.",
    Problem.IDENTIFYING: "{field} holds something that may say who somebody is.",
    Problem.THERE: "{field} is on record already, so nothing was added.",
    Problem.NOT_A_WALL_TIME: "{field} is not a time of day, such as 10:00.",
    Problem.CHOSEN: "{field} is on record already. To change it, edit your row of the list *Members* in SharePoint.",
}

FIELDS = {
    "bundle_for": "What it is for",
    "bundle_people": "People at risk and third parties",
    "board_day": "The new day",
    "title": "What it is called",
    "words": "What is to be known beforehand",
    "item_minutes": "Minutes (1 to 120)",
    "chairs_only": "For the chairs only",
    "about": "Which item",
    "focus_agency": "Which agency",
    "demands": "Demands: what rises, what is asked of you",
    "blockers": "Blockers: what stands in the way",
    "enablers": "Enablers: what would help, and from whom",
    "pack": "What to do with the pack",
    "export": "What to export",
    "recording": "The link to the recording",
    "recording_for": "Who may open it",
    "recording_until": "Dispose of it by",
    "correction": "What is to be put right",
    "board": "Which board, by its day",
    "name": "Name of the person",
    "person_role": "Who this is",
    "relationship": "What they are to the person referred",
    "date_of_birth": "Date of birth",
    "concern": "Kind of concern",
    "urgency": "How soon",
    "why_now": "What, to whom, how soon, why now",
    "asked_for": "What is asked, of whom",
    "contact": "How to reach you",
    "aliases": "Other names used",
    "nhs_number": "NHS number",
    "pnc_id": "PNC id",
    "other_ids": "Other numbers",
    "address_area": "Address area",
    "whereabouts": "Where the person is now",
    "indicators": "Risk indicators",
    "how_known": "How this is known",
    "urgency_reason": "Why this urgency",
    "police_involvement": "Why police are involved",
    "mental_health_act": "Mental Health Act status",
    "sharing_basis": "Basis for sharing",
    "person_aware": "Is the person aware of this referral",
    "crime_reference": "Crime or incident reference",
    "manager_sign_off": "Line manager who knows of this",
    "reason": "Why you need to see this",
    "answer": "What your agency returns",
    "restricted_why": "Why it is restricted",
    "request_reason": "Why you ask",
    "holder": "The new holder",
    "request": "Whose request",
    "information": "Information from your agency",
    "reference": "The reference",
    "what": "What is to be done",
    "why": "Why",
    "due": "Due",
    "owner": "Owner",
    "priority": "Priority",
    "source": "Where it comes from",
    "programme": "Programme",
    "note": "Note",
    "asked_due": "New date",
    "new_due": "New date (needed where it is overdue)",
    "snooze_until": "Remind me again on",
    "evidence": "Where one sees that it was done (a link or a place)",
    "code": "The set-up code",
    "agency": "Your agency",
    "agency_name": "Name of the agency",
    "agency_code": "Short code, such as AMB",
    "agency_kind": "Kind of agency",
    "isa_signed": "Sharing agreement signed on",
    "isa_lapses": "Sharing agreement lapses on",
    "member": "Who",
    "member_agency": "Their agency",
    "member_roles": "Their roles",
    "anchor": "The day of a board",
    "meets_at": "When it begins, such as 10:00",
    "board_link": "The joining link",
    "scenarios": "Scenarios, one to a line",
    "triggers": "Triggers, one to a line",
    "first_actions": "Each agency's first action, one to a line",
    "contingencies": "Contingencies",
    "victim_safety": "Victim safety",
    "signatories": "Who signs off",
    "changes": "What this version changes, and why",
    "expires_on": "Expires on",
    "review_on": "Review on",
    "scenario": "A scenario to add",
    "trigger": "Trigger",
    "which_trigger": "Which of the plan's triggers",
    "contingency": "A contingency to add",
    "safety": "Victim safety to add",
    "first_action": "Your agency's first action",
    "refuses_care": "Does this plan direct that anybody be refused care?",
    "which": "Which trigger",
    "category": "Category",
    "cause": "Cause",
    "event": "Event",
    "impact": "Impact",
    "period": "Which time (2026, 2026-10, or two days)",
    "figure": "Which figure",
    "dispute": "What is wrong with it, and why",
    "conference_day": "Its day",
    "forum": "Which forum",
    "agreement_kind": "Kind of agreement",
    "agreement_title": "Title",
    "agreement": "Which agreement",
    "signing_agency": "Which agency signed",
    "signed_on": "Signed on",
    "signed_until": "Until (empty: as long as the agreement)",
    "parties": "Codes of those who are to sign (empty: all)",
    "link": "The link to its text",
    "risk_category": "Kind of risk",
    "risk_agency": "Which agency owns it",
    "likelihood_before": "How likely without controls",
    "impact_before": "How bad without controls",
    "controls": "What is done about it (the controls)",
    "likelihood_after": "How likely with the controls",
    "impact_after": "How bad with the controls",
    "risk_step": "What to do with the risk",
    "risk_why": "Why it is rated or decided so",
    "retention_why": "Why it is kept or disposed of",
    "keep_until": "Keep until",
    "learned": "What happened",
    "change": "What changes",
    "audience": "Who should know",
    "case": "Which case",
    "step": "What to do with it",
    "number": "Place or minutes",
    "place": "The place",
    "minutes": "The minutes (5 to 60)",
    "more": "Another referral",
    "attended": "How an agency took part",
    "shared": "Information shared",
    "decision": "Decision",
    "rationale": "Rationale",
    "dissent": "Dissent",
    "dissent_by": "Whose dissent",
    "outcomes": "Outcomes",
    "next_review": "Next review",
    "redirect_to": "Redirect to which forum",
    "gate": "Where it goes",
    "mappa": "Is the person eligible for MAPPA?",
    "pdp": "Is the person a potentially dangerous person?",
    "decline_reason": "Reason, if it is declined",
    "receipt_by": "Who at the receiving forum has it",
    **{f"action_what_{n}": f"Action {n}: what is to be done" for n in (1, 2, 3)},
    **{f"action_agency_{n}": f"Action {n}: which agency" for n in (1, 2, 3)},
    **{f"action_due_{n}": f"Action {n}: due" for n in (1, 2, 3)},
    "which_measure": "Which measure",
    "month": "Month",
    "numerator": "Number (of a share its part, of an average its total)",
    "denominator": "Of how many (for a share or an average)",
    "figure_status": "Provisional or final",
    "results": "Specific results, in your own words",
}

STANDING: dict[str, str] = {
    "welcome": "Welcome and confidentiality",
    "decisions": "Decisions of the last board",
    "tracker": "Action tracker",
    "risks": "Risk register",
    "focus": "Focus on an agency",
    "reports": "Subgroup reports",
    "measures": "Measures",
    "learning": "Learning",
    "other": "Any other business",
    "next": "The next board",
}
"""The standing items of a board's agenda by their names."""

STATEMENT = (
    "What is said here is confidential and shared under the information sharing agreement, for this meeting's purpose "
    "alone. It is not passed on, recorded elsewhere or kept by those who hear it, except as the meeting decides."
)
"""The confidentiality statement that whoever runs a meeting accepts for it."""


MONTHS = (
    *("January", "February", "March", "April", "May", "June"),
    *("July", "August", "September", "October", "November", "December"),
)
"""Spelt out here: strftime takes ten times as long, and its months are those of the machine's language."""


def when(moment: datetime | None) -> str:
    """An instant as people write it, UK time: `22 November 2026, 09:05`."""
    if moment is None:
        return "not recorded"
    local = moment.astimezone(UK)
    return f"{day(local.date())}, {local:%H:%M}"


def day(value: date | None) -> str:
    """A date as people write it: `3 May 2026`."""
    return f"{value.day} {MONTHS[value.month - 1]} {value.year}" if value else "not recorded"


def nhs_number(digits: str) -> str:
    """An NHS number in the groups people read it in (3 3 4); anything else as it is."""
    return f"{digits[:3]} {digits[3:6]} {digits[6:]}" if len(digits) == 10 and digits.isdigit() else digits


def late(days: int) -> str:
    """How overdue: `1 day overdue`, `5 days overdue`; empty when it is not."""
    return f"{count(days, 'day')} overdue" if days > 0 else ""


def weekday(value: date | None) -> str:
    """A date with its weekday: `Monday 3 May 2027`."""
    return f"{value:%A} {day(value)}" if value else "not recorded"


def refused(refusal: Refusal, whom: str) -> str:
    """The sentence for a refusal, with whom to ask."""
    return REFUSALS[refusal].format(whom=whom).strip()


def problem(found: FieldProblem) -> str:
    """The sentence for one wrong field."""
    return wrong_with(FIELDS.get(found.field, "One of the answers"), found.problem, found.limit, found.choices)


def wrong_with(name: str, found: Problem, limit: int = 0, choices: Sequence[str] = ()) -> str:
    """The sentence for what is wrong with a field or a column, by what people call it."""
    return PROBLEMS[found].format(field=name, limit=limit, choices=_either(choices))


def _either(choices: Sequence[str]) -> str:
    """`A`, or `one of A, B or C`; of very many the first."""
    *others, last = [tame(each) for each in choices[:MOST_CHOICES]] or [""]
    if len(choices) > MOST_CHOICES:
        return f"one of {', '.join(others)}, {last} and so on"
    return f"one of {', '.join(others)} or {last}" if others else last


def problems(found: Iterable[FieldProblem]) -> str:
    """All of them, one after the other, each once."""
    return " ".join(dict.fromkeys(problem(each) for each in found))


def said_of(label: str, said: str) -> list[str]:
    """What a sentence of ours says is wrong with the field of that label: to be said again beside it."""
    if label not in said:
        return []
    found = []
    for template in PROBLEMS.values():
        if template.startswith("{field}"):
            pattern = re.escape(template).replace(r"\{field\}", re.escape(label)).replace(r"\{limit\}", r"[0-9,]+")
            pattern = pattern.replace(r"\{choices\}", r".+?")
            found += [match[1] for match in re.finditer(rf"(?:^|(?<=[.!?] ))({pattern})(?: |$)", said)]
    return found


def not_sent(found: Iterable[FieldProblem]) -> str:
    """Why a form was not taken."""
    return f"{NOT_SENT} {problems(found)}"


def tame(name: str) -> str:
    """A name from a list that administrators edit, as one line that neither a card nor a message reads as markup.

    Links, mentions and emphasis lose their marks, what would begin a list its beginning, an entity (`&lt;`) its end;
    characters that cannot be seen or that turn the reading direction go, for they would change our words around it.
    """
    seen = name.translate(_MARKS)
    if not seen.isprintable():
        seen = "".join(c if c.isprintable() else " " if c.isspace() else "" for c in seen)
    return _LIST.sub("", " ".join(_ENTITY.sub(r"\1 ", seen).split()))


def found_in_fields(of: Mapping[str, list[Found]]) -> str:
    """What was found in which field, in the words of whoever typed it; for their eyes alone."""
    told = []
    for name, each in of.items():
        what = ", ".join(f"“{tame(one.said)}” ({one.kind})" for one in each[:5])
        told.append(f"{FIELDS[name]}: {what}.")
    return " ".join(told)


def not_found(reference: str) -> str:
    """The sentence for a record that is not there; a reference is letters and digits of our own making."""
    return NOT_FOUND.format(reference=reference)


def whom_to_ask(contact: str, names: Iterable[str]) -> str:
    """Whom a refused person can ask: the forum's contact, else the people who run it."""
    people = list(dict.fromkeys(tamed for name in names if (tamed := tame(name))))
    if asked := tame(contact):
        return f"Please ask {asked}."
    if people:
        return f"Please ask {either(people[:4])}."
    return "Please ask the board's mental health team."


def either(names: list[str]) -> str:
    """Names joined as in speech: `A, B or C`."""
    return names[0] if len(names) == 1 else f"{', '.join(names[:-1])} or {names[-1]}"


def joined(names: list[str]) -> str:
    """Names joined as in speech: `A, B and C`; none are nothing."""
    return "".join(names) if len(names) < 2 else f"{', '.join(names[:-1])} and {names[-1]}"


def count(number: int, one: str, many: str = "") -> str:
    """A number with its noun: `1 agency`, `3 agencies`."""
    return f"{number} {one if number == 1 else many or one + 's'}"
