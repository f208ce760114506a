"""Texts that look like queries: asked for over HTTP, each finds the row that holds it and no other."""

from __future__ import annotations

import asyncio
import secrets
from urllib.parse import parse_qs, urlsplit

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sharepoint import queries as ask
from sharepoint.bookkeeping import Event
from sharepoint.schema import EVENTS, MEMBERS
from sharepoint.store import Store
from tests.fuzz.hostile import MARK, TEXTS

HOSTILE = sorted({" ".join("".join(c for c in t.format(*[MARK] * 2) if c.isprintable()).split()) for t in TEXTS})
"""As the product keeps a line: printable, one-spaced. A key may be as long as a line."""


@given(st.text(st.characters(exclude_categories=("Cs",)), max_size=60))
def test_a_text_stays_one_literal(value: str) -> None:
    """Decoded as a server decodes it, the address has our options alone, and the text is one literal of the filter."""
    path = ask.keyed(EVENTS, value).path
    assert path.isascii()
    options = parse_qs(urlsplit(path).query, strict_parsing=True, keep_blank_values=True)
    assert set(options) == {"$filter", "$top"}
    (asked,) = options["$filter"]
    assert asked.startswith("Key eq '")
    assert asked.endswith("'")
    inside = asked[len("Key eq '") : -1]
    assert "'" not in inside.replace("''", "")
    assert inside.replace("''", "'") == value


async def test_each_finds_its_own_row(store: Store) -> None:
    """Kept as a key and asked for again, alone and in a batch, every hostile text finds its row and no other."""
    run = secrets.token_hex(4)
    keys = {f"{run} {text}"[:255].rstrip(): text for text in HOSTILE}
    kept = {}
    for key in keys:
        made, fresh = await store.add_once(EVENTS, Event(key=key, kind="hostile"), by=MARK, why=key)
        assert fresh, key
        kept[key] = made.id
    assert len(set(kept.values())) == len(keys)
    for key, number in kept.items():
        (found,) = await store.find(ask.keyed(EVENTS, key))
        assert (found.id, found.key) == (number, key)
    first, *others = kept
    for key in others:
        one, two = await store.gather(ask.keyed(EVENTS, first), ask.keyed(EVENTS, key))
        assert ([row.id for row in one], [row.id for row in two]) == ([kept[first]], [kept[key]])


@pytest.mark.parametrize("user_id", HOSTILE)
async def test_nobody_is_found_by_a_query(store: Store, user_id: str) -> None:
    """A user id that is an OData condition matches no member: the question keeps its one meaning."""
    found = await asyncio.gather(store.find(ask.member(user_id)), store.find(ask.owned_actions(user_id)))
    assert found == [[], []]


async def test_somebody_is_there_to_be_found(store: Store) -> None:
    """The tests above look at lists that hold rows."""
    await store.find(ask.open_rows(MEMBERS))
    assert await store.find(ask.open_rows(EVENTS)) != []
