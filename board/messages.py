"""What of a message in Teams may go into a record: its words, to be looked through, and the way back to it. Pure."""

from __future__ import annotations

import re
from urllib.parse import parse_qsl, quote, unquote, urlencode, urlsplit

from board.forms import PARAGRAPH, clean, length

LINK_LIMIT = 2_000
"""The longest link that is read at all."""

_HOSTS = ("teams.microsoft.com", "teams.cloud.microsoft")
_PATH = re.compile(r"/l/message/(19:[A-Za-z0-9_-]{1,120}@thread\.(?:tacv2|skype|v2))/([0-9]{1,20})")
_KEPT = {"tenantId", "groupId", "parentMessageId", "createdTime"}
_VALUE = re.compile(r"[A-Za-z0-9-]{1,64}")


def message_link(said: str) -> str:
    """The way back to a message in a channel or a group, made anew of its ids alone; empty for any other address.

    Names of teams and channels that Teams adds are left out, and a chat of two people has no link: its address holds
    who they are, and nobody else can open it.
    """
    if len(said) > LINK_LIMIT:
        return ""
    try:
        parts = urlsplit(said)
        host, port = parts.hostname, parts.port
    except ValueError:
        return ""
    found = _PATH.fullmatch(unquote(parts.path))
    if parts.scheme != "https" or host not in _HOSTS or port is not None or parts.username or found is None:
        return ""
    asked = [(name, value) for name, value in parse_qsl(parts.query) if name in _KEPT and _VALUE.fullmatch(value)]
    link = f"https://{host}/l/message/{quote(found[1], safe='')}/{found[2]}"
    return f"{link}?{urlencode(asked)}" if asked else link


def words_of(message: str) -> str:
    """A message's words as the beginning of a paragraph of ours: cleaned, and cut with an ellipsis where too long."""
    words = clean(message)
    if length(words) <= PARAGRAPH:
        return words
    return words.encode("utf-16-le")[: 2 * (PARAGRAPH - 1)].decode("utf-16-le", "ignore").rstrip() + "…"
