"""Reading SharePoint's answers: its two error envelopes, and the parts of a `$batch`."""

from __future__ import annotations

import email.parser
import email.policy
import re
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

import orjson

from board.errors import Conflict, NotFound
from sharepoint.errors import Duplicate, StoreBusy, StoreRefused, TooManyRows, Unreadable
from sharepoint.pace import told_to_wait

JSON = dict[str, Any]

ACCEPT = "application/json;odata=minimalmetadata"
VERBOSE = "application/json;odata=verbose"

DUPLICATE = "-2130575169"
ITEM_GONE = "-2130575338"
THRESHOLD = "-2147024860"
SAVE_CONFLICTS = ("-2130575305", "-2130246326")
"""Codes of "Save Conflict": two saves met in the same instant (of an item, memory; of a group's members, report:
SharePoint/sp-dev-docs#1905). It may have been made all the same (report: sp-dev-fx-controls-react#1919), so it is asked
again: every write carries a key or an ETag, and the one that came second meets the first one's."""

FILE_LOCK = "SPFileLockException"
"""HTTP 423 for a file that somebody has open: -2147018894, -2147023436 (reports: office365-rest-python-client#697,
pnp/pnpjs#2381). A 423 without it is a locked site, which an administrator must open."""

_BOUNDARY = re.compile(r'multipart/mixed; ?boundary="?([0-9A-Za-z_-]{1,100})"?', re.ASCII | re.IGNORECASE)
_PLAIN = re.compile(
    rb"\r\ncontent-type: ?application/http(?:\r\ncontent-transfer-encoding: ?binary)?\r\n\r\n", re.IGNORECASE
)
"""How a part of a plain `$batch` answer begins."""

BUSY_STATUSES = frozenset({429, 502, 503, 504})
UNCERTAIN_STATUSES = frozenset({502, 504})
UNSUPPORTED = b"unsupported app only token"
"""What SharePoint answers, with 401, to an app-only token made with a secret (reports; its claim `appidacr` is 1)."""
UNSUPPORTED_ADVICE = (
    ". The token was made with a secret, and SharePoint takes those of a certificate or a managed identity only: "
    "set MHRMB_SHAREPOINT_CERTIFICATE"
)
NOT_ACCEPTED = (
    ". SharePoint did not accept the sign-in: check that MHRMB_TENANT_ID is the tenant of the site, and that an "
    "administrator consented to the app's SharePoint permission (for the embedded server, MHRMB_SHAREPOINT_TOKEN)"
)
NOT_ALLOWED = (
    ". The app may not do this: with Sites.Selected it needs a grant for this one site (PnP PowerShell's "
    "Grant-PnPAzureADAppSitePermission, or Microsoft Graph's POST /sites/{id}/permissions)"
)


@dataclass(frozen=True, slots=True)
class Answer:
    """One HTTP answer, or one part of a batch: `headers` have lower-case names."""

    status: int
    headers: JSON
    body: bytes

    def json(self) -> JSON:
        """The body as an object; raises Unreadable when it is not one (a proxy's page, or cut short)."""
        try:
            read = orjson.loads(self.body)
        except orjson.JSONDecodeError as error:
            raise Unreadable("SharePoint's answer was not JSON", status=self.status) from error
        if not isinstance(read, dict):
            raise Unreadable("SharePoint's answer was not an object", status=self.status)
        return read


def check(answer: Answer, what: str) -> Answer:
    """Return the answer when it is a success; otherwise raise the one error that fits. `what` names the request."""
    if answer.status < 400:
        return answer
    code = _error_code(answer.body)
    _raise_if_busy(answer, code, what)
    if _is_cut_short(answer):
        raise Unreadable(f"{what}: HTTP {answer.status}, cut short", status=answer.status)
    if code.startswith(DUPLICATE):
        raise Duplicate(what)
    if answer.status == 412:
        raise Conflict(what)
    if answer.status == 404 and code.startswith(ITEM_GONE):
        raise NotFound(what)
    if code.startswith(THRESHOLD):
        raise TooManyRows(f"{what}: HTTP {answer.status} {code}", status=answer.status, code=code)
    told = f"{what}: HTTP {answer.status} {code}".rstrip()
    raise StoreRefused(told + _advice(answer), status=answer.status, code=code)


def _raise_if_busy(answer: Answer, code: str, what: str) -> None:
    if answer.status in BUSY_STATUSES:
        uncertain = answer.status in UNCERTAIN_STATUSES
        raise StoreBusy(f"{what}: HTTP {answer.status}", retry_after=told_to_wait(answer.headers), uncertain=uncertain)
    if answer.status == 409 and code.startswith(SAVE_CONFLICTS):
        raise StoreBusy(f"{what}: HTTP 409 Save Conflict", uncertain=True)
    if answer.status == 423 and FILE_LOCK in code:
        raise StoreBusy(f"{what}: somebody has the file open", soon=False)
    if answer.status >= 500 and not code.startswith("-"):
        raise StoreBusy(f"{what}: HTTP {answer.status}", uncertain=True)


def _advice(answer: Answer) -> str:
    """What to do about a token that is not taken or does not allow enough; nothing for other refusals."""
    if answer.status == 401 and UNSUPPORTED in answer.body.lower():
        return UNSUPPORTED_ADVICE
    return {401: NOT_ACCEPTED, 403: NOT_ALLOWED}.get(answer.status, "")


def _is_cut_short(answer: Answer) -> bool:
    """Whether a refusal's JSON ends too soon to tell what it refuses; a page in another format is a proxy's."""
    if "json" not in str(answer.headers.get("content-type", "")) or not answer.body.strip():
        return False
    try:
        orjson.loads(answer.body)
    except orjson.JSONDecodeError:
        return True
    return False


def _error_code(body: bytes) -> str:
    """The code of either envelope. Its text is left out on purpose: it may quote what was sent."""
    try:
        read = orjson.loads(body)
    except orjson.JSONDecodeError:
        return ""
    if not isinstance(read, dict):
        return ""
    error = read.get("error") or read.get("odata.error")
    code = error.get("code") if isinstance(error, dict) else ""
    return code if isinstance(code, str) else ""


def batch_body(urls: Iterable[str], boundary: str, accept: str) -> bytes:
    """Write a `$batch` of reads (MS-ODATA multipart): absolute URLs, one part each."""
    parts = [
        f"--{boundary}\r\nContent-Type: application/http\r\nContent-Transfer-Encoding: binary\r\n\r\n"
        f"GET {url} HTTP/1.1\r\nAccept: {accept}\r\n\r\n\r\n"
        for url in urls
    ]
    return ("".join(parts) + f"--{boundary}--\r\n").encode()


def batch_headers(boundary: str) -> dict[str, str]:
    """The headers of a `$batch` whose body is cut by this boundary."""
    return {"Content-Type": f"multipart/mixed; boundary={boundary}", "Accept": "multipart/mixed"}


@dataclass(frozen=True, slots=True)
class Write:
    """One write of a batch: POST of a new item, or MERGE of one that is still at `etag`. `path` is below `_api/`."""

    method: str
    path: str
    body: JSON
    etag: str = ""


def write_body(writes: Iterable[tuple[str, Write]], boundary: str, accept: str) -> bytes:
    """Write a `$batch` of writes: one changeset of absolute URLs, each with its verb in the request line.

    One changeset for all, and the verb not in `X-HTTP-Method`, is how PnPjs writes its batches (report).
    """
    inner = f"changeset_{boundary}"
    parts = [f"--{boundary}\r\nContent-Type: multipart/mixed; boundary={inner}\r\n\r\n".encode()]
    for url, write in writes:
        guard = f"If-Match: {write.etag}\r\n" if write.etag else ""
        parts.append(
            f"--{inner}\r\nContent-Type: application/http\r\nContent-Transfer-Encoding: binary\r\n\r\n"
            f"{write.method} {url} HTTP/1.1\r\nAccept: {accept}\r\n{guard}"
            "Content-Type: application/json;odata=verbose\r\n\r\n".encode()
            + orjson.dumps(write.body)
            + b"\r\n"
        )
    return b"".join([*parts, f"--{inner}--\r\n--{boundary}--\r\n".encode()])


def batch_parts(answer: Answer) -> list[Answer]:
    """Read the parts of a `$batch` answer in order.

    Written here because the client's own batch retries threshold errors for more than a minute and maps items slowly.
    An answer in the plain form that SharePoint gives is cut at its boundary, which takes a tenth of the time that the
    standard library's MIME parser takes; anything else about it is left to that.
    """
    content_type = str(answer.headers.get("content-type", ""))
    plain = _plain_parts(content_type, answer.body)
    if plain is not None:
        return plain
    # compat32 leaves the parts' headers unread, which makes a hundred parts seven times faster than the HTTP policy.
    parser = email.parser.BytesParser(policy=email.policy.compat32)
    whole = parser.parsebytes(b"Content-Type: " + content_type.encode() + b"\r\n\r\n" + answer.body)
    return [_part(part.get_payload(decode=True)) for part in whole.walk() if not part.is_multipart()]


def _plain_parts(content_type: str, body: bytes) -> list[Answer] | None:
    """The parts of an answer that is nothing but HTTP answers between lines of one boundary; None for any other."""
    found = _BOUNDARY.fullmatch(content_type)
    if found is None:
        return None
    line = b"--" + found[1].encode()
    before, *parts = (b"\r\n" + body).split(b"\r\n" + line)
    if before.strip() or not parts or parts.pop().strip() != b"--" or not all(map(_PLAIN.match, parts)):
        return None
    return [_part(part.partition(b"\r\n\r\n")[2]) for part in parts]


def _part(raw: Any) -> Answer:
    if not isinstance(raw, bytes):
        raise Unreadable("a part of SharePoint's batch answer was empty")
    head, _, body = raw.replace(b"\r\n", b"\n").partition(b"\n\n")
    status_line, *lines = head.decode("latin-1").lstrip().split("\n")
    headers = {name.strip().lower(): value.strip() for name, _, value in (line.partition(":") for line in lines)}
    try:
        return Answer(int(status_line.split()[1]), headers, body.strip())
    except (IndexError, ValueError) as error:
        raise Unreadable("a part of SharePoint's batch answer had no status") from error
