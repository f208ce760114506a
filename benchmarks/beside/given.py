"""What a server in Python is given to do: the JSON of the file named on its command line."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

JSON = dict[str, Any]

CARD = "application/vnd.microsoft.card.adaptive"


class Given:
    """The work, by its names. With a `record` among it the product's code makes the tracker; else all is given."""

    def __init__(self, path: str) -> None:
        self._given: JSON = json.loads(Path(path).read_text())
        self._tracker: Any = None
        if "record" in self._given:
            from benchmarks.beside.work import Tracker  # noqa: PLC0415 - nobody else starts with the product's code

            self._tracker = Tracker(self._given["record"])

    def __getitem__(self, name: str) -> Any:
        return self._given[name]

    async def card(self, text: str, user_id: str, conversation: str) -> JSON:
        """The card that answers what this person typed in this conversation."""
        if self._tracker is not None and text == "tracker":
            made: JSON = await self._tracker.card(user_id, conversation)
            return made
        card: JSON = self._given[text]["attachments"][0]["content"]
        return card
