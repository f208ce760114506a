"""The views as data: each is served from an index however long the history, and shows what its readers may see."""

from __future__ import annotations

from typing import Any
from xml.etree import ElementTree as ET

import pytest

from sharepoint import shapes
from sharepoint.descriptions import EVERY_LIST, NOT_ON_FORMS, OWN, description, off_forms
from sharepoint.formatting import FORMATS
from sharepoint.schema import LISTS, ListOf, Zone
from sharepoint.shipped import SHIPPED
from sharepoint.views import ALL_ITEMS, ROWS, VIEWS, View, views_of

PAIRS = [(of, view) for of in LISTS for view in views_of(of)]
NAMES = {
    *("OwnerName", "MemberName", "ReferrerName", "PersonName", "Aliases", "Contact", "AssignedTo", "Author", "Editor"),
    *("ManagerSignOff", "ChangedBy", "Spoc", "Email"),
}
"""Columns that hold somebody's name."""
JOINERS = {"And", "Or"}
LEADING = {"Eq", "Lt", "Leq", "Gt", "Geq", "BeginsWith"}


def named(pair: tuple[ListOf[Any], View]) -> str:
    return f"{pair[0].name}-{pair[1].title}"


def query(view: View) -> ET.Element:
    return ET.fromstring(f"<Query>{view.query}</Query>")


def first_leaf(condition: ET.Element) -> ET.Element:
    """The condition that leads: the leftmost, and not one of alternatives."""
    while condition.tag in JOINERS:
        assert condition.tag == "And", "alternatives cannot lead"
        condition = condition[0]
    return condition


def indexed(of: ListOf[Any]) -> set[str]:
    return {column.internal for column in of.columns if column.indexed} | {"ID"}


@pytest.mark.parametrize("pair", PAIRS, ids=named)
def test_a_view_is_served_from_an_index(pair: tuple[ListOf[Any], View]) -> None:
    """It leads with a comparison on an indexed column, or has no condition and goes by number; it sorts on indexes.

    A condition that `Open` is no touches the whole history, so it never leads.
    """
    of, view = pair
    where = query(view).find("Where")
    if where is None:
        assert (view.title, view.order) == (ALL_ITEMS, ("-ID",))
    else:
        (condition,) = where
        lead = first_leaf(condition)
        reference = lead.find("FieldRef")
        assert reference is not None
        assert lead.tag in LEADING
        assert reference.get("Name") in indexed(of)
        if reference.get("Name") == "Open":
            assert lead.findtext("Value") == "1"
    for order in (*query(view).findall("OrderBy/FieldRef"), *query(view).findall("GroupBy/FieldRef")):
        assert order.get("Name") in indexed(of), order.get("Name")


@pytest.mark.parametrize("pair", PAIRS, ids=named)
def test_a_view_names_columns_of_its_list(pair: tuple[ListOf[Any], View]) -> None:
    """Every column it shows, filters or sorts is one of the list's, each once, and none that is only for the bot."""
    of, view = pair
    known = {column.internal for column in of.columns} | {"ID", "Modified", "Created"}
    used = [ref.get("Name") for ref in query(view).iter("FieldRef")]
    assert {*view.fields, *used} <= known
    assert len(set(view.fields)) == len(view.fields) > 1
    assert NOT_ON_FORMS.isdisjoint(view.fields)
    assert 30 <= ROWS <= 100
    assert "'" not in view.title


@pytest.mark.parametrize("pair", PAIRS, ids=named)
def test_dates_are_compared_with_midnights(pair: tuple[ListOf[Any], View]) -> None:
    """A date is at noon UTC, so only 'from' and 'before' a midnight are right whether or not the hour is looked at."""
    for comparison in query(pair[1]).iter():
        value = comparison.find("Value")
        if value is not None and value.get("Type") == "DateTime":
            assert comparison.tag in ("Geq", "Lt")
            assert value.get("IncludeTimeValue") is None


def test_every_list_has_views_and_the_first_is_no_all_items() -> None:
    """People meet a view made for them; All Items is the last, and titles do not repeat."""
    assert VIEWS.keys() == {of.name for of in LISTS}
    for of in LISTS:
        titles = [view.title for view in views_of(of)]
        assert titles[-1] == ALL_ITEMS
        assert len(set(titles)) == len(titles) >= 2


def test_the_views_that_were_asked_for_are_there() -> None:
    """The board's words for what it looks for in its lists."""
    asked = {
        "Actions": {"Overdue", "Due in 7 days", "By agency", "Blocked", "Mine", "Closed"},
        "Referrals": {"Open by urgency", "Awaiting answers", "Closed"},
        "Returns": {"Newest"},
        "Disclosures": {"Newest"},
        "Posts": {"Not delivered"},
        "Members": {"By agency"},
        "Agencies": {"Agreement lapsed or lapsing"},
    }
    for name, titles in asked.items():
        assert titles <= {view.title for view in VIEWS[name]}, name


def test_no_name_is_shown_where_the_zone_is_wider() -> None:
    """A list that the whole team may read shows nobody's name, and the one with identities shows none at first."""
    for of in LISTS:
        for view in views_of(of):
            if of.zone is Zone.TEAM:
                assert NAMES.isdisjoint(view.fields), (of.name, view.title)
    for title in (VIEWS["Subjects"][0].title, ALL_ITEMS):
        view = next(view for view in views_of(next(of for of in LISTS if of.name == "Subjects")) if view.title == title)
        assert NAMES.isdisjoint(view.fields)
    assert not [key for key, text in FORMATS.items() for name in NAMES if f"[${name}]" in text]


def test_every_shape_is_remembered() -> None:
    """A view or formatting that is given to a site must be known to later versions, or they could never renew it.

    If this fails, add the shape it tells to `sharepoint/shipped.py`, and leave the older ones there.
    """
    now = {f"{of.name}: {view.title}": shapes.of_view(view.query, view.fields, ROWS) for of, view in PAIRS}
    now |= {".".join(key): shapes.of_formatting(text) for key, text in FORMATS.items()}
    assert {name: shape for name, shape in now.items() if shape not in SHIPPED} == {}


def test_every_column_says_what_it_is() -> None:
    """Each column has a short sentence, and there is none for a column that is not there."""
    for of in LISTS:
        names = {column.name for column in of.columns}
        assert OWN[of.name].keys() <= names
        for name in names:
            sentence = description(of.name, name)
            assert 3 < len(sentence) <= 100, (of.name, name)
            assert sentence.endswith(".")
    everywhere = {column.name for column in LISTS[-1].columns} - OWN[LISTS[-1].name].keys()
    assert EVERY_LIST.keys() == everywhere | {"Chain"}  # which the bot's own bookkeeping does not have


def test_labels_are_told_apart() -> None:
    """No two columns of a list have one label, and none has that of a column SharePoint makes itself."""
    own = {"ID", "Title", "Modified", "Created", "Created By", "Modified By", "Version", "Attachments", "Item Type"}
    for of in LISTS:
        labels = [column.label or column.internal for column in of.columns]
        assert len({label.casefold() for label in labels}) == len(labels), of.name
        assert own.isdisjoint(labels), of.name


WHO_TYPES = [
    ("Actions", "Key", 3), ("Actions", "StepKey", 3), ("Actions", "AssignedSync", 3), ("Actions", "Title", 3),
    ("Actions", "OwnerUserId", 3), ("Actions", "Open", 2), ("Actions", "Reference", 2), ("Actions", "AssignedTo", 0),
    ("Actions", "What", 0), ("Members", "Open", 0), ("Members", "UserId", 0), ("Agencies", "Open", 0),
]  # fmt: skip


@pytest.mark.parametrize(("name", "column", "forms"), WHO_TYPES, ids=str)
def test_forms_ask_only_what_people_know(name: str, column: str, forms: int) -> None:
    """What the bot sets is off the forms; what only people know, an agency's leaving among it, is on them."""
    assert len(off_forms(name, column)) == forms


WHERE = '<Where><Eq><FieldRef Name="A"/><Value Type="Text">x</Value></Eq></Where>'
BY_B = '<OrderBy><FieldRef Name="B"/></OrderBy>'
AS_SHAREPOINT = """<OrderBy>
  <FieldRef Name='B' Ascending='TRUE' /></OrderBy><Where><Eq><FieldRef Name='A' /><Value Type='Text'>x</Value></Eq>
</Where>"""
OTHER = [
    BY_B.replace("/>", ' Ascending="FALSE"/>'),
    BY_B.replace("B", "b"),
    BY_B.replace("<FieldRef", '<FieldRef Name="A"/><FieldRef'),
    BY_B.replace("/><", '/><FieldRef Name="A"/><'),
    BY_B + WHERE,
    BY_B + WHERE.replace("x<", "y<"),
    BY_B + WHERE.replace("Eq>", "Neq>"),
    "",
    "<broken",
]


def test_a_shape_is_not_how_it_is_written() -> None:
    """SharePoint writes a query its own way: spaces, quotes, order of its parts and what is the default say nothing."""
    assert shapes.of_view(WHERE + BY_B, ("A",), 50) == shapes.of_view(AS_SHAREPOINT, ("A",), 50)


def test_a_changed_view_has_another_shape() -> None:
    """Another direction, column, condition, order, row limit or choice of columns is somebody's change."""
    queries = {shapes.of_view(query, ("A",), 50) for query in (BY_B, *OTHER)}
    assert len(queries) == 1 + len(OTHER)
    columns = [(), ("A",), ("A", "B"), ("B", "A")]
    assert len({shapes.of_view(BY_B, fields, rows) for fields in columns for rows in (50, 30)}) == 2 * len(columns)
