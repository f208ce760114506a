"""What of a Teams message may go into a record."""

from __future__ import annotations

import pytest

from board.forms import PARAGRAPH, length
from board.messages import message_link, words_of

CHANNEL = "https://teams.microsoft.com/l/message/19%3Aabc_DEF-1%40thread.tacv2/1767600001000"
TENANT = "6b8f2a4e-51d3-4c0a-9a7e-0d2f5c1e7b90"


@pytest.mark.parametrize(
    ("given", "kept"),
    [
        (CHANNEL, CHANNEL),
        ("https://teams.microsoft.com/l/message/19:abc_DEF-1@thread.tacv2/1767600001000", CHANNEL),
        (f"{CHANNEL}?tenantId={TENANT}", f"{CHANNEL}?tenantId={TENANT}"),
        (f"{CHANNEL}?tenantId={TENANT}&teamName=Ward+Zed&channelName=Zed#zed", f"{CHANNEL}?tenantId={TENANT}"),
        (f"{CHANNEL}?parentMessageId=1767600000000&createdTime=<b>", f"{CHANNEL}?parentMessageId=1767600000000"),
        (CHANNEL.replace("microsoft.com", "cloud.microsoft"), CHANNEL.replace("microsoft.com", "cloud.microsoft")),
    ],
)
def test_a_channels_message_is_linked_by_its_ids_alone(given: str, kept: str) -> None:
    """Names that Teams puts into its links are left out; the rest is spelt anew."""
    assert message_link(given) == kept
    assert message_link(kept) == kept


@pytest.mark.parametrize(
    "given",
    [
        *("", "x", "https://evil.example/l/message/19:abc@thread.tacv2/1", CHANNEL.replace("https", "http")),
        *(CHANNEL.replace("https://", "https://user@"), CHANNEL.replace(".com/", ".com:8443/"), CHANNEL + "/more"),
        "https://teams.microsoft.com/l/message/19:0000-1_0000-2@unq.gbl.spaces/1767600001000",
        "https://teams.microsoft.com/l/message/19:abc@thread.tacv2/../x",
        "javascript:alert(1)",
        "https://[teams.microsoft.com/l/message",
        CHANNEL + "?tenantId=" + "a" * 3000,
    ],
)
def test_no_other_address_is_kept(given: str) -> None:
    """Another host, scheme or path, a chat of two people (its address names both), or anything too long."""
    assert message_link(given) == ""


def test_words_are_cleaned_and_cut_with_an_ellipsis() -> None:
    """What fits is kept as it is; what does not ends with an ellipsis and fits."""
    assert words_of("  Ask the ward\u202e for a date \n") == "Ask the ward for a date"
    long = words_of("\U0001f41d" * 3000)
    assert long.endswith("…")
    assert PARAGRAPH - 2 <= length(long) <= PARAGRAPH
