"""Asking for a bundle, and where it is: never what is in it."""

from __future__ import annotations

from collections.abc import Sequence

from board.bundling import Variant
from cards import elements as e
from cards import words
from cards.elements import JSON
from cards.verbs import Verb

TITLE = "Bundle"
THE_BUNDLE = "The bundle"
LEAVE_IN, TAKE_OUT = "Leave them in", "Take them out"
PEOPLE = (LEAVE_IN, TAKE_OUT)
IN_THE_LIBRARY = (
    "It lies in the case's own folder, which those may open who work in the case lists. If it does not open for you, "
    "ask an owner of the site to add you to their group. The folder goes with the record when that is disposed of."
)
READ_IT = "Read every page before you pass it on: what the record does not hold of a person cannot be taken out."
PERSONS_OWN = (
    "For the person's own request others are always taken out, and the names of members of staff; the first page asks "
    "what a person has to decide before it is sent."
)


def bundle_form(reference: str, key: str, *, in_dialog: bool, variant: str = "", said: str = "") -> JSON:
    """What a bundle is to be for. Who had it made, and why, is recorded before it is made."""
    body = [
        *([e.warning(said)] if said else []),
        e.heading(f"Bundle of {reference}"),
        e.text("Everything the record holds of the case, in order of time, as a Word document and as data (JSON)."),
        e.choice_input("bundle_for", [each.value for each in Variant], variant or Variant.REVIEW, required=True),
        e.choice_input("bundle_people", PEOPLE, LEAVE_IN, required=True),
        e.quiet(PERSONS_OWN),
        e.text("Who had it made, when and why is recorded first."),
    ]
    make = e.submits("Make it", Verb.BUNDLE_MAKE, main=True, in_dialog=in_dialog, reference=reference, key=key)
    return e.card(body, speak=f"Bundle of {reference}. What is it for?", actions=[make])


def making_card(reference: str, *, here: bool = True) -> JSON:
    """That it is being made, in the place of its form; `here` is in the private chat itself."""
    said = (words.MAKING if here else words.MAKING_THERE).format(what=f"the bundle of {reference}")
    return e.card([e.heading(f"Bundle of {reference}"), e.text(said)], speak=said)


def bundle_card(reference: str, files: Sequence[tuple[str, str]], *, steps: int, redacted: bool) -> JSON:
    """Where the files are: the name and the address of each, the document first."""
    told = f"The bundle of {reference} is made: {words.count(steps, 'step')} in order of time."
    body = [e.heading(f"Bundle of {reference}"), e.text(told)]
    body += [e.entry("Filed as", f"CasePapers/{reference}/{name}") for name, _ in files]
    body += [e.text(IN_THE_LIBRARY), *([e.warning(READ_IT)] if redacted else [])]
    titles = ("Open the document", "Open the data")
    links = [link for title, (_, address) in zip(titles, files, strict=False) for link in e.opens_link(title, address)]
    return e.card(body, speak=told, actions=links)
