"""Reading SharePoint's answers: which error is raised for which, and a batch taken apart."""

from __future__ import annotations

from collections.abc import Sequence
from json import dumps
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as some

from board.errors import BoardError, Conflict, NotFound
from sharepoint.answers import Answer, _plain_parts, batch_body, batch_parts, check
from sharepoint.errors import Duplicate, StoreBusy, StoreError, StoreRefused, TooManyRows

SECRET = "Zebedee Planted"
THRESHOLD = "-2147024860, Microsoft.SharePoint.SPQueryThrottledException"
DUPLICATE = "-2130575169, Microsoft.SharePoint.SPDuplicateValuesFoundException"
ITEM_GONE = "-2130575338, System.ArgumentException"
LIST_GONE = "-1, System.ArgumentException"
TOO_LONG = "-2130575336, Microsoft.SharePoint.SPException"
SAVE_CONFLICT = "-2130575305, Microsoft.SharePoint.SPException"
FILE_LOCKED = "-2147018894, Microsoft.SharePoint.SPFileLockException"
DENIED = "-2147024891, System.UnauthorizedAccessException"
CLIENT = "-1, Microsoft.SharePoint.Client.ClientServiceException"


def refusal(status: int, code: str = "", *, envelope: str = "odata.error", **headers: str) -> Answer:
    """An answer as SharePoint refuses, quoting what was sent."""
    told = {envelope: {"code": code, "message": {"lang": "en-US", "value": f"The value '{SECRET}' is not valid."}}}
    return Answer(status, {name.replace("_", "-"): value for name, value in headers.items()}, dumps(told).encode())


def raised(answer: Answer) -> Exception:
    """What `check` raises for an answer."""
    with pytest.raises((StoreError, BoardError)) as caught:
        check(answer, "GET web/lists")
    return caught.value


@pytest.mark.parametrize("status", [200, 201, 204, 304])
def test_a_success_is_passed_on(status: int) -> None:
    """An answer below 400 is returned as it came."""
    answer = Answer(status, {}, b"")
    assert check(answer, "GET web") is answer


@pytest.mark.parametrize("envelope", ["error", "odata.error"])
@pytest.mark.parametrize(
    ("status", "code", "kind"),
    [
        (400, DUPLICATE, Duplicate),
        (409, DUPLICATE, Duplicate),
        (500, DUPLICATE, Duplicate),
        (412, CLIENT, Conflict),
        (404, ITEM_GONE, NotFound),
        (404, LIST_GONE, StoreRefused),
        (401, DENIED, StoreRefused),
        (403, DENIED, StoreRefused),
        (400, CLIENT, StoreRefused),
        (409, SAVE_CONFLICT, StoreBusy),
        (409, CLIENT, StoreRefused),
        (423, FILE_LOCKED, StoreBusy),
        (423, DENIED, StoreRefused),
        (413, "", StoreRefused),
        (423, "", StoreRefused),
        (500, THRESHOLD, TooManyRows),
        (500, TOO_LONG, StoreRefused),
        (500, "", StoreBusy),
        (505, "", StoreBusy),
        (429, "", StoreBusy),
        (503, CLIENT, StoreBusy),
        (502, "", StoreBusy),
        (504, "", StoreBusy),
    ],
)
def test_each_refusal_is_one_error(status: int, code: str, kind: type[Exception], envelope: str) -> None:
    """The code counts before the status, in both error envelopes, and what SharePoint quotes is not repeated."""
    error = raised(refusal(status, code, envelope=envelope))
    assert type(error) is kind
    assert SECRET not in f"{error!r} {error}"


def test_a_refusal_names_its_status_and_code() -> None:
    """A person who must act is told SharePoint's own words for it."""
    error = raised(refusal(500, THRESHOLD))
    assert isinstance(error, StoreRefused)
    assert (error.status, error.code) == (500, THRESHOLD)
    assert "GET web/lists" in str(error)


@pytest.mark.parametrize(
    ("status", "body", "says"),
    [
        (401, b'{"error_description":"Unsupported app only token."}', "made with a secret"),
        (401, b"Unsupported app only token.", "MHRMB_SHAREPOINT_CERTIFICATE"),
        (401, b'{"error_description":"Invalid issuer or signature."}', "did not accept the sign-in"),
        (401, b"", "MHRMB_TENANT_ID"),
        (403, b"", "a grant for this one site"),
        (403, b"Unsupported app only token.", "a grant for this one site"),
    ],
)
def test_a_sign_in_that_is_not_taken_says_what_to_do(status: int, body: bytes, says: str) -> None:
    """A token made with a secret, one of another tenant, and a right that was not granted are told apart."""
    assert says in str(raised(Answer(status, {}, body)))


@pytest.mark.parametrize(("status", "uncertain"), [(429, False), (503, False), (502, True), (504, True), (500, True)])
def test_busy_says_whether_a_write_may_have_been_made(status: int, uncertain: bool) -> None:
    """Throttling was answered before the work; a gateway's failure says nothing about what was behind it."""
    error = raised(refusal(status))
    assert isinstance(error, StoreBusy)
    assert error.uncertain is uncertain


@pytest.mark.parametrize(
    ("headers", "seconds"),
    [
        ({}, 0.0),
        ({"retry_after": "7"}, 7.0),
        ({"retry_after": "1.5"}, 1.5),
        ({"ratelimit_reset": "9"}, 9.0),
        ({"retry_after": "7", "ratelimit_reset": "9"}, 9.0),
        ({"retry_after": "soon", "ratelimit_reset": "9"}, 9.0),
        ({"retry_after": "Wed, 21 Oct 2026 07:28:00 GMT", "date": "Wed, 21 Oct 2026 07:27:30 GMT"}, 30.0),
        ({"retry_after": "Wed, 21 Oct 2026 07:28:00 GMT", "date": "Wed, 21 Oct 2026 07:28:30 GMT"}, 0.0),
        (
            {
                "retry_after": "Wed, 21 Oct 2026 07:28:00 GMT",
                "date": "Wed, 21 Oct 2026 07:27:59 GMT",
                "ratelimit_reset": "9",
            },
            9.0,
        ),
        ({"retry_after": "Wed, 32 Oct 2026 07:28:00 GMT"}, 0.0),
        ({"retry_after": "-5"}, 0.0),
        ({"retry_after": "86400"}, 600.0),
        ({"retry_after": "nan"}, 0.0),
        ({"retry_after": "inf"}, 600.0),
    ],
)
def test_the_longer_wait_counts(headers: dict[str, str], seconds: float) -> None:
    """The greater of Retry-After and RateLimit-Reset is waited, ten minutes at most, nonsense not at all."""
    error = raised(refusal(429, **headers))
    assert isinstance(error, StoreBusy)
    assert seconds == error.retry_after


@pytest.mark.parametrize("body", [b"", b"<html>sign in</html>", b"[]", b"null", b"7", b'"text"', b"{", b"\xff\xfe"])
def test_what_is_no_object_is_refused(body: bytes) -> None:
    """A page of a proxy, or JSON of another shape, is an error of the store's own."""
    with pytest.raises(StoreRefused):
        Answer(200, {}, body).json()


@pytest.mark.parametrize(
    "body",
    [b"<html>Bad</html>", b"[]", b'{"error": 7}', b'{"error": {"code": 7}}', b'{"error": {"code": null}}', b"\xff"],
)
def test_an_error_that_cannot_be_read_is_still_one_of_ours(body: bytes) -> None:
    """The status alone decides when the body is no envelope."""
    assert type(raised(Answer(400, {}, body))) is StoreRefused
    assert type(raised(Answer(500, {}, body))) is StoreBusy


@given(some.integers(400, 599), some.binary(max_size=60), some.text(max_size=12))
def test_any_answer_at_all_is_an_error_of_ours(status: int, body: bytes, wait: str) -> None:
    """Whatever a server sends, the caller meets only the documented errors."""
    raised(Answer(status, {"retry-after": wait}, body))


def batch_answer(parts: Sequence[tuple[int, Any]], *, end: str = "\r\n", boundary: str = "batchresponse_1") -> Answer:
    """A `$batch` answer as SharePoint writes it."""
    lines = []
    for status, body in parts:
        lines += [f"--{boundary}", "Content-Type: application/http", "Content-Transfer-Encoding: binary", ""]
        lines += [f"HTTP/1.1 {status} OK", "CONTENT-TYPE: application/json;odata=minimalmetadata", "", dumps(body)]
    lines += [f"--{boundary}--", ""]
    headers = {"content-type": f"multipart/mixed; boundary={boundary}"}
    return Answer(200, headers, end.join(lines).encode())


@pytest.mark.parametrize("end", ["\r\n", "\n"])
def test_a_batch_comes_apart_in_order(end: str) -> None:
    """Each part has its own status and body, in the order asked, whichever way its lines end."""
    bodies = [{"value": [{"Id": 1, "Name": "Åse Ünïcode 日本 — “quoted”\r\n--batchresponse_1"}]}, {"Id": 2}, {}]
    parts = batch_parts(batch_answer([(200, bodies[0]), (404, bodies[1]), (500, bodies[2])], end=end))
    assert [part.status for part in parts] == [200, 404, 500]
    assert [part.json() for part in parts] == bodies
    assert parts[0].headers["content-type"].startswith("application/json")


@given(some.lists(some.tuples(some.integers(100, 599), some.text(max_size=20)), min_size=1, max_size=5))
def test_the_quick_reading_is_the_standard_librarys(told: list[tuple[int, str]]) -> None:
    """An answer cut at its boundary reads as the MIME parser reads it, which lines that end otherwise are left to."""
    parts = [(status, {"value": text}) for status, text in told]
    quick, standard = batch_answer(parts), batch_answer(parts, end="\n")
    assert _plain_parts(quick.headers["content-type"], quick.body) is not None
    assert _plain_parts(standard.headers["content-type"], standard.body) is None
    assert batch_parts(quick) == batch_parts(standard)


@pytest.mark.parametrize("was", ["application/http", "binary", "--batchresponse_1--", "multipart/mixed"])
def test_another_form_of_batch_is_left_to_the_standard_library(was: str) -> None:
    """A changeset's answer, another encoding or an end that is not there is not cut by hand."""
    whole = batch_answer([(200, {"Id": 1}), (200, {"Id": 2})])
    kind = whole.headers["content-type"].replace(was, "text/plain")
    assert _plain_parts(kind, whole.body.replace(was.encode(), b"base64")) is None


def test_a_batch_body_is_one_part_for_each_read() -> None:
    """What is sent names each address once and closes with the boundary."""
    body = batch_body(["http://x/_api/web", "http://x/_api/site"], "b1", "application/json")
    assert body.count(b"--b1\r\n") == 2
    assert body.endswith(b"--b1--\r\n")
    assert b"GET http://x/_api/web HTTP/1.1\r\nAccept: application/json\r\n\r\n" in body


@given(some.data())
def test_a_batch_cut_short_never_gives_more_than_it_holds(data: some.DataObject) -> None:
    """Wherever an answer breaks off, there is an error of ours or no more parts than were sent."""
    whole = batch_answer([(200, {"Id": 1}), (200, {"Id": 2})])
    cut = data.draw(some.integers(0, len(whole.body)))
    try:
        parts = batch_parts(Answer(200, whole.headers, whole.body[:cut]))
        read = [part.json() for part in parts]
    except StoreError:
        return
    assert read == [{"Id": 1}, {"Id": 2}][: len(read)]


@pytest.mark.parametrize("content_type", ["text/html", "multipart/mixed", "application/json", "", "multipart/mixed; b"])
def test_a_page_instead_of_a_batch_is_refused(content_type: str) -> None:
    """A sign-in page where a batch was expected is an error of ours."""
    with pytest.raises(StoreRefused):
        batch_parts(Answer(200, {"content-type": content_type}, b"<html><body>Sign in</body></html>"))
