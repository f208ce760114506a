"""Whom and which agency a tracker means: matched to the board's own lists only where that is certain."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterable

from board.importing.cells import squeezed
from board.records import Agency, Member
from board.vocabulary import AgencyKind

_KINDS: dict[AgencyKind, tuple[str, ...]] = {
    AgencyKind.POLICE: ("police", "constabulary", "the police", "police force", "force"),
    AgencyKind.MENTAL_HEALTH_TRUST: ("mental health trust", "mh trust", "mental health", "trust"),
    AgencyKind.ADULT_SOCIAL_CARE: ("adult social care", "asc", "adults", "adult services", "adult social services"),
    AgencyKind.CHILDRENS_SOCIAL_CARE: ("childrens social care", "children's services", "csc", "children"),
    AgencyKind.AMBULANCE: ("ambulance", "ambulance service", "ambulance trust"),
    AgencyKind.INTEGRATED_CARE_BOARD: ("icb", "integrated care board"),
    AgencyKind.ACUTE_HOSPITAL: ("acute", "acute hospital", "acute trust", "hospital", "ed", "a&e"),
    AgencyKind.FIRE: ("fire", "fire service", "fire and rescue", "frs", "fire & rescue"),
    AgencyKind.PROBATION: ("probation", "probation service", "hmpps", "nps"),
    AgencyKind.BRITISH_TRANSPORT_POLICE: ("btp", "british transport police"),
    AgencyKind.SUBSTANCE_MISUSE: ("substance misuse", "drug and alcohol", "drugs and alcohol"),
    AgencyKind.HOUSING: ("housing", "housing provider", "housing association"),
}  # fmt: skip

_BRACKETED = re.compile(r"\s*[(\[].*?[)\]]\s*$")
_RANKS = re.compile(
    r"^(?:(?:dr|mr|mrs|ms|miss|mx|prof|cllr|rev|pc|ps|sgt|insp|ds|di|dci|dcs|det|ch|t|a|supt|csupt|cc|acc|dcc)\.?\s+)+",
    re.IGNORECASE,
)


class Agencies:
    """The agencies by everything they may be called: code, name, initials, and kind where only one is of it."""

    def __init__(self, agencies: Iterable[Agency]) -> None:
        self._by_word: dict[str, set[str]] = defaultdict(set)
        every = tuple(agencies)
        for agency in every:
            self._by_word[squeezed(agency.code)].add(agency.code)
            self._by_word[squeezed(agency.name)].add(agency.code)
        sure = frozenset(self._by_word)
        for agency in every:
            initials = "".join(word[0] for word in re.findall(r"\w+", agency.name) if word.casefold() not in _SMALL)
            known_as = [initials] if len(initials) > 1 else []
            known_as += _KINDS.get(_kind(agency), ()) if _kind(agency) else ()
            for word in known_as:
                if squeezed(word) not in sure:
                    self._by_word[squeezed(word)].add(agency.code)

    def code(self, said: str) -> str:
        """The code of the one agency that is meant; empty when none is, or more than one could be."""
        for text in (said, _BRACKETED.sub("", said), re.sub(r"(?i)^the\s+", "", said)):
            found = self._by_word.get(squeezed(text), set())
            if len(found) == 1:
                return next(iter(found))
        return ""


_SMALL = frozenset({"and", "of", "the", "for", "in"})


def _kind(agency: Agency) -> AgencyKind:
    return AgencyKind(agency.kind) if agency.kind in tuple(AgencyKind) else AgencyKind.OTHER


class Owners:
    """The members by name and e-mail address, and what came of looking somebody up."""

    def __init__(self, members: Iterable[Member]) -> None:
        self._by_word: dict[str, dict[str, Member]] = defaultdict(dict)
        for member in members:
            for word in {squeezed(member.name), squeezed(member.email)} - {""}:
                self._by_word[word][member.user_id] = member

    def named(self, name: str, email: str = "") -> tuple[Member, ...]:
        """The members that a name or an address may mean: one is certain, several are not, none is nobody known."""
        for said in (email, *_spellings(name)):
            found = self._by_word.get(squeezed(said), {}) if said else {}
            if found:
                return tuple(found.values())
        return ()


def _spellings(name: str) -> list[str]:
    """A name as it is written, without a bracket or an agency after it, without a rank, and turned at its comma."""
    bare = re.split(r"\s[-–—|]\s|;", _BRACKETED.sub("", name))[0].strip()
    last, comma, first = bare.partition(",")
    turned = f"{first.strip()} {last.strip()}" if comma else bare
    mail = re.search(r"[\w.+'-]+@[\w.-]+", name)
    return [name, mail[0] if mail else "", bare, turned, _RANKS.sub("", turned)]
