"""`python -m bot check`: asks every question of the doctor, and says what was found. Changes nothing.

Every check runs, whatever an earlier one met, as long as what it needs is there; each is bounded in time and ends in
findings, never in a traceback.
"""

from __future__ import annotations

import asyncio
import json
from collections.abc import Awaitable, Callable
from contextlib import AbstractAsyncContextManager, AsyncExitStack
from dataclasses import dataclass
from pathlib import Path
from typing import TypeVar

from board.errors import BoardError
from board.findings import Finding, Level, advice, good, must
from bot import check_identity, check_record
from bot.check_site import CHECKS, WITHIN, Case
from bot.clock import Clock
from bot.settings import Settings, SettingsError
from bot.turn import TeamsError
from sharepoint.client import SharePoint
from sharepoint.errors import StoreError, StoreRefused

LONGEST = 30.0
"""Seconds that one check may take."""

WHOLE = 4 * 3600.0
"""Seconds that verifying the whole record may take."""

MARKS = {Level.GOOD: "✓ good  ", Level.ADVICE: "! advice", Level.FIX: "✗ fix   "}

OpenSite = Callable[[], AbstractAsyncContextManager[SharePoint]]
T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class Group:
    """The findings about one thing."""

    name: str
    found: list[Finding]


def unreadable(error: SettingsError) -> list[Group]:
    """All there is to say when the settings cannot be used: nothing else can be looked at."""
    return [Group("Settings", [must(str(error), "Correct it, and check again.")])]


async def run(
    settings: Settings, open_site: OpenSite, *, member_file: Path | None = None, everything: bool = False
) -> list[Group]:
    """Make every check, in the order in which one would put things right."""
    groups = [
        Group("Settings", [good("The settings can be used.")]),
        Group("Sign-in to SharePoint", await _bounded(check_identity.sign_in, settings)),
        Group("Sign-in to Teams", await _bounded(check_identity.teams, settings)),
    ]
    async with AsyncExitStack() as stack:
        try:
            member = _member_token(member_file)
            now = Clock(settings.clock).now()
            site = await stack.enter_async_context(open_site())
            title = await site.get("web?$select=Title", within=WITHIN)
        except (SettingsError, StoreError, BoardError) as error:
            fix = "Put this right first: nothing about the site could be checked."
            return [*groups, Group("Site", [must(_sentence(error), fix)])]
        groups.append(Group("Site", [good(f"The site answers: {site.site_url} ({title.get('Title')}).")]))
        case = Case(settings, now, site, member, everything)
        groups += [Group(name, await _bounded(check, case)) for name, check in CHECKS]
        within = WHOLE if everything else LONGEST
        groups.append(Group("Record", await _bounded(check_record.record, case, within=within)))
    return groups


async def _bounded(
    check: Callable[[T], Awaitable[list[Finding]]], looked_at: T, *, within: float | None = None
) -> list[Finding]:
    """A check's findings, or the finding that it could not be made within so many seconds (LONGEST unless told)."""
    within = LONGEST if within is None else within
    try:
        async with asyncio.timeout(within):
            return await check(looked_at)
    except StoreRefused as refused:
        if refused.status == 404:
            return [advice("Not checked, for a list that it needs is not there.", "Provision first, and check again.")]
        return [must(f"This could not be checked: {_sentence(refused)}", "Put that right, and check again.")]
    except (StoreError, BoardError, SettingsError, TeamsError) as error:
        return [must(f"This could not be checked: {_sentence(error)}", "Put that right, and check again.")]
    except TimeoutError:
        return [must(f"This could not be checked within {within:.0f} s.", "Check again when the site is less busy.")]
    except Exception as error:  # noqa: BLE001 - a defect of one check must not hide what the others find
        return [must(f"This check failed ({type(error).__name__}).", "Report it: the check itself is at fault.")]


def _sentence(error: Exception) -> str:
    said = str(error).strip() or type(error).__name__
    return said if said.endswith((".", ")")) else f"{said}."


def _member_token(file: Path | None) -> str:
    if file is None:
        return ""
    try:
        token = file.read_text().strip()
    except (OSError, UnicodeDecodeError):
        raise SettingsError(f"--as-member: {file} cannot be read. Give a file that holds a member's token.") from None
    if not token or not token.isascii() or len(token.split()) != 1:
        raise SettingsError(f"--as-member: {file} does not hold one token.")
    return token


def failed(groups: list[Group]) -> int:
    """How many findings have to be fixed."""
    return sum(each.level is Level.FIX for group in groups for each in group.found)


def told(groups: list[Group]) -> str:
    """The findings as lines for a terminal, the marks in words too."""
    lines: list[str] = []
    for group in groups:
        lines.append(group.name)
        lines += [
            f"  {MARKS[each.level]}  {each.says}" + (f"  → {each.fix}" if each.fix else "") for each in group.found
        ]
    fixes, advised = failed(groups), sum(each.level is Level.ADVICE for group in groups for each in group.found)
    return "\n".join([*lines, f"{fixes} to fix, {advised} to consider."])


def as_json(groups: list[Group]) -> str:
    """The same for a program: one object a finding, and how many have to be fixed."""
    rows = [
        {"group": group.name, "level": each.level.value, "says": each.says, "fix": each.fix}
        for group in groups
        for each in group.found
    ]
    return json.dumps({"to_fix": failed(groups), "findings": rows}, ensure_ascii=False, indent=2)
