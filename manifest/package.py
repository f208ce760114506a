"""The package an administrator uploads: a zip of the manifest and two icons, the same bytes for the same settings."""

from __future__ import annotations

import io
import json
import tomllib
import zipfile
from importlib import metadata
from pathlib import Path
from typing import Final

from manifest import icons
from manifest.contents import ACCENT, COLOUR, OUTLINE, manifest
from manifest.publisher import Publisher, Unfit
from manifest.rules import problems

_LONG_AGO: Final = (1980, 1, 1, 0, 0, 0)
_PROJECT = Path(__file__).resolve().parent.parent / "pyproject.toml"


def version() -> str:
    """The product's version: of the project it lies in, else of what is installed."""
    if _PROJECT.exists():
        return str(tomllib.loads(_PROJECT.read_text(encoding="utf-8"))["project"]["version"])
    return metadata.version("mhrmb")


def package(publisher: Publisher, *, shared_channels: bool = False) -> bytes:
    """The zip. Raises Unfit when Teams would refuse it."""
    said = manifest(publisher, version(), shared_channels=shared_channels)
    red, green, blue = bytes.fromhex(ACCENT.removeprefix("#"))
    colour, outline = icons.colour((red, green, blue)), icons.outline()
    if amiss := problems(said, colour, outline):
        raise Unfit(amiss)
    text = json.dumps(said, indent=2, ensure_ascii=False).encode() + b"\n"
    return _zipped({"manifest.json": text, COLOUR: colour, OUTLINE: outline})


def _zipped(files: dict[str, bytes]) -> bytes:
    """Files at the top of a zip, with no date, owner or mode of this machine in it."""
    held = io.BytesIO()
    with zipfile.ZipFile(held, "w") as archive:
        for name, content in files.items():
            entry = zipfile.ZipInfo(name, _LONG_AGO)
            entry.compress_type = zipfile.ZIP_DEFLATED
            entry.external_attr = 0o644 << 16
            entry.create_system = 3
            archive.writestr(entry, content)
    return held.getvalue()
