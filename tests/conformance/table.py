"""The table of what each client made of each row, printed at the end and kept as Markdown."""

from __future__ import annotations

from dataclasses import dataclass, field

from tests.conformance.outcome import Refusal, agrees
from tests.conformance.row import CLIENTS, PNPJS, Row
from tests.conformance.rows.sources import ADDRESSES

_HEADING = """# Conformance: what two clients make of the embedded SharePoint

Written by `CONFORMANCE_TABLE=docs/conformance.md make conformance`; see tests/conformance/README.md. Each row was done
by office365-rest-python-client, by the product's own client where it has the operation (– where a client has not), and
by PnPjs. All must get what the documentation says, so that what works here works on SharePoint Online; nothing here was
run against SharePoint Online itself. A refusal is told by its HTTP status and SharePoint's code."""


@dataclass(slots=True)
class Line:
    """One row as it went: what each client made of it."""

    part: str
    row: Row
    outcomes: dict[str, object] = field(default_factory=dict)

    @property
    def verdict(self) -> str:
        """Whether all clients agree with the expectation; a known defect is named."""
        if PNPJS not in self.outcomes:  # the scene could not be set, or a client broke off
            return "NO"
        if not all(agrees(self.row.expected_of(client), outcome) for client, outcome in self.outcomes.items()):
            return "NO"
        return "; ".join(f"no: {client} {known.reason}" for client, known in self.row.known.items()) or "agree"

    def cell(self, client: str) -> str:
        """What one client made of it, in few words."""
        if client not in self.outcomes:
            return "–"
        outcome = self.outcomes[client]
        if isinstance(outcome, Refusal):
            return " ".join([str(outcome.status), outcome.code.partition(",")[0]]).strip()
        return "as expected" if agrees(self.row.gives, outcome) else _short(f"{outcome}")


def _expected(row: Row) -> str:
    if isinstance(row.gives, Refusal):
        return f"{row.gives.status} {row.gives.code.partition(',')[0]}".strip()
    return "done" if row.gives is None else _short(f"{row.gives}")


def _short(text: str) -> str:
    return text if len(text) <= 48 else f"{text[:47]}…"


def counted(lines: list[Line]) -> str:
    """One sentence on the whole."""
    agreed = sum(line.verdict == "agree" for line in lines)
    known = sum(line.verdict.startswith("no:") for line in lines)
    rest = len(lines) - agreed - known
    refusals = sum(isinstance(line.row.gives, Refusal) for line in lines)
    return (
        f"{len(lines)} operations, {refusals} of them refusals: {agreed} agree, "
        f"{known} differ by a known defect of a client, {rest} disagree."
    )


def markdown(lines: list[Line]) -> str:
    """The whole table as Markdown."""
    head = ["Operation", "In code", "Must come back", *CLIENTS, "Agree", "Expectation from"]
    text = [_HEADING, "", counted(lines), ""]
    part = ""
    for line in lines:
        if line.part != part:
            part = line.part
            text += ["", f"## {part}", "", _cells(head), _cells(["---"] * len(head))]
        cells = [line.row.name, f"`{line.row.operation}`", _expected(line.row), *(line.cell(one) for one in CLIENTS)]
        text.append(_cells([*cells, line.verdict, line.row.source]))
    text += ["", "## Where to read the documentation", ""]
    text += [f"- {source.removeprefix('doc: ')}: <{address}>" for source, address in ADDRESSES.items()]
    return "\n".join(text).replace("\n\n\n", "\n\n") + "\n"


def _cells(cells: list[str]) -> str:
    return "| " + " | ".join(cell.replace("|", "\\|").replace("\n", " ") for cell in cells) + " |"


def printed(lines: list[Line]) -> list[str]:
    """The table for a terminal."""
    head = ["operation", *CLIENTS, "agree"]
    rows = [[line.row.name, *(line.cell(client) for client in CLIENTS), line.verdict] for line in lines]
    widths = [max(len(row[at]) for row in [head, *rows]) for at in range(len(head))]
    return [
        "  ".join(cell.ljust(width) for cell, width in zip(row, widths, strict=True)).rstrip() for row in [head, *rows]
    ]
