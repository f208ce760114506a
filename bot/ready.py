"""Making a site ready for the bot: the lists, the first forum, and the code that makes the first chair."""

from __future__ import annotations

import secrets
from collections.abc import Callable
from dataclasses import replace

from board.definitions import SEEDED, key_of
from board.errors import NotFound
from board.measures import SEEDED as MEASURED
from board.measures import key_of as measure_key
from board.records import Forum
from board.settingup import ALPHABET, LENGTH, digest
from bot.house import BOT, DEFAULT_FORUM
from bot.uses.setup import CODE
from sharepoint import provision
from sharepoint import queries as ask
from sharepoint.bookkeeping import Setting
from sharepoint.errors import StoreRefused
from sharepoint.many import Many, Row
from sharepoint.schema import DEFINITIONS, FORUMS, MEASURES, SETTINGS
from sharepoint.store import Store

SCHEMA = "schema"
WAIT = 60.0


async def is_current(store: Store) -> bool:
    """Whether the site was provisioned with this version's schema: one request."""
    try:
        rows: list[Setting] = await store.find(ask.keyed(SETTINGS, SCHEMA))
    except (StoreRefused, NotFound):
        return False
    return bool(rows) and rows[0].value == provision.fingerprint()


async def provision_site(store: Store, say: Callable[[str], None]) -> None:
    """Create what the site lacks, telling each step; safe to repeat."""
    patient, site = store.patient(WAIT), store.site
    async for done in provision.make(site):
        say(done)
    async for done in provision.close_zones(site):
        say(done)
    forum = Forum(key=f"forum:{DEFAULT_FORUM}", code=DEFAULT_FORUM, name="MHRMB", kind="Board")
    await patient.add_once(FORUMS, forum, by=BOT, why="provisioned")
    for each in SEEDED:
        await patient.add_once(DEFINITIONS, replace(each, key=key_of(each)), by=BOT, why="provisioned")
    measures = [replace(each, key=measure_key(each), place=10 * place) for place, each in enumerate(MEASURED, start=1)]
    async for _ in Many(patient, MEASURES, by=BOT).add([Row(each, "provisioned") for each in measures]):
        pass
    row = Setting(key=SCHEMA, name=SCHEMA, value=provision.fingerprint())
    kept, _ = await patient.add_once(SETTINGS, row, by=BOT, why="provisioned")
    await patient.change(SETTINGS, kept, replace(kept, value=row.value), by=BOT, why="provisioned")


async def set_up_code(store: Store) -> str:
    """A fresh set-up code, replacing one that was not used; empty once a code has been used."""
    rows: list[Setting] = await store.find(ask.keyed(SETTINGS, CODE))
    if rows and not rows[0].open:
        return ""
    code = "".join(secrets.choice(ALPHABET) for _ in range(LENGTH))
    if rows:
        fresh = replace(rows[0], value=digest(code), tries=0)
        await store.change(SETTINGS, rows[0], fresh, by=BOT, why="a new set-up code")
    else:
        row = Setting(key=CODE, name=CODE, value=digest(code))
        await store.add_once(SETTINGS, row, by=BOT, why="the set-up code")
    return f"{code[:4]}-{code[4:]}"
