"""Draws cards with Microsoft's own renderer in headless Chromium and tells what it found."""

import json
import os
import shutil
import subprocess
from dataclasses import dataclass
from pathlib import Path
from typing import Any

HERE = Path(__file__).parent
SECONDS = 90


class RendererError(RuntimeError):
    """The cards could not be drawn; the message says why and what to do."""


@dataclass(frozen=True)
class Warned:
    """Something the renderer objects to, named by its ValidationEvent."""

    event: str
    message: str


@dataclass(frozen=True)
class Field:
    """An input; `name` is what a screen reader says, None while it is not drawn (inside a closed ShowCard)."""

    id: str | None
    type: str
    label: str | None
    name: str | None
    required: bool
    error: str | None
    shown: bool

    @property
    def labelled(self) -> bool:
        return bool(self.label) and (self.name is None or self.label in self.name)


@dataclass(frozen=True)
class Violation:
    """An accessibility rule of axe-core that the card breaks."""

    id: str
    impact: str | None
    nodes: int
    help: str
    examples: tuple[str, ...]


@dataclass(frozen=True)
class Stop:
    """Where Tab came to: the element's number in the card, its place in CSS pixels, and whether an outline is drawn."""

    at: int
    left: float
    top: float
    bottom: float
    seen: bool


@dataclass(frozen=True)
class Walk:
    """Tab through a card: its stops, whether it came out behind the card, and what it never reached."""

    stops: tuple[Stop, ...]
    out: bool
    missed: tuple[str, ...]


@dataclass(frozen=True)
class Report:
    """What one card looked like: `width` is of the frame and `card_width` of the card, in CSS pixels."""

    name: str
    theme: str
    frame: str
    width: int
    card_width: int
    size: int  # bytes of the card as compact JSON
    picture: Path
    pixels: tuple[int, int]
    colours: int
    warnings: tuple[Warned, ...]
    fallbacks: tuple[str, ...]  # unknown types whose fallback was drawn, as meant
    inputs: tuple[Field, ...]
    violations: tuple[Violation, ...]
    says: str  # all the words drawn, as a reader would copy them
    links: tuple[str, ...]  # where links in the text lead
    pictures: tuple[str, ...]  # elements that fetch or run something
    marked: tuple[str, ...]  # elements that markdown made: emphasis, lists, headings, mentions
    focusable: int
    small: tuple[str, ...]  # what is pressed and is under 24 pixels high or wide
    broken: tuple[str, ...]  # words that go on in the next line, where no hyphen is
    walked: Walk | None  # if asked to `walk`
    overflow: bool
    truncated: tuple[str, ...]  # words cut off by their box
    blocked: tuple[str, ...]  # addresses the card asked for; nothing is ever fetched
    pressed: dict[str, Any] | None  # what the button in `press` would send; None if an input held it back


def _walk(found: dict[str, Any]) -> Walk:
    return Walk(tuple(Stop(**one) for one in found["stops"]), found["out"], tuple(found["missed"]))


def _report(found: dict[str, Any]) -> Report:
    return Report(
        name=found["name"],
        theme=found["theme"],
        frame=found["frame"],
        width=found["width"],
        card_width=found["cardWidth"],
        size=found["bytes"],
        picture=Path(found["picture"]),
        pixels=(found["pixels"][0], found["pixels"][1]),
        colours=found["colours"],
        warnings=tuple(Warned(**one) for one in found["warnings"]),
        fallbacks=tuple(found["fallbacks"]),
        inputs=tuple(Field(**one) for one in found["inputs"]),
        violations=tuple(Violation(**{**v, "examples": tuple(v["examples"])}) for v in found["violations"]),
        says=found["says"],
        links=tuple(found["links"]),
        pictures=tuple(found["pictures"]),
        marked=tuple(found["marked"]),
        focusable=found["focusable"],
        small=tuple(found["small"]),
        broken=tuple(found["broken"]),
        walked=_walk(found["walked"]) if found["walked"] else None,
        overflow=found["overflow"],
        truncated=tuple(found["truncated"]),
        blocked=tuple(found["blocked"]),
        pressed=found["pressed"],
    )


def render(cards: list[dict[str, Any]], out: Path, *, seconds: float = SECONDS) -> list[Report]:
    """Draw each card to `out/<name>-<theme>.png`, in order, within `seconds`; README.md lists a card's options."""
    node = shutil.which("node")
    if node is None:
        raise RendererError("node was not found; install Node 20 or newer.")
    if not (HERE / "node_modules" / "playwright-core").is_dir():
        raise RendererError(f"{HERE / 'node_modules'} is missing or incomplete; run `npm ci` in {HERE}.")
    process = subprocess.Popen(
        [node, str(HERE / "render.mjs"), str(out.resolve())],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        encoding="utf-8",
        env={**os.environ, "RENDER_SECONDS": str(max(seconds - 10, 1))},
    )
    try:
        answer, complaint = process.communicate(json.dumps(cards), timeout=seconds)
    except subprocess.TimeoutExpired as late:
        # Asked politely, playwright closes Chromium too; killed, it would leave that to chance.
        process.terminate()
        try:
            process.communicate(timeout=5)
        except subprocess.TimeoutExpired:
            process.kill()
            process.communicate()
        raise RendererError(f"Rendering {len(cards)} cards took longer than {seconds:g} seconds.") from late
    if process.returncode != 0:
        raise RendererError(complaint.strip() or f"render.mjs ended with {process.returncode}.")
    return [_report(one) for one in json.loads(answer)]
