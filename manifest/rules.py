"""What Teams refuses in a package, checked before one is written.

The limits are those of Microsoft's schema, and where its documentation of the older clients is narrower (a command's
title 32, its description 128, ten commands a list), those. `tests/manifest` holds the same manifest against the schema.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any, Final

from manifest.png import size

LONGEST: Final = {
    "name.short": 30,
    "name.full": 100,
    "description.short": 80,
    "description.full": 4000,
    "developer.name": 32,
}
MOST_COMMANDS: Final = 10
LONGEST_TITLE, LONGEST_DESCRIPTION = 32, 128
COLOUR_SIZE, OUTLINE_SIZE = (192, 192), (32, 32)
_SEMVER = re.compile(r"(0|[1-9]\d*)(\.(0|[1-9]\d*)){2}")


def problems(manifest: dict[str, Any], colour: bytes, outline: bytes) -> list[str]:
    """Everything amiss, each a sentence; nothing when the package may be written."""
    return [*_lengths(manifest), *_version(manifest), *_commands(manifest), *_icons(colour, outline)]


def _lengths(manifest: dict[str, Any]) -> Iterator[str]:
    for place, most in LONGEST.items():
        whole, part = place.split(".")
        long = len(manifest[whole][part])
        if not 0 < long <= most:
            yield f"{place} has {long} characters; Teams takes 1 to {most}."


def _version(manifest: dict[str, Any]) -> Iterator[str]:
    if not _SEMVER.fullmatch(manifest["version"]):
        yield f"The version {manifest['version']} is not three numbers such as 1.4.0, which Teams compares."


def _commands(manifest: dict[str, Any]) -> Iterator[str]:
    lists = [(*each["scopes"], each["commands"]) for each in manifest["bots"][0]["commandLists"]]
    lists += [("message extensions", each["commands"]) for each in manifest.get("composeExtensions", [])]
    for where, commands in lists:
        titles = [command["title"] for command in commands]
        if not 0 < len(commands) <= MOST_COMMANDS:
            yield f"There are {len(commands)} commands for {where}; Teams takes 1 to {MOST_COMMANDS}."
        if len({title.casefold() for title in titles}) < len(titles):
            yield f"A command for {where} is offered twice."
        for command in commands:
            if len(command["title"]) > LONGEST_TITLE or len(command["description"]) > LONGEST_DESCRIPTION:
                yield (
                    f"The command {command['title']} for {where} is too long: a title has at most {LONGEST_TITLE} "
                    f"characters and a description {LONGEST_DESCRIPTION}."
                )


def _icons(colour: bytes, outline: bytes) -> Iterator[str]:
    for name, picture, wanted in (("colour", colour, COLOUR_SIZE), ("outline", outline, OUTLINE_SIZE)):
        if size(picture) != wanted:
            yield f"The {name} icon is not {wanted[0]} by {wanted[1]} pixels."
