"""`make pictures`: every card the product can make, on sheets in docs/pictures/cards, and the page that shows them."""

from __future__ import annotations

import importlib
import json
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path
from typing import Any, NamedTuple

from tests.browser.renderer import HERE, render
from tests.browser.test_cards import IN_DIALOGS, PHONE, TOGETHER
from tests.cards.gallery import MODULES, gallery, typical

DOCS = HERE.parents[1] / "docs"
SHEETS = DOCS / "pictures" / "cards"
MOST = 12
"""Cards on one sheet: more make a picture that no screen shows well."""


class Kind(NamedTuple):
    """A way of looking at all cards: what is asked of the renderer, and how its pictures stand on a sheet."""

    name: str
    theme: str
    phone: bool
    columns: int
    width: int
    background: str
    ink: str


KINDS = (
    Kind("light", "light", False, 2, 560, "#f0f0f0", "#242424"),
    Kind("dark", "dark", False, 3, 400, "#1a1a1a", "#ffffff"),
    Kind("narrow", "light", True, 4, 280, "#f0f0f0", "#242424"),
)

HEAD = """# Every card

Each card that the product can make, from records of people who do not exist, drawn by Microsoft's own renderer
(`adaptivecards`) in Chromium: as Teams shows it in its light and dark themes, and 320 pixels wide. `make pictures` made
it; `make browser-test` draws the same cards, in high contrast and with text at twice its size too, and tests them
([accessibility.md](accessibility.md)). The colours are near Teams' own.
"""


def parts() -> Iterator[tuple[str, str, list[str]]]:
    """The cards by the module that makes them: a file's name, what the module says of itself, the cards' names."""
    made = gallery(typical())
    for module in sorted(MODULES, key=lambda each: each.__name__):
        own = {name for name, value in vars(module).items() if getattr(value, "__module__", "") == module.__name__}
        names = [name for name in made if name.split(".")[0] in own]
        for start in range(0, len(names), MOST):
            stem = module.__name__.split(".")[-1] + (f"-{start // MOST + 1}" if len(names) > MOST else "")
            says = (importlib.import_module(module.__name__).__doc__ or "").strip().splitlines()[0]
            yield stem, says, names[start : start + MOST]


def draw(kind: Kind, out: Path) -> dict[str, Path]:
    """Every card, seen that way."""
    asked: list[dict[str, Any]] = []
    cards = gallery(typical())
    for name, card in cards.items():
        frame = "dialog" if name in IN_DIALOGS else "message"
        one = {"name": name.replace(".", "-"), "card": card, "theme": kind.theme, "frame": frame, "reply": False}
        asked.append({**one, "width": PHONE} if kind.phone else one)
    calls = [asked[start : start + TOGETHER] for start in range(0, len(asked), TOGETHER)]
    reports = [report for some in calls for report in render(some, out / kind.name, seconds=400)]
    return dict(zip(cards, (report.picture for report in reports), strict=True))


def main() -> int:
    """Draw them all, put them on sheets and write the page. Takes some minutes, and says how far it is."""
    shutil.rmtree(SHEETS, ignore_errors=True)
    SHEETS.mkdir(parents=True)
    with tempfile.TemporaryDirectory() as drawn:
        for kind in KINDS:
            pictures = draw(kind, Path(drawn))
            sheets = [_sheet(kind, stem, names, pictures) for stem, _, names in parts()]
            node = shutil.which("node") or "node"
            subprocess.run(
                [node, "sheets.mjs"],
                input=json.dumps(sheets),
                text=True,
                check=True,
                cwd=HERE,
                stdout=subprocess.DEVNULL,
            )
            sys.stdout.write(f"{len(pictures)} cards, {kind.name}\n")
    (DOCS / "cards.md").write_text(page())
    return 0


def _sheet(kind: Kind, stem: str, names: list[str], pictures: dict[str, Path]) -> dict[str, Any]:
    return {
        "file": str(SHEETS / f"{stem}-{kind.name}.webp"),
        "width": kind.width,
        "columns": kind.columns,
        "background": kind.background,
        "ink": kind.ink,
        "pictures": [{"file": str(pictures[name]), "name": name} for name in names],
    }


def page() -> str:
    """The page that shows the sheets, with the cards' names in words."""
    text = HEAD
    for stem, says, names in parts():
        text += f"\n## {stem.replace('-', ' ').capitalize()}\n\n{says}\n\n{', '.join(f'`{name}`' for name in names)}\n"
        for kind in KINDS:
            text += f"\n![{stem.replace('-', ' ')}, {kind.name}](pictures/cards/{stem}-{kind.name}.webp)\n"
    return text


if __name__ == "__main__":
    sys.exit(main())
