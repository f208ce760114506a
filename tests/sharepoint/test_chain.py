"""The chain: whatever is changed in a row, in its place or in a step shows; a disposal still verifies."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any

import orjson
import pytest
from hypothesis import given
from hypothesis import strategies as st

from sharepoint import chain
from sharepoint.chain import Keys, Place, State, Step

KEYS = Keys([b"k" * 32])
OTHER = Keys([b"o" * 32])
PLACE = Place("Actions", "add:1")
AT = datetime(2026, 11, 25, 10, 30, tzinfo=UTC)

NAMES = st.sampled_from(["Status", "What", "DueDate", "ChangedBy", "ChangeReason", "Title"])
CONTENT = st.dictionaries(NAMES, st.text(min_size=1, max_size=20), min_size=1)


def begun(content: dict[str, str], keys: Keys = KEYS) -> Step:
    return chain.begin(keys, PLACE, content, at=AT, written=1)


def went_on(last: Step, changed: dict[str, str]) -> Step:
    return chain.go_on(KEYS, PLACE, last, changed, at=AT + timedelta(hours=last.number), written=last.written + 1)


def state(step: Step, content: dict[str, str], *, keys: Keys = KEYS, place: Place = PLACE) -> State:
    return chain.verify(keys, place, step.text(), content).state


class TestVerifying:
    """A row by itself."""

    @given(CONTENT)
    def test_what_was_sealed_is_sound(self, content: dict[str, str]) -> None:
        """A row with the content it was sealed with is sound, its step read back from its text."""
        assert state(begun(content), content) is State.SOUND

    @given(CONTENT, NAMES, st.text(max_size=20))
    def test_any_other_content_shows(self, content: dict[str, str], name: str, value: str) -> None:
        """Another value in any column, one blanked or one filled, is found, and the column is named."""
        changed = {**content, name: value}
        verdict = chain.verify(KEYS, PLACE, begun(content).text(), changed)
        if content.get(name, "") == value:
            assert verdict.state is State.SOUND
        else:
            assert (verdict.state, verdict.columns) == (State.DIFFERENT, (name,))

    @given(CONTENT, st.sampled_from(["n", "p", "s", "t", "w", "f", "e", "r", "d", "m"]))
    def test_any_part_of_a_step_counts(self, content: dict[str, str], part: str) -> None:
        """No part of a step can be changed, added or taken out without the MAC's saying so."""
        said = orjson.loads(went_on(begun(content), {"Status": "Done"}).text())
        other: dict[str, Any] = {"n": 9, "w": 9, "f": {}, "e": ["What"], "r": ["", [[1, "k", "b"]]], "d": 2}
        forged = orjson.dumps({**said, part: other.get(part, "2026-01-01T00:00:00Z")}).decode()
        assert chain.verify(KEYS, PLACE, forged, {**content, "Status": "Done"}).state is State.BROKEN

    @given(CONTENT)
    def test_a_row_put_in_anothers_place_shows(self, content: dict[str, str]) -> None:
        """The chain of one row verifies neither under another key nor in another list."""
        step = begun(content)
        assert state(step, content, place=replace(PLACE, key="add:2")) is State.BROKEN
        assert state(step, content, place=replace(PLACE, list_name="Referrals")) is State.BROKEN

    @given(CONTENT)
    def test_an_unknown_key_is_told_as_such(self, content: dict[str, str]) -> None:
        """A row sealed by a copy of the bot with another key is not called tampered with."""
        assert state(begun(content, OTHER), content) is State.FOREIGN

    @given(st.one_of(st.text(max_size=40), st.recursive(st.none() | st.integers() | st.text(), st.lists).map(str)))
    def test_nonsense_is_no_seal(self, text: str) -> None:
        """Whatever else stands in the column is told as no seal of the bot's, without a fault."""
        expected = State.BROKEN if text else State.UNSEALED
        assert chain.verify(KEYS, PLACE, text, {"Status": "Agreed"}).state is expected

    @pytest.mark.parametrize("odd", ["[]", "{}", '{"v":1}', '{"v":1,"k":1}', "null", '{"v":2}'])
    def test_json_of_another_shape(self, odd: str) -> None:
        """JSON that is no step is no seal."""
        assert chain.read(odd) is None


class TestGoingOn:
    """Steps after the first."""

    @given(CONTENT, CONTENT)
    def test_a_narrow_change_equals_a_full_one(self, content: dict[str, str], changed: dict[str, str]) -> None:
        """Digests carried over from the step before verify the whole row as freshly made ones do."""
        step = went_on(begun(content), changed)
        assert state(step, content | changed) is State.SOUND
        whole = chain.go_on(KEYS, PLACE, begun(content), content | changed, at=AT, written=2, whole=True)
        assert state(whole, content | changed) is State.SOUND

    @given(CONTENT)
    def test_a_change_does_not_heal_what_was_done_to_other_columns(self, content: dict[str, str]) -> None:
        """A column that was changed behind the bot's back goes on showing after the bot has written another."""
        tampered = {**content, "What": content.get("What", "") + "x", "Status": "Done"}
        verdict = chain.verify(KEYS, PLACE, went_on(begun(content), {"Status": "Done"}).text(), tampered)
        assert (verdict.state, verdict.columns) == (State.DIFFERENT, ("What",))

    def test_each_step_names_the_one_before(self) -> None:
        """Steps are counted, and each holds the MAC of the one before it."""
        one = begun({"Status": "Agreed"})
        two = went_on(one, {"Status": "Done"})
        assert (one.number, one.before, two.number, two.before) == (1, "", 2, one.mac)

    def test_the_first_key_seals_and_all_verify(self) -> None:
        """After a new key was put first, what the old one sealed still verifies, and goes on under the new one."""
        both, content = Keys([b"n" * 32, b"k" * 32]), {"Status": "Agreed"}
        old = begun(content)
        assert state(old, content, keys=both) is State.SOUND
        new = chain.go_on(both, PLACE, old, content, at=AT, written=2, whole=True)
        assert state(new, content, keys=Keys([b"n" * 32])) is State.SOUND

    def test_a_key_that_is_too_short_is_refused(self) -> None:
        """No key, and a key of 31 bytes, cannot be used."""
        for keys in ([], [b"k" * 31], [b"k" * 32, b""]):
            with pytest.raises(ValueError, match="at least 32 bytes"):
                Keys(keys)


class TestErasing:
    """Disposal: what is left verifies, the earlier seals are borne out, and nothing can be guessed."""

    @given(st.integers(1, 6))
    def test_the_heads_of_every_earlier_step_are_borne_out(self, steps: int) -> None:
        """The heads that daily seals kept of a row can be worked out again from its last step alone."""
        content = {"Status": "Agreed", "What": "Invented words"}
        made = [begun(content)]
        for number in range(steps):
            made.append(went_on(made[-1], {"Status": f"state {number}"}))
        left = {"Status": "Disposed"}
        wiped = chain.wipe(KEYS, PLACE, made, left, ["What"], at=AT, written=9)
        after = went_on(wiped, {"ChangeReason": "numbered"})
        assert state(wiped, left) is State.SOUND
        assert chain.heads(KEYS, wiped) == {step.number: step.head for step in [*made, wiped]}
        assert chain.heads(KEYS, after) == {step.number: step.head for step in [*made, after]}

    def test_a_second_disposal_keeps_the_first_ones_steps(self) -> None:
        """The versions of the first are gone by then, and its seals are borne out still."""
        one = begun({"What": "Invented", "Why": "Words"})
        two = chain.wipe(KEYS, PLACE, [one], {"Why": "Words"}, ["What"], at=AT, written=2)
        three = chain.wipe(KEYS, PLACE, [two], {}, ["Why"], at=AT, written=3)
        assert chain.heads(KEYS, three) == {1: one.head, 2: two.head, 3: three.head}
        assert three.erased == ("What", "Why")

    def test_nothing_of_what_was_erased_is_left(self) -> None:
        """Neither the old salt nor any old digest stays, so guesses have nothing to be tried against."""
        one = begun({"What": "Invented", "Status": "Agreed"})
        text = chain.wipe(KEYS, PLACE, [one], {"Status": "Agreed"}, ["What"], at=AT, written=2).text()
        assert one.salt not in text
        assert not [digest for digest in one.fields.values() if digest in text]

    def test_filling_it_again_shows(self) -> None:
        """Somebody who writes a value into an erased column behind the bot's back is found."""
        wiped = chain.wipe(KEYS, PLACE, [begun({"What": "Invented"})], {}, ["What"], at=AT, written=2)
        assert state(wiped, {"What": "Other words"}) is State.DIFFERENT

    def test_a_trail_that_was_changed_is_not_borne_out(self) -> None:
        """A trail leads to the step or it counts for nothing."""
        wiped = chain.wipe(KEYS, PLACE, [begun({"What": "Invented"})], {}, ["What"], at=AT, written=2)
        assert chain.heads(KEYS, replace(wiped, start="x")) is None
