"""Papers in their libraries: put, read and deleted, in folders and under names that are references and nothing else."""

from __future__ import annotations

import re
from urllib.parse import quote, urlsplit

from board.errors import NotFound
from sharepoint.answers import JSON
from sharepoint.errors import StoreRefused
from sharepoint.libraries import Library
from sharepoint.store import Store, line

WAIT = 60.0
"""Seconds for one request: a document is larger than a row, and is made behind a person's turn."""

_FOLDER = re.compile(r"[A-Z]-[1-9][0-9]*")
_NAME = re.compile(
    r"(?:[A-Z]-[1-9][0-9]*(\.[0-9]+)?[a-z0-9 -]*|tracker ([1-9][0-9]* )?\d{4}-\d\d-\d\d|board [1-9][0-9]*)"
    r"\.(docx|ics|json|pdf|xlsx)"
)
"""A reference, the tracker's day or the number of a board's row in `Forums`, and words of the bot's own: `R-14 bundle
for review.docx`. A name shows in addresses, logs and bins, so nothing that somebody typed is ever part of one."""


class Papers:
    """The papers of one library. Raises the store's errors; ValueError for a name that is not made of references."""

    def __init__(self, store: Store, library: Library, *, within: float = WAIT) -> None:
        self._site = store.site
        self._library = library
        self._within = within
        self._root = f"{urlsplit(store.site.site_url).path}/{library.name}"

    async def put(self, folder: str, name: str, content: bytes, *, by: str, why: str) -> str:
        """File a paper and return its address. The same name again is a new version of the same paper, so that doing
        this twice leaves one; who it was made for and why are columns of the file. Two requests, two more in a case's
        first folder."""
        where = self._folder(folder, name)
        call = f"files/addUsingPath(decodedurl='{quote(name)}',overwrite=true)?$select=ServerRelativeUrl"
        try:
            made = await self._send(f"{where}/{call}", content)
        except (NotFound, StoreRefused) as missing:
            if getattr(missing, "status", 404) not in (400, 404):
                raise
            await self._make_folder(folder)
            made = await self._send(f"{where}/{call}", content)
        await self._sign(f"{self._file(folder, name)}/ListItemAllFields", by, why)
        return self._address(str(made["ServerRelativeUrl"]))

    async def read(self, folder: str, name: str) -> bytes:
        """The bytes of a paper. Raises NotFound where there is none."""
        try:
            return await self._site.download(f"{self._file(folder, name)}/$value", within=self._within, background=True)
        except StoreRefused as refused:
            if refused.status == 404:
                raise NotFound(name) from refused
            raise

    async def delete(self, folder: str, name: str) -> None:
        """Delete a paper for good, with its versions: no recycle bin is passed. None there is no error."""
        try:
            await self._post(self._file(folder, name), method="DELETE")
        except NotFound:
            return
        except StoreRefused as refused:
            if refused.status != 404:
                raise

    async def _make_folder(self, folder: str) -> None:
        # `add` answers the folder that is there already; `addUsingPath` would refuse it (memory).
        await self._post(f"{self._place(self._root)}/folders/add('{quote(folder)}')")

    async def _sign(self, item: str, by: str, why: str) -> None:
        """Say on the file itself who it was made for and why, without making one more version of it."""
        values = [
            {"FieldName": name, "FieldValue": line(value)} for name, value in (("ChangedBy", by), ("ChangeReason", why))
        ]
        await self._post(f"{item}/validateUpdateListItem", {"formValues": values, "bNewDocumentUpdate": True})

    def _folder(self, folder: str, name: str) -> str:
        if not _NAME.fullmatch(name) or (folder and not _FOLDER.fullmatch(folder)):
            raise ValueError("a paper is named by references")
        return self._place(f"{self._root}/{folder}".rstrip("/"))

    def _place(self, path: str) -> str:
        return f"web/getFolderByServerRelativePath(decodedurl='{quote(path)}')"

    def _file(self, folder: str, name: str) -> str:
        self._folder(folder, name)
        path = f"{self._root}/{folder}/{name}" if folder else f"{self._root}/{name}"
        return f"web/getFileByServerRelativePath(decodedurl='{quote(path)}')"

    async def _send(self, path: str, content: bytes) -> JSON:
        return await self._site.upload(path, content, within=self._within, background=True)

    async def _post(self, path: str, body: JSON | None = None, *, method: str = "POST") -> JSON:
        kind = "application/json;odata=nometadata"
        return await self._site.post(path, body, within=self._within, method=method, content_type=kind, background=True)

    def _address(self, path: str) -> str:
        parts = urlsplit(self._site.site_url)
        return f"{parts.scheme}://{parts.netloc}{quote(path)}"
