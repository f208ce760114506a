"""Values that no well-meaning client sends. Texts hold `MARK`, to be looked for where they must not be."""

from __future__ import annotations

from random import Random
from typing import Any

MARK = "Qzxjplant"
"""Letters that stand nowhere else, and that neither Unicode normalisation nor any cleaning changes."""

LONE = "\x01lone\x01"
"""Stands for half a surrogate pair: JSON can spell it (`\\ud83d`) though no text can hold it."""

TWICE = "\x01twice"
"""Ends the name of a field that is to be sent a second time under the same name."""

MARKUP = (
    "[{}](https://evil.example)",
    "![{}](https://evil.example/i.png)",
    "[{}](javascript:alert(1))",
    "<at>{}</at>",
    "<at>MHRMB</at> <at>{}</at> setpu",
    "**{}** _x_ ~~y~~ `z`",
    "# {}\n- one\n1. two\n> three\n\n---\n|a|b|\n|-|-|",
    "<b>{}</b><script>alert(1)</script><img src=x onerror=alert(1)>",
    "&lt;at&gt;{}&lt;/at&gt; &#91;x&#93;(https://evil.example) &#xD800; &#0;",
    "{{{{DATE(2026-01-01,SHORT)}}}} ${{{}}}",
    "<https://evil.example/{}> https://evil.example mailto:x@evil.example",
)
QUOTES = (
    "{}' or 1 eq 1",
    "x') or startswith(Title,'{}",
    "{}'; DROP TABLE Referrals;--",
    "{} eq null and Open eq 0 &$top=1#",
    "{}%27%20or%201%20eq%201",
    '{}"\\"\'\\',
    "{}]]></Value><Eq>",
)
SPREADSHEET = ("=cmd|' /C calc'!A0 {}", "+{}", "-2+3+{}", "@SUM(1+1)*{}", "\t={}", "\r={}")
FORMATS = ("%s%n%x {}", "{{0}} {{0.__class__}} {{what}} {}", "$({}) `{}`", "%(asctime)s {}", "{}\r\n2026-01-01 ERROR x")
PATHS = (
    "../../../../etc/passwd {}",
    "..\\..\\{}",
    "/dev/zero {}",
    "C:\\con {}",
    "file:///{}",
    "\\\\evil\\{}",
    "{}\x00.pdf",
)
UNICODE = (
    "\u202e{}\u202c",
    "\u2066{}\u2069\u200f",
    "{}\u0301\u0302\u0303" + "\u0301" * 40,
    "\u200b\u200c\u200d{}\ufeff\u2060",
    "{}\x00\x01\x1b[31mred\x07\x7f\x85\u2028\u2029",
    "👩‍👩‍👧‍👦🏳️‍🌈{}" + "💥" * 60,
    "Ѕеtuр {} ехроrt",
    "ﷺ{}\ufdfd\U0001f1ec\U0001f1e7",
    "İıſßẞ{}ǅﬃ",
    "{}\ue000\U0010ffff\ufffe",
    f"{{}}{LONE}",
    "שלום{}عربي",
)
TEXTS = MARKUP + QUOTES + SPREADSHEET + FORMATS + PATHS + UNICODE

NUMBERS: tuple[Any, ...] = (0, -1, 2**31, 2**63, 2**64, 10**30, -(10**30), 1e308, 5e-324, -0.0, 0.1)
DIGITS = (
    "0",
    "-1",
    "00000000000000000001",
    "9" * 9,
    "9" * 10,
    "9" * 400,
    "1e9",
    "٣",
    "²",
    "0x10",
    "1_000",
    "NaN",
    "Infinity",
)
DATES = (
    *("0000-01-01", "0001-01-01", "1899-12-31", "1900-01-01", "2023-02-29", "2024-02-29", "2100-02-29", "2199-12-31"),
    *(
        "9999-12-31",
        "10000-01-01",
        "2026-13-01",
        "2026-W01-1",
        "20261201",
        "2026-12-01T00:00:00Z",
        "31/12/2026",
        "-2026-01-01",
    ),
)
REFERENCES = (
    *(
        "R-1",
        "R-2",
        "R-3",
        "R-4",
        "A-1",
        "A-2",
        "A-3",
        "A-4",
        "R-999999",
        "A-999999",
        "A--1",
        "R-0",
        "R-1.2",
        "r 1",
        "R‑1",
    ),
    *("R-999999999", "R-9999999999", "A-1' or 1 eq 1", "R-1,R-2", "S-1", "P-1.2", "Z-1", "R", "-1", "R-٣", "../R-1"),
)
JUNK: tuple[Any, ...] = (None, True, False, "", " ", [], {}, [[]], [None], ["x"], {"": ""}, {"type": "x"}, {"id": 7})
LENGTHS = (80, 100, 200, 254, 255, 256, 1_000, 1_001, 2_000, 2_001, 4_000, 4_001, 30_000)
FILLINGS = ("x", " ", "é", "💥", "\n", "<at>", "[", "&amp;", "'", "\u0301", "王")
OVER = 300_000
"""More than the edge takes of a body."""


def text(random: Random) -> str:
    """A hostile text."""
    return random.choice(TEXTS).format(*[MARK] * 2)


def long(random: Random) -> str:
    """A text as long as some limit, or just beyond; seldom longer than any body may be."""
    length = OVER if random.random() < 0.03 else random.choice(LENGTHS)
    filling = random.choice(FILLINGS)
    return (MARK + filling * length)[:length]


def nested(random: Random, inside: Any) -> Any:
    """A value so many lists and objects deep."""
    for _ in range(random.choice((1, 2, 10, 25, 30, 33, 120))):
        inside = [inside] if random.random() < 0.5 else {random.choice(("value", "id", "data")): inside}
    return inside


def value(random: Random) -> Any:
    """Anything at all."""
    kind = random.random()
    if kind < 0.45:
        return text(random)
    if kind < 0.55:
        return long(random)
    chosen: tuple[Any, ...] = random.choice((JUNK, JUNK, NUMBERS, DIGITS, DATES, REFERENCES))
    return random.choice(chosen)
