"""Which of its views a list lacks or has in an older form, as the requests that give them. Pure: nothing is sent."""

from __future__ import annotations

from typing import Any
from urllib.parse import quote

from sharepoint import shapes
from sharepoint.answers import JSON
from sharepoint.schema import ListOf
from sharepoint.shipped import SHIPPED
from sharepoint.step import VIEW, Step, path_of
from sharepoint.views import ALL_ITEMS, ROWS, View, views_of


def view_steps(of: ListOf[Any], there: tuple[JSON, ...] | None) -> list[Step]:
    """The views a list lacks; of one that is not there yet (None), what its All Items will be is known."""
    views = views_of(of)
    by_title: dict[str, JSON] = {}
    for each in there or ():
        by_title.setdefault(str(each.get("Title")), each)
    default = there is None or _may_change_default(there)
    steps: list[Step] = []
    for view in views:
        now = by_title.get(view.title)
        if now is None and (there is not None or view.title != ALL_ITEMS):
            steps.append(_add_view(of, view, default=default and view is views[0]))
        elif now is None or _is_ours_and_old(view, now):
            steps.append(_redraw(of, view))
    if there is not None and default and (first := by_title.get(views[0].title)) and not first.get("DefaultView"):
        body = {"__metadata": {"type": "SP.View"}, "DefaultView": True}
        says = f"show the view {of.name}: {views[0].title} first"
        steps.append(Step(says, _path(of, views[0]), body, "MERGE", VIEW))
    return steps


def _may_change_default(there: tuple[JSON, ...]) -> bool:
    """Whether the view that people meet first is still All Items as SharePoint or the bot made it, not their choice."""
    now = next((view for view in there if view.get("DefaultView")), None)
    return now is None or (
        now.get("Title") == ALL_ITEMS and (shapes.untouched(now) or shapes.of_answer(now) in SHIPPED)
    )


def _is_ours_and_old(view: View, now: JSON) -> bool:
    shape = shapes.of_answer(now)
    ours = shape in SHIPPED or (view.title == ALL_ITEMS and shapes.untouched(now))
    return ours and shape != shapes.of_view(view.query, view.fields, ROWS)


def _add_view(of: ListOf[Any], view: View, *, default: bool) -> Step:
    """One request for the whole view: it is there as it should be, or not at all (as cli-microsoft365 sends it)."""
    given = {
        "Title": view.title,
        "ViewFields": {"results": list(view.fields)},
        "Query": view.query,
        "RowLimit": ROWS,
        "Paged": True,
        "PersonalView": False,
        "SetAsDefaultView": default,
    }
    says = f"add the view {of.name}: {view.title}" + (", shown first" if default else "")
    return Step(says, f"{path_of(of)}/views/add", {"parameters": given}, turn=VIEW)


def _redraw(of: ListOf[Any], view: View) -> Step:
    says = f"draw the view {of.name}: {view.title}"
    return Step(says, f"{_path(of, view)}/SetViewXml", {"viewXml": view.xml}, turn=VIEW)


def _path(of: ListOf[Any], view: View) -> str:
    return f"{path_of(of)}/views/getByTitle('{quote(view.title)}')"
