"""How background work keeps to its share: what a request costs, and when it has to wait."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as some

from sharepoint.pace import BACKGROUND_SHARE, LONGEST, WINDOW, Pace, cost


class Clock:
    """Seconds that only a test moves."""

    def __init__(self) -> None:
        self.now = 1000.0

    def __call__(self) -> float:
        return self.now


@pytest.mark.parametrize(
    ("method", "path", "units"),
    [
        ("GET", "web/lists/getByTitle('Actions')/items(7)", 1),
        ("GET", "web/lists/getByTitle('Actions')/items(7)?$select=Id", 1),
        ("GET", "web?$select=Title", 1),
        ("GET", "web/lists/getByTitle('Actions')/items?$filter=Open%20eq%201", 2),
        ("GET", "web/lists/getByTitle('Actions')/items(7)/versions?$top=2", 2),
        ("GET", "web/lists?$top=500", 2),
        ("POST", "web/getChanges", 2),
        ("MERGE", "web/lists/getByTitle('Actions')/items(7)", 2),
        ("GET", "web/lists/getByTitle('Actions')/roleassignments", 5),
        ("POST", "web/lists/getByTitle('A')/breakroleinheritance(copyRoleAssignments=false)", 5),
        ("POST", "web/sitegroups", 5),
    ],
)
def test_what_a_request_costs(method: str, path: str, units: float) -> None:
    """One item 1, several or a write 2, permissions 5: Microsoft's table for Graph, the only one there is."""
    assert cost(method, path) == units


@given(some.lists(some.tuples(some.floats(0, 40), some.floats(0.5, 30)), max_size=60), some.floats(40, 400))
def test_no_minute_holds_more_than_the_share(steps: list[tuple[float, float]], allowance: float) -> None:
    """Whatever is asked when, no window lets more than the share through, and nothing waits for ever."""
    clock = Clock()
    pace = Pace(allowance, clock)
    share, sent = allowance * BACKGROUND_SHARE, list[tuple[float, float]]()
    for gap, units in steps:
        clock.now += gap
        wait = pace.wait(units)
        assert 0 <= wait <= WINDOW + 1e-9
        clock.now += wait
        assert pace.wait(units) <= 1e-6
        sent.append((clock.now, units))
        pace.spend(units)
        lately = [spent for at, spent in sent if at > clock.now - WINDOW + 1e-6]
        assert sum(lately) <= share + 1e-6 or len(lately) == 1


@given(some.sampled_from([429, 503]), some.floats(0.1, 3000))
def test_a_refusal_holds_background_work_as_long_as_it_says(status: int, seconds: float) -> None:
    """Retry-After of anybody's refusal is waited out, ten minutes at most, and not longer."""
    clock = Clock()
    pace = Pace(None, clock)
    pace.told(status, {"retry-after": str(seconds)})
    wait = pace.wait(1)
    assert wait == pytest.approx(min(seconds, LONGEST))
    clock.now += wait + 1e-6
    assert pace.wait(1) == 0


@pytest.mark.parametrize(
    ("status", "headers", "held"),
    [
        (200, {}, 0),
        (200, {"ratelimit-limit": "1250", "ratelimit-remaining": "250", "ratelimit-reset": "30"}, 0),
        (200, {"ratelimit-limit": "1250", "ratelimit-remaining": "249", "ratelimit-reset": "30"}, 30),
        (200, {"ratelimit-limit": "1250", "ratelimit-remaining": "0", "ratelimit-reset": "soon"}, 1),
        (200, {"ratelimit-limit": "none", "ratelimit-remaining": "0", "ratelimit-reset": "30"}, 0),
        (200, {"retry-after": "30"}, 0),
        (429, {}, 1),
        (503, {"retry-after": "4", "ratelimit-reset": "9"}, 9),
        (500, {"retry-after": "4"}, 0),
        (404, {}, 0),
    ],
)
def test_what_an_answer_says_of_the_room_left(status: int, headers: dict[str, str], held: float) -> None:
    """A refusal, or less than a fifth left, holds background work until the window ends; a sound answer does not."""
    pace = Pace(None, Clock())
    pace.told(status, headers)
    assert pace.wait(1) == held


@given(some.lists(some.floats(0.1, 300), min_size=1))
def test_a_later_shorter_word_does_not_shorten(waits: list[float]) -> None:
    """Of several refusals the one that reaches furthest counts."""
    pace = Pace(None, Clock())
    for wait in waits:
        pace.told(429, {"retry-after": str(wait)})
    assert pace.wait(1) == pytest.approx(max(waits))
