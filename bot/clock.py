"""The time, as the board sees it: the machine's, or for a demonstration what a file says."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path
from zoneinfo import ZoneInfo

from bot.settings import SettingsError

UK = ZoneInfo("Europe/London")


def read_instant(said: str) -> datetime:
    """Read an instant in ISO 8601; one without an offset is UK wall time. Raises ValueError."""
    moment = datetime.fromisoformat(said.strip())
    return (moment if moment.tzinfo else moment.replace(tzinfo=UK)).astimezone(UTC)


class Clock:
    """Tells the time. With a file, time stands still at what the file holds until somebody changes it."""

    def __init__(self, file: Path | None = None) -> None:
        self._file = file
        self._last: datetime | None = None
        if file is not None:
            self._read(file)

    def now(self) -> datetime:
        """The time, aware and in UTC. A file that cannot be read just now leaves it where it was."""
        if self._file is None:
            return datetime.now(UTC)
        try:
            return self._read(self._file)
        except SettingsError:
            if self._last is None:
                raise
            return self._last

    def _read(self, file: Path) -> datetime:
        try:
            self._last = read_instant(file.read_text())
        except (OSError, ValueError) as error:
            raise SettingsError(
                f"MHRMB_CLOCK: {file} does not hold an instant such as 2026-11-22T09:00:00Z."
            ) from error
        return self._last
