"""`make pictures`: the cards of a fictional referral, drawn by Microsoft's renderer into docs/pictures."""

from __future__ import annotations

import sys
import tempfile
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from board.notices import face
from board.records import Agency, Forum, Member, Referral, Return, Subject
from board.referring import asked_agencies
from board.vocabulary import Answer, PersonRole
from bot.demo_data import CASES, PARTNERS, PEOPLE
from cards import help as help_cards
from cards import look, refer, referral, setup
from tests.browser.renderer import render

PICTURES = Path(__file__).resolve().parents[2] / "docs" / "pictures"
KEY = "0" * 32
CASE = CASES[1]
"""The fictional relative, threatened just before a discharge."""

AGENCIES = {code: Agency(code=code, name=name, kind=kind) for code, name, kind in PARTNERS}
FORUM = Forum(code="MHRMB", name="MHRMB")
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
    ]


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
