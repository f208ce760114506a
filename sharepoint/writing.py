"""How the site is written to: through the client's requests, off the event loop. Loaded by the first write.

Only this module imports office365, and of it the requests alone: its contexts bring in six hundred modules more, a
quarter of a second and ten megabytes. It is wrapped the way its measured defects ask for: a fresh client for every
request (one shared between tasks mixes up If-Match), our own retries (its own ignore Retry-After), items as JSON of our
own (its own are four times as dear) with their type, a form digest known beforehand (else one write is three requests),
explicit timeouts (its own read without end).
"""

from __future__ import annotations

import logging
import secrets
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from functools import partial
from typing import Any, Final

import orjson
import requests
from office365.runtime.auth.token_response import TokenResponse
from office365.runtime.client_request_exception import ClientRequestException
from office365.runtime.http.http_method import HttpMethod
from office365.runtime.http.request_options import RequestOptions
from office365.sharepoint.request import SharePointRequest
from office365.sharepoint.webs.context_web_information import ContextWebInformation

from board.errors import Conflict
from sharepoint.answers import ACCEPT, JSON, VERBOSE, Answer, Write, batch_headers, batch_parts, check, write_body
from sharepoint.asking import THREADS
from sharepoint.errors import StoreBusy, StoreRefused, Unreadable
from sharepoint.queries import entity_type
from sharepoint.sign_in import SignIn
from sharepoint.transport import Session

BATCH_TAKES: Final = (2.0, 60.0)
"""Seconds to connect, and between bytes, for a batch of writes: a hundred take longer than one read."""

# It logs a traceback for every form digest that could not be fetched, which we raise and tell ourselves.
logging.getLogger("office365.runtime.types.event_handler").setLevel(logging.CRITICAL)


class Writer:
    """Writes of one site, each a call that blocks its thread. `sent` is called for each request; `heard` is told the
    status and headers (names in lower case) of every answer. `takes` are the seconds to connect, and between bytes."""

    def __init__(
        self,
        site_url: str,
        sign_in: SignIn,
        user_agent: str,
        heard: Callable[[int, Mapping[str, Any]], None],
        sent: Callable[[], None],
        *,
        takes: tuple[float, float],
    ) -> None:
        self._site_url, self._sign_in, self._user_agent, self._sent = site_url, sign_in, user_agent, sent
        self._digest = ContextWebInformation()
        self._root = SharePointRequest(site_url).with_transport(
            timeout=takes, session=Session(site_url, THREADS, heard)
        )
        # The client's own cache renews only after expiry, with every thread waiting behind its lock, and never drops a
        # token for a 401. So it keeps this placeholder, and `_sign` puts the real token into each request.
        self._root.with_access_token(lambda: TokenResponse(access_token="placeholder", token_type="Bearer"))  # noqa: S106

    def close(self) -> None:
        """Close every connection."""
        self._root.transport.close()

    def add(self, list_name: str, values: JSON) -> tuple[int, str]:
        """Add an item; its id and ETag."""
        request = self._items(list_name, "", values)
        answer = self._send(request, f"add to {list_name}")
        with _translated(f"add to {list_name}"):
            made = answer.json()
            made = made.get("d", made)
            return int(made["Id"]), _etag(answer, made)

    def merge(self, list_name: str, item_id: int, values: JSON, etag: str) -> str:
        """Change columns of an item that is still at `etag`; the new one. Raises Conflict."""
        if not etag:  # an answer came without one: what is there now is not known, so nothing may be written over it
            raise Conflict
        what, request = f"change {list_name}({item_id})", self._items(list_name, f"({item_id})", values)
        request.set_header("X-HTTP-Method", "MERGE")
        request.set_header("If-Match", etag)
        answer = self._send(request, what)
        if answer.status != 204:  # a sign-in page, say: SharePoint answers a change with nothing
            raise Unreadable(f"{what}: not SharePoint's answer", status=answer.status)
        return _etag(answer, {})

    def _items(self, list_name: str, which: str, values: JSON) -> RequestOptions:
        """A write of an item, its values and its type as JSON.

        Not through the client's own `ListItem`: setting its properties one by one and reading the answer back into one
        took 4.5 ms of a write where this takes 1.2 (`docs/speed.md`).
        """
        request = self._request(f"web/lists/getByTitle('{list_name}')/items{which}", VERBOSE)
        request.set_header("Accept", VERBOSE)
        request.data = orjson.dumps({"__metadata": {"type": entity_type(list_name)}, **values})
        return request

    def post(self, method: str, path: str, body: JSON | None, content_type: str) -> Answer:
        """POST (or `MERGE`, `PATCH`, `DELETE`) a path below `_api/`."""
        request = self._request(path, content_type)
        request.data = orjson.dumps(body or {})
        if method in ("MERGE", "PATCH", "DELETE"):
            request.set_header("X-HTTP-Method", method)
            request.set_header("If-Match", "*")
        return self._send(request, f"{method} {path.split('?', 1)[0]}")

    def upload(self, path: str, content: bytes) -> Answer:
        """POST bytes to a path below `_api/`."""
        request = self._request(path, "application/octet-stream")
        request.data, request.timeout = content, BATCH_TAKES
        return self._send(request, f"POST {path.split('(', 1)[0]}")

    def batch(self, writes: Sequence[Write]) -> list[Answer]:
        """Do up to 100 writes in one request; each one's answer in order."""
        boundary = f"batch_{secrets.token_hex(8)}"
        request = self._request("$batch", "")
        for name, value in batch_headers(boundary).items():
            request.set_header(name, value)
        request.timeout = BATCH_TAKES
        request.data = write_body([(f"{self._site_url}/_api/{each.path}", each) for each in writes], boundary, ACCEPT)
        parts = batch_parts(self._send(request, "$batch"))
        if len(parts) != len(writes):
            raise StoreBusy("SharePoint answered only part of a batch", uncertain=True)
        return parts

    def read(self, path: str) -> JSON:
        """GET a path below `_api/` in the midst of a write: whether it was made after all."""
        request = RequestOptions(f"{self._site_url}/_api/{path}")
        request.set_header("Accept", ACCEPT)
        return self._send(request, f"GET {path.split('?', 1)[0]}", digest=False).json()

    def _request(self, path: str, content_type: str) -> RequestOptions:
        request = RequestOptions(f"{self._site_url}/_api/{path}")
        request.method = HttpMethod.Post
        request.set_header("Accept", ACCEPT)
        request.set_header("Content-Type", content_type)
        return request

    def _client(self, *, digest: bool = True) -> SharePointRequest:
        """A client of its own for one request, sharing sign-in, connections and form digest with the others."""
        fresh = SharePointRequest(self._site_url).reuse(self._root)
        # The client has no public way to share a digest or to do without, and fetches one with retries of its own,
        # which sleep for minutes in our threads.
        fresh._ctx_web_info = self._digest if digest else ContextWebInformation(FormDigestValue="")
        fresh._fetch_context_web_information = self._fetch_digest
        # Here, not in the handler: the client logs a traceback of whatever a handler raises.
        fresh.beforeExecute += partial(self._sign, self._sign_in.token().value)
        self._sent()
        return fresh

    def _sign(self, token: str, request: RequestOptions) -> None:
        request.set_header("Authorization", f"Bearer {token}")
        request.set_header("User-Agent", self._user_agent)
        if not request.headers.get("X-RequestDigest"):
            request.headers.pop("X-RequestDigest", None)

    def _fetch_digest(self) -> ContextWebInformation:
        """The form digest that SharePoint asks of writes: one request, good for half an hour, kept for all."""
        request = RequestOptions(f"{self._site_url}/_api/contextinfo")
        request.method = HttpMethod.Post
        request.set_header("Accept", ACCEPT)
        told = self._send(request, "contextinfo", digest=False).json()
        value, seconds = told.get("FormDigestValue"), told.get("FormDigestTimeoutSeconds")
        if not isinstance(value, str) or not isinstance(seconds, int):
            raise StoreRefused("SharePoint gave no form digest")
        self._digest = ContextWebInformation(FormDigestValue=value, FormDigestTimeoutSeconds=seconds)
        return self._digest

    def _send(self, request: RequestOptions, what: str, *, digest: bool = True) -> Answer:
        client = self._client(digest=digest)
        with _translated(what):
            return check(_answer(client.execute_request_direct(request)), what)


def _etag(answer: Answer, made: JSON) -> str:
    """The ETag an answer tells; empty when it tells none."""
    meta = made.get("__metadata")
    inner = meta.get("etag") if isinstance(meta, dict) else made.get("odata.etag")
    return str(answer.headers.get("etag") or inner or "")


def _answer(response: requests.Response) -> Answer:
    return Answer(response.status_code, {k.lower(): v for k, v in response.headers.items()}, response.content)


@contextmanager
def _translated(what: str) -> Iterator[None]:
    """Turn whatever the client raises into the store's own errors, in one place."""
    try:
        yield
    except ClientRequestException as error:
        if error.response is None:
            raise StoreBusy(f"{what}: no answer", uncertain=True) from error
        check(_answer(error.response), what)
        raise StoreBusy(f"{what}: an answer that could not be read", uncertain=True) from error
    except requests.ConnectionError as error:
        raise StoreBusy(f"{what}: SharePoint could not be reached", uncertain=True) from error
    except requests.RequestException as error:
        if error.response is not None:
            check(_answer(error.response), what)
        raise StoreBusy(f"{what}: no answer in time", uncertain=True) from error
    except OSError as error:  # the file of authorities to trust is gone
        raise StoreBusy(f"{what}: SharePoint could not be reached") from error
    except (AttributeError, IndexError, KeyError, TypeError) as error:  # the client met JSON of another shape
        raise StoreBusy(f"{what}: an answer that could not be read", uncertain=True) from error
