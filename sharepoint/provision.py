"""Making the site fit: lists, columns, indexes, formatting, views and zones. Safe to repeat and to resume half way.

Nothing is ever removed, and what people made or changed is left as it is: see `steps` for the rule. Changes go ten to a
request. They carry no key, so when it is not known which of them were made, the site is looked at again first.
"""

from __future__ import annotations

import asyncio
import hashlib
import json
from collections.abc import AsyncIterator, Iterable, Sequence
from functools import cache
from itertools import groupby

from sharepoint.answers import JSON
from sharepoint.client import SharePoint
from sharepoint.errors import StoreBusy
from sharepoint.libraries import LIBRARIES, Place
from sharepoint.schema import LISTS
from sharepoint.step import CHANGE, COLUMN, LIST, VIEW, Found, Step, path_of
from sharepoint.steps import VERSIONS_KEPT, list_steps, settings
from sharepoint.zones import CASES_GROUP, close_zones, still_open

__all__ = [
    "CASES_GROUP", "VERSIONS_KEPT", "Step", "apply", "close_zones", "counted", "fingerprint", "make", "plan",
    "reach", "still_open",
]  # fmt: skip

WAIT = 60.0
FIRST_WAIT = 8.0
"""Seconds until a site that does not answer at all is given up: whoever typed the command is watching."""
TOGETHER = 10
"""Changes in one request: SharePoint takes up to half a second for a column, and a request may take ten."""
TRIES = 6
"""How often in a row the site may fail without one step done."""
_FIELD = "InternalName,Indexed,EnforceUniqueValues,Required,Description,CustomFormatter,SchemaXml"
_VIEW = "Title,DefaultView,PersonalView,RowLimit,ViewQuery,ListViewXml"


@cache
def _whole(lists: tuple[Place, ...]) -> str:
    steps = [(step.path, step.method, step.body) for of in lists for step in list_steps(of, None)]
    zones = [(of.name, of.zone.value) for of in lists]
    return hashlib.sha256(json.dumps([steps, zones]).encode()).hexdigest()


def fingerprint() -> str:
    """A digest of all that provisioning makes: while the site holds the same one, there is nothing to provision."""
    return _whole((*LISTS, *LIBRARIES))


async def reach(site: SharePoint) -> None:
    """See that the site answers. Raises StoreBusy within ten seconds when it cannot be reached, StoreRefused when it
    does not let us in; a site that asks for patience is there."""
    try:
        await site.get("web?$select=Title", within=FIRST_WAIT)
    except StoreBusy as busy:
        if busy.signing_in or not busy.retry_after:
            raise


async def plan(site: SharePoint) -> list[Step]:
    """What the site lacks, in the order it has to be made, without the permissions. Changes nothing."""
    asked = ",".join(["Title", *(settings(LISTS[0]) | settings(LIBRARIES[0]))])
    answer = await site.get(f"web/lists?$select={asked}&$top=500", within=WAIT)
    there = {str(each["Title"]): each for each in answer.get("value", [])}
    places: tuple[Place, ...] = (*LISTS, *LIBRARIES)
    known = [of for of in places if of.name in there]
    paths = [f"{path_of(of)}/{rest}" for of in known for rest in (f"fields?$select={_FIELD}", f"views?$select={_VIEW}")]
    answers = await site.batch(paths, within=WAIT) if known else []
    found = {
        of.name: _found(there[of.name], fields, views)
        for of, fields, views in zip(known, answers[::2], answers[1::2], strict=True)
    }
    steps = [step for of in places for step in list_steps(of, found.get(of.name))]
    return sorted(steps, key=lambda step: step.turn)


def _found(there: JSON, fields: JSON, views: JSON) -> Found:
    by_name = {str(field["InternalName"]): field for field in fields.get("value", [])}
    public = tuple(view for view in views.get("value", []) if not view.get("PersonalView"))
    return Found(there, by_name, public)


def counted(steps: Sequence[Step], zones: Sequence[str]) -> str:
    """One sentence of how much a plan holds."""
    if not steps and not zones:
        return "Nothing to do: the site is as it should be."
    kinds = {LIST: "lists", COLUMN: "columns", CHANGE: "changes of what is there", VIEW: "views"}
    parts = [(sum(step.turn == turn for step in steps), word) for turn, word in kinds.items()]
    told = ", ".join(f"{count} {word}" for count, word in [*parts, (len(zones), "zones")] if count)
    return f"{len(steps) + len(zones)} steps ({told}); nothing was changed."


async def apply(site: SharePoint, steps: Iterable[Step]) -> AsyncIterator[str]:
    """Do the steps in order, telling each as it is done; raises for the first that failed, once the others beside it
    are told. Raises StoreBusy when it is not known which were done: plan again."""
    for together in _together(steps):
        outcomes = await site.change_together([(s.method, s.path, s.body) for s in together], within=WAIT)
        for step, failed in zip(together, outcomes, strict=True):
            if failed is None:
                yield step.says
        for failed in outcomes:
            if failed is not None:
                raise failed


def _together(steps: Iterable[Step]) -> list[Sequence[Step]]:
    """The steps in parcels of one turn each: what a step builds on is done before it is sent."""
    parcels: list[Sequence[Step]] = []
    for _, turn in groupby(steps, key=lambda step: step.turn):
        same = list(turn)
        parcels += [same[start : start + TOGETHER] for start in range(0, len(same), TOGETHER)]
    return parcels


async def make(site: SharePoint) -> AsyncIterator[str]:
    """Give the site all it lacks but the zones, telling each step, and going on after a break from what is there then.

    Raises StoreBusy when the site has failed several times in a row, with nothing more done.
    """
    failures = 0
    while True:
        try:
            async for says in apply(site, await plan(site)):
                failures = 0
                yield says
        except StoreBusy as busy:
            failures += 1
            if failures >= TRIES:
                raise
            await asyncio.sleep(max(busy.retry_after, 0.1 * 2**failures))
        else:
            return
