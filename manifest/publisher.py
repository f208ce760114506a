"""What the package says of whoever runs the bot: read from the environment or `.env`, each fault told in a sentence."""

from __future__ import annotations

import os
import re
from collections.abc import Mapping
from dataclasses import dataclass
from urllib.parse import urlsplit

from dotenv import dotenv_values

ORGANISATION = "MHRMB"
LONGEST_NAME = 32
"""Characters of a publisher's name: `developer.name` of the schema."""

LONGEST_ADDRESS = 2048
_GUID = re.compile(r"[0-9a-fA-F]{8}-([0-9a-fA-F]{4}-){3}[0-9a-fA-F]{12}")
_NOBODYS = re.compile(r"[0-]+")


class Unfit(Exception):
    """The package cannot be made; `problems` are sentences, one for each thing to put right."""

    def __init__(self, problems: list[str]) -> None:
        super().__init__(" ".join(problems))
        self.problems = problems


@dataclass(frozen=True, slots=True)
class Publisher:
    """Who runs the bot, and under which registration. Every address is https."""

    bot_app_id: str
    organisation: str
    website: str
    privacy: str
    terms: str


def read(environment: Mapping[str, str] | None = None) -> Publisher:
    """Read the settings; the environment goes before `.env`. Raises Unfit with everything that is wrong at once."""
    values = {**dotenv_values(".env"), **os.environ} if environment is None else dict(environment)
    problems: list[str] = []

    def text(name: str) -> str:
        return (values.get(name) or "").strip()

    def address(name: str, of_what: str) -> str:
        said = text(name)
        if not said:
            problems.append(f"{name} is not set: Teams asks every app for the address of {of_what}.")
        elif not _is_https(said):
            problems.append(f"{name} is not an https address such as https://www.example.org/mhrmb.")
        return said

    publisher = Publisher(
        bot_app_id=_app_id(text("MHRMB_BOT_APP_ID"), problems),
        organisation=_name(text("MHRMB_ORGANISATION") or ORGANISATION, problems),
        website=address("MHRMB_WEBSITE_URL", "a page about it, where its people find whom to ask"),
        privacy=address("MHRMB_PRIVACY_URL", "its privacy notice"),
        terms=address("MHRMB_TERMS_URL", "its terms of use"),
    )
    if problems:
        raise Unfit(problems)
    return publisher


def _app_id(said: str, problems: list[str]) -> str:
    if not said:
        problems.append("MHRMB_BOT_APP_ID is not set: it is the application (client) id of the bot's registration.")
    elif not _GUID.fullmatch(said) or _NOBODYS.fullmatch(said):
        problems.append(
            "MHRMB_BOT_APP_ID is not an application id: Entra shows it as Application (client) ID, 32 digits and "
            "letters in five groups."
        )
    return said.lower()


def _name(said: str, problems: list[str]) -> str:
    if len(said) > LONGEST_NAME or not said.isprintable():
        problems.append(f"MHRMB_ORGANISATION is longer than the {LONGEST_NAME} characters Teams shows of a publisher.")
    return said


def _is_https(said: str) -> bool:
    try:
        parts = urlsplit(said)
    except ValueError:
        return False
    plain = said.isprintable() and " " not in said and len(said) <= LONGEST_ADDRESS
    return plain and parts.scheme == "https" and "." in (parts.hostname or "") and parts.username is None
