"""Pictures as bytes: the little of PNG (ISO/IEC 15948) that two icons need."""

from __future__ import annotations

import struct
import zlib
from collections.abc import Sequence
from typing import Final

Pixel = tuple[int, int, int, int]
"""Red, green, blue and how opaque, each 0 to 255."""

SIGNATURE: Final = b"\x89PNG\r\n\x1a\n"
_EIGHT_BITS, _WITH_ALPHA = 8, 6


def png(rows: Sequence[Sequence[Pixel]]) -> bytes:
    """A picture of these rows of pixels, all equally long; the same rows give the same bytes."""
    head = struct.pack(">IIBBBBB", len(rows[0]), len(rows), _EIGHT_BITS, _WITH_ALPHA, 0, 0, 0)
    lines = b"".join(b"\0" + bytes(channel for pixel in row for channel in pixel) for row in rows)
    return SIGNATURE + _chunk(b"IHDR", head) + _chunk(b"IDAT", zlib.compress(lines, 9)) + _chunk(b"IEND", b"")


def size(picture: bytes) -> tuple[int, int]:
    """Its width and height in pixels; ValueError for what is no PNG."""
    if not picture.startswith(SIGNATURE) or picture[12:16] != b"IHDR":
        raise ValueError("not a PNG")
    width, height = struct.unpack(">II", picture[16:24])
    return width, height


def _chunk(kind: bytes, content: bytes) -> bytes:
    return struct.pack(">I", len(content)) + kind + content + struct.pack(">I", zlib.crc32(kind + content))
