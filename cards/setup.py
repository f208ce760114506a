"""Setting up a channel, and telling people who they are to the bot."""

from __future__ import annotations

from collections.abc import Sequence

from board.records import Agency, Forum, Member
from cards import elements as e
from cards import words
from cards.elements import JSON
from cards.verbs import Verb

LIST_LIMIT = 40
"""Agencies to choose from at once; any other is typed."""

PRIVATE = "This chat is between you and me: what concerns a person is said here, never in a channel."

NEXT = (
    "Next: type *setup* to me in a private chat: it goes through the agencies, the members and the board's day. "
    "Rows typed into the lists *Agencies*, *Members* and *Forums* count as well, within a minute."
)


def bound(forum: Forum, chair: Member, agencies: Sequence[Agency], *, moved: bool) -> JSON:
    """The channel is bound. Asks a chair without an agency for theirs."""
    said = f"This channel is now where {words.tame(forum.name)} is told of referrals."
    if moved:
        said += " The channel used before no longer is."
    body = [e.heading("Set up"), e.text(said)]
    if chair.agency:
        body += [e.text(f"You are a chair, from the agency {words.tame(chair.agency)}."), e.text(NEXT)]
        return e.card(body, speak=said)
    return agency_form(agencies, said=said)


def agency_form(agencies: Sequence[Agency], *, said: str) -> JSON:
    """Ask the first chair for their agency: one that is there, or a new one."""
    body = [e.heading("Set up"), e.text(said)]
    body.append(e.text("You are a chair. Which agency are you from?"))
    if agencies:
        choices = [(e.named(agency.name) or e.named(agency.code), agency.code) for agency in agencies[:LIST_LIMIT]]
        body.append(e.titled_choices("agency", choices, required=True))
        body.append(e.quiet("Or type *setup agency CODE*."))
    else:
        body += [
            e.line_input("agency", required=True, limit=10, hint="A short code, such as POL"),
            e.line_input("agency_name", required=True, hint="Its name in full"),
            e.quiet("Or type *setup agency CODE Name of the agency*."),
        ]
    save = e.submits("Save", Verb.SETUP_AGENCY, in_dialog=False)
    return e.card(body, speak=f"{said} Which agency are you from?", actions=[save])


def done(agency: Agency) -> JSON:
    """The chair's agency is known; what comes next."""
    said = f"You are a chair, from {words.tame(agency.name)}."
    body = [e.heading("Set up"), e.text(said), e.text(NEXT)]
    if agency.isa_signed_on is None:
        body.append(
            e.warning(
                "No signed information sharing agreement is recorded for it, so it sees no case details yet: "
                "fill in the date in the list Agencies."
            )
        )
    return e.card(body, speak=said)


def welcome(*, channel: bool, known: bool = True) -> JSON:
    """The first thing people see after the app is added. `known`: whether they are a member of the board."""
    if channel:
        said = "A chair can now type *setup* and the code that provisioning printed, after mentioning me here."
    elif known:
        said = "Type *home* to see what is yours to do, and *help* to see what I can do for you."
    else:
        said = "I do not know you as a member of this board yet. Type *join* to ask to be added."
    body = [
        e.heading("Hello"),
        e.text("I keep the board's referrals, answers and actions in SharePoint, and show them here."),
        *([] if channel else [e.text(PRIVATE)]),
        e.text(said),
        e.notice(words.NOT_MONITORED),
    ]
    return e.card(body, speak=f"Hello from the MHRMB bot. {said}")


def whoami(member: Member, agency: Agency | None, *, isa_current: bool) -> JSON:
    """What the lists say about the person who asks. Their own name is theirs to see, in private."""
    roles = ", ".join(sorted(member.roles)) or "none"
    shares = "current" if isa_current else "not current, so no case details are shown"
    rows = [("Roles", roles), ("Sharing agreement", shares)]
    named = agency.name if agency else "none that is open"
    body = [e.heading("You"), e.plain("Name", member.name), e.plain("Agency", named), e.facts(rows)]
    return e.card(body, speak=f"Your roles: {roles}.")
