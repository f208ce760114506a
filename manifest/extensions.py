"""The message extensions as the manifest says them, made from the one list that the bot answers."""

from __future__ import annotations

from typing import Any

from cards.extensions import COMMANDS, SEARCHES, Command, Search


def entries() -> list[dict[str, Any]]:
    """Every search and every command, searches first."""
    return [*(_search(each) for each in SEARCHES), *(_command(each) for each in COMMANDS)]


def _search(search: Search) -> dict[str, Any]:
    """Run once without words, so that a person sees something to choose from."""
    box = {
        "name": search.parameter,
        "title": search.parameter_title,
        "description": search.parameter_description,
        "inputType": "text",
    }
    return {
        "id": search.id,
        "type": "query",
        "title": search.title,
        "description": search.description,
        "context": ["compose", "commandBox"],
        "initialRun": True,
        "parameters": [box],
    }


def _command(command: Command) -> dict[str, Any]:
    """The dialog is the bot's to make, so nothing of it is fixed here."""
    return {
        "id": command.id,
        "type": "action",
        "title": command.title,
        "description": command.description,
        "context": list(command.contexts),
        "fetchTask": True,
    }
