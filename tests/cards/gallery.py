"""Every card our functions make, from one set of records, so that each test sees them all."""

from __future__ import annotations

import inspect
from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, timedelta
from typing import Any

from board.actions import BY_OWNER, Action, Broken, Priority
from board.agenda import ItemStatus, starts
from board.agenda import Move as ItemMove
from board.agenda import agenda as agenda_of
from board.agreements import Due, coming, dues, parties
from board.agreements import What as Falls
from board.boards import Board
from board.briefing import Brief
from board.case_steps import CaseStep
from board.cycle import Awaited
from board.disclosing import Search, looked
from board.disputes import Dispute
from board.engagement import Engagement as Tallies
from board.engagement import Part as Engaging
from board.engagement import Span, Tally, Why
from board.entitlement import Sight
from board.escalation import Answer as Answered
from board.escalation import Climb, Rung
from board.focus import Turn as FocusTurn
from board.hearing import as_values
from board.history import LOOKED, Change, Entry
from board.history import page as history_page
from board.home import OFFERED, Before, Changed
from board.learning import Digest
from board.listing import week_list
from board.measures import awaited
from board.months import Month
from board.notices import ReferralFace, face
from board.pack import Escalated
from board.path import Waiting
from board.patterns import Pattern, Patterns, Unusual
from board.planning import SECTIONS, Move
from board.programmes import Programme
from board.publishing import Shown, publish
from board.raising import Raised
from board.reaching import Unreached
from board.rearranging import Change as Rearrange
from board.records import (
    Agency,
    AgendaItem,
    Agreement,
    Attendance,
    Definition,
    Forum,
    Hearing,
    Lesson,
    Meeting,
    Member,
    Plan,
    Referral,
    Request,
    Return,
    Risk,
    Subject,
    TriggerReport,
)
from board.reporting import Engaged, Figures, Period, exactly, for_the_board
from board.restricting import Pointer
from board.retention import Left, Stage, What
from board.risks import CATEGORIES, RiskStep
from board.searching import BoardPaper
from board.settingup import Progress
from board.signing import Signed
from board.tracker import Asked, Row, Totals, Trend, row, totals, track
from board.vocabulary import (
    REQUEST_REASONS,
    AgreementKind,
    LessonStatus,
    PersonRole,
    PlanStatus,
    RequestStatus,
    Retention,
)
from cards import (
    actions,
    agenda,
    agreements,
    boardroom,
    boards,
    brief,
    bundle,
    case_steps,
    conference,
    disclosures,
    escalation,
    extensions,
    focus,
    founding,
    history,
    lessons,
    listing,
    look,
    measures,
    pack,
    patterns,
    plans,
    pointer,
    programmes,
    raising,
    reaching,
    rearranging,
    refer,
    referral,
    reporting,
    retention,
    risks,
    setup,
    triage,
    words,
)
from cards import board as board_cards
from cards import engagement as engagement_cards
from cards import hearing as hearing_cards
from cards import help as help_cards
from cards import home as home_cards
from cards import meeting as meeting_cards
from cards.elements import JSON
from cards.verbs import Verb
from tests.builders import (
    KEY,
    NOW,
    TODAY,
    create_agency,
    create_figure,
    create_forum,
    create_look,
    create_measure,
    create_member,
    create_partners,
    create_referral,
    create_return,
    create_subject,
)

MODULES = (
    case_steps,
    *(actions, disclosures, hearing_cards, help_cards, listing, look, meeting_cards, plans, pointer, raising, refer),
    *(conference, engagement_cards),
    *(
        agenda,
        agreements,
        boardroom,
        boards,
        focus,
        founding,
        home_cards,
        lessons,
        measures,
        pack,
        programmes,
        reaching,
        rearranging,
    ),
    *(
        board_cards,
        brief,
        bundle,
        escalation,
        extensions,
        history,
        patterns,
        referral,
        reporting,
        risks,
        retention,
        setup,
        triage,
    ),
)
NO_CARDS = {
    agreements.due_line,
    referral.facts,
    patterns.month,
    actions.line_of,
    actions.opens_action,
    actions.member_input,
    case_steps.more_button,
    meeting_cards.agency_input,
}
"""What makes a part of a card."""

LINES = ("name", "contact", "aliases", "nhs_number", "pnc_id", "other_ids", "address_area", "whereabouts")
MORE_LINES = ("crime_reference", "manager_sign_off")
PARAGRAPHS = ("why_now", "asked_for", "how_known", "urgency_reason", "police_involvement")


@dataclass(frozen=True)
class Content:
    """The records that cards are made of, and what somebody typed into a form that came back."""

    referral: Referral
    subjects: tuple[Subject, ...]
    own: Return | None
    agencies: Mapping[str, Agency]
    forum: Forum
    member: Member
    values: Mapping[str, Any]
    said: str = "Not sent yet. Name of the person is needed."

    @property
    def face(self) -> ReferralFace:
        return face(self.referral, [self.own] if self.own else [], self.agencies)


def _pointers(of: Content) -> dict[str, JSON]:
    """The cards of a restricted referral."""
    reference, names = of.referral.reference, tuple(agency.name for agency in of.agencies.values())
    seen = Pointer(reference, names, f"Please ask {words.tame(of.member.name)}.")
    asked = Request(
        id=7,
        key=KEY,
        reference=reference,
        member_id=of.member.user_id,
        member_name=of.member.name,
        agency=of.member.agency,
        reason=REQUEST_REASONS[0],
    )
    admitted = replace(asked, status=RequestStatus.ADMITTED)
    return {
        "pointer": pointer.pointer(seen, KEY, in_dialog=True, more=True),
        "pointer.on-a-card": pointer.pointer(seen, KEY, in_dialog=False, said=of.said),
        "said": pointer.said("Restricted", f"{reference} is restricted."),
        "restrict_form": pointer.restrict_form(reference, KEY, in_dialog=True),
        "restrict_form.on-a-card": pointer.restrict_form(reference, KEY, in_dialog=False, said=of.said),
        "request_card": pointer.request_card(asked, names[0] if names else ""),
        "answer_card": pointer.answer_card(admitted),
        "answer_card.declined": pointer.answer_card(replace(asked, status=RequestStatus.DECLINED)),
        "requests_card": pointer.requests_card([(asked, names[0] if names else "")] * 20),
        "requests_card.none": pointer.requests_card([]),
    }


def typical() -> Content:
    """A referral as people write it, with one answer in."""
    told = create_referral()
    third = create_subject(
        id=10,
        role=PersonRole.AT_RISK,
        name="Yan Invented",
        aliases="",
        date_of_birth=None,
        nhs_number="",
        pnc_id="",
        other_ids="",
        whereabouts="Lives with his mother",
    )
    values = {
        "name": "Zed Invented",
        "concern": told.concern,
        "urgency": told.urgency,
        "why_now": told.why_now,
        "indicators": "Threats to kill,Disengagement",
        "date_of_birth": "1990-05-31",
        "how_known": told.how_known,
    }
    return Content(
        referral=told,
        subjects=(create_subject(), third),
        own=create_return(),
        agencies=create_partners(),
        forum=create_forum(),
        member=create_member(),
        values=values,
    )


def empty() -> Content:
    """Rows with nothing in them but their number."""
    return Content(
        referral=Referral(id=14, reference="R-14", agency="", status=""),
        subjects=(),
        own=None,
        agencies={},
        forum=Forum(code="", name=""),
        member=Member(user_id="", name=""),
        values={},
        said="",
    )


def longest(character: str) -> Content:
    """Every text as long as a form or a list takes it, in one character; four people, forty agencies, all awaited."""
    line, paragraph = character * 255, character * 2000
    codes = [f"CODE{number:06}" for number in range(40)]
    texts = dict.fromkeys((*LINES, *MORE_LINES), line) | dict.fromkeys(PARAGRAPHS, paragraph)
    told = create_referral(
        agency=codes[0],
        asked=frozenset(codes),
        referrer_name=line,
        indicators=(line,) * 16,
        concern=line,
        urgency=line,
        mental_health_act=line,
        sharing_basis=line,
        person_aware=line,
        **{each: texts[each] for each in (*PARAGRAPHS, *MORE_LINES, "contact")},
    )
    person = create_subject(**{each: line for each in LINES if each != "contact"})
    extra = {"information": paragraph, "indicators": paragraph, "concern": line, "date_of_birth": line}
    return Content(
        referral=told,
        subjects=(person,) * 6,
        own=create_return(codes[1], information=paragraph, member_name=line),
        agencies={code: create_agency(code, id=number, name=line) for number, code in enumerate(codes, 1)},
        forum=create_forum(name=line),
        member=create_member(name=line, agency=line),
        values={**texts, **extra},
        said=words.not_sent([]) + " Something is wrong with this answer." * 20,
    )


def gallery(of: Content) -> dict[str, JSON]:
    """Each card by name; a name is the function's, with what differs after a dot."""
    told, seen = of.referral, of.face
    agency = next(iter(of.agencies.values()), None)
    agencies = list(of.agencies.values())
    named = agency or create_agency("", name="", isa_signed_on=None)
    chair = replace(of.member, agency="")
    closed = replace(seen, open=False)
    cards: dict[str, JSON] = {
        "help_card.private": help_cards.help_card(private=True),
        "help_card.channel": help_cards.help_card(private=False),
        "invitation.private": refer.invitation(private=True),
        "invitation.channel": refer.invitation(private=False),
        "form": refer.form(KEY, in_dialog=True),
        "form.on-a-card": refer.form(KEY, in_dialog=False),
        "form.back": refer.form(KEY, in_dialog=True, values=of.values, said=of.said),
        "receipt": refer.receipt(seen, in_dialog=True),
        "receipt.on-a-card": refer.receipt(seen, in_dialog=False),
        "receipt_message": refer.receipt_message(seen),
        "person_form": refer.person_form(KEY, told.reference, in_dialog=True),
        "person_form.back": refer.person_form(KEY, told.reference, in_dialog=False, values=of.values, said=of.said),
        "person_kept": refer.person_kept(told.reference, in_dialog=True),
        "more_form": refer.more_form(KEY, told.reference, in_dialog=True),
        "more_form.back": refer.more_form(KEY, told.reference, in_dialog=False, values=of.values, said=of.said),
        "channel_card": referral.channel_card(seen),
        "channel_card.closed": referral.channel_card(closed),
        "channel_card.mine": referral.channel_card(seen, referral.Mine(asked=True)),
        "channel_card.refused": referral.channel_card(seen, referral.Mine(refused=of.said)),
        "channel_card.restricted": referral.channel_card(replace(seen, restricted=True, involved=3)),
        **_pointers(of),
        **_measures(of),
        "referrals_card": referral.referrals_card([seen] * 20, 42),
        "referrals_card.none": referral.referrals_card([], 0),
        "reasons": look.reasons(seen, KEY, in_dialog=True, may_add=True, more=True),
        "reasons.on-a-card": look.reasons(seen, KEY, in_dialog=False, said=of.said),
        "answered": look.answered(seen, repeated=False),
        "answered.again": look.answered(seen, repeated=True),
        "stub": look.stub(told.reference),
        "welcome.channel": setup.welcome(channel=True),
        "welcome.private": setup.welcome(channel=False),
        "bound": setup.bound(of.forum, of.member, agencies, moved=True),
        "bound.no-agency": setup.bound(of.forum, chair, agencies, moved=False),
        "bound.first": setup.bound(of.forum, chair, [], moved=False),
        "agency_form": setup.agency_form(agencies, said="Set up."),
        "done": setup.done(named),
        "done.unsigned": setup.done(replace(named, isa_signed_on=None)),
        "whoami": setup.whoami(of.member, agency, isa_current=True),
        "whoami.nobody": setup.whoami(chair, None, isa_current=False),
    }
    for in_dialog in (True, False):
        where = "" if in_dialog else ".on-a-card"
        cards[f"detail{where}"] = look.detail(
            told,
            of.subjects,
            key=KEY,
            in_dialog=in_dialog,
            may_answer=True,
            agency=named.name,
            own=of.own,
            may_review=True,
            more=True,
        )
        cards[f"answer_again{where}"] = look.answer_again(
            told.reference,
            KEY,
            in_dialog=in_dialog,
            said=of.said or words.NOT_SENT,
            typed=str(of.values.get("information", "")),
        )
    cards |= action_gallery(of) | disclosure_gallery(of) | plan_gallery(of) | retention_gallery(of)
    cards |= meeting_gallery(of) | history_gallery(of) | gate_gallery(of)
    cards |= agreement_gallery(of) | lesson_gallery(of) | engagement_gallery(of)
    cards["detail.no-answer"] = look.detail(told, of.subjects, key=KEY, in_dialog=True, may_answer=False)
    return cards


def disclosure_gallery(of: Content) -> dict[str, JSON]:
    """Who saw what: looks by the member, one refused; a page between two others, and none at all."""
    look = create_look(of.member.agency, member_name=of.member.name, member_id=of.member.user_id)
    refused = replace(look, outcome="refused: not asked", reason="")
    asked = Search(agency=of.member.agency, member=of.member.user_id, first=date(2026, 6, 1), last=date(2026, 6, 30))
    members = {of.member.user_id: of.member}
    found = looked([look, refused] * 20, asked, 1)
    cases = tuple(f"R-{number}" for number in range(1, 31))
    every = [Pattern(kind, "", of.member.name, of.member.agency, 30, cases, True) for kind in Unusual for _ in range(9)]
    month = Month(2026, 9)
    return {
        "patterns_card": patterns.patterns_card(Patterns(month, 400, 60, 9, tuple(every))),
        "patterns_card.none": patterns.patterns_card(Patterns(month, 1, 0, 1)),
        "looked_card": disclosures.looked_card(found, asked, of.member.name, members),
        "looked_card.none": disclosures.looked_card(looked([], Search(case="R-14")), Search(case="R-14"), "", {}),
    }


def _case_steps(of: Content) -> dict[str, JSON]:
    """What else may be done with a referral, and the form of each step; a step's names are those of many members."""
    many = [replace(of.member, user_id=f"member-{n}") for n in range(60)]
    forms = {
        f"case_step_form.{step}": case_steps.case_step_form("R-14", step, KEY, in_dialog=True, members=many)
        for step in CaseStep
        if step is not CaseStep.RESTRICT
    }
    typed = {"rationale": of.referral.why_now, "receipt_by": of.member.name, "holder": of.member.name}
    back = {
        f"case_step_form.{step}.back": case_steps.case_step_form(
            "R-14", step, KEY, in_dialog=False, members=[of.member] * 61, values=typed, said=of.said or "No."
        )
        for step in (CaseStep.WITHDRAW, CaseStep.HOLDER, CaseStep.RECEIPT)
    }
    return {
        "steps_card": case_steps.steps_card("R-14", list(CaseStep), in_dialog=True),
        "steps_card.on-a-card": case_steps.steps_card("R-14", [CaseStep.WITHDRAW], in_dialog=False),
        "steps_card.none": case_steps.steps_card("R-14", [], in_dialog=True),
        "taken_card": case_steps.taken_card("R-14 is withdrawn and closed."),
        **forms,
        **back,
    }


def gate_gallery(of: Content) -> dict[str, JSON]:
    """The gate: what waits, a case at it and past it, and what follows. Wordings are as people typed them."""
    told, codes = of.referral, sorted(of.agencies)
    waits = [replace(told, id=n, reference=f"R-{n}", status="Received") for n in range(1, 30)]
    sent = [
        replace(told, id=n, reference=f"R-{n}", status="Redirected", redirected_on=told.received_on) for n in (40, 41)
    ]
    found = Waiting(tuple(waits), tuple(sent), frozenset({"R-1", "R-40"}))
    beside = [Definition(term="PDP", version=2, words=told.why_now, source=told.how_known)] * 3
    typed = {"rationale": told.why_now, "redirect_to": of.member.name, "gate": "The subgroup", "mappa": "No"}
    given = [create_return(code, information=told.why_now) for code in codes]
    shown = {"forums": codes, "key": KEY}
    return {
        "waiting_card": triage.waiting_card(found),
        "waiting_card.none": triage.waiting_card(Waiting((), (), frozenset())),
        "triage_card": triage.triage_card(told, of.subjects, given, beside, in_dialog=True, at_the_gate=True, **shown),
        "triage_card.on-a-card": triage.triage_card(
            told, of.subjects, [], beside, in_dialog=False, at_the_gate=True, **shown
        ),
        "triage_card.past": triage.triage_card(
            told, of.subjects, [], beside, in_dialog=True, at_the_gate=False, **shown
        ),
        "triage_again": triage.triage_again(
            "R-14", beside, in_dialog=True, values=typed, said=of.said or "No.", **shown
        ),
        "triage_kept": triage.triage_kept(replace(told, reference="R-14", status="Redirected")),
        "repeat_card": triage.repeat_card("R-14", "R-9", "NAME_AND_BIRTH"),
        "repeat_card.else": triage.repeat_card("R-14", "R-9", "else"),
        "state_card": triage.state_card("R-14", "Declined", received_there=False),
        "state_card.on": triage.state_card("R-14", "Listed", received_there=False),
        **_case_steps(of),
        "gate_digest": triage.gate_digest(found),
        "definition_card": triage.definition_card(beside[0]),
    }


def history_gallery(of: Content) -> dict[str, JSON]:
    """A history between two others: made, changed and edited by hand, and a look."""
    told, codes = of.referral, sorted(of.agencies)
    about = codes[0] if codes else ""
    changed = Change("What, to whom, how soon", told.why_now, told.how_known)
    several = [changed, Change("Asked", frozenset(codes), frozenset()), Change("Received", None, told.received_on)] * 9
    every = [
        Entry(told.received_on, "Referrals", "R-14", of.member.name, "referred", tuple(several), made=True),
        Entry(told.received_on, "Subjects", "Subject", of.member.name, "", (changed,), by_hand=True),
        Entry(told.received_on, "Returns", about, of.member.name, "answered", (Change("Open", True, False),)),
        Entry(None, LOOKED, about, of.member.name, "Triage"),
    ]
    return {
        "history_reasons": history.history_reasons("R-14", KEY, in_dialog=True),
        "history_reasons.back": history.history_reasons("R-14", KEY, in_dialog=False, said=of.said or "No."),
        "history_card": history.history_card(
            "R-14", history_page(every * 12, 1), in_dialog=True, reason="Triage", key=KEY, may_bundle=True
        ),
        "history_card.none": history.history_card("A-103", history_page([], 0), in_dialog=False),
        "bundle_form": bundle.bundle_form("R-14", KEY, in_dialog=True),
        "bundle_form.back": bundle.bundle_form("R-14", KEY, in_dialog=False, variant="Neither", said=of.said or "No."),
        "making_card": bundle.making_card("R-14"),
        "making_card.there": bundle.making_card("R-14", here=False),
        "bundle_card": bundle.bundle_card("R-14", _BUNDLE_FILES, steps=48, redacted=False),
        "bundle_card.redacted": bundle.bundle_card("R-14", _BUNDLE_FILES, steps=1, redacted=True),
    }


BOARD_DAY = date(2026, 12, 9)


def _brief(of: Content) -> Brief:
    """A brief of a bad six weeks: forty of everything, by every agency."""
    many = tuple(f"A-{number}" for number in range(40))
    codes = sorted(of.agencies)
    return Brief(
        BOARD_DAY, many, many, many[:3], ("P-14.2",), 40, tuple((code, 9, 40) for code in codes),
        {Rung.CHAIRS: 3, Rung.LEAD: 9}, tuple((code, 12) for code in codes), (("P-14.2", tuple(codes)),), ("R-9",),
        many, many,
    )  # fmt: skip


def _climb(of: Content, rung: Rung) -> Climb:
    """An action that came to a rung, and was answered on each by somebody with as long a name as there is."""
    told = tuple((each, BOARD_DAY) for each in Rung if Rung.OWNER < each <= rung)
    answers = tuple(Answered(each.value, BOARD_DAY, of.member.name, BOARD_DAY) for each, _ in told)
    return Climb(rung, BOARD_DAY, 21, told, answers)


def _boards(of: Content) -> list[Board]:
    """A year of boards, one moved and one cancelled for as long a reason as can be typed."""
    days = [BOARD_DAY + timedelta(weeks=6 * number) for number in range(10)]
    why = of.referral.why_now[:255]
    moved = Meeting(forum="MHRMB", held_on=days[0] + timedelta(days=7), why=why)
    gone = Meeting(forum="MHRMB", held_on=days[1], status="Cancelled", why=why)
    rows = {0: moved, 1: gone}
    return [
        Board("MHRMB", day, (rows[n].held_on if n in rows else None) or day, rows.get(n)) for n, day in enumerate(days)
    ]


_BUNDLE_FILES = [
    (f"R-14 bundle for review.{ending}", f"https://example.sharepoint.com/sites/x/CasePapers/R-14/b.{ending}")
    for ending in ("docx", "json")
]


def meeting_gallery(of: Content) -> dict[str, JSON]:
    """The cards of the subgroup's week, of one full list; what was typed is as long or as empty as the referral."""
    case = replace(of.referral, id=14, reference="R-14", status="Triaged")
    others = [replace(case, id=number, reference=f"R-{number}") for number in range(100, 140)]
    held = [replace(each, on_hold=True, id=each.id + 100, reference=f"R-{each.id + 100}") for each in others]
    meeting = Meeting(id=31, reference="S-31", forum="SUB", held_on=date(2026, 11, 25), kind="Subgroup")
    begun = replace(meeting, status="In progress")
    week, none = week_list([case, *others, *held], meeting), week_list([], begun)
    faces = {each.reference: of.face for each in week.cases}
    awaited = {each.reference: tuple(sorted(of.referral.asked & of.agencies.keys())) for each in week.cases}
    codes = list(of.agencies) or ["POL"]
    attended = {code: Attendance(agency=code, status="Apologies", information_sent=True) for code in codes}
    told = of.referral
    hearing = Hearing(
        reference="R-14",
        meeting="S-31",
        decision="No plan is needed",
        information=told.why_now,
        rationale=told.asked_for,
        dissent=told.how_known,
        dissent_by=frozenset(codes),
        outcomes=("Arrest", "Charge"),
        next_review=date(2026, 12, 9),
        recorded_by=of.member.name,
    )
    returns = [create_return(code, information=told.why_now) for code in codes]
    shown = {"key": KEY, "forum": "SUB"}
    typed = {**as_values(hearing), "redirect_to": of.member.name} | {
        f"action_{part}_{n}": text
        for n in (1, 2, 3)
        for part, text in (("what", told.why_now), ("agency", codes[0]), ("due", "2026-12-04"))
    }
    sheet = {"agencies": codes, **shown}
    form = {"meeting": "S-31", "seen": '"1,2"', **shown}
    now = datetime(2026, 11, 25, 9, 30, tzinfo=UTC)
    counted = Figures(heard=12, concerns={"Fire setting": 9, "Other": 3}, engaged=tuple(Engaged(c) for c in codes))
    spoken = Period(now, now, date(2026, 12, 9))
    report = AgendaItem(forum="SUB", words=told.why_now, owner_name=of.member.name, submitted_on=now)
    report = replace(report, figures="\n".join(f"{label}: {said}" for label, said in for_the_board(counted)))
    results = {"results": of.values.get("why_now", "")}
    supplements = [replace(report, words=told.asked_for)] * 9
    references = [each.reference for each in week.cases]
    return {
        "list_card": listing.list_card(week, faces, awaited, said="R-14 is added.", **shown),
        "list_card.none": listing.list_card(none, {}, {}, warned=of.said, **shown),
        "run_sheet": meeting_cards.run_sheet(
            replace(week, meeting=begun),
            faces,
            awaited,
            attended,
            [hearing] * 40,
            accepted=True,
            in_dialog=True,
            **sheet,
        ),
        "run_sheet.not-begun": meeting_cards.run_sheet(
            week, faces, awaited, {}, [], accepted=False, in_dialog=True, warned=of.said, **sheet
        ),
        "run_sheet.on-a-card": meeting_cards.run_sheet(
            none, {}, {}, attended, [hearing], accepted=True, in_dialog=False, said="Kept.", **sheet
        ),
        "attendance_form": meeting_cards.attendance_form(of.agencies, {}, meeting="S-31", in_dialog=True, **shown),
        "attendance_form.back": meeting_cards.attendance_form(
            of.agencies, attended, meeting="S-31", in_dialog=False, said=of.said, values=typed, **shown
        ),
        "closed_card": meeting_cards.closed_card("S-31", 3, references, "Wednesday 2 December 2026"),
        "late_card": meeting_cards.late_card("S-31", "Wednesday 25 November 2026", ["R-14"] * 41),
        "late_line": meeting_cards.late_line("S-31", "Wednesday 25 November 2026", awaited),
        "case_card": hearing_cards.case_card(
            told, of.subjects, returns, of.agencies, values=typed, in_dialog=True, **form
        ),
        "case_card.on-a-card": hearing_cards.case_card(
            told, of.subjects, [], of.agencies, values={}, in_dialog=False, **form
        ),
        "form_again": hearing_cards.form_again("R-14", of.agencies, values=typed, said=of.said or "No.", **form),
        "form_again.beside": hearing_cards.form_again(
            "R-14", of.agencies, values=typed, said=hearing_cards.MEANWHILE, theirs=hearing, **form
        ),
        "kept_card": hearing_cards.kept_card("R-14", "No plan is needed", 2, meeting="S-31", **shown),
        "figures_card": reporting.figures_card(exactly(counted), spoken, may_submit=True, **shown),
        "figures_card.back": reporting.figures_card(
            exactly(counted), replace(spoken, board=None), may_submit=True, values=results, said=of.said, **shown
        ),
        "submitted_card": reporting.submitted_card(
            report, supplements, may_submit=True, values=results, warned=of.said, **shown
        ),
        "submitted_card.read": reporting.submitted_card(report, [], may_submit=False, **shown),
    }


def retention_gallery(of: Content) -> dict[str, JSON]:
    """A record at each stage, a page between two others, and how a disposal ends."""
    told, day = of.referral, date(2026, 11, 26)
    decided = replace(
        told,
        open=False,
        closed_on=told.received_on,
        review_on=day,
        retention=Retention.DISPOSE,
        retention_why=told.why_now,
        retention_by=of.member.name,
        retention_on=told.received_on,
        disposal_by=of.member.name,
        disposal_left=told.how_known,
    )
    typed = {"retention_why": told.why_now, "keep_until": told.contact}
    left = retention.left_lines([Left(what, "Referrals", 7, 403) for what in What])
    return {
        "due_card": retention.due_card([decided] * 13, [Stage.DUE] * 13, 1, day, day),
        "due_card.none": retention.due_card([], [], 0, day, day),
        **{
            f"record_card.{at.name}": retention.record_card(decided, at, KEY, in_dialog=True, second=True)
            for at in Stage
        },
        "record_card.back": retention.record_card(told, Stage.DUE, KEY, in_dialog=False, values=typed, said=of.said),
        "kept_so": retention.kept_so("R-14", retention.CONFIRMED.format(reference="R-14")),
        "ended_card": retention.ended_card("R-14", ""),
        "ended_card.in-part": retention.ended_card("R-14", left),
        "monthly_card": retention.monthly_card(12, 3, day),
    }


def action_gallery(of: Content) -> dict[str, JSON]:
    """The cards of actions; an action's words are those of the referral, which are as long or as empty."""
    action = Action(
        id=103,
        reference="A-103",
        what=of.referral.why_now,
        why=of.referral.asked_for,
        note=of.referral.how_known,
        owner_name=of.member.name,
        agency=of.referral.agency,
        due=date(2026, 11, 27),
        asked_due=date(2026, 12, 11),
        priority=Priority.IMMEDIATE,
        source="B-7",
    )
    names, today = of.agencies, date(2026, 12, 1)
    rows = [row(action, Sight.FULL, today)] * 40
    counted = totals([action] * 40, today)
    found = track([action] * 40, Asked(), viewer="", sees=lambda _a: Sight.FULL, names=names, today=today, page=1)
    none = track([], Asked(), viewer="", sees=lambda _a: Sight.FULL, names=names, today=today)
    members = [replace(of.member, user_id=f"{number:036}") for number in range(40)]
    shown = {"amount": Sight.FULL, "today": today, "key": KEY, "names": names}
    offered = list(BY_OWNER)
    typed = {"what": of.referral.why_now, "why": of.referral.asked_for, "due": "2026-12-31", "source": "B-7"}
    missed = [date(2026, 11, day) for day in range(23, 28)]
    board = {"meets_at": of.member.name[:40], "link": "https://example.com/board"}
    return {
        "action_card": actions.action_card(action, offered, in_dialog=True, **shown),
        "action_card.on-a-card": actions.action_card(action, offered, in_dialog=False, warned=of.said, **shown),
        "action_card.outline": actions.action_card(action, (), in_dialog=True, **{**shown, "amount": Sight.OUTLINE}),
        "action_card.climbed": actions.action_card(
            replace(action, evidence=of.referral.why_now[:255], transfers=of.referral.asked_for, snoozed_until=today),
            offered,
            in_dialog=True,
            more=True,
            at=_climb(of, Rung.SENIOR),
            paper="https://example.sharepoint.com/CasePapers/A-103/A-103%20senior%20partnership%20board.docx",
            **shown,
        ),
        "change_form": rearranging.change_form(action, list(Rearrange), members, KEY, in_dialog=True),
        "change_form.none": rearranging.change_form(action, [], [], KEY, in_dialog=False),
        "change_form.back": rearranging.change_form(
            action,
            list(Rearrange),
            members * 2,
            KEY,
            in_dialog=False,
            values={"note": of.referral.why_now, "owner": of.member.name, "new_due": "2026-12-31"},
            said=of.said,
        ),
        "programmes_card": programmes.programmes_card(
            [Programme(of.referral.why_now[:120] or "-", n, n + 5, n % 3) for n in range(40)], channel=True
        ),
        "programmes_card.none": programmes.programmes_card([], channel=False),
        "channel_action": actions.channel_action(action, amount=Sight.FULL, today=today, names=names),
        "channel_action.mine": actions.channel_action(
            action, amount=Sight.OUTLINE, today=today, names=names, mine=list(BY_OWNER)
        ),
        "add_invitation": actions.add_invitation(),
        "add_form": actions.add_form(KEY, members, in_dialog=True),
        "add_form.of-a-message": actions.add_form(
            KEY,
            members,
            in_dialog=True,
            values=typed,
            said=of.said,
            message="https://x.example/" + "y" * 500,
            found=of.said,
        ),
        "add_form.back": actions.add_form(KEY, members * 2, in_dialog=False, values=typed, said=of.said),
        "tracker_card": actions.tracker_card(
            found, Trend(today, 3, 4), of.member.name[:80], channel=False, exports=True
        ),
        "tracker_card.none": actions.tracker_card(none, None, "", channel=True),
        "board_calendar": board_cards.board_calendar(
            _boards(of),
            meets_at="10:00",
            link="https://example.com/b",
            may_change=True,
            arranges=True,
            calendar="https://example.com/sites/mhrmb/BoardPapers/board%201.ics",
        ),
        "change_board_form": board_cards.change_board_form(_boards(of), in_dialog=True),
        "change_board_form.none": board_cards.change_board_form([], in_dialog=True),
        "change_board_form.back": board_cards.change_board_form(
            _boards(of), in_dialog=False, values={"why": of.referral.why_now, "board": of.member.name}, said=of.said
        ),
        "board_calendar.none": board_cards.board_calendar([], meets_at="", link="", may_change=False),
        "changed_card": board_cards.changed_card(
            today, BOARD_DAY, why=of.referral.why_now, cancelled=False, meets_at="10:00"
        ),
        "changed_card.cancelled": board_cards.changed_card(today, None, why="", cancelled=True, meets_at="soon"),
        "calendar_kept": board_cards.calendar_kept(today, BOARD_DAY, cancelled=False),
        "escalation_card": escalation.escalation_card(rows[0], _climb(of, Rung.MEMBER), may_answer=True),
        "escalation_card.outline": escalation.escalation_card(
            replace(rows[0], what="", due=None), _climb(of, Rung.CHAIRS), may_answer=False
        ),
        "answered_card": escalation.answered_card("A-103", today),
        "escalations_card": escalation.escalations_card(
            [(each, _climb(of, Rung.LEAD)) for each in rows] * 5, _ended(of)
        ),
        "escalations_card.none": escalation.escalations_card([]),
        "escalations_card.over": escalation.escalations_card([], _ended(of)),
        "brief_card": brief.brief_card(_brief(of)),
        "brief_card.filed": brief.brief_card(
            _brief(of), "https://example.com/sites/mhrmb/CasePapers/B-7/B-7%20brief.docx"
        ),
        "brief_card.quiet": brief.brief_card(Brief(BOARD_DAY)),
        "export_card": actions.export_card("tracker 2026-11-27.xlsx", "https://example.sharepoint.com/t.xlsx", 48, 3),
        "export_card.none": actions.export_card("tracker 2026-11-27.xlsx", "", 0, 0),
        "mine_card": actions.mine_card(rows, counted, private=True),
        "mine_card.none": actions.mine_card([], totals([], today), private=False),
        "digest_card": actions.digest_card(rows, counted, day=today, missed=missed),
        "my_digest_card": actions.my_digest_card(rows, counted, day=today, missed=missed),
        "report_card": actions.report_card("A-103", of.member.name, list(Broken)),
        "report_card.deleted": actions.report_card("A-103", "", ()),
        "immediate_card": actions.immediate_card("A-103"),
        **{
            f"board_card.{name}": actions.board_card(
                name, today, counted, agenda=list(words.STANDING.values()), **board
            )
            for name in ("disseminate", "eve", "day")
        },
        **_board_cycle(of, rows, counted, today),
        **_risks(of, today),
        "boards_card": boards.boards_card(_forums(of), "F3"),
        "boards_card.one": boards.boards_card([of.forum], of.forum.code),
        "boards_card.none": boards.boards_card([], ""),
        **_finds(of),
        **_home(of, rows, counted),
    }


def _founding(of: Content) -> dict[str, JSON]:
    """Setting a board up, step by step."""
    agencies = list(of.agencies.values())
    asking = {f"{number:036}": of.member.name for number in range(70)}
    forum = replace(of.forum, anchor=BOARD_DAY, meets_at="10:00", link="https://example.com/b")
    whole = Progress(True, tuple(agencies), (of.member,) * 3, forum, asking)
    bare = Progress(False, (), (), Forum(code="MHRMB", name="MHRMB"), {})
    form: Any = {"agencies": agencies, "asking": asking, "forum": forum, "values": of.values, "said": of.said}
    return {
        "progress_card": founding.progress_card(whole, TODAY, said="AMB is added."),
        "progress_card.bare": founding.progress_card(bare, TODAY),
        **{f"step_form.{each}": founding.step_form(each, KEY, in_dialog=True, **form) for each in founding.Step},
        "step_form.nobody": founding.step_form(founding.Step.MEMBER, KEY, in_dialog=True),
        "step_form.on-a-card": founding.step_form(founding.Step.BOARD, KEY, in_dialog=False),
        "join_card": founding.join_card(again=False, whom="Please ask Ann Invented."),
        "join_card.again": founding.join_card(again=True, whom=""),
    }


def _reaching(of: Content) -> dict[str, JSON]:
    """Whom the bot cannot write to."""
    some = [Unreached(of.member, 3, has_chat=False), Unreached(of.member, 1, has_chat=True)]
    return {
        "unreached_notice": reaching.unreached_notice(some * 20),
        "unreached_card": reaching.unreached_card(some * 20, 41),
        "unreached_card.none": reaching.unreached_card([], 41),
        "instead_card": reaching.instead_card("A-103", of.member.name),
    }


def _home(of: Content, rows: list[Row], counted: Totals) -> dict[str, JSON]:
    """What one person finds when they come in: everything at once, and nothing at all."""
    names = [of.referral.reference] * 40
    full = home_cards.Home(
        rows=rows,
        totals=counted,
        awaited=names,
        agency=next(iter(of.agencies.values()), create_agency("", name="-")).name,
        board=Board("MHRMB", BOARD_DAY, BOARD_DAY),
        before=Before(BOARD_DAY, report=True, overdue=40),
        meets_at="10:00",
        link="https://example.com/board",
        changed=Changed(NOW, given=tuple(names), asked=tuple(names), papers=("Pack of B-7",) * 20),
        commands=[word for _, word in OFFERED],
    )
    empty = replace(full, rows=(), totals=totals([], BOARD_DAY), awaited=(), board=None, changed=Changed(NOW), link="x")
    return {
        "home_card": home_cards.home_card(full, said=of.said),
        "home_card.empty": home_cards.home_card(empty),
        "home_card.first": home_cards.home_card(replace(full, changed=None, agency="", board_shown=False)),
        **_reaching(of),
        **_founding(of),
        "welcome.stranger": setup.welcome(channel=False, known=False),
    }


def _finds(of: Content) -> dict[str, JSON]:
    """What a search puts into a message."""
    told = of.referral
    risk = Risk(
        id=12, cause=told.why_now, event=told.asked_for, impact=told.how_known, agency=told.agency, status=told.urgency
    )
    paper = BoardPaper(
        "Pack of B-7", "B-7", NOW, "https://example.sharepoint.com/sites/x/BoardPapers/B-7/B-7%20pack.docx"
    )
    return {
        "risk_found": extensions.risk_found(risk, of.agencies, hidden=False),
        "risk_found.hidden": extensions.risk_found(risk, of.agencies, hidden=True),
        "paper_found": extensions.paper_found(paper),
    }


def _ended(of: Content) -> list[Escalated]:
    return [
        Escalated(f"A-{n}", of.referral.agency, rung, BOARD_DAY) for n in range(15) for rung in (Rung.LEAD, Rung.CHAIRS)
    ]


def _board_cycle(of: Content, rows: list[Row], counted: Totals, today: date) -> dict[str, JSON]:
    """What is told and asked before and after a board, its agenda and whom it looks at."""
    link, typed = "https://example.sharepoint.com/p.docx", of.referral.why_now
    name = next(iter(of.agencies.values()), create_agency("", name="")).name
    item = AgendaItem(
        id=5,
        reference="I-5",
        forum="MHRMB",
        kind="Agenda item",
        about=typed[:255],
        words=of.referral.asked_for,
        blockers=of.referral.how_known,
        enablers=of.referral.urgency_reason,
        status=ItemStatus.ACCEPTED,
        meeting="B-7",
        owner_name=of.member.name,
        agency=next(iter(of.agencies), ""),
        minutes=10,
        chairs_only=True,
        why=typed[:255],
    )
    parts = agenda_of(create_forum(), [replace(item, id=n, reference=f"I-{n}") for n in range(1, 20)], "B-7")
    shown = agenda.Agenda(
        today, "B-7", parts, starts(parts, "10:00"), {"tracker": "3 open"}, [item] * 30, focus=name, link=link
    )
    turns = [FocusTurn(board, next(iter(of.agencies), "POL"), today, typed) for board in _boards(of)]
    answers = {"title": typed, "words": typed, "demands": typed, "blockers": typed, "enablers": typed}
    return {
        "call_card": board_cards.call_card(today, meets_at="10:00", focus=name),
        "returns_card": board_cards.returns_card(today, Awaited(name, (name,) * 20), items=3),
        "returns_card.none": board_cards.returns_card(today, Awaited(), items=0),
        "report_asked_card": board_cards.report_asked_card(today, name),
        "pack_card": board_cards.pack_card(today, address=link, supplement=False),
        "pack_card.supplement": board_cards.pack_card(today, address=link, supplement=True),
        "agency_card": board_cards.agency_card(today, name, "MHT", rows, counted),
        "decisions_card": board_cards.decisions_card(today, decisions=4, rows=rows, address=link),
        "not_held_card": board_cards.not_held_card(today),
        "agenda_card": agenda.agenda_card(shown, private=True, arranges=True),
        "agenda_card.channel": agenda.agenda_card(shown, private=False, arranges=False),
        "offer_form": agenda.offer_form(KEY, in_dialog=True),
        "offer_form.back": agenda.offer_form(KEY, in_dialog=False, values=answers, said=of.said),
        "item_card": agenda.item_card(item, list(ItemMove), KEY, in_dialog=True, said=of.said),
        "item_card.on-a-card": agenda.item_card(item, [], KEY, in_dialog=False, warned=of.said),
        "offered_card": agenda.offered_card("I-5"),
        "rotation_card": focus.rotation_card(turns, of.agencies, private=True, arranges=True),
        "rotation_card.none": focus.rotation_card([], of.agencies, private=False, arranges=False),
        "focus_form": focus.focus_form(name, today, KEY, in_dialog=True, before=item, said="Kept. Thank you."),
        "focus_form.back": focus.focus_form(name, today, KEY, in_dialog=False, values=answers, warned=of.said),
        "paper_card": focus.paper_card(item, name, said=of.said),
        "asked_card": focus.asked_card(name, today),
        **_board_meeting(of, item, today),
    }


def _board_meeting(of: Content, item: AgendaItem, today: date) -> dict[str, JSON]:
    """A board that is run: its sheet, what is recorded of an item, and its minutes."""
    codes, typed = list(of.agencies) or ["POL"], of.referral.why_now
    parts = agenda_of(create_forum(), [replace(item, id=n, reference=f"I-{n}") for n in range(1, 20)], "B-7")
    decided = [replace(item, id=n, kind="Decision", about="tracker") for n in range(30, 60)]
    action = Action(what=typed, agency=codes[0], owner_name=of.member.name, due=date(2027, 1, 20), source="B-7")
    agreed = [replace(action, id=n, reference=f"A-{n}" if n % 2 else "") for n in range(30)]
    there = {code: Attendance(agency=code, status="Present") for code in codes}
    empty_sheet = boardroom.Sheet(today, "", (), ())
    sheet = boardroom.Sheet(today, "B-7", parts, starts(parts, "10:00"), there, codes, decided, agreed, codes[0])
    row = Meeting(id=7, reference="B-7", forum="MHRMB", held_on=today, status="Held", minutes="Draft")
    row = replace(row, recording="https://x.example.org/v", recording_for=typed[:255], recording_until=today)
    minutes = boardroom.Minutes(row, decided, agreed, decided, "https://example.sharepoint.com/m.docx")
    shown = {"private": True, "corrects": True, "approves": True}
    recording = {"recording": row.recording, "recording_for": typed, "recording_until": "2027-03-31"}
    values = {"about": "tracker", "decision": typed, "correction": typed} | {
        f"action_{part}_{n}": text
        for n in (1, 2, 3)
        for part, text in (("what", typed), ("agency", codes[0]), ("due", "2026-12-04"))
    }
    return {
        "sheet_card": boardroom.sheet_card(sheet, KEY, accepted=True, begun=True, in_dialog=False, said="Kept."),
        "sheet_card.statement": boardroom.sheet_card(empty_sheet, KEY, accepted=False, begun=False, in_dialog=False),
        "sheet_card.another": boardroom.sheet_card(sheet, KEY, accepted=False, begun=True, in_dialog=True),
        "record_form": boardroom.record_form(sheet, KEY, codes=codes, in_dialog=True),
        "record_form.back": boardroom.record_form(
            sheet, KEY, codes=codes * 20, in_dialog=False, values=values, said=of.said
        ),
        "board_closed_card": boardroom.board_closed_card(sheet, date(2027, 1, 20)),
        "board_closed_card.last": boardroom.board_closed_card(empty_sheet, None),
        "minutes_card": boardroom.minutes_card(minutes, KEY, **shown, arranges=True, said=of.said),
        "minutes_card.channel": boardroom.minutes_card(minutes, KEY, **{**shown, "private": False}),
        "minutes_card.approved": boardroom.minutes_card(
            boardroom.Minutes(replace(row, minutes="Approved", minutes_by=of.member.name)), KEY, **shown
        ),
        "correction_form": boardroom.correction_form("B-7", KEY, in_dialog=True),
        "correction_form.back": boardroom.correction_form("B-7", KEY, in_dialog=False, values=values, said=of.said),
        "no_minutes": boardroom.no_minutes(),
        "recording_form": boardroom.recording_form("B-7", in_dialog=False, values=recording),
        "recording_form.back": boardroom.recording_form("B-7", in_dialog=True, values=recording, said=of.said or "No."),
        "issue_card": pack.issue_card(today, Awaited(codes[0], tuple(codes) * 20)),
        "issue_card.whole": pack.issue_card(today, Awaited()),
        "awaited_card": pack.awaited_card(today, today, Awaited(codes[0], tuple(codes) * 20), arranges=True),
        "awaited_card.nothing": pack.awaited_card(today, today, Awaited(), arranges=False),
        "draft_card": pack.draft_card(today, minutes.address),
        "issued_card": pack.issued_card(today, "B-7", NOW, minutes.address, minutes.address),
        "issued_card.alone": pack.issued_card(today, "", None, minutes.address, ""),
        "attendance_form.board": meeting_cards.attendance_form(
            dict(of.agencies),
            there,
            meeting="B-7",
            key=KEY,
            forum="MHRMB",
            in_dialog=False,
            verb=Verb.BOARD_ATTENDANCE_SUBMIT,
        ),
    }


_PLAN_FILE = "https://example.sharepoint.com/sites/mhrmb/CasePapers/R-14/P-14.2%20plan.docx"


def plan_gallery(of: Content) -> dict[str, JSON]:
    """The cards of plans, and of what is raised; their words are those of the referral, as long or as empty."""
    plan = Plan(
        id=14,
        case="R-14",
        version=2,
        status=PlanStatus.SIGN_OFF,
        scenarios=of.referral.why_now,
        triggers=of.referral.asked_for,
        first_actions=of.referral.how_known,
        contingencies=of.referral.urgency_reason,
        victim_safety=of.referral.police_involvement,
        changes=of.referral.why_now,
        signatories=frozenset(of.agencies),
        expires_on=date(2027, 2, 14),
        review_on=date(2026, 12, 14),
    )
    signed = Signed(stopped_by=frozenset(of.agencies), awaited=tuple(of.agencies))
    every, codes = [Move.SIGN, Move.CHANGE, Move.REPORT, Move.END], sorted(of.agencies)
    name = next(iter(of.agencies.values()), create_agency("", name="")).name
    typed = dict.fromkeys((*SECTIONS, "note", "why", "changes", "scenario", "trigger"), of.referral.why_now)
    reported = TriggerReport(
        case="R-14",
        agency=codes[0] if codes else "",
        member_id="",
        member_name=of.member.name,
        trigger=of.referral.how_known,
        note=of.referral.why_now,
        reported_on=of.referral.received_on,
    )
    raised = {field: of.referral.why_now for fields in raising.FIELDS.values() for field in fields}
    shown = {"key": KEY, "look": KEY}
    cards = {
        "plan_reasons": plans.plan_reasons("P-14.2", "R-14", KEY, in_dialog=True, urgent=True),
        "plan_reasons.on-a-card": plans.plan_reasons("R-14", "R-14", KEY, in_dialog=False, said=of.said),
        "none_yet": plans.none_yet("R-14", KEY, may_begin=True, in_dialog=True),
        "none_yet.on-a-card": plans.none_yet("R-14", KEY, may_begin=False, in_dialog=False),
        "plan_card": plans.plan_card(plan, every, signed, in_dialog=True, reports=[reported] * 4, **shown),
        "plan_card.filed": plans.plan_card(
            replace(plan, status=PlanStatus.AGREED),
            [Move.CHANGE, Move.REVIEW, Move.REPORT, Move.END],
            Signed(signed=frozenset(of.agencies)),
            in_dialog=True,
            filed=_PLAN_FILE,
            **shown,
        ),
        "plan_card.on-a-card": plans.plan_card(
            plan, [Move.CHANGE], Signed(), in_dialog=False, said=of.said, may_begin=True, **shown
        ),
        "plans_card": plans.plans_card([plan] * 40),
        "plans_card.none": plans.plans_card([]),
        "alert_card": plans.alert_card("P-14.2", "R-14", name, "22 November 2026, 03:00", "7"),
        "alert_channel": plans.alert_channel("P-14", codes),
        **{f"told_card.{what}": plans.told_card(what, "P-14.2", "R-14") for what in plans.SAID},
        "unsigned_card": plans.unsigned_card([("P-14.2", "R-14")]),
        "unsigned_card.several": plans.unsigned_card([(f"P-{n}.1", f"R-{n}") for n in range(14, 18)]),
        "unsigned_card.many": plans.unsigned_card([(f"P-{n}.1", f"R-{n}") for n in range(1, 90)]),
        "raised_card": raising.raised_card(Raised.RISK, "K-12"),
    }
    for move in Move:
        cards[f"move_form.{move.name}"] = plans.move_form(
            plan, move, in_dialog=True, whole=True, agencies=codes, **shown
        )
    back = plans.move_form(plan, Move.CONTRIBUTE, in_dialog=False, whole=False, values=typed, said=of.said, **shown)
    for what in Raised:
        cards[f"raise_form.{what}"] = raising.raise_form(what, KEY, case="R-14", in_dialog=True)
        cards[f"raise_form.{what}-back"] = raising.raise_form(
            what, KEY, case="", in_dialog=False, values=raised, said=of.said
        )
    return {**cards, "move_form.back": back}


def agreement_gallery(of: Content) -> dict[str, JSON]:
    """What binds the partners, with forty signatories in the longest case, and what is told of it."""
    name, agencies, day = of.member.name, list(of.agencies.values()), date(2026, 6, 15)
    forum = replace(of.forum, agencies=frozenset())
    kept = [
        agreements.Kept(each, parties(each, agencies, forum, day))
        for number, kind in enumerate(AgreementKind, start=1)
        for each in [_agreement(number, kind, name, agencies)]
    ]
    due = coming(dues([each.agreement for each in kept], agencies, forum, day), day)
    codes = tuple(agency.code for agency in agencies)
    new = Due(Falls.ASKED, day, "G-3", name, 2, codes)
    lapse = Due(Falls.LAPSE, day, "G-3", name, 2, codes, shares=True)
    choices = [(f"{words.tame(agency.name)[:60]} ({agency.code})", agency.code) for agency in agencies]
    shown = {"may_keep": True, "in_dialog": True}
    return {
        "agreements_card": agreements.agreements_card(kept * 6, due, day, may_keep=True),
        "agreements_card.none": agreements.agreements_card([], [], day, may_keep=True),
        "agreements_card.own": agreements.agreements_card(kept, [], day, may_keep=False),
        "agreement_card": agreements.agreement_card(kept[1], choices, **shown, said="Recorded."),
        "agreement_card.wrong": agreements.agreement_card(kept[0], choices, **shown, warned=of.said),
        "agreement_card.read": agreements.agreement_card(kept[2], choices, may_keep=False, in_dialog=False),
        "agreement_form": agreements.agreement_form(KEY, in_dialog=True, values=of.values, said=of.said),
        "agreement_form.version": agreements.agreement_form(KEY, in_dialog=False, of=kept[0].agreement),
        "agreements_due_card": agreements.agreements_due_card([*due, new, lapse] * 9, day),
        "access_card": agreements.access_card(agencies[0].name if agencies else "", sees=False, until=day),
        "access_card.again": agreements.access_card(agencies[0].name if agencies else "", sees=True, until=None),
    }


def engagement_gallery(of: Content) -> dict[str, JSON]:
    """How agencies take part: forty of them, hundreds of records behind a figure, eight disputes as long as can be."""
    span, codes = Span(date(2026, 1, 1), date(2026, 6, 15)), list(of.agencies)
    typed = str(of.values.get("why_now", ""))
    came, answered, done = list(Why)[:6], list(Why)[6:11], list(Why)[11:]
    tallies = {
        part: Tally(part, {why: (f"S-{number}",) * (number * 9) for number, why in enumerate(whys, start=1)})
        for part, whys in zip(Engaging, (came, answered, done, came), strict=True)
    }
    named = Tallies(codes[0] if codes else "", *(tallies[part] for part in Engaging))
    empty_ = Tallies("", *(Tally(part) for part in Engaging))
    disputes = [Dispute(named.agency, part, span, typed, of.member.name, NOW) for part in Engaging for _ in range(9)]
    name = of.agencies[codes[0]].name if codes else ""
    seen = engagement_cards.Seen(name, named, disputes)
    every = [engagement_cards.Seen(of.agencies[code].name, replace(named, agency=code), disputes) for code in codes]
    shown = {"key": KEY, "in_dialog": True}
    attendance = {code: Attendance(agency=code, status="Present") for code in codes}
    forums = [("MAPPA", "MAPPA"), ("MARAC", "MARAC")]
    return {
        "engagements_card": engagement_cards.engagements_card(every, span),
        "engagement_card": engagement_cards.engagement_card(seen, span, may_dispute=True, **shown, said="Kept."),
        "engagement_card.back": engagement_cards.engagement_card(
            seen, span, key=KEY, in_dialog=False, may_dispute=True, values={"dispute": typed}, warned=of.said
        ),
        "engagement_card.none": engagement_cards.engagement_card(
            engagement_cards.Seen("", empty_, shares=False), span, may_dispute=False, **shown
        ),
        "conference_form": conference.conference_form(forums, of.agencies, KEY, in_dialog=False),
        "conference_form.back": conference.conference_form(
            forums, of.agencies, KEY, in_dialog=True, values=of.values, said=of.said
        ),
        "conference_form.none": conference.conference_form([], of.agencies, KEY, in_dialog=True),
        "conference_card": conference.conference_card("C-7", of.forum.name, span.last, attendance),
        "conference_card.cancelled": conference.conference_card("C-7", "MAPPA", span.last, {}, cancelled=True),
    }


def lesson_gallery(of: Content) -> dict[str, JSON]:
    """What was learned: waiting, told, withdrawn; with somebody's words as long as a form takes them."""
    typed = str(of.values.get("why_now", ""))
    waiting = Lesson(id=3, what=typed, changes=typed, audience=typed, raised_on=NOW)
    told = replace(waiting, id=4, status=LessonStatus.DISSEMINATED, disseminated_on=NOW, disseminated_by=of.member.name)
    back = replace(told, id=5, status=LessonStatus.WITHDRAWN, open=False, withdrawn_on=NOW, withdrawn_why=typed[:255])
    month = Month(2026, 6)
    shown = {"may_decide": True, "in_dialog": True}
    return {
        "lessons_card": lessons.lessons_card([told, waiting] * 15, said="", waiting=15, channel=False),
        "lessons_card.channel": lessons.lessons_card([told] * 3, said="beds", waiting=0, channel=True),
        "lessons_card.none": lessons.lessons_card([], said="", waiting=0, channel=True),
        "lessons_card.not-found": lessons.lessons_card([], said="beds", waiting=0, channel=False),
        "lesson_card": lessons.lesson_card(waiting, **shown),
        "lesson_card.wrong": lessons.lesson_card(waiting, **shown, warned=of.said),
        "lesson_card.told": lessons.lesson_card(told, may_decide=True, in_dialog=False, said="Told."),
        "lesson_card.withdrawn": lessons.lesson_card(back, may_decide=True, in_dialog=False),
        "lesson_card.read": lessons.lesson_card(told, may_decide=False, in_dialog=True),
        "lessons_digest": lessons.lessons_digest(Digest(month, [told], [], [])),
        "lessons_digest.many": lessons.lessons_digest(Digest(month, [told] * 30, [back] * 12, ["L-8", "L-9"])),
    }


def _agreement(number: int, kind: str, title: str, agencies: list[Agency]) -> Agreement:
    """A version signed by every other agency, due for a review in six weeks."""
    return Agreement(
        id=number,
        kind=kind,
        title=title,
        version=2,
        signatures="\n".join(f"{agency.code} 2026-01-05 until 2026-08-01" for agency in agencies[::2]),
        review_on=date(2026, 7, 31),
        expires_on=date(2027, 1, 5),
        link="https://example.com/agreement",
    )


def _forums(of: Content) -> list[Forum]:
    return [replace(of.forum, code=f"F{n}") for n in range(12)]


def _risks(of: Content, today: date) -> dict[str, JSON]:
    """The register, empty, full and in a channel; one risk, its review and its reminder."""
    one = Risk(
        id=12,
        reference="K-12",
        category=CATEGORIES[0],
        cause=of.referral.why_now,
        event=of.referral.asked_for,
        impact=of.referral.how_known,
        agency=of.referral.agency,
        status="On the register",
        likelihood_before=5,
        impact_before=4,
        controls=of.referral.why_now,
        likelihood_after=3,
        impact_after=4,
        last_score=16,
        rationale=of.referral.why_now,
        review_on=today,
    )
    many = [
        replace(one, id=n, reference=f"K-{n}", likelihood_after=n % 6, impact_after=n // 6 % 6, last_score=n % 20)
        for n in range(1, 60)
    ]
    linked = [
        Action(id=n, reference=f"A-{n}", what="", status=of.referral.concern, due=today)  # type: ignore[arg-type]
        for n in range(1, 30)
    ]
    marks = {"likelihood_before": "5", "impact_before": "4", "likelihood_after": "9", "impact_after": "x"}
    typed = {**marks, "controls": of.referral.why_now, "risk_why": of.referral.why_now, "review_on": "soon"}
    plain = Risk(id=1, reference="K-1", status="Raised")
    steps = list(RiskStep)
    return {
        "risks_card": risks.risks_card(many, asked=f"of {of.forum.name}", channel=False),
        "risks_card.channel": risks.risks_card(many, asked="", channel=True),
        "risks_card.none": risks.risks_card([], asked="", channel=True),
        "risks_card.unrated": risks.risks_card([plain], asked="", channel=False),
        "risk_card": risks.risk_card(
            one, steps[:3], linked, KEY, agency=of.forum.name, in_dialog=True, said="Kept.", why=of.referral.why_now
        ),
        "risk_card.closed": risks.risk_card(plain, steps[3:], [], KEY, agency="", in_dialog=False),
        "risk_card.nothing": risks.risk_card(plain, [], [], KEY, agency="", in_dialog=False),
        "review_form": risks.review_form(one, of.agencies, KEY, in_dialog=True),
        "review_form.back": risks.review_form(plain, of.agencies, KEY, in_dialog=False, values=typed, said=of.said),
        "reminder_card": risks.reminder_card(many),
        "reminder_card.one": risks.reminder_card([plain]),
    }


def _measures(of: Content) -> dict[str, JSON]:
    """The measures: as many as a board may have, reported by every agency, with all that can be said of a month."""
    said, codes, until = of.referral.how_known, sorted(of.agencies), Month(2026, 5)
    defined = [
        create_measure(
            f"measure-{n}",
            id=n,
            name=of.forum.name[:255],
            agency="; ".join(codes),
            kind=("Count", "Share", "Average", "Amount")[n % 4],
            unit=of.forum.name[:255],
            numerator=said[:255],
            denominator=said[:255],
            source=said,
        )
        for n in range(1, 31)
    ]
    figures = [
        create_figure(str(month), 7 * n % 50, 60, id=n, measure=measure.code, agency=code, status="Provisional")
        for n, (measure, code, month) in enumerate(
            (measure, code, month) for measure in defined[:28] for code in codes for month in until.back(24)
        )
        if n % 7
    ]
    by_code = {each.code.strip().casefold(): codes for each in defined}
    missing = awaited(defined, figures, of.agencies, of.forum, until)
    board = Shown(defined, publish(defined, figures, by_code), until, missing)
    first = defined[0]
    choices = [(each, code) for each in defined for code in codes]
    chosen = (first.code, codes[0] if codes else "", "2026-04")
    kept = create_figure("2026-05", 3, agency=codes[0] if codes else "POL", note=said, revisions=1, status="Final")
    form = measures.Report(choices, missing, chosen, kept, {"note": said, "numerator": said})
    return {
        "measures_card": measures.measures_card(board, private=True, reports=True),
        "measures_card.channel": measures.measures_card(board, private=False, reports=False),
        "missing_card": measures.missing_card(board, private=True, reports=True),
        "measure_card": measures.measure_card(board, first, owner=said, suppliers=codes, private=True),
        "measure_card.line": measures.measure_card(board, defined[1], owner="", suppliers=[], private=False),
        "owed_card": measures.owed_card(date(2026, 6, 10), missing),
        "with_owed": measures.with_owed(board_cards.report_asked_card(date(2026, 6, 10), of.forum.name), missing),
        "measure_form": measures.measure_form(form, KEY, in_dialog=True, warned=of.said),
        "measure_form.on-a-card": measures.measure_form(measures.Report(choices), KEY, in_dialog=False),
        "reported_card": measures.reported_card(first, kept, None, missing=missing, in_dialog=True),
        "reported_card.again": measures.reported_card(
            first, kept, replace(kept, numerator=None), missing=[], in_dialog=False
        ),
    }


def card_functions() -> set[str]:
    """The names of the public functions that make a whole card."""
    made: set[str] = set()
    for module in MODULES:
        for name, function in inspect.getmembers(module, inspect.isfunction):
            own = function.__module__ == module.__name__ and not name.startswith("_")
            if own and function.__annotations__.get("return") == "JSON" and function not in NO_CARDS:
                assert name not in made, f"two cards are called {name}, and one would hide the other here"
                made.add(name)
    return made


def walk(node: Any, visit: Callable[[dict[str, Any]], None]) -> None:
    """Show `visit` every object of a card, from the outside in."""
    if isinstance(node, dict):
        visit(node)
        for each in node.values():
            walk(each, visit)
    elif isinstance(node, list):
        for each in node:
            walk(each, visit)


def objects(card: JSON) -> list[dict[str, Any]]:
    """Every object of a card."""
    found: list[dict[str, Any]] = []
    walk(card, found.append)
    return found
