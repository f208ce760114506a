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
        "Status": "Planned, or held.",
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
"""Descriptions by list and column."""

NOT_ON_FORMS = frozenset(
    {"Title", "Key", "WriteMark", "AssignedSync", "StepKey", "OwnerUserId", "ReferrerUserId", "MemberUserId"}
)
"""Columns that no form shows. They are not hidden as columns: SharePoint would leave them out of its answers."""

NOT_TO_BE_TYPED = frozenset({"Reference", "Open", "ChangedBy", "ChangeReason", "ClosedOn"})
"""Columns that are shown with a row, and left out where one is made or edited. Not read-only: a read-only column passes
over what the bot writes."""

_TYPED = frozenset({("Agencies", "Open"), ("Forums", "Open"), ("Members", "Open")})
"""No status says whether these are open, so people do."""


def description(list_name: str, column: str) -> str:
    """What a column says of itself."""
    return OWN[list_name].get(column) or EVERY_LIST[column]


def off_forms(list_name: str, column: str) -> tuple[str, ...]:
    """The forms that leave a column out, as SharePoint's attributes name them."""
    if column in NOT_ON_FORMS:
        return ("ShowInNewForm", "ShowInEditForm", "ShowInDisplayForm")
    if column in NOT_TO_BE_TYPED and (list_name, column) not in _TYPED:
        return ("ShowInNewForm", "ShowInEditForm")
    return ()
