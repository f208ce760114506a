"""Looking for a record by what somebody typed."""

from __future__ import annotations

import pytest

from board.records import Risk
from board.searching import BoardPaper, matches, number_in, papers_like, risks_like
from tests.builders import NOW, create_agency

AGENCIES = {"MHT": create_agency("MHT", name="Example Trust")}
RISKS = [
    Risk(id=1, cause="Too few beds", event="People wait in custody", impact="Harm", agency="MHT", forum="MHRMB"),
    Risk(id=12, cause="Licences wait", event="A weapon stays", impact="Harm", agency="POL", forum=""),
    Risk(id=13, cause="Beds elsewhere", event="Far away", impact="Harm", agency="MHT", forum="OTHER"),
]


@pytest.mark.parametrize(
    ("said", "number"),
    [("R-14", 14), ("r14", 14), (" R – 014 ", 14), ("14", 14), ("A-14", None), ("fourteen", None), ("0", None)],
)
def test_a_reference_or_a_bare_number_is_read(said: str, number: int | None) -> None:
    """However it is spelt; another list's letter is not this list's."""
    assert number_in(said, "R") == number


def test_each_word_has_to_be_there_in_any_case_and_order() -> None:
    """Nothing typed matches everything."""
    assert matches("beds TOO", "Too few beds")
    assert matches("k12", "K-12")
    assert matches("", "anything")
    assert not matches("beds many", "Too few beds")


@pytest.mark.parametrize(
    ("said", "found"),
    [("", [12, 1]), ("12", [12]), ("k-1", [1]), ("trust", [1]), ("MHT beds", [1]), ("harm", [12, 1]), ("K-13", [])],
)
def test_a_forums_risks_are_found_and_no_others(said: str, found: list[int]) -> None:
    """The newest first; those of another forum never, not even by number."""
    assert [risk.id for risk in risks_like(RISKS, said, "MHRMB", AGENCIES)] == found


def test_of_papers_with_one_title_the_first_alone_is_found() -> None:
    """Minutes are filed again whenever they change, and the newest row comes first."""
    newest, older = BoardPaper("Minutes of B-7", "B-7", NOW, "new"), BoardPaper("Minutes of B-7", "B-7", NOW, "old")
    pack = BoardPaper("Pack of B-8", "B-8", NOW, "pack")
    assert papers_like([newest, older, pack], "") == [newest, pack]
    assert papers_like([newest, older, pack], "b7") == [newest]
    assert papers_like([newest, older, pack], "pack") == [pack]
    assert papers_like([newest, older, pack], "B-70") == []
