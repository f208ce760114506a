"""The key that seals the record: from the settings, else from a file beside the bot's own data. Never in SharePoint."""

from __future__ import annotations

import os
import secrets
from collections.abc import Sequence
from pathlib import Path

from bot.settings import SettingsError, read_key
from sharepoint.chain import SHORTEST, Keys

FILE = "seal.key"


def keys(configured: Sequence[bytes], data_dir: Path, *, make: bool) -> Keys | None:
    """The keys of the settings, or the one of the file, made once where `make` says so; None where there is none.

    Raises SettingsError for a file that holds no key: to make another would leave what it sealed unverifiable.
    """
    if configured:
        return Keys(configured)
    path = data_dir / FILE
    if make:
        _make(path)
    try:
        return Keys([read_key(path.read_text())])
    except FileNotFoundError:
        return None
    except (OSError, ValueError) as error:
        raise SettingsError(
            f"{path} cannot be read as a key. Bring back the file that was there, or set MHRMB_SEAL_KEY."
        ) from error


def _make(path: Path) -> None:
    """Make the file once, whole or not at all, for this user only; one that is there stays."""
    if path.exists():
        return
    path.parent.mkdir(parents=True, exist_ok=True)
    fresh = path.with_name(f"{FILE}.{secrets.token_hex(4)}")
    handle = os.open(fresh, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    with os.fdopen(handle, "w") as file:
        file.write(secrets.token_hex(SHORTEST) + "\n")
        file.flush()
        os.fsync(file.fileno())
    try:
        os.link(fresh, path)  # unlike a rename, this does not take the place of one that another process has just made
    except FileExistsError:
        pass
    finally:
        fresh.unlink()
