"""The log: one line an event, whatever its fields hold."""

from __future__ import annotations

import asyncio
import io
import json
import logging
import re
import threading
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


class Written(io.StringIO):
    """A stream that counts how often it was written to."""

    times = 0

    def write(self, text: str) -> int:
        """Count, and take it."""
        self.times += 1
        return super().write(text)


@pytest.mark.usefixtures("_root")
class TestGathered:
    async def test_lines_of_one_moment_are_written_together_in_order(self) -> None:
        """Nothing is written while a turn runs; soon after, all of it at once; then the next begins anew."""
        stream = Written()
        logs.begin("text", stream)
        for number in range(5):
            tell(LOG, logging.INFO, "turn", n=number)
        assert stream.times == 0
        await asyncio.sleep(3 * logs.GATHERED_FOR)
        assert (stream.times, re.findall(r"n=(\d)", stream.getvalue())) == (1, list("01234"))
        tell(LOG, logging.INFO, "turn", n=5)
        await asyncio.sleep(3 * logs.GATHERED_FOR)
        assert (stream.times, stream.getvalue().count("\n")) == (2, 6)

    async def test_a_warning_waits_for_nothing(self) -> None:
        """It is written at once, after the lines that waited."""
        stream = Written()
        logs.begin("text", stream)
        tell(LOG, logging.INFO, "first")
        tell(LOG, logging.WARNING, "second")
        assert [each.split()[-1] for each in stream.getvalue().splitlines()] == ["first", "second"]

    async def test_what_waits_is_written_at_the_end(self) -> None:
        """Logging's own shutdown, and a log that begins anew, write what the loop had no time for."""
        stream = Written()
        logs.begin("text", stream)
        tell(LOG, logging.INFO, "first")
        logging.shutdown()
        assert stream.times == 1
        tell(LOG, logging.INFO, "second")
        logs.begin("text", io.StringIO())
        assert stream.times == 2

    def test_outside_of_a_loop_a_line_is_written_at_once(self) -> None:
        """The command line's own lines come as they are told; so does what a thread logs."""
        stream = Written()
        logs.begin("text", stream)
        tell(LOG, logging.INFO, "first")
        assert stream.times == 1
        thread = threading.Thread(target=tell, args=(LOG, logging.INFO, "second"))
        thread.start()
        thread.join()
        assert stream.times == 2

    def test_two_loops_one_after_another(self) -> None:
        """A loop that ended before its lines were written does not keep those of the next from being written."""
        stream = Written()
        logs.begin("text", stream)

        async def says(word: str, seconds: float) -> None:
            tell(LOG, logging.INFO, word)
            await asyncio.sleep(seconds)

        asyncio.run(says("first", 0))
        asyncio.run(says("second", 3 * logs.GATHERED_FOR))
        assert [each.split()[-1] for each in stream.getvalue().splitlines()] == ["first", "second"]

    def test_a_closed_stream_stops_nobody(self) -> None:
        """Whoever collected the log is gone: the line is lost, and nothing else."""
        stream = Written()
        logs.begin("text", stream)
        stream.close()
        tell(LOG, logging.WARNING, "unheard")


@pytest.mark.usefixtures("_root")
def test_correlation_of_the_turn() -> None:
    """Whatever a turn causes carries its number, without being told it."""
    token = logs.correlation.set("c0ffee")
    try:
        assert json.loads(line("json"))["correlation"] == "c0ffee"
    finally:
        logs.correlation.reset(token)
    assert "correlation" not in json.loads(line("json"))
