"""The log: one line an event, whatever its fields hold."""

from __future__ import annotations

import io
import json
import logging
from collections.abc import Iterator

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot import logs
from bot.logs import tell

LOG = logging.getLogger("mhrmb.example")


@pytest.fixture
def _root() -> Iterator[None]:
    """Give the root logger back as it was."""
    root = logging.getLogger()
    handlers, level = root.handlers[:], root.level
    yield
    root.handlers[:] = handlers
    root.setLevel(level)


def line(kind: str, event: str = "not delivered", /, **fields: object) -> str:
    """What one event looks like."""
    stream = io.StringIO()
    logs.begin(kind, stream)
    tell(LOG, logging.WARNING, event, **fields)
    return stream.getvalue()


@pytest.mark.usefixtures("_root")
class TestText:
    def test_event_and_fields(self) -> None:
        """A person reads the event, then the facts as name=value."""
        said = line("text", key="R-14|card", attempt=2)
        assert said.endswith(" WARNING mhrmb.example not delivered key=R-14|card attempt=2\n")

    def test_value_with_spaces_is_quoted(self) -> None:
        """Where one value ends is never in doubt."""
        assert ' says="no answer within \\"4\\" s" n=1\n' in line("text", says='no answer within "4" s', n=1)

    @given(st.text(max_size=400))
    def test_one_line_whatever_it_holds(self, value: str) -> None:
        """No value can forge a second line, in words of any alphabet."""
        said = line("text", value=value)
        assert said.count("\n") == 1
        assert len(said.splitlines()) == 1

    def test_exception_is_named_by_its_type_only(self) -> None:
        """A library that logs a traceback cannot put what it was handling into the log."""
        stream = io.StringIO()
        logs.begin("text", stream)
        try:
            raise ValueError("Amy Example, 01/02/1990")
        except ValueError:
            LOG.exception("broke")
        assert "broke (ValueError)" in stream.getvalue()
        assert "Amy" not in stream.getvalue()


@pytest.mark.usefixtures("_root")
class TestJson:
    def test_event_and_fields(self) -> None:
        """A collector finds each fact under its own name, numbers as numbers."""
        read = json.loads(line("json", key="R-14|card", attempt=2))
        assert read.pop("time").endswith("+0000")
        assert read == {
            "level": "WARNING",
            "logger": "mhrmb.example",
            "event": "not delivered",
            "key": "R-14|card",
            "attempt": 2,
        }

    def test_a_field_cannot_stand_for_the_event(self) -> None:
        """What an event is called is not for a field to say."""
        assert json.loads(line("json", event="another", level="fine"))["level"] == "WARNING"

    @given(st.text(max_size=400))
    def test_one_line_whatever_it_holds(self, value: str) -> None:
        """Each line is one JSON object."""
        said = line("json", value=value)
        assert said.count("\n") == 1
        assert len(json.loads(said)["value"]) == min(len(value), logs.LONGEST)


@pytest.mark.usefixtures("_root")
def test_correlation_of_the_turn() -> None:
    """Whatever a turn causes carries its number, without being told it."""
    token = logs.correlation.set("c0ffee")
    try:
        assert json.loads(line("json"))["correlation"] == "c0ffee"
    finally:
        logs.correlation.reset(token)
    assert "correlation" not in json.loads(line("json"))
