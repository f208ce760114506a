"""A small invented board for the scenarios: three agencies with a current agreement, one without, and their members."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any

from tests.running import RunningBot
from tests.teams import Person

CHAIR = Person("Ada Chairperson")
POLICE = Person("Bo Officer")
NURSE = Person("Cy Nurse")
TRUST_LEAD = Person("Di Trustlead")
SOCIAL = Person("Ed Socialworker")
OBSERVER = Person("Flo Observer")
LAPSED = Person("Gus Lapsed")
STRANGER = Person("Hal Stranger")

POL, MHT, ASC, HOU = "POL", "MHT", "ASC", "HOU"

AGENCIES = ((POL, "Example Police"), (MHT, "Example Trust"), (ASC, "Example Council"), (HOU, "Example Homes"))

MEMBERS = (
    (POLICE, POL, "Representative"),
    (NURSE, MHT, "Representative"),
    (TRUST_LEAD, MHT, "Agency lead"),
    (SOCIAL, ASC, "Representative"),
    (OBSERVER, ASC, "Observer"),
    (LAPSED, HOU, "Representative"),
)


def day(offset: int) -> str:
    """A date so many days from today, as SharePoint takes it."""
    return (datetime.now(UTC) + timedelta(days=offset)).strftime("%Y-%m-%dT12:00:00Z")


def fill(bot: RunningBot) -> None:
    """Type the agencies and members into their lists, as an administrator would."""
    for code, name in AGENCIES:
        lapses = day(-5) if code == HOU else day(200)
        bot.add_row("Agencies", Agency=code, AgencyName=name, IsaSignedOn=day(-300), IsaLapsesOn=lapses, Open=True)
    for person, agency, roles in MEMBERS:
        add_member(bot, person, agency, roles)


def add_member(bot: RunningBot, person: Person, agency: str, roles: str, **more: Any) -> int:
    """Type one member into the list."""
    values = {"UserId": person.object_id, "MemberName": person.name, "Agency": agency, "Roles": roles, "Open": True}
    return bot.add_row("Members", **{**values, **more})
