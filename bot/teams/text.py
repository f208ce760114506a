"""What a person typed, without what Teams wrapped around it. Every pattern here is bounded: the text is hostile."""

from __future__ import annotations

import html
import re
from typing import Any

TEXT_LIMIT = 4_000
NAME_LIMIT = 200
_RAW_LIMIT = 4 * TEXT_LIMIT
_MENTIONS_LIMIT = 50

_AT = re.compile(r"<at\b[^<>]{0,100}>([^<]{0,250})</at>", re.IGNORECASE)
_LEADING_AT = re.compile(r"\s*" + _AT.pattern, re.IGNORECASE)
# Control characters, and the invisible ones that hide or reorder text; the joiner inside emoji (U+200D) stays.
_UNSEEN = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\u200b\u200e\u200f\u202a-\u202e\u2060\u2066-\u2069\ufeff]")
_BREAK = re.compile(r"<(?:br|/p|/div|/li|/tr|/h[1-6])\b[^<>]{0,100}>", re.IGNORECASE)
_TAG = re.compile(r"<[^<>]*>")  # stops at the next bracket, so it reads each character once
_SPACES = re.compile(r"[^\S\n]+")
_BREAKS = re.compile(r" ?\n[ \n]*")


def plain(text: str, limit: int) -> str:
    """Return the text with entities decoded, unseen characters gone and runs of spaces made one, cut to `limit`."""
    text = html.unescape(text).replace("\r\n", "\n").replace("\r", "\n")
    text = _SPACES.sub(" ", _UNSEEN.sub("", text))
    return _BREAKS.sub("\n", text).strip()[:limit].rstrip()


def name_of(text: str) -> str:
    """Return a display name fit to show on one line, and to be kept in one: `NAME_LIMIT` UTF-16 units."""
    if len(text) <= NAME_LIMIT and text.isascii() and text.isprintable():
        return text.strip()
    name = plain(text.replace("\n", " ").replace("\r", " ")[: 2 * NAME_LIMIT], NAME_LIMIT)
    return name.encode("utf-16-le")[: 2 * NAME_LIMIT].decode("utf-16-le", "ignore").rstrip()


def spoken(text: str, entities: list[Any], bot_id: str) -> str:
    """Return what was said to the bot: its own mention removed, other people's reduced to their names."""
    text = text[:_RAW_LIMIT]
    if "<" in text:
        text = _AT.sub(lambda at: at.group(1), _without_bot(text, entities, bot_id))
    return plain(text, TEXT_LIMIT)


def written(content: str, *, is_html: bool) -> str:
    """Return a message's words as plain text: each paragraph a line, markup and attachments gone."""
    text = _TAG.sub("", _BREAK.sub("\n", content)) if is_html else html.escape(content)
    return plain(text[:_RAW_LIMIT], TEXT_LIMIT)


def _without_bot(text: str, entities: list[Any], bot_id: str) -> str:
    """Remove the bot's mention as the entities name it; where they do not, remove a mention the text opens with."""
    before = text
    for entity in entities[:_MENTIONS_LIMIT]:
        written = _mention_of(entity, bot_id)
        if written:
            text = text.replace(written, " ")
    return text if text != before else _LEADING_AT.sub(" ", text, count=1) if _LEADING_AT.match(text) else text


def _mention_of(entity: Any, bot_id: str) -> str:
    """Return how the text spells the bot's mention, or nothing when this entity is about something else."""
    if not isinstance(entity, dict) or entity.get("type") != "mention":
        return ""
    mentioned, written = entity.get("mentioned"), entity.get("text")
    if not isinstance(mentioned, dict) or mentioned.get("id") != bot_id or not isinstance(written, str):
        return ""
    return written
