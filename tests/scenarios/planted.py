"""After every scenario: nothing of a person that it planted is where it does not belong.

Names, numbers and phrases are planted in every free text and identity field that the scenarios fill; whatever they did,
none of it may be in a channel, the log, the metrics, the name of a file, or a row of `Events` or `Posts`. What belongs
in the record, a private chat, a dialog or a case's own paper is looked at by each scenario itself.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator

import requests

from tests.running import RunningBot
from tests.teams import Teams

PERSONS = re.compile(
    r"planted\w*|planned(?:scene|trigger|action|else|safe|note)\w*|zebb?edee|wilhelmin[ae]|xanthippe|yorick|quentin"
    r"|victimson|rumbelow|snodgrass|wobblesham|quillfeather|01632 ?960|943 ?476 ?5919|1984-03-17",
    re.IGNORECASE,
)
"""What the scenarios plant, however it goes on."""

LISTS = ("Events", "Posts", "Conversations", "Settings")
"""Lists of the bot's own bookkeeping, which hold references and no word of a case."""


def in_the_channels(teams: Teams) -> list[str]:
    """What of it any channel or group shows or ever showed, with the beginning of the card that holds it."""
    shown = (
        json.dumps(each, ensure_ascii=False)
        for post in teams.posts.values()
        if post.conversation_id.startswith("19:")
        for each in (*post.versions, post.activity)
    )
    return [f"a channel: {found[0]} in {said[:200]}" for said in shown if (found := PERSONS.search(said))]


def left_by(bot: RunningBot) -> list[str]:
    """What of it a running bot has written to its log, its metrics, its lists of bookkeeping or the names of files."""
    return [f"{where}: {found[0]} in {said[:200]}" for where, said in _said(bot) if (found := PERSONS.search(said))]


def _said(bot: RunningBot) -> Iterator[tuple[str, str]]:
    yield from (("the log", line) for line in bot.heard())
    yield from (("a file's name", str(path.relative_to(bot.data_dir))) for path in bot.data_dir.rglob("*"))
    if bot._process is None or bot._process.poll() is not None:
        return
    try:
        yield "the metrics", requests.get(bot.url.replace("/api/messages", "/metrics"), timeout=5).text
        for name in LISTS:
            yield from ((name, json.dumps(row, ensure_ascii=False)) for row in bot.rows(name))
    except requests.RequestException:  # a scenario that killed what answers
        return
