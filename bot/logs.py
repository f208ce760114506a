"""The log: one event a line, its facts beside it as fields, for a person at a terminal or a machine that collects them.

An event is a few fixed words; whatever varies is a field, so nothing that people wrote is ever part of a sentence. A
field may hold a reference, a kind, a count or an error's type: never a name, free text or a token. `correlation` ties
together everything that one turn caused.
"""

from __future__ import annotations

import asyncio
import logging
import sys
from contextlib import nullcontext, suppress
from contextvars import ContextVar
from typing import TYPE_CHECKING, Final, TextIO

if TYPE_CHECKING:
    from collections.abc import Mapping

correlation: ContextVar[str] = ContextVar("correlation", default="")
"""The number of the turn under way; empty outside of one."""

LONGEST: Final = 300
"""Characters of a field that are kept: whatever is longer was not meant for a log."""

FORMATS: Final = ("text", "json")

GATHERED_FOR: Final = 0.05
"""Seconds that a line may wait for others to be written with it: what is lost at most when the process is killed."""

_FIELDS: Final = "mhrmb_fields"


def tell(log: logging.Logger, level: int, event: str, /, **fields: object) -> None:
    """Log an event with its fields, and with the turn's correlation where there is one."""
    if log.isEnabledFor(level):
        if turn := correlation.get():
            fields["correlation"] = turn
        log.log(level, event, extra={_FIELDS: fields}, stacklevel=2)


def fields_of(record: logging.LogRecord) -> dict[str, object]:
    """The fields of a record, each harmless: one line, bounded, numbers left as they are."""
    own: Mapping[str, object] = getattr(record, _FIELDS, {})
    return {name: value if isinstance(value, int | float) else _harmless(value) for name, value in own.items()}


def _harmless(value: object) -> str:
    """Text that cannot start a line of its own, nor hide what follows it."""
    text = str(value)[:LONGEST]
    return "".join(c if c.isprintable() else "\N{REPLACEMENT CHARACTER}" for c in text)


class TextFormatter(logging.Formatter):
    """`2026-11-23T09:00:00+0000 WARNING mhrmb.poster not delivered key=… attempt=2`."""

    def __init__(self) -> None:
        super().__init__("%(asctime)s %(levelname)s %(name)s", "%Y-%m-%dT%H:%M:%S%z")

    def format(self, record: logging.LogRecord) -> str:
        """One line; a value with spaces is quoted."""
        head = f"{self.formatTime(record, self.datefmt)} {record.levelname} {record.name} {_harmless(event_of(record))}"
        return " ".join([head, *(f"{name}={_quoted(value)}" for name, value in fields_of(record).items())])


def event_of(record: logging.LogRecord) -> str:
    """The event in words; of a library's record with an exception, its type too, for its text may quote anything."""
    failed = record.exc_info[0] if record.exc_info else None
    return f"{record.getMessage()} ({failed.__name__})" if failed else record.getMessage()


def _quoted(value: object) -> str:
    text = str(value)
    if text and not any(c.isspace() or c in '"=' for c in text):
        return text
    return '"' + text.replace("\\", "\\\\").replace('"', '\\"') + '"'


def _json_formatter() -> logging.Formatter:
    from pythonjsonlogger.core import RESERVED_ATTRS  # noqa: PLC0415 - only who asked for JSON waits for it
    from pythonjsonlogger.json import JsonFormatter  # noqa: PLC0415

    class Json(JsonFormatter):
        """One JSON object a line: time, level, logger, event, and the fields under their own names."""

        def add_fields(
            self, log_data: dict[str, object], record: logging.LogRecord, _message_dict: dict[str, object]
        ) -> None:
            log_data["time"] = self.formatTime(record, "%Y-%m-%dT%H:%M:%S%z")
            log_data |= {"level": record.levelname, "logger": record.name, "event": _harmless(event_of(record))}
            log_data |= {name: value for name, value in fields_of(record).items() if name not in log_data}

    return Json(reserved_attrs=[*RESERVED_ATTRS, _FIELDS])


class Gathered(logging.StreamHandler[TextIO]):
    """Writes together what the event loop logs within `GATHERED_FOR`.

    A write wakes whoever collects the log, which cost more than all else about a line. A warning and worse, and what is
    logged outside of an event loop, is written at once, after what waited.
    """

    def __init__(self, stream: TextIO) -> None:
        super().__init__(stream)
        self._lines = list[str]()
        self._waits_on: asyncio.AbstractEventLoop | None = None

    def emit(self, record: logging.LogRecord) -> None:
        """Keep the line, and write it now or soon."""
        try:
            self._lines.append(self.format(record) + self.terminator)
        except Exception:  # noqa: BLE001 - as every handler of logging does with a record that cannot be formatted
            self.handleError(record)
        loop = _running_loop() if record.levelno < logging.WARNING else None
        if loop is None:
            self.flush()
        elif loop is not self._waits_on:
            self._waits_on = loop
            loop.call_later(GATHERED_FOR, self._come_due)

    def _come_due(self) -> None:
        self._waits_on = None
        self.flush()

    def flush(self) -> None:
        """Write what waits. Called when the process ends, too. Lines that nobody takes any more are lost quietly."""
        with self.lock or nullcontext(), suppress(OSError, ValueError):
            lines, self._lines = self._lines, []
            if lines:
                self.stream.write("".join(lines))
                self.stream.flush()


def _running_loop() -> asyncio.AbstractEventLoop | None:
    try:
        return asyncio.get_running_loop()
    except RuntimeError:
        return None


def begin(kind: str = "text", stream: TextIO | None = None) -> None:
    """Send every log of this process to `stream` (standard error), as `text` or `json`, and nowhere else."""
    # None of our lines tells from which code, thread or process it came, and to find that out is a third of its cost:
    # https://docs.python.org/3.11/howto/logging.html#optimization
    logging._srcfile = None
    logging.logThreads = logging.logProcesses = logging.logMultiprocessing = False
    handler = Gathered(stream or sys.stderr)
    handler.setFormatter(_json_formatter() if kind == "json" else TextFormatter())
    root = logging.getLogger()
    for before in root.handlers:
        before.flush()
    root.handlers[:] = [handler]
    root.setLevel(logging.INFO)
    logging.getLogger("apscheduler").setLevel(logging.WARNING)  # it tells of every tick
