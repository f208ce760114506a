"""`python -m manifest`: makes the Teams app package. Exit codes: 0 done, 1 failed with a reason, 2 wrong usage."""

from __future__ import annotations

import argparse
import sys
from collections.abc import Sequence
from pathlib import Path

from manifest.package import package, version
from manifest.publisher import Publisher, Unfit, read

DONE, FAILED = 0, 1
DEFAULT = Path("mhrmb-teams-app.zip")


def main(arguments: Sequence[str] | None = None) -> int:
    """Make the package and say what to do with it, or say everything that keeps it from being made."""
    asked = _parser().parse_args(arguments)
    try:
        publisher = read()
        made = package(publisher, shared_channels=asked.shared_channels)
    except Unfit as unfit:
        return _fail([*unfit.problems, "Nothing was written. docs/administrator.md says where each is found."])
    try:
        _write(asked.out, made)
    except OSError as error:
        return _fail([f"{asked.out} cannot be written ({error.strerror or error}). Name another with --out."])
    _say(_told(asked.out, publisher, shared=asked.shared_channels))
    return DONE


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="python -m manifest", description="Make the Teams app package (a zip).")
    parser.add_argument("--out", type=Path, default=DEFAULT, metavar="FILE", help=f"where it goes; else {DEFAULT}")
    parser.add_argument(
        "--shared-channels", action="store_true", help="let it be added to shared and private channels too (untried)"
    )
    return parser


def _write(path: Path, content: bytes) -> None:
    """Put it there whole or not at all."""
    beside = path.with_name(f"{path.name}.part")
    try:
        beside.write_bytes(content)
        beside.replace(path)
    finally:
        beside.unlink(missing_ok=True)


def _told(path: Path, publisher: Publisher, *, shared: bool) -> str:
    channels = "standard, shared and private channels" if shared else "standard channels"
    return (
        f"{path}: MHRMB {version()} of {publisher.organisation}, for the bot {publisher.bot_app_id}, in {channels} and "
        "personal chats.\nUpload it in the Teams admin centre under Teams apps, Manage apps, Upload new app."
    )


def _say(line: str) -> None:
    print(line)  # noqa: T201 - the command line speaks by printing


def _fail(lines: list[str]) -> int:
    print("\n".join(lines), file=sys.stderr)  # noqa: T201
    return FAILED


if __name__ == "__main__":
    sys.exit(main())
