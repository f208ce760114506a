"""`make pictures`: the cards of a fictional referral, drawn by Microsoft's renderer into docs/pictures."""

from __future__ import annotations

import sys
import tempfile
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any

from board.actions import CLOSED, Action, ActionStatus, steps
from board.entitlement import Sight
from board.measures import SEEDED, awaited, last_month, suppliers
from board.notices import face
from board.publishing import Shown, publish
from board.records import Agency, Forum, Member, Referral, Return, Subject
from board.referring import asked_agencies
from board.tracker import Asked, Trend, row, totals, track
from board.vocabulary import Answer, PersonRole, Role
from bot.demo_data import CASES, PARTNERS, PEOPLE, STATES, TASKS
from bot.demo_measures import figures
from cards import actions, look, measures, refer, referral, setup
from cards import help as help_cards
from tests.browser.renderer import render

PICTURES = Path(__file__).resolve().parents[2] / "docs" / "pictures"
KEY = "0" * 32
CASE = CASES[1]
"""The fictional relative, threatened just before a discharge."""

AGENCIES = {code: Agency(code=code, name=name, kind=kind) for code, name, kind in PARTNERS}
FORUM = Forum(code="MHRMB", name="MHRMB")
TODAY = date(2026, 11, 20)
RECEIVED = datetime(2026, 11, 20, 9, 5, tzinfo=UTC)

REFERRAL = Referral(
    id=14,
    reference="R-14",
    agency="MHT",
    referrer_name=CASE.by,
    concern="Threats to kill or seriously harm",
    urgency=CASE.urgency,
    why_now=CASE.why,
    asked_for=CASE.ask,
    indicators=("Threats to kill", "Discharge imminent"),
    mental_health_act="s2",
    forum="MHRMB",
    asked=asked_agencies(FORUM, AGENCIES.values(), "MHT", under_18=False),
    received_on=RECEIVED,
)
SUBJECT = Subject(
    reference="R-14",
    role=PersonRole.SUBJECT,
    name=CASE.name,
    date_of_birth=CASE.born,
    nhs_number="9434765919",
    address_area="Nowhere-on-Sea",
    whereabouts="Ward 0, Nowhere General Hospital",
)
RETURNS = [Return(id=i, agency=code, answer=answer) for i, (code, answer) in enumerate(CASE.answers, start=1)]
FACE = face(REFERRAL, RETURNS, AGENCIES)


def cards() -> list[dict[str, Any]]:
    """Every picture: its name, the card and how it is framed."""
    name, agency, roles = PEOPLE[5]
    member = Member(user_id="0", name=name, agency=agency, roles=frozenset(roles))
    others = [face(Referral(**_again(i, case)), (), AGENCIES) for i, case in enumerate(CASES, start=10)]
    detail = look.detail(
        REFERRAL,
        [SUBJECT],
        key=KEY,
        in_dialog=True,
        may_answer=True,
        agency="Fictonshire Police",
        own=Return(agency="POL", answer=Answer.NOT_KNOWN, answered_on=RECEIVED),
    )
    return [
        _message("channel-card", referral.channel_card(FACE)),
        _dialog("referral-form", refer.form(KEY, in_dialog=True), "Referral"),
        _dialog("referral-more", refer.more_form(KEY, "R-14", in_dialog=True), "Referral"),
        _dialog("receipt", refer.receipt(FACE, in_dialog=True), "Referral"),
        _dialog("why", look.reasons(FACE, KEY, in_dialog=True), "Who this is"),
        _dialog("who", detail, "Who this is"),
        _dialog("thanks", look.answered(FACE, repeated=False), "Who this is"),
        _message("referrals", referral.referrals_card([FACE, *others], 6)),
        _message("help", help_cards.help_card(private=False)),
        _message("invitation", refer.invitation(private=True)),
        _message("set-up", setup.bound(FORUM, Member(user_id="0", name=name), list(AGENCIES.values()), moved=False)),
        _message("whoami", setup.whoami(member, AGENCIES[agency], isa_current=True)),
        _message("stub", look.stub("R-14")),
        *_actions(),
        *_measures(),
    ]


def _measures() -> list[dict[str, Any]]:
    """The fictional board's measures at a glance, and one over thirteen months as a client without charts draws it."""
    every = [replace(each, id=n, place=n) for n, each in enumerate(SEEDED, start=1)]
    reported = list(figures(every, AGENCIES, TODAY))
    who = {each.code: suppliers(each, AGENCIES) for each in every}
    missing = awaited(every, reported, AGENCIES, FORUM, last_month(TODAY))
    shown = Shown(every, publish(every, reported, who), last_month(TODAY), missing)
    names = [AGENCIES[code].name for code in who["s136"]]
    return [
        _message("measures", measures.measures_card(shown, private=False, reports=False)),
        _message("measure", measures.measure_card(shown, every[0], owner=names[0], suppliers=names, private=False)),
    ]


def _actions() -> list[dict[str, Any]]:
    """The tracker, an action and the digests, over the first of the fictional tasks."""
    made = [_action(number) for number in range(18)]
    open_now = [action for action in made if action.open]
    found = track(open_now, Asked(), viewer="", sees=lambda _action: Sight.FULL, names=AGENCIES, today=TODAY, page=0)
    rows = [row(action, Sight.FULL, TODAY) for action in open_now]
    late = sorted(rows, key=lambda each: -each.late)
    own = [action for action in open_now if action.agency == "MHT"]
    own_rows = [row(action, Sight.FULL, TODAY) for action in own]
    chair = Member(user_id="0", name="Avery Example", agency="POL", roles=frozenset({Role.CHAIR}))
    owner = Member(user_id="1", name="Parker Sample", agency="MHT", roles=frozenset({Role.REPRESENTATIVE}))
    mine = open_now[0]
    claimed = replace(mine, status=ActionStatus.DONE, note="Published, and sent to every partner.")
    common = {"amount": Sight.FULL, "today": TODAY, "key": KEY, "names": AGENCIES, "in_dialog": True}
    counted = totals(open_now, TODAY)
    eve = actions.board_card("eve", date(2026, 12, 2), counted, meets_at="10:00", link="https://example.com/board")
    return [
        _message("tracker", actions.tracker_card(found, Trend(date(2026, 10, 21), 9, 6), "", channel=False)),
        _dialog("action", actions.action_card(mine, steps(mine, owner), **common), "Action"),
        _dialog("action-verify", actions.action_card(claimed, steps(claimed, chair), **common), "Action"),
        _dialog("action-form", actions.add_form(KEY, [owner, chair], in_dialog=True), "Action"),
        _message("digest", actions.digest_card(late[:8], counted, day=TODAY, missed=[date(2026, 11, 19)])),
        _message("my-digest", actions.my_digest_card(own_rows, totals(own, TODAY), day=TODAY, missed=[])),
        _message("board-eve", eve),
    ]


def _action(number: int) -> Action:
    agency, owner, what = TASKS[number % len(TASKS)]
    status = STATES[number % len(STATES)]
    return Action(
        id=100 + number,
        reference=f"A-{100 + number}",
        what=what,
        owner_id="1",
        owner_name=owner,
        agency=agency,
        due=TODAY + timedelta(days=number * 5 % 23 - 9),
        source="B-7",
        forum="MHRMB",
        status=status,
        open=status not in CLOSED,
        agreed_on=RECEIVED - timedelta(days=30 + number),
    )


def _again(number: int, case: Any) -> dict[str, Any]:
    from board.vocabulary import CONCERNS  # noqa: PLC0415

    agency = next(code for name, code, _ in PEOPLE if name == case.by)
    return {
        "id": number,
        "reference": f"R-{number - 4}",
        "agency": agency,
        "concern": CONCERNS[case.concern],
        "urgency": case.urgency,
        "asked": frozenset(AGENCIES) - {agency},
        "received_on": RECEIVED,
    }


def _message(name: str, card: dict[str, Any]) -> dict[str, Any]:
    return {"name": name, "card": card, "frame": "message", "theme": "light", "width": 680}


def _dialog(name: str, card: dict[str, Any], title: str) -> dict[str, Any]:
    return {"name": name, "card": card, "frame": "dialog", "title": title, "theme": "light", "width": 600}


def main() -> None:
    """Draw them all; a theme is left out of the names, since there is one."""
    PICTURES.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory() as folder:
        for report in render(cards(), Path(folder)):
            target = PICTURES / f"{report.name}.png"
            target.write_bytes(report.picture.read_bytes())
            sys.stdout.write(
                f"{target.relative_to(PICTURES.parents[1])}  {report.size} bytes  {report.warnings or ''}\n"
            )


if __name__ == "__main__":
    main()
