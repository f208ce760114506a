"""The record of a board counted again from its rows alone, by rules written down here from the board's own terms.

Nothing of the product is used: what may follow what, what a decision needs and what a report counts stand below in
other words than the product's. Each fault is a sentence; none is what a year of work should leave.
"""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import requests

from tests.running import RunningBot

Row = dict[str, Any]

UK = ZoneInfo("Europe/London")

HOLIDAYS = {
    *("2026-12-25", "2026-12-28", "2027-01-01", "2027-03-26", "2027-03-29", "2027-05-03", "2027-05-31"),
    *("2027-08-30", "2027-12-27", "2027-12-28"),
}
"""England's bank holidays, from the printed calendar."""

LISTS = (
    *("Referrals", "Subjects", "Returns", "Hearings", "Plans", "SignOffs", "Actions", "AgendaItems", "Meetings"),
    *("Attendance", "Disclosures", "Events", "Posts", "Requests", "TriggerReports", "Risks", "Lessons"),
)
"""What is read for the count; of the first and of hearings and plans every version too."""

VERSIONED = ("Referrals", "Hearings", "Plans", "Actions")

OVER = {"Declined", "Closed", "Withdrawn"}
MAY_COME = {
    "Received": {"Triaged", "Redirected", "Declined", "Withdrawn"},
    "Triaged": {"Listed", "Heard", "No plan", "Closed", "Redirected", "Declined", "Withdrawn"},
    "Redirected": {"Triaged", "Withdrawn"},
    "Listed": {"Heard", "No plan", "Closed", "Redirected", "Triaged", "Withdrawn"},
    "Heard": {"Plan agreed", "No plan", "Listed", "Closed", "Redirected", "Withdrawn"},
    "Plan agreed": {"Reviewed", "Listed", "Closed", "Redirected", "Withdrawn"},
    "No plan": {"Heard", "Plan agreed", "Reviewed", "Listed", "Closed", "Redirected", "Withdrawn"},
    "Reviewed": {"Plan agreed", "Listed", "Closed", "Redirected", "Withdrawn"},
}
"""received, triaged, (redirected) or (declined) or listed, heard, plan agreed or no plan, reviewed, closed; withdrawn
from any open state. What a meeting hears again may need a plan then; what it does not come to is triaged still."""


@dataclass
class Held:
    """All that a board's lists hold, what its channel ever showed, and what its team's officer was told."""

    rows: dict[str, list[Row]]
    versions: dict[str, dict[int, list[Row]]]
    channel: str = ""
    officer: str = ""
    said: str = ""
    names: tuple[str, ...] = ()
    reports: list[tuple[str, dict[str, str], dict[str, str]]] = field(default_factory=list)
    """Of each report: for which board, what was counted here, and what the product told."""


def held(bot: RunningBot, versioned: Iterable[str] = VERSIONED) -> Held:
    """Read a running board's lists, and the versions of what changes, the oldest first."""
    rows = {name: bot.rows(name) for name in LISTS}
    versions: dict[str, dict[int, list[Row]]] = {}
    with requests.Session() as session:
        session.headers.update(bot._headers())
        for name in versioned:
            versions[name] = {}
            for row in rows[name]:
                path = f"{bot.site}/_api/web/lists/getByTitle('{name}')/items({row['Id']})/versions?$top=500"
                versions[name][row["Id"]] = session.get(path, timeout=10).json()["value"][::-1]
    return Held(rows, versions)


def faults(of: Held, until: date) -> list[str]:
    """Everything that is not as it must be, as sentences; empty when the record is in order."""
    checks = (
        states(of),
        decisions(of),
        unchased(of, until),
        identities(of),
        owners(of),
        hearings(of),
        repeats(of),
        told(of),
    )
    return [fault for check in checks for fault in check]


def states(of: Held) -> Iterator[str]:
    """Each referral came to each of its states from one that may come before it, and is open until it is over."""
    for number, versions in of.versions["Referrals"].items():
        before = ""
        for version in versions:
            now = version["Status"] or ""
            if before and now != before and now not in MAY_COME.get(before, set()):
                yield f"R-{number} went from {before} to {now}"
            before = now or before
    for row in of.rows["Referrals"]:
        received_there = row["Status"] == "Redirected" and row["ReceiptOn"]
        if row["Open"] == (row["Status"] in OVER or bool(received_there)):
            yield f"{row['Reference']} is {row['Status']} and open is {row['Open']}"


def decisions(of: Held) -> Iterator[str]:
    """No state was decided without a rationale, and nobody's decision is nameless."""
    for number, versions in of.versions["Referrals"].items():
        before = ""
        for version in versions:
            now = version["Status"] or ""
            if before and now != before and now != "Listed" and not (version["Rationale"] or "").strip():
                yield f"R-{number} became {now} without a rationale"
            if before and now != before and not (version["ChangedBy"] or "").strip():
                yield f"R-{number} became {now} by nobody"
            before = now
    for row in of.rows["Hearings"]:
        if row["Decision"] and not (row["Rationale"] or "").strip():
            yield f"the hearing of {row['Reference']} has no rationale"


def unchased(of: Held, until: date) -> Iterator[str]:
    """Of each redirect that had no receipt after three working days the team's officer was told."""
    for number, versions in of.versions["Referrals"].items():
        for since, to in redirected(versions, until):
            if working_days(since, to) > 4 and f"R-{number}" not in of.officer:
                yield f"R-{number} was redirected on {since}, had no receipt by {to}, and nobody was told"


def redirected(versions: list[Row], until: date) -> Iterator[tuple[date, date]]:
    """From when to when a referral was another forum's without its receipt."""
    since: date | None = None
    for version in versions:
        open_ = version["Status"] == "Redirected" and not version["ReceiptOn"]
        if open_ and since is None:
            since = uk(version["RedirectedOn"])
        if not open_ and since is not None:
            yield since, uk(version["ReceiptOn"]) if version["ReceiptOn"] else since
            since = None
    if since is not None:
        yield since, until


def identities(of: Held) -> Iterator[str]:
    """Nobody's name, and no part of one, is in any list but `Subjects`, in the channel, or in what the bot wrote."""
    for name in LISTS:
        if name != "Subjects":
            everything = (of.rows[name], of.versions.get(name, {}))
            yield from (f"{word} is in {name}" for word in spelled(everything, of.names))
    yield from (f"{word} is in the channel" for word in spelled(of.channel, of.names))
    yield from (f"{word} is in the log" for word in spelled(of.said, of.names))


def spelled(what: Any, words: Iterable[str]) -> list[str]:
    """Which of the words stand in a value, in any case."""
    text = (what if isinstance(what, str) else json.dumps(what, ensure_ascii=False)).casefold()
    return [word for word in words if word.casefold() in text]


def owners(of: Held) -> Iterator[str]:
    """Every action is somebody's, of an agency, and comes from somewhere."""
    references = {row["Reference"] for row in of.rows["Referrals"]}
    for row in of.rows["Actions"]:
        for name in ("OwnerUserId", "OwnerName", "Agency", "DueDate", "Reference", "What"):
            if not row[name]:
                yield f"action {row['Id']} has no {name}"
        if (row["Source"] or "").startswith("R-") and row["Source"] not in references:
            yield f"{row['Reference']} comes from {row['Source']}, which is not there"


def hearings(of: Held) -> Iterator[str]:
    """A case was heard once in one meeting, in a meeting that was held, with a look on record."""
    pairs = Counter((row["Meeting"], row["Reference"]) for row in of.rows["Hearings"])
    yield from (f"{case} was heard {n} times in {meeting}" for (meeting, case), n in pairs.items() if n > 1)
    held_ = {f"S-{row['Id']}" for row in of.rows["Meetings"] if row["Status"] in ("Held", "In progress")}
    yield from (f"{case} was heard in {meeting}, which was not held" for meeting, case in pairs if meeting not in held_)


def repeats(of: Held) -> Iterator[str]:
    """Who was referred before within a year is linked to the latest time, and nobody else is linked to anything."""
    received = {row["Reference"]: (instant(row["ReceivedOn"]), row["Id"]) for row in of.rows["Referrals"]}
    links = {row["Reference"]: row["RepeatOf"] or "" for row in of.rows["Referrals"]}
    people: dict[tuple[str, date], list[str]] = {}
    for row in of.rows["Subjects"]:
        if row["PersonRole"] == "Subject" and row["DateOfBirth"]:
            people.setdefault((row["PersonName"], uk(row["DateOfBirth"])), []).append(row["Reference"])
    for cases in people.values():
        in_order = sorted(cases, key=lambda case: received[case])
        for before, case in zip(["", *in_order], in_order, strict=False):
            near = before and received[case][0].date() - received[before][0].date() <= timedelta(days=365)
            if links[case] != (before if near else ""):
                yield f"{case} is linked to {links[case] or 'none'}, not to {before or 'none'}"


def told(of: Held) -> Iterator[str]:
    """What each report told is what was counted here at that moment."""
    for board, counted, said in of.reports:
        for label in sorted(counted.keys() | said.keys()):
            if counted.get(label) != said.get(label):
                yield f"report for {board}: {label} is {counted.get(label)}, told as {said.get(label)}"


def counted(of: Held, since: datetime, until: datetime, codes: Iterable[str]) -> dict[str, str]:
    """The figures of a subgroup's report over a period that begins after `since`, as the report's labels give them."""
    cases = {row["Reference"]: row for row in of.rows["Referrals"]}
    heard = [row for row in of.rows["Hearings"] if within(row["HeardOn"], since, until)]
    known = {row["Reference"] for row in heard}
    met = {row["Meeting"] for row in heard} | {
        f"S-{row['Id']}"
        for row in of.rows["Meetings"]
        if row["Kind"] == "Subgroup" and row["Status"] in ("Held", "In progress") and within_day(row, since, until)
    }
    figures = {
        "Meetings held": len(met),
        "Cases heard": len(known),
        "Redirected": sum(within(row["RedirectedOn"], since, until) for row in cases.values()),
        "Declined": sum(
            row["Status"] == "Declined" and within(row["ClosedOn"], since, until) for row in cases.values()
        ),
        "Referred before": sum(bool(cases[case]["RepeatOf"]) for case in known),
        "Plans agreed": sum(within(row["AgreedOn"], since, until) for row in of.rows["Plans"]),
    }
    figures |= {f"Concern: {name}": n for name, n in Counter(cases[case]["Concern"] for case in known).items()}
    figures |= {f"Now: {name}": n for name, n in Counter(cases[case]["Status"] for case in known).items()}
    pairs = {(row["Reference"], each) for row in heard for each in (row["Outcomes"] or "").split("\n") if each}
    figures |= {f"Outcome: {name}": n for name, n in Counter(outcome for _, outcome in pairs).items()}
    return {label: str(n) for label, n in figures.items()} | {code: engaged(of, code, met, heard) for code in codes}


def engaged(of: Held, code: str, met: set[str], heard: list[Row]) -> str:
    """How an agency took part, in the report's words."""
    its = [row for row in of.rows["Attendance"] if row["Agency"] == code and row["Reference"] in met and row["Status"]]
    came = sum(row["Status"] in ("Present", "Deputy") for row in its)
    sent = sum(row["Status"] == "Apologies" and bool(row["InformationSent"]) for row in its)
    first: dict[str, datetime] = {}
    for row in heard:
        moment = instant(row["HeardOn"])
        first[row["Reference"]] = min(moment, first.get(row["Reference"], moment))
    asked = {row["Reference"] for row in of.rows["Referrals"] if code in agencies(row)} & first.keys()
    answered = {
        row["Reference"]
        for row in of.rows["Returns"]
        if row["Agency"] == code and row["Reference"] in asked and instant(row["AnsweredOn"]) <= first[row["Reference"]]
    }
    said = f"came to {came} of {len(met)}" + (f", informed {sent} more" if sent else "")
    return said + (f"; answered {len(answered)} of {len(asked)} in time" if asked else "")


def agencies(row: Row) -> set[str]:
    """The codes of the agencies that a referral asks."""
    return {code.strip() for code in (row["Asked"] or "").replace(",", ";").split(";") if code.strip()}


def within(said: str | None, since: datetime, until: datetime) -> bool:
    """Whether an instant falls into a period that begins after `since`."""
    return bool(said) and since < instant(said) <= until


def within_day(row: Row, since: datetime, until: datetime) -> bool:
    """Whether a meeting's day lies in the period, the day of its end too."""
    return bool(row["HeldOn"]) and since.astimezone(UK).date() < uk(row["HeldOn"]) <= until.astimezone(UK).date()


def instant(said: str | None) -> datetime:
    """An instant as SharePoint writes it."""
    assert said
    return datetime.fromisoformat(said.replace("Z", "+00:00")).astimezone(UTC)


def uk(said: str | None) -> date:
    """The day of an instant, here."""
    return instant(said).astimezone(UK).date()


def is_working(day: date) -> bool:
    """Whether people are at work on a day."""
    return day.weekday() < 5 and day.isoformat() not in HOLIDAYS


def working_days(since: date, until: date) -> int:
    """Working days after a day, up to another."""
    return sum(is_working(since + timedelta(days=n)) for n in range(1, (until - since).days + 1))
