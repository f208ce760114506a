"""Who wrote what, told from the rows alone: nothing here asks the product's rules, only its lists and its words."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any

from board.actions import ActionStatus, Priority
from board.vocabulary import CONCERNS, LOOK_REASONS, MENTAL_HEALTH_ACT, SHARING_BASES, Answer, Status, Urgency
from tests.running import RunningBot

Row = dict[str, Any]
Rows = dict[str, dict[int, Row]]

LISTS = (
    *("Members", "Agencies", "Forums", "Settings", "Meetings", "Actions", "Referrals", "Subjects", "Returns"),
    *("Disclosures", "Conversations", "Posts", "Requests", "Hearings", "Attendance", "AgendaItems"),
    *("Plans", "SignOffs", "TriggerReports", "Definitions", "Risks", "Lessons", "Agreements", "Measures"),
    "Figures",
)
NEVER = ("Members", "Forums", "Settings", "Definitions", "Measures")
"""Lists that nothing people send may change once the board is set up."""

SIGNED = ("Agencies", "Agreements")
"""Lists that a chair or an administrator alone writes: who signed what, and the sight of cases that goes with it."""

ARRANGED = ("Meetings", "Hearings", "Attendance", "AgendaItems")
"""Lists of a subgroup's meeting, which only those who run it write."""

LATER = (
    "request",
    "request answer",
    "trigger",
    "plan",
    "late",
    "disposal",
    "records due",
    "patterns",
    "welcome",
    "agreements",
    "access",
    "lessons",
    "state",
    "repeat",
    "instead",
    "unreached",
)

VOCABULARY: tuple[tuple[str, str, tuple[str, ...]], ...] = (
    ("Referrals", "Concern", CONCERNS),
    ("Referrals", "Urgency", tuple(Urgency)),
    ("Referrals", "Status", tuple(Status)),
    ("Referrals", "MentalHealthAct", ("", *MENTAL_HEALTH_ACT)),
    ("Referrals", "SharingBasis", ("", *SHARING_BASES)),
    ("Referrals", "PersonAware", ("", "Yes", "No", "Not known")),
    ("Returns", "Answer", tuple(Answer)),
    ("Disclosures", "Reason", ("", *LOOK_REASONS)),
    ("Actions", "Status", tuple(ActionStatus)),
    ("Actions", "Priority", tuple(Priority)),
    ("Posts", "Kind", ("referral", "receipt", "detail", "immediate", "report", "digest", "board", *LATER)),
    ("Conversations", "Scope", ("personal", "channel")),
)


def rows(bot: RunningBot) -> Rows:
    """Every list as it stands."""
    return {name: {row["Id"]: row for row in bot.rows(name)} for name in LISTS}


@dataclass
class Ledger:
    """What changed between two states. `wrong` collects what should not have, in words; empty is good."""

    before: Rows
    after: Rows
    wrong: list[str] = field(default_factory=list)

    def added(self, name: str) -> list[Row]:
        """The rows that were not there."""
        return [row for number, row in self.after[name].items() if number not in self.before[name]]

    def changed(self, name: str) -> list[Row]:
        """The rows that are not as they were, as they are now."""
        old = self.before[name]
        both = [(row, old[number]) for number, row in self.after[name].items() if number in old]
        return [row for row, was in both if _told(row, _own(row)) != _told(was, _own(row))]

    def demand(self, name: str, found: list[Row], holds: Callable[[Row], bool], says: str) -> None:
        """Note every row for which this does not hold."""
        self.wrong += [f"{name}({row['Id']}): {says}: {_short(row)}" for row in found if not holds(row)]

    def nothing(self, *names: str) -> None:
        """These lists are as they were."""
        for name in names:
            self.demand(name, self.added(name), lambda _row: False, "was added")
            for row in self.changed(name):
                old = self.before[name][row["Id"]]
                other = [column for column in _told(row, _own(row)) if row[column] != old.get(column)]
                self.demand(name, [row], lambda _row: False, f"was changed in {', '.join(other)}")

    def everywhere(self) -> None:
        """What holds whoever sent: nothing is deleted, some lists stand still, and choices are the board's words."""
        for name in LISTS:
            gone = [row for number, row in self.before[name].items() if number not in self.after[name]]
            self.demand(name, gone, lambda _row: False, "was deleted")
        self.nothing(*NEVER)
        for name, column, allowed in VOCABULARY:
            self.demand(
                name,
                [*self.added(name), *self.changed(name)],
                lambda row, column=column, allowed=allowed: (row[column] or "") in allowed,  # type: ignore[misc]
                f"{column} is not one of the board's words",
            )
        forum = [row for row in self.changed("Conversations") if row["Audience"].startswith("forum:")]
        self.demand("Conversations", forum, lambda _row: False, "the board was moved")


def of_the_powerless(ledger: Ledger, may_refer: str) -> None:
    """Strangers, observers, members without an agreement: refusals, bookkeeping, what `may_refer` refers and raises."""
    ledger.everywhere()
    ledger.nothing("Returns", "Actions", *SIGNED, *ARRANGED, "Plans", "SignOffs", "TriggerReports")
    theirs = {row["MemberName"] for row in ledger.before["Members"].values() if row["UserId"] == may_refer}
    for name in ("Risks", "Lessons"):  # no case's words are in them, so a member without an agreement may raise one
        raised = [*ledger.added(name), *ledger.changed(name)]
        ledger.demand(name, raised, lambda r: r["ChangedBy"] in {*theirs, BOT}, "is not theirs to raise")
    ledger.demand(
        "Disclosures", ledger.added("Disclosures"), lambda r: r["Outcome"].startswith("refused: "), "somebody looked"
    )
    ledger.demand("Disclosures", ledger.changed("Disclosures"), lambda _r: False, "was changed")
    mine = [*ledger.added("Referrals"), *ledger.changed("Referrals")]
    ledger.demand("Referrals", mine, lambda r: r["ReferrerUserId"] == may_refer, "is not theirs")
    owned = {row["Reference"] for row in ledger.after["Referrals"].values() if row["ReferrerUserId"] == may_refer}
    about = [*ledger.added("Subjects"), *ledger.changed("Subjects")]
    ledger.demand("Subjects", about, lambda r: not r["Reference"] or r["Reference"] in owned, "is not theirs")
    members = {row["UserId"] for row in ledger.before["Members"].values()}
    kept = [row for row in ledger.changed("Conversations") if row["Audience"].removeprefix("member:") in members]
    standing = {row["Audience"] for row in ledger.before["Conversations"].values()}
    ledger.demand("Conversations", kept, lambda r: r["Audience"] not in standing or _may_move(r), "was moved")


def _may_move(row: Row) -> bool:
    """A chat of somebody who took part is their own to open again."""
    return bool(row["Scope"] == "personal")


def of_members(ledger: Ledger, looks: Mapping[str, str], adds: frozenset[str]) -> None:
    """Members with standing. `looks` are those who may see a case, with their agencies; `adds` may add actions."""
    ledger.everywhere()
    names = {row["MemberName"]: row["UserId"] for row in ledger.after["Members"].values()}
    shown = [row for row in ledger.added("Disclosures") if row["Outcome"] == "shown"]
    ledger.demand("Disclosures", shown, lambda r: looks.get(r["MemberUserId"]) == r["Agency"], "may not look")
    ledger.demand("Disclosures", ledger.changed("Disclosures"), lambda _r: False, "was changed")

    asked = {row["Reference"]: set((row["Asked"] or "").split("; ")) for row in ledger.after["Referrals"].values()}
    every = ledger.after["Disclosures"].values()
    seen = {(row["Agency"], row["Reference"]) for row in every if row["Outcome"] == "shown"}
    answers = ledger.added("Returns")
    ledger.demand("Returns", answers, lambda r: looks.get(r["MemberUserId"]) == r["Agency"], "may not answer")
    ledger.demand("Returns", answers, lambda r: r["Agency"] in asked[r["Reference"]], "is not asked")
    ledger.demand("Returns", answers, lambda r: (r["Agency"], r["Reference"]) in seen, "has not looked")
    ledger.demand("Returns", ledger.changed("Returns"), lambda _r: False, "was changed")

    for name in SIGNED:
        written = [*ledger.added(name), *ledger.changed(name)]
        ledger.demand(name, written, lambda r: r["ChangedBy"] in (CHAIRS, BOT), "is not theirs to record")
    for name in ARRANGED:
        written = [*ledger.added(name), *ledger.changed(name)]
        ledger.demand(
            name, written, lambda r: r["ChangedBy"] in (CHAIRS, BOT) or _offers(r, names), "is not theirs to arrange"
        )
    ledger.demand("SignOffs", ledger.added("SignOffs"), lambda r: looks.get(r["MemberUserId"]) == r["Agency"], "signed")

    ledger.demand("Referrals", ledger.added("Referrals"), lambda r: r["ReferrerUserId"] in looks, "may not refer")
    ledger.demand("Actions", ledger.added("Actions"), lambda r: names.get(_first_by(r)) in adds, "may not add")
    owners = set(names.values())
    ledger.demand("Actions", ledger.added("Actions"), lambda r: r["OwnerUserId"] in owners, "nobody's")
    fixed = ("What", "Why", "OwnerUserId", "OwnerName", "Agency", "Priority", "Source", "Programme")
    for row in ledger.changed("Actions"):
        old = ledger.before["Actions"][row["Id"]]
        for name in fixed:
            ledger.demand("Actions", [row], lambda r, n=name, o=old: r[n] == o[n], f"{name} was changed")  # type: ignore[misc]


def _offers(row: Row, names: Mapping[str, str]) -> bool:
    """Whether it is an item for the agenda that a member offers, or takes back: any member may."""
    mine = row.get("Kind") == "Agenda item" and row["Status"] in ("Offered", "Withdrawn")
    return mine and row["ChangedBy"] in names


def _first_by(row: Row) -> str:
    """Who made an action: only its chair or somebody who numbered it for them stands in a row never stepped on."""
    return (
        str(row["ChangedBy"]) if row["ChangeReason"] in ("agreed", "numbered") and row["ChangedBy"] != BOT else CHAIRS
    )


BOT, CHAIRS = "MHRMB bot", "Ada Chairperson"


IN_STEP = ("WriteMark", "Chain", "AssignedSync", "AssignedToId", "AssignedToStringId", "ChangedBy", "ChangeReason")
VERSION = ("OData__UIVersionString", "EditorId", "Modified")


def _own(row: Row) -> tuple[str, ...]:
    """The columns that the bot itself keeps of an action, where it was the one to write last."""
    in_step = row.get("ChangedBy") == BOT and row.get("ChangeReason") == "kept in step"
    return (*VERSION, *IN_STEP) if in_step else VERSION[2:]


def _told(row: Row, but: tuple[str, ...]) -> Row:
    return {name: value for name, value in row.items() if not name.startswith("odata") and name not in but}


def _short(row: Row) -> str:
    minded = (
        "Reference",
        "Key",
        "ChangedBy",
        "ChangeReason",
        "Status",
        "Agency",
        "Outcome",
        "MemberUserId",
        "Audience",
    )
    return ", ".join(f"{name}={row[name]!r}" for name in minded if row.get(name))
