"""The fictional board's risks: one of each band, one accepted, one rising, and one that nobody has rated yet.

Everything has a fixed key, as in the rest of the fictional board.
"""

from __future__ import annotations

from datetime import datetime, timedelta

from board.calendar import uk_date
from board.records import Risk
from board.risks import RATED_WITHIN, RiskStatus
from bot.house import BOT, DEFAULT_FORUM
from sharepoint.schema import RISKS
from sharepoint.store import Store

WHY = "fictional data"

KEPT = (
    (
        "MHT",
        "Bed availability",
        "Two of nine wards close for works over the winter.",
        "People who need a bed wait in emergency departments or in custody.",
        "Harm while waiting; officers away from other work for whole shifts.",
        (5, 4, 4, 4, 12),
        "Four step-down beds are bought until March; a superintendent joins the bed call.",
        RiskStatus.OPEN,
    ),
    (
        "POL",
        "Firearms licensing backlog",
        "Medical markers on certificates are looked at once a year.",
        "Somebody who has become ill keeps a firearm for months.",
        "A death that a question to the surgery would have prevented.",
        (3, 5, 2, 5, 15),
        "Surgeries are asked again at each renewal, the oldest first.",
        RiskStatus.OPEN,
    ),
    (
        "AMB",
        "Information sharing",
        "Crisis plans are in a system that only the trust reads.",
        "A crew meets somebody without knowing what calms and what does not.",
        "Force is used that a plan would have avoided.",
        (3, 4, 2, 3, 6),
        "The triage car carries a summary, checked each Monday.",
        RiskStatus.ACCEPTED,
    ),
    (
        "HOS",
        "Missing from health settings",
        "Two wards ring two numbers.",
        "Nobody is told for an hour that somebody has left.",
        "The first hour of a search is lost.",
        (4, 3, 1, 3, 3),
        "One number for all wards, on each telephone.",
        RiskStatus.OPEN,
    ),
    (
        "ASC",
        "s135 backlog",
        "A second doctor is found by chance.",
        "A warrant expires before an assessment.",
        "Somebody stays without help for weeks.",
        (0, 0, 0, 0, 0),
        "",
        RiskStatus.RAISED,
    ),
)
"""Whose, which kind, cause, event, impact; four marks and the score before the latest review; controls; state."""


async def load(store: Store, now: datetime) -> str:
    """Write the risks; say how many."""
    today = uk_date(now)
    for number, (agency, kind, cause, event, impact, marks, controls, status) in enumerate(KEPT):
        rated = status is not RiskStatus.RAISED
        first, bad, after, bad_after, before = marks
        row = Risk(
            key=f"demo:risk-{number}",
            category=kind,
            cause=cause,
            event=event,
            impact=impact,
            agency=agency,
            forum=DEFAULT_FORUM,
            status=status,
            raised_on=now - timedelta(days=90 - 20 * number),
            likelihood_before=first,
            impact_before=bad,
            controls=controls,
            likelihood_after=after,
            impact_after=bad_after,
            last_score=before,
            rationale="What was agreed at the last board has been done." if rated else "",
            review_on=today + timedelta(days=30 + 14 * number) if rated else today + RATED_WITHIN,
            reviewed_on=now - timedelta(days=20) if rated else None,
        )
        kept, _ = await store.add_once(RISKS, row, by=BOT, why=WHY)
        if not kept.reference:
            await store.number(RISKS, kept, by=BOT)
    return f"{len(KEPT)} risks"
