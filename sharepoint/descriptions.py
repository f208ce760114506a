"""What each column says of itself under its name in SharePoint's forms, and which columns the forms leave out.

Short, and for whoever types a row into a list: what to write, or that the bot writes it.
"""

from __future__ import annotations

_BY_THE_BOT = "The bot sets this."

EVERY_LIST = {
    "Reference": "The row's own number, such as R-14. The bot sets it.",
    "Key": _BY_THE_BOT,
    "Open": "Follows the status. The bot sets it.",
    "Status": "Where it stands.",
    "ChangedBy": "Who made the last change through the bot.",
    "ChangeReason": "Why the last change was made.",
    "WriteMark": _BY_THE_BOT,
    "Chain": "Shows whether the row was changed behind the bot's back. The bot sets it.",
}
"""Descriptions of the columns that every list has; a list may say it better."""

OWN = {
    "Referrals": {
        "Agency": "The code of the agency that refers, as in the list Agencies.",
        "Concern": "What the referral is about.",
        "Urgency": "How soon the partners are needed. None of these replaces 999.",
        "ReceivedOn": "When it came in.",
        "Forum": "The code of the forum that hears it.",
        "Asked": "Codes of the agencies asked, with a semicolon between them.",
        "WhyNow": "What has changed. No names: they belong in Subjects.",
        "AskedFor": "What is asked of which agency.",
        "Indicators": "One on each line.",
        "HowKnown": "How the referrer knows this.",
        "UrgencyReason": "Why it is this urgent.",
        "PoliceInvolvement": "Why police are involved, if they are.",
        "MentalHealthAct": "The person's status under the Act, if it is known.",
        "SharingBasis": "The lawful reason for sharing this.",
        "PersonAware": "Whether the person knows of the referral, or why not.",
        "CrimeReference": "The crime or incident number, if there is one.",
        "ManagerSignOff": "The line manager who agreed.",
        "Contact": "How to reach the referrer.",
        "ReferrerUserId": _BY_THE_BOT,
        "ReferrerName": "Who refers.",
        "Restricted": "Others then learn only that it is there, and whom to ask.",
        "RestrictedWhy": "Why others may not see it.",
        "HolderUserId": _BY_THE_BOT,
        "HolderName": "Who answers requests to be admitted.",
        "Admitted": _BY_THE_BOT,
        "Gate": "MAPPA first, then PDP, then the subgroup.",
        "MappaStatus": "Category and level, if MAPPA manages the person.",
        "PdpStatus": "Whether the person is a potentially dangerous person.",
        "Definitions": "Which definitions were shown when it was triaged.",
        "Rationale": "Why the last step was taken. No names: they belong in Subjects.",
        "TriagedOn": "When it was triaged.",
        "TriagedBy": "Who triaged it.",
        "RedirectedTo": "The code or name of the forum it went to.",
        "RedirectedOn": "When it went there.",
        "ReceiptOn": "When that forum said that it has it. Until then it stays open.",
        "ReceiptBy": "Who there said so.",
        "DeclineReason": "Why it was declined.",
        "RepeatOf": "The earlier referral of the same person, if there is one.",
        "ListedFor": "The meeting that hears it, such as S-31.",
        "ListOrder": "Its place on that meeting's list.",
        "ListMinutes": "How long it has there.",
        "OnHold": "Not to be listed for now.",
        "NextReviewOn": "When the case is looked at again.",
        "Outcomes": "One on each line.",
        "ClosedOn": "The bot sets this when it is closed.",
        "ReviewOn": "When somebody decides whether to keep this record. Nothing goes by itself.",
        "Retention": "What was decided about keeping it.",
        "RetentionWhy": "Why. No names: they belong in Subjects.",
        "RetentionBy": "Who decided.",
        "RetentionByUserId": _BY_THE_BOT,
        "RetentionOn": "When.",
        "DisposalBy": "The second person, who confirmed it.",
        "DisposalByUserId": _BY_THE_BOT,
        "DisposalOn": "When.",
        "DisposalLeft": "What is still there, and what stands in the way.",
        "StepKey": _BY_THE_BOT,
    },
    "Subjects": {
        "Reference": "The referral this person is named in, such as R-14.",
        "PersonRole": "Who they are to the referral.",
        "PersonName": "The person's name. Write names nowhere else.",
        "Aliases": "Other names they use.",
        "DateOfBirth": "Day, month and year.",
        "NhsNumber": "Ten digits.",
        "PncId": "From the Police National Computer.",
        "OtherIds": "Numbers by which agencies know them.",
        "AddressArea": "The area, not the address.",
        "Whereabouts": "Where they are now, if it is known.",
        "Relationship": "For anybody but the person referred: what they are to that person.",
    },
    "Returns": {
        "Reference": "The referral this answers, such as R-14.",
        "Agency": "The code of the agency that answers.",
        "Answer": "Whether the agency knows the person.",
        "Information": "What the agency shares. It stays the controller of it.",
        "MemberUserId": _BY_THE_BOT,
        "MemberName": "Who answered.",
        "AnsweredOn": "When.",
    },
    "Disclosures": {
        "Reference": "The referral that was looked at.",
        "MemberUserId": _BY_THE_BOT,
        "MemberName": "Who looked.",
        "Agency": "The code of their agency.",
        "Reason": "The reason they gave.",
        "Outcome": "Shown, or why it was refused.",
        "LookedOn": "When.",
    },
    "Agencies": {
        "Agency": "A short code, such as POL. Other lists refer to it, so do not change it.",
        "AgencyName": "The agency's full name.",
        "Kind": "What kind of agency it is.",
        "IsaSignedOn": "Without a date here the agency sees no case detail.",
        "IsaLapsesOn": "From this day the agency sees no case detail. Leave it empty if it does not lapse.",
        "Spoc": "Who takes the board's questions for this agency.",
        "Open": "Whether the agency still takes part.",
    },
    "Forums": {
        "Forum": "A short code. Other lists refer to it, so do not change it.",
        "ForumName": "The forum's name.",
        "Kind": "Board, subgroup or another meeting.",
        "Agencies": "Codes of its agencies, with a semicolon between them. Empty means all.",
        "Contact": "Whom to ask about it.",
        "Anchor": "One of its meeting days; the others follow from it.",
        "MeetsAt": "When it starts, such as 10:00.",
        "Link": "The joining link.",
        "Weeks": "Weeks from one meeting to the next. Empty: six for a board, one for a subgroup.",
    },
    "Members": {
        "UserId": "Their object id in Entra. Without it the bot does not know them.",
        "MemberName": "Their name.",
        "Agency": "The code of their agency, as in the list Agencies.",
        "Roles": "Their roles, with a semicolon between them, such as Chair; Representative.",
        "Email": "Their address at work.",
        "Open": "Whether they still take part.",
    },
    "Actions": {
        "What": "What is to be done. No names of people at risk.",
        "Why": "What it is for.",
        "OwnerUserId": _BY_THE_BOT,
        "OwnerName": "Who is to do it. Choose them under Assigned to.",
        "Agency": "The code of the owner's agency.",
        "DueDate": "The day by which it is to be done.",
        "Priority": "Only an immediate risk is sent out at any hour.",
        "Source": "The reference of the case or board it came from.",
        "Programme": "The programme it belongs to, if any.",
        "Forum": "The code of the forum that agreed it.",
        "Note": "The latest word on it.",
        "AskedDue": "The new day the owner has asked for.",
        "AgreedOn": "When it was agreed.",
        "ClosedOn": "The bot sets this when it is closed.",
        "AssignedToId": "Who is to do it. They must be in the list Members.",
        "AssignedSync": _BY_THE_BOT,
        "StepKey": _BY_THE_BOT,
    },
    "Meetings": {
        "Forum": "The code of the forum that meets.",
        "HeldOn": "The day it meets.",
        "Status": "Planned, in progress, held or cancelled.",
        "Kind": "A board or a subgroup.",
        "Why": "Why it was moved or cancelled, in words that everybody on the site may read.",
    },
    "Requests": {
        "Reference": "The restricted referral, such as R-14.",
        "Status": "Asked, admitted or declined.",
        "MemberUserId": _BY_THE_BOT,
        "MemberName": "Who asked.",
        "Agency": "The code of their agency.",
        "Reason": "Why they asked.",
        "AskedOn": "When.",
        "AnsweredBy": "Who answered.",
        "AnsweredOn": "When that was.",
    },
    "Attendance": {
        "Reference": "The meeting, such as S-31.",
        "Status": "Present, deputy, apologies or absent.",
        "Agency": "The code of the agency.",
        "InformationSent": "Whether an agency that is not there has sent its information.",
        "MemberUserId": _BY_THE_BOT,
        "MemberName": "Who came for the agency.",
        "ConfidentialOn": "When they accepted the confidentiality statement.",
    },
    "Hearings": {
        "Reference": "The referral that was heard, such as R-14.",
        "Meeting": "The meeting, such as S-31.",
        "Decision": "What was decided.",
        "Information": "What was shared at the meeting.",
        "Rationale": "Why it was decided.",
        "Dissent": "What was said against it.",
        "DissentBy": "Codes of the agencies that dissented.",
        "Outcomes": "One on each line.",
        "NextReviewOn": "When the case is looked at again.",
        "HeardOn": "When it was heard.",
        "RecordedBy": "Who recorded it.",
        "StepKey": _BY_THE_BOT,
    },
    "Plans": {
        "Reference": "The plan and its version, such as P-14.2.",
        "Status": "A draft, for sign-off, agreed, expired or ended.",
        "Case": "The referral it is for, such as R-14.",
        "PlanVersion": "Which version this is.",
        "Scenarios": "What may happen, to whom, where, when, how and why: one on each line.",
        "Triggers": "What shows that it is happening: one on each line.",
        "FirstActions": "The agency's code, a colon, and what it does first: one on each line.",
        "Contingencies": "What is done if that does not work.",
        "VictimSafety": "How those at risk are kept safe.",
        "Signatories": "Codes of the agencies that sign off, with a semicolon between them.",
        "Changes": "What this version changed.",
        "AgreedOn": "When it was agreed.",
        "ExpiresOn": "From this day it no longer holds.",
        "ReviewOn": "When it is looked at again.",
        "OwnerName": "Who keeps it up to date.",
        "StepKey": _BY_THE_BOT,
    },
    "SignOffs": {
        "Reference": "The plan and its version, such as P-14.2.",
        "Agency": "The code of the agency.",
        "MemberUserId": _BY_THE_BOT,
        "MemberName": "Who answered for it.",
        "Answer": "Signed off, or not.",
        "RefusesCare": "A plan may not direct that care be refused.",
        "Why": "Why it was not signed off.",
        "SignedOn": "When.",
    },
    "TriggerReports": {
        "Reference": "The plan and its version, such as P-14.2.",
        "Case": "The referral it is for, such as R-14.",
        "Agency": "The code of the agency that reports.",
        "MemberUserId": _BY_THE_BOT,
        "MemberName": "Who reports.",
        "Trigger": "Which trigger.",
        "Note": "What happened.",
        "ReportedOn": "When.",
    },
    "AgendaItems": {
        "Status": "A draft, or submitted.",
        "Forum": "The code of the forum.",
        "Meeting": "The board it is for, such as B-7.",
        "Kind": "What kind of item it is.",
        "About": "What it is about. Nothing about a person.",
        "Words": "What is said. Nothing about a person.",
        "Figures": _BY_THE_BOT,
        "OwnerUserId": _BY_THE_BOT,
        "OwnerName": "Who brings it.",
        "Minutes": "How long it takes.",
        "ChairsOnly": "Whether only the chairs see it.",
        "SubmittedOn": "From then on it is not changed.",
    },
    "Definitions": {
        "Term": "The word, such as serious harm.",
        "Wording": "A new wording is a new row with the next number.",
        "Words": "What it means.",
        "Source": "Where that comes from.",
        "FromOn": "From when it holds.",
    },
    "Risks": {
        "Status": "Where it stands.",
        "Category": "What kind of gap it is.",
        "Cause": "What brings it about. Nothing about a person.",
        "Event": "What may happen.",
        "Impact": "What that would mean.",
        "Agency": "The code of the agency that owns it.",
        "Forum": "The code of the forum that raised it.",
        "RaisedOn": "When it was raised.",
    },
    "Lessons": {
        "Status": "Where it stands.",
        "What": "What happened, without anything about a person.",
        "Changes": "What is done otherwise from now on.",
        "Audience": "Who should know.",
        "Forum": "The code of the forum that learned it.",
        "RaisedOn": "When.",
    },
    "Posts": {
        "Kind": "What kind of notice it is.",
        "Audience": "Whom it is for: a channel or a member.",
        "Conversation": _BY_THE_BOT,
        "ActivityId": _BY_THE_BOT,
        "Shown": _BY_THE_BOT,
        "Attempts": "How often it was tried.",
        "UnknownOutcomes": "How often Teams did not say whether it arrived.",
        "NextAttempt": "When it is tried next.",
        "SentOn": "When it arrived.",
        "Failure": "Why it did not arrive.",
    },
    "Conversations": {
        "Audience": "Whom it reaches: a channel or a member.",
        "Scope": "Channel or personal.",
        "Stored": _BY_THE_BOT,
        "TenantId": _BY_THE_BOT,
    },
    "Events": {
        "Kind": "What kind of record it is.",
        "Holder": "Which process holds it.",
        "Until": "Until when.",
        "Value": _BY_THE_BOT,
    },
    "Settings": {"Name": "Which setting it is.", "Value": _BY_THE_BOT, "Tries": _BY_THE_BOT},
}
"""Descriptions by list and column; a library's columns are those of every list."""

NOT_ON_FORMS = frozenset(
    {
        *("Title", "Key", "WriteMark", "AssignedSync", "StepKey", "OwnerUserId", "ReferrerUserId", "MemberUserId"),
        *("HolderUserId", "Admitted", "Figures", "Chain"),
        *("HolderUserId", "Admitted", "Figures", "RetentionByUserId", "DisposalByUserId"),
    }
)
"""Columns that no form shows. They are not hidden as columns: SharePoint would leave them out of its answers."""

NOT_TO_BE_TYPED = frozenset(
    {"Reference", "Open", "ChangedBy", "ChangeReason", "ClosedOn", "DisposalBy", "DisposalOn", "DisposalLeft"}
)
"""Columns that are shown with a row, and left out where one is made or edited. Not read-only: a read-only column passes
over what the bot writes."""

_TYPED = frozenset({("Agencies", "Open"), ("Forums", "Open"), ("Members", "Open")})
"""No status says whether these are open, so people do."""


def description(list_name: str, column: str) -> str:
    """What a column says of itself."""
    return OWN.get(list_name, {}).get(column) or EVERY_LIST[column]


def off_forms(list_name: str, column: str) -> tuple[str, ...]:
    """The forms that leave a column out, as SharePoint's attributes name them."""
    if column in NOT_ON_FORMS:
        return ("ShowInNewForm", "ShowInEditForm", "ShowInDisplayForm")
    if column in NOT_TO_BE_TYPED and (list_name, column) not in _TYPED:
        return ("ShowInNewForm", "ShowInEditForm")
    return ()
