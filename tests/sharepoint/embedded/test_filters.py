"""The filter parser and its SQL against an evaluation written apart from them, on the same rows."""

from __future__ import annotations

import contextlib
import operator
from collections.abc import Iterator
from pathlib import Path
from typing import Any
from urllib.parse import quote

import orjson
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from sharepoint.embedded import filters
from sharepoint.embedded.database import Database
from sharepoint.embedded.dispatch import Asked, answer
from sharepoint.embedded.errors import BadQuery, NotBuilt
from sharepoint.embedded.people import Person
from sharepoint.embedded.site import Site

TEXTS = ["", "a", "A", "ab", "Ab%", "b_", "it's", "é", "É", "z and (x)", "1"]
NUMBERS = [None, -1.5, 0.0, 1.0, 2.0, 1e6]
ROWS = [
    {"Title": text or None, "Score": NUMBERS[n % 6], "Open": (None, True, False)[n % 3]}
    for n, text in enumerate(TEXTS * 2)
]
OPS = {"lt": operator.lt, "le": operator.le, "gt": operator.gt, "ge": operator.ge}

leaves = st.one_of(
    st.tuples(st.sampled_from(["eq", "ne", *OPS]), st.just("Title"), st.sampled_from([*TEXTS, None])),
    st.tuples(st.sampled_from(["eq", "ne", *OPS]), st.just("Score"), st.sampled_from(NUMBERS)),
    st.tuples(st.sampled_from(["eq", "ne"]), st.just("Open"), st.sampled_from([None, True, False])),
    st.tuples(st.sampled_from(["startswith", "substringof"]), st.just("Title"), st.sampled_from(TEXTS)),
)
trees = st.recursive(
    leaves,
    lambda inner: st.one_of(
        st.tuples(st.sampled_from(["and", "or"]), inner, inner), st.tuples(st.just("not"), inner, st.none())
    ),
    max_leaves=8,
)


def literal(value: Any) -> str:
    if value is None or isinstance(value, bool):
        return {None: "null", True: "true", False: "0"}[value]
    return "'" + value.replace("'", "''") + "'" if isinstance(value, str) else str(value)


def written(tree: Any) -> str:
    """As a filter, with brackets only where `and` before `or` would read it otherwise."""
    op, left, right = tree
    if op == "or":
        return f"{written(left)} or {written(right)}"
    if op == "and":
        return " AND ".join(f"({written(part)})" if part[0] == "or" else written(part) for part in (left, right))
    if op == "not":
        return f"not ({written(left)})"
    if op == "startswith":
        return f"startswith({left}, {literal(right)})"
    if op == "substringof":
        return f"substringof({literal(right)},{left})"
    return f"{left} {op} {literal(right)}"


def folded(value: Any) -> Any:
    """As the server compares: letters A to Z without case, the rest by code point."""
    if not isinstance(value, str):
        return value
    return "".join(chr(ord(one) + 32) if "A" <= one <= "Z" else one for one in value)


def holds(tree: Any, row: dict[str, Any]) -> bool:
    op, left, right = tree
    if op in ("and", "or"):
        both = (holds(left, row), holds(right, row))
        return all(both) if op == "and" else any(both)
    if op == "not":
        return not holds(left, row)
    value, wanted = folded(row[left]), folded(right)
    if op in ("eq", "ne"):
        return (value == wanted) is (op == "eq")
    if value is None or wanted is None:
        return False
    if op == "startswith":
        return bool(value.startswith(wanted))
    return wanted in value if op == "substringof" else bool(OPS[op](value, wanted))


@pytest.fixture(scope="module")
def ask(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Any]:
    """Asks a server in this process for the ids a filter finds."""
    database = Database(Path(tmp_path_factory.mktemp("filters")))
    site = Site(database, "http://here", 60)
    site.people.prepare("token", [])
    app: Person = site.people.who("Bearer token")
    headers = {"accept": "application/json;odata=nometadata"}

    def do(method: str, path: str, body: Any = None, query: str = "") -> Any:
        done = answer(site, Asked(method, path, query, headers, orjson.dumps(body) if body else b""), app)
        assert done.status < 300, done.body
        return orjson.loads(done.body)

    do("POST", "web/lists", {"Title": "R"})
    path = "web/lists/getByTitle('R')"
    do("POST", f"{path}/fields", {"Title": "Score", "FieldTypeKind": 9})
    do("POST", f"{path}/fields", {"Title": "Open", "FieldTypeKind": 8})
    for row in ROWS:
        do("POST", f"{path}/items", row)

    def find(text: str) -> list[int]:
        rows = do("GET", f"{path}/items", query=f"$select=Id&$top=500&$filter={quote(text)}")["value"]
        return [row["Id"] for row in rows]

    yield find
    database.close()


@settings(max_examples=300, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(tree=trees)
def test_a_filter_finds_what_it_says(ask: Any, tree: Any) -> None:
    """Any filter finds exactly the rows that a plain reading of it holds for."""
    expected = [n for n, row in enumerate(ROWS, start=1) if holds(tree, row)]
    assert ask(written(tree)) == expected


@settings(max_examples=300, deadline=None)
@given(text=st.text(alphabet="ab '()=,eqnotandor0123.-/\x00é\\;%", max_size=60))
def test_any_text_is_read_or_refused(text: str) -> None:
    """Whatever is typed, the parser answers with a tree or a refusal, never another error."""
    with contextlib.suppress(BadQuery, NotBuilt):
        filters.parse(text)
