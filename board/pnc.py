"""PNC ids: the Police National Computer's number of a person, such as 2014/0123456D, read, checked and compared. Pure.

A year of two or four digits, a serial number of up to seven, and a check letter: the remainder of the year's last two
digits and the serial number, read as one number, divided by 23, as a letter of the alphabet without I, O and S that
begins with Z (the Ministry of Justice's published person record services read them so). Written here because no
maintained library checks them.
"""

from __future__ import annotations

import re

LETTERS = "ZABCDEFGHJKLMNPQRTUVWXY"
"""What each remainder of 23 stands for."""

SERIAL = 7

_WITH_SLASH = re.compile(r"(\d{4}|\d{2})/(\d{1,7})([A-Z])")
_WITHOUT = re.compile(r"(\d{4}|\d{2})(\d{7})([A-Z])")


def read(typed: str) -> str:
    """The id as it is kept, `YYYY/NNNNNNNX` (`YY/NNNNNNNX` where no century was typed); empty for what is none.

    Blanks and small letters are forgiven, and a missing slash where the serial number has all its digits.
    """
    bare = "".join(typed.split()).upper()
    found = _WITH_SLASH.fullmatch(bare) or _WITHOUT.fullmatch(bare)
    if not found or not bare.isascii():
        return ""
    year, serial, letter = found[1], found[2].zfill(SERIAL), found[3]
    return f"{year}/{serial}{letter}" if letter == check_letter(year, serial) else ""


def check_letter(year: str, serial: str) -> str:
    """The letter that ends the id of this year (its last two digits count) and serial number."""
    return LETTERS[int(f"{year[-2:]}{serial.zfill(SERIAL)}") % len(LETTERS)]


def spellings(typed: str) -> tuple[str, ...]:
    """How the same id may be kept, with and without each century; what is no valid id only as it was typed."""
    found = read(typed)
    if not found:
        return (typed.strip(),) if typed.strip() else ()
    rest = found[-len("YY/NNNNNNNX") :]
    return (f"20{rest}", f"19{rest}", rest)


def same(one: str, other: str) -> bool:
    """Whether two ids are one, whatever their spelling; the century does not tell two apart."""
    first, second = (read(each) or "".join(each.split()).upper() for each in (one, other))
    tail = len("YY/NNNNNNNX")
    return bool(first) and first[-tail:] == second[-tail:]
