"""One operation as handlers see it, alone or as a part of a batch, and how its JSON body is read."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

import orjson

from sharepoint.embedded.errors import BadQuery, UnknownProperty
from sharepoint.embedded.options import Options
from sharepoint.embedded.people import Person


@dataclass(frozen=True, slots=True)
class Key:
    """How a path names one of many: by `id`, `title`, `name`, …, and the value given.

    `beyond` are the keys it starts from, as when a folder is named by the list whose root it is (see places).
    """

    by: str
    value: str
    beyond: tuple[Key, ...] = ()

    def number(self) -> int:
        """The value as an id; BadQuery if it is not one."""
        if not (self.value.isascii() and self.value.isdigit()) or len(self.value) > 15:
            raise BadQuery(f"The key '{self.value[:60]}' is not a number.")
        return int(self.value)


@dataclass(slots=True)
class Call:
    """`method` is what is meant (X-HTTP-Method counts), header names are lower case, `address` has no query string.

    `pattern` is that of the table of routes. `validated` is the notification URL whose handshake went well; None where
    none can be made, as within a batch.
    """

    method: str
    address: str
    headers: Mapping[str, str]
    body: bytes
    options: Options
    person: Person
    keys: tuple[Key, ...] = ()
    args: tuple[str, ...] = ()
    named: Mapping[str, str] = field(default_factory=dict)
    validated: str | None = None
    pattern: str = ""

    def arg(self, name: str, position: int = 0) -> str:
        """An argument of the last step of the path, by name or place; "" if absent."""
        if name in self.named:
            return self.named[name]
        return self.args[position] if position < len(self.args) else ""

    def entity(self, *types: str) -> dict[str, Any]:
        """The body as the properties of an entity of one of these types; the first is the expected one.

        A verbose body must name its type; any other body must not have `__metadata` (report: SharePoint/sp-dev-docs
        #3859, #5667).
        """
        shown = self.json()
        if not self._verbose():
            return _plain(shown, types[0])
        metadata = shown.pop("__metadata", None)
        named = metadata.get("type") if isinstance(metadata, dict) else None
        if named is None:
            raise BadQuery(
                "An entry without a type name was found, but no expected type was specified. To allow entries without "
                "type information, the expected type must also be specified when the model is specified."
            )
        if named not in types:
            raise BadQuery(
                f"A type named '{named}' could not be resolved by the model. "
                "When a model is available, each type name must resolve to a valid type."
            )
        return shown

    def parameter(self, name: str, type_name: str) -> dict[str, Any]:
        """An object passed to a function under its parameter's name, such as `query` of getChanges."""
        value = self.json().get(name)
        if not isinstance(value, dict):
            raise BadQuery(f"The parameter {name} is missing or is not an object.")
        if not self._verbose():
            return _plain(value, type_name)
        value.pop("__metadata", None)
        return value

    def json(self) -> dict[str, Any]:
        """The body as a JSON object; an empty body is an empty object."""
        if not self.body.strip():
            return {}
        try:
            shown = orjson.loads(self.body)
        except orjson.JSONDecodeError as error:
            raise BadQuery("Invalid JSON. The request body could not be read.") from error
        if not isinstance(shown, dict):
            raise BadQuery("Invalid JSON. A JSON object was expected in the request body.")
        return shown

    def _verbose(self) -> bool:
        return "odata=verbose" in self.headers.get("content-type", "").replace(" ", "").lower()


def _plain(shown: dict[str, Any], type_name: str) -> dict[str, Any]:
    if "__metadata" in shown:
        raise UnknownProperty("__metadata", type_name)
    return {name: value for name, value in shown.items() if "odata." not in name}
