"""What is amiss with the board's own records, and what to do about it. Pure: records and a day in, findings out.

The sentences name rows and codes, never people; see `board.findings`.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Callable, Iterable, Sequence
from datetime import date, datetime, timedelta

from board.agenda import MOST_MINUTES, STANDING
from board.agreements import faults as unread_lines
from board.calendar import DIGEST_AT, MILESTONES, at_uk, is_working_day, previous_working_day, uk_date
from board.calendar import LONGEST as FURTHEST
from board.escalation import LONGEST, NAMED
from board.findings import SOON, Finding, Level, advice, good, must
from board.measures import MeasureKind
from board.records import Agency, Agreement, Forum, Measure, Member, Referral, Stored
from board.retention import AWAITING, Stage, stage
from board.settingup import TRIES
from board.tuning import faults
from board.vocabulary import AgreementKind, Role

ROUND_TAKES = timedelta(hours=1)
"""How long after its hour a daily round counts as missed."""

_USER_ID = re.compile(r"[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}")
_SHOWN = 8
"""The most rows or codes that one line names."""


_TUNED: tuple[tuple[str, Callable[[Forum], str], Sequence[str], int, int], ...] = (
    ("Milestones", lambda row: row.milestones, tuple(each.name for each in MILESTONES), -FURTHEST, FURTHEST),
    ("Agenda", lambda row: row.agenda, tuple(STANDING), 0, MOST_MINUTES),
)
"""What a board tunes in its row of `Forums`: the column, what is in it, the words it knows, and its numbers' bounds."""


def members(rows: Sequence[Member], agencies: Iterable[Agency]) -> list[Finding]:
    """The open rows of `Members`, each against the agencies that are there."""
    if not rows:
        return [must("Members is empty, so nobody may use the bot.", "Give the set-up code in the board's channel.")]
    codes = {_code(agency.code) for agency in agencies}
    lost = [row for row in rows if _code(row.agency) and _code(row.agency) not in codes]
    without = [row for row in rows if not _code(row.agency)]
    roleless = [row for row in rows if not row.roles]
    odd = [row for row in rows if not _USER_ID.fullmatch(row.user_id.strip().lower())]
    twice = _twice(rows, [row.user_id.strip().lower() for row in rows])
    found = [
        *_each(odd, "no Entra object id, so the bot does not know who that is", "Put the person's object id there."),
        *_each(twice, "the same Entra object id as an older row, which counts", "Delete the newer row."),
        *_each(without, "no agency, so no case detail is shown to that person", "Put an agency's code there."),
        *_each(lost, "an agency code that is not in Agencies", "Correct the code, or add the agency."),
        *_each(
            roleless, "no role that the bot knows", "Put roles there, such as Representative; several with ';'.", advice
        ),
    ]
    return found or [good(f"{len(rows)} members, each with an agency and a role.")]


def chats(rows: Sequence[Member], audiences: Iterable[str]) -> list[Finding]:
    """Whether each member can be written to: Teams lets the bot write only to whoever has added it."""
    there = set(audiences)
    without = [row for row in rows if row.user_id and f"member:{row.user_id.strip().lower()}" not in there]
    if not without:
        return []
    said = (
        f"{len(without)} of {len(rows)} members have no private chat with the bot, so nothing can be brought to them."
    )
    return [advice(said, "Add the app for them in Teams, or have them open it; a chair types `unreached` to see who.")]


def chairs(rows: Sequence[Member], forums: Iterable[Forum]) -> list[Finding]:
    """Whether somebody can run the board and each of its forums, and whether somebody administers it."""
    if not any(row.has(Role.CHAIR) for row in rows):
        return [
            must(
                "The board has no chair.",
                "Give the set-up code that provision prints in the board's channel, or make somebody Chair in Members.",
            )
        ]
    found: list[Finding] = []
    if not any(row.has(Role.ADMINISTRATOR) for row in rows):
        found.append(advice("Nobody is Administrator.", "Put Administrator among the roles of whoever runs the bot."))
    for forum in forums:
        wanted = (Role.CHAIR,) if _is_board(forum) else (Role.CHAIR, Role.SUBGROUP_CHAIR)
        if not any(row.has(*wanted) and (not row.agency or forum.includes(_code(row.agency))) for row in rows):
            found.append(
                advice(
                    f"Forum {_named(forum, forum.code)} has no chair among its agencies.",
                    f"Put {' or '.join(wanted)} among the roles of one of their members.",
                )
            )
    return found or [good("There is a chair, an administrator, and a chair for each forum.")]


def agencies(rows: Sequence[Agency], people: Iterable[Member], on: date) -> list[Finding]:
    """The open rows of `Agencies`: codes, sharing agreements, and single points of contact, as they are on a day."""
    if not rows:
        return [must("Agencies is empty, so no referral can be asked about.", "Add the partners to Agencies.")]
    members_ = list(people)
    nameless = [row for row in rows if not _code(row.code)]
    twice = _twice(rows, [_code(row.code) for row in rows])
    unsigned = [row for row in rows if row.isa_signed_on is None or row.isa_signed_on > on]
    lapsed = [row for row in rows if row not in unsigned and not row.isa_current(on)]
    lapsing = [row for row in rows if row.isa_current(on) and row.isa_lapses_on and row.isa_lapses_on <= on + SOON]
    alone = [row for row in rows if not row.spoc.strip()]
    strangers = [row for row in rows if row.spoc.strip() and not any(_is(row, member) for member in members_)]
    muddled = [row for row in rows if faults(row.ladder, NAMED, least=1, most=LONGEST)]
    renew = "Have the sharing agreement signed, and put the dates into Agencies."
    found = [
        *_each(nameless, "no code", "Put the agency's code there."),
        *_each(twice, "the same code as an older row, which counts", "Delete the newer row, or correct its code."),
        *_listed(unsigned, "no signed sharing agreement, so no case detail is open to them", renew),
        *_listed(lapsed, "a sharing agreement that has lapsed, so no case detail is open to them", renew),
        *_listed(lapsing, "a sharing agreement that lapses within 30 days", renew),
        *_listed(
            muddled,
            "a line in Ladder that says nothing, so that rung is as it would be without it",
            "Write a rung and its working days on each line: owner, manager, lead, member or chairs.",
        ),
        *_listed(alone, "no single point of contact", "Put the name or e-mail address of one of their members there."),
        *_listed(
            strangers,
            "a single point of contact who is not one of their members",
            "Add that person to Members with the agency's code, or name another.",
        ),
    ]
    return found or [good(f"{len(rows)} agencies, each with a sharing agreement and a single point of contact.")]


def agreements(rows: Sequence[Agreement]) -> list[Finding]:
    """The open rows of `Agreements`: lines that sign nothing, and kinds that are none."""
    if not rows:
        said = "No agreement is recorded, so nothing reminds of a review."
        return [advice(said, "A chair types agreement add in a private chat.")]
    strange = [row for row in rows if row.kind not in tuple(AgreementKind)]
    muddled = [row for row in rows if unread_lines(row.signatures)]
    found = [
        *_each(strange, "a kind that is none of the board's", "Choose one of the column's own.", advice),
        *_each(
            muddled,
            "a line in Signatures that cannot be read, so it signs nothing",
            "Write a code and a day on each line, such as MHT 2026-11-29 until 2027-11-29.",
            advice,
        ),
    ]
    return found or [good(f"{len(rows)} agreements, each with a kind and signatures that can be read.")]


def measures(rows: Sequence[Measure]) -> list[Finding]:
    """The open rows of `Measures`: what is none, what rests on nothing that is there, and what is there twice."""
    if not rows:
        return [advice("Measures is empty, so no agency is asked for a figure.", "Provision again, or add a row.")]
    codes = [_code(row.code) for row in rows]
    lost = [row for row in rows if _code(row.rests_on) and _code(row.rests_on) not in codes]
    strange = [row for row in rows if row.kind not in tuple(MeasureKind)]
    found = [
        *_each([row for row in rows if not _code(row.code)], "no code, so no figure can be of it", "Give it a word."),
        *_each(lost, "a count to rest on that is not there, so it is never shown", "Correct RestsOn.", advice),
        *_each(strange, "a kind that is none, so it is taken for a count", "Choose one of the column's own.", advice),
        *_each(_twice(rows, codes), "a code that another has too: the upper one counts", "Close one of them.", advice),
    ]
    return found or [good(f"{len(rows)} measures, each with a code and a kind.")]


def forums(rows: Sequence[Forum], partners: Iterable[Agency]) -> list[Finding]:
    """The open rows of `Forums`: codes, and the agencies they name."""
    if not rows:
        return [must("Forums is empty, so there is no board.", "Run python -m bot provision.")]
    codes = {_code(agency.code) for agency in partners}
    found = [
        *_each([row for row in rows if not _code(row.code)], "no code", "Put the forum's code there."),
        *_each(
            _twice(rows, [_code(row.code) for row in rows]), "the same code as an older row", "Delete the newer row."
        ),
    ]
    for column, text, known, least, most in _TUNED:
        muddled = [row for row in rows if faults(text(row), known, least=least, most=most)]
        if muddled:
            names = _some([_named(row, row.code) for row in muddled])
            said = f"{names}: a line in {column} that says nothing, so its number is as it would be without it."
            found.append(advice(said, f"Write a word and a number on each line: {', '.join(known)}."))
    for row in rows:
        unknown = sorted(row.agencies - codes)
        if unknown:
            found.append(
                must(
                    f"Forum {_named(row, row.code)} names agencies that are not in Agencies: {_some(unknown)}.",
                    "Correct the codes in Forums, or add those agencies.",
                )
            )
    return found or [good("Every forum has a code, and agencies that are there.")]


def parted(rows: Sequence[Forum], people: Iterable[Member]) -> list[Finding]:
    """Whether the boards that forums name, and the forums that members name, are there."""
    codes = {_code(row.code) for row in rows}
    boards = {_code(row.code) for row in rows if row.is_board}
    lost = [row for row in rows if not row.is_board and _code(row.board) and _code(row.board) not in boards]
    strays = [row for row in people if row.forums and not {_code(each) for each in row.forums} <= codes]
    return [
        *_each(lost, "the code of a board that is not there, so it is the first board's", "Correct Board of that row."),
        *_each(
            strays, "the code of a forum that is not there, which opens nothing", "Correct Forums of that row.", advice
        ),
    ]


def set_up(*, open_: bool, tries: int, chaired: bool) -> list[Finding]:
    """The set-up code that provisioning printed, which makes whoever gives it a chair."""
    if not open_:
        return [good("The set-up code has been used.")] if chaired else []
    if tries >= TRIES:
        return [
            Finding(
                Level.ADVICE if chaired else Level.FIX,
                f"The set-up code was given wrongly {tries} times and is not taken any more.",
                "Run python -m bot provision, which prints another.",
            )
        ]
    if chaired:
        return [
            advice(
                "The set-up code has not been used: whoever has it can become a chair.",
                "Give it in the board's channel, which also binds that channel.",
            )
        ]
    return []  # that there is no chair is told already, with what to do


def daily_round(last: date | None, now: datetime) -> list[Finding]:
    """Whether the clock did the latest round that was due. `last` is the day the latest round spoke for."""
    today = uk_date(now)
    is_due = is_working_day(today) and now >= at_uk(today, DIGEST_AT) + ROUND_TAKES
    due = today if is_due else previous_working_day(today)
    if last is None:
        return [advice("No daily round has been done yet.", "Let the bot run over a working day's morning.")]
    if last < due:
        return [
            must(
                f"The daily round was last done for {last:%d %B %Y}; the one of {due:%d %B %Y} was missed.",
                "Start the bot, or run python -m bot run-due; the next round tells what was missed.",
            )
        ]
    return [good(f"The daily round was done for {last:%d %B %Y}.")]


def records(rows: Sequence[Referral], on: date) -> list[Finding]:
    """The records that wait for a decision or went in part. What is left of one is in its own row, not told here."""
    by_stage = {each: [f"R-{row.id}" for row in rows if stage(row, on) is each] for each in AWAITING}
    in_part, waiting = by_stage[Stage.IN_PART], by_stage[Stage.DECIDED]
    found: list[Finding] = []
    if in_part:
        found.append(
            must(
                f"Disposed of in part: {_some(in_part)}.",
                "The row says what is left and why (What could not be disposed of). Ask who runs Purview about "
                "retention labels and holds; once they are lifted, type dispose and the number.",
            )
        )
    if waiting:
        found.append(
            advice(
                f"To be disposed of once a second person confirms: {_some(waiting)}.",
                "Another chair or information governance lead types dispose, the number and confirm.",
            )
        )
    if by_stage[Stage.DUE]:
        many = len(by_stage[Stage.DUE])
        found.append(advice(f"Records to keep or dispose of: {many}.", "Somebody who may decide types retention."))
    return found or [good("No record waits to be kept or disposed of.")]


def _is(agency: Agency, member: Member) -> bool:
    said = agency.spoc.strip().casefold()
    known = {member.name.strip().casefold(), member.email.strip().casefold(), member.user_id.strip().casefold()}
    return said in known and _code(member.agency) == _code(agency.code)


def _is_board(forum: Forum) -> bool:
    return forum.kind.strip().casefold() in ("", "board")


def _code(text: str) -> str:
    return text.strip().upper()


def _named(row: Stored, code: str) -> str:
    """A code is typed by people, so what does not look like one (a name, say) is not repeated."""
    plain = _code(code)
    return plain if re.fullmatch(r"[A-Z0-9-]{1,12}", plain) else f"in row {row.id}"


def _twice(rows: Sequence[Stored], keys: list[str]) -> list[Stored]:
    """The rows whose key an older row has already; blank keys are not compared."""
    if max(Counter(key for key in keys if key).values(), default=0) < 2:
        return []
    seen: set[str] = set()
    newer: list[Stored] = []
    for key, row in sorted(zip(keys, rows, strict=True), key=lambda pair: pair[1].id):
        if key and key in seen:
            newer.append(row)
        seen.add(key)
    return newer


_LISTS: dict[type[Stored], str] = {
    Member: "Members",
    Agency: "Agencies",
    Forum: "Forums",
    Agreement: "Agreements",
    Measure: "Measures",
}


def _each(rows: Sequence[Stored], has: str, fix: str, make: Callable[[str, str], Finding] = must) -> list[Finding]:
    """One finding for all rows of a kind: as many as fit are named by their number."""
    if not rows:
        return []
    numbers = _some([str(row.id) for row in sorted(rows, key=lambda row: row.id)])
    kind = {Member: "Members", Agency: "Agencies", Forum: "Forums", Agreement: "Agreements", Measure: "Measures"}[
        type(rows[0])
    ]
    noun = f"Row {numbers} of {kind} has" if len(rows) == 1 else f"Rows {numbers} of {kind} have"
    return [make(f"{noun} {has}.", fix)]


def _listed(rows: Sequence[Agency], has: str, fix: str) -> list[Finding]:
    if not rows:
        return []
    return [advice(f"{_some([_named(row, row.code) for row in rows])}: {has}.", fix)]


def _some(names: Sequence[str]) -> str:
    shown = ", ".join(names[:_SHOWN])
    return f"{shown} and {len(names) - _SHOWN} more" if len(names) > _SHOWN else shown
