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
from board.boards import Board
from board.briefing import Brief
from board.cycle import Awaited
from board.disclosing import Search, looked
from board.entitlement import Sight
from board.escalation import Answer as Answered
from board.escalation import Climb, Rung
from board.focus import Turn as FocusTurn
from board.hearing import as_values
from board.history import LOOKED, Change, Entry
from board.history import page as history_page
from board.listing import week_list
from board.months import Month
from board.notices import ReferralFace, face
from board.path import Waiting
from board.patterns import Pattern, Patterns, Unusual
from board.planning import SECTIONS, Move
from board.programmes import Programme
from board.raising import Raised
from board.rearranging import Change as Rearrange
from board.records import (
    Agency,
    AgendaItem,
    Attendance,
    Definition,
    Forum,
    Hearing,
    Meeting,
    Member,
    Plan,
    Referral,
    Request,
    Return,
    Subject,
    TriggerReport,
)
from board.reporting import Engaged, Figures, Period, exactly, for_the_board
from board.restricting import Pointer
from board.retention import Left, Stage, What
from board.signing import Signed
from board.tracker import Asked, Row, Totals, Trend, row, totals, track
from board.vocabulary import REQUEST_REASONS, PersonRole, PlanStatus, RequestStatus, Retention
from cards import (
    actions,
    agenda,
    boardroom,
    brief,
    bundle,
    disclosures,
    escalation,
    focus,
    history,
    listing,
    look,
    pack,
    patterns,
    plans,
    pointer,
    programmes,
    raising,
    rearranging,
    refer,
    referral,
    reporting,
    retention,
    setup,
    triage,
    words,
)
from cards import board as board_cards
from cards import hearing as hearing_cards
from cards import help as help_cards
from cards import meeting as meeting_cards
from cards.elements import JSON
from cards.verbs import Verb
from tests.builders import (
    KEY,
    NOW,
    create_agency,
    create_forum,
    create_look,
    create_member,
    create_partners,
    create_referral,
    create_return,
    create_subject,
)

MODULES = (
    *(actions, disclosures, hearing_cards, help_cards, listing, look, meeting_cards, plans, pointer, raising, refer),
    *(agenda, boardroom, focus, pack, programmes, rearranging),
    *(board_cards, brief, bundle, escalation, history, patterns, referral, reporting, retention, setup, triage),
)
NO_CARDS = {referral.facts, patterns.month, actions.line_of, actions.owner_input, meeting_cards.agency_input}
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
        "pointer": pointer.pointer(seen, KEY, in_dialog=True),
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
        "channel_card.restricted": referral.channel_card(replace(seen, restricted=True, involved=3)),
        **_pointers(of),
        "referrals_card": referral.referrals_card([seen] * 20, 42),
        "referrals_card.none": referral.referrals_card([], 0),
        "reasons": look.reasons(seen, KEY, in_dialog=True, may_add=True),
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
        "add_invitation": actions.add_invitation(),
        "add_form": actions.add_form(KEY, members, in_dialog=True),
        "add_form.back": actions.add_form(KEY, members * 2, in_dialog=False, values=typed, said=of.said),
        "tracker_card": actions.tracker_card(found, Trend(today, 3, 4), of.member.name[:80], channel=False),
        "tracker_card.none": actions.tracker_card(none, None, "", channel=True),
        "board_calendar": board_cards.board_calendar(
            _boards(of), meets_at="10:00", link="https://example.com/b", may_change=True
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
        "escalations_card": escalation.escalations_card([(each, _climb(of, Rung.LEAD)) for each in rows] * 5),
        "escalations_card.none": escalation.escalations_card([]),
        "brief_card": brief.brief_card(_brief(of)),
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
    }


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
        "minutes_card": boardroom.minutes_card(minutes, KEY, **shown, said=of.said),
        "minutes_card.channel": boardroom.minutes_card(minutes, KEY, **{**shown, "private": False}),
        "minutes_card.approved": boardroom.minutes_card(
            boardroom.Minutes(replace(row, minutes="Approved", minutes_by=of.member.name)), KEY, **shown
        ),
        "correction_form": boardroom.correction_form("B-7", KEY, in_dialog=True),
        "correction_form.back": boardroom.correction_form("B-7", KEY, in_dialog=False, values=values, said=of.said),
        "no_minutes": boardroom.no_minutes(),
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
