"""The fictional board's agreements: one of each kind, one of them to be reviewed soon, one whose signature lapsed.

Everything has a fixed key, as in the rest of the fictional board.
"""

from __future__ import annotations

from datetime import date, datetime, timedelta

from board.records import Agency, Agreement
from board.vocabulary import AgreementKind
from bot import demo_data as data
from bot.house import BOT
from sharepoint.schema import AGREEMENTS
from sharepoint.store import Store

WHY = "fictional data"

KEPT = (
    (AgreementKind.TERMS, "Terms of reference", 3, 24, 400),
    (AgreementKind.ISA, "Information sharing agreement", 2, 200, 330),
    (AgreementKind.S135, "Executing section 135 warrants", 1, 80, 0),
    (AgreementKind.S136, "Escalation at places of safety", 4, -6, 0),
    (AgreementKind.ADVICE, "Restricted patients who abscond", 1, 150, 0),
    (AgreementKind.ADVICE, "Missing from care: the national framework", 1, 260, 0),
)
"""Kind, title, version, days until its review (one is late) and until it expires (0: it does not)."""


async def load(store: Store, today: date, now: datetime, agencies: tuple[Agency, ...]) -> str:
    """Write the agreements with who signed them; say how many."""
    for number, (kind, title, version, review, expires) in enumerate(KEPT):
        row = Agreement(
            key=f"demo:agreement-{number}",
            kind=kind,
            title=title,
            version=version,
            signatures="\n".join(_signed(kind, number, agencies, today)),
            review_on=today + timedelta(days=review),
            expires_on=today + timedelta(days=expires) if expires else None,
            link=f"https://example.com/agreements/{number + 1}",
            adopted_on=now - timedelta(days=300 + number),
        )
        kept, _ = await store.add_once(AGREEMENTS, row, by=BOT, why=WHY)
        if not kept.reference:
            await store.number(AGREEMENTS, kept, by=BOT)
    return f"{len(KEPT)} agreements"


def _signed(kind: str, number: int, agencies: tuple[Agency, ...], today: date) -> list[str]:
    """A line for each that signed: all but one under the sharing agreement, fewer of the others."""
    if kind == AgreementKind.ISA:
        return [_line(each.code, each.isa_signed_on or today, each.isa_lapses_on) for each in agencies]
    signing = [code for place, (code, _, _) in enumerate(data.PARTNERS) if (place + number) % 4]
    return [_line(code, today - timedelta(days=280), None) for code in signing]


def _line(code: str, on: date, until: date | None) -> str:
    return f"{code} {on.isoformat()}" + (f" until {until.isoformat()}" if until else "")
