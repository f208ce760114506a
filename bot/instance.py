"""The name this process takes its lease under: the same after a restart, another's never."""

from __future__ import annotations

import fcntl
import os
import secrets
from pathlib import Path

from bot.settings import SettingsError


class Instance:
    """Holds a lock on the data folder's `instance` file; a second process there gets a name of its own."""

    def __init__(self, data_dir: Path) -> None:
        try:
            data_dir.mkdir(parents=True, exist_ok=True)
            self._file = os.open(data_dir / "instance", os.O_RDWR | os.O_CREAT, 0o600)
        except OSError as error:
            raise SettingsError(f"MHRMB_DATA_DIR ({data_dir}) cannot be used: {error.strerror}.") from error
        try:
            fcntl.flock(self._file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except OSError:
            self.name = secrets.token_hex(8)
            return
        kept = os.read(self._file, 64).decode("ascii", "ignore").strip()
        self.name = kept or secrets.token_hex(8)
        if not kept:
            os.write(self._file, self.name.encode())

    def close(self) -> None:
        """Let go of the lock."""
        os.close(self._file)
