"""The certificate file of an app: what is read from it, and one sentence for each thing that can be wrong with it."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from cryptography import x509
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.hashes import SHA1
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat
from hypothesis import given
from hypothesis import strategies as some

from sharepoint import certificate
from sharepoint.certificate import SITE
from sharepoint.errors import StoreRefused
from tests.certificates import certificate as made
from tests.certificates import private_pem, public_pem

PASSPHRASE = "opens sesame"
NOW = datetime(2026, 6, 1, 12, tzinfo=UTC)
DAY = timedelta(days=1)


def held(path: Path, *blocks: bytes) -> Path:
    """A file that holds these blocks."""
    path.write_bytes(b"".join(blocks))
    return path


GOOD: dict[str, Callable[[], list[bytes]]] = {
    "key first": lambda: [private_pem("app"), public_pem(made("app"))],
    "certificate first": lambda: [public_pem(made("app")), private_pem("app")],
    "encrypted": lambda: [private_pem("app", PASSPHRASE), public_pem(made("app"))],
    "encrypted, as old openssl did": lambda: [
        private_pem("app", PASSPHRASE, PrivateFormat.TraditionalOpenSSL),
        public_pem(made("app")),
    ],
    "among a chain": lambda: [private_pem("app"), public_pem(made("other")), public_pem(made("app"))],
    "with openssl's remarks": lambda: [
        b"Bag Attributes\n",
        private_pem("app"),
        b"subject=CN=x\n",
        public_pem(made("app")),
    ],
    "with Windows' lines": lambda: [(private_pem("app") + public_pem(made("app"))).replace(b"\n", b"\r\n")],
}


@pytest.mark.parametrize("kind", GOOD)
def test_a_good_file_is_read(kind: str, tmp_path: Path) -> None:
    """Key and certificate are found in any order, opened by the passphrase, and matched to one another."""
    path = held(tmp_path / "app.pem", *GOOD[kind]())
    found = certificate.read(path, PASSPHRASE, SITE)
    assert found.key.encode() == private_pem("app")
    assert bytes.fromhex(found.thumbprint) == read_back(found.public).fingerprint(SHA1())
    assert read_back(found.public).subject.rfc4514_string() == "CN=app"
    certificate.check_dates(found, datetime.now(UTC), SITE)
    assert "PRIVATE" not in repr(found)


def read_back(pem: str) -> x509.Certificate:
    """The certificate in a PEM text."""
    return x509.load_pem_x509_certificate(pem.encode())


def elliptic() -> bytes:
    """A key of a kind Entra does not take."""
    return ec.generate_private_key(ec.SECP256R1()).private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption())


BAD: dict[str, tuple[Callable[[], list[bytes]], str, str]] = {
    "empty": (lambda: [b""], "", "not a PEM file"),
    "a pfx": (lambda: [b"0\x82\x04\x00\x02\x01\x03"], "", "openssl pkcs12"),
    "text": (lambda: ["the certificate is on Kim's machine\n".encode("utf-16")], "", "not a PEM file"),
    "no key": (lambda: [public_pem(made("app"))], "", "no private key"),
    "no certificate": (lambda: [private_pem("app")], "", "no certificate"),
    "no passphrase": (GOOD["encrypted"], "", "MHRMB_SHAREPOINT_CERTIFICATE_PASSPHRASE"),
    "wrong passphrase": (GOOD["encrypted"], "Let me in", "does not open the key"),
    "wrong passphrase, old": (GOOD["encrypted, as old openssl did"], "Let me in", "does not open the key"),
    "damaged key": (lambda: [private_pem("app")[:200] + private_pem("app")[300:]], "", "damaged"),
    "damaged certificate": (
        lambda: [private_pem("app"), public_pem(made("app"))[:300] + public_pem(made("app"))[400:]],
        "",
        "damaged",
    ),
    "not a pair": (lambda: [private_pem("app"), public_pem(made("other"))], "", "not a pair"),
    "elliptic": (lambda: [elliptic(), public_pem(made("app"))], "", "RSA"),
}


@pytest.mark.parametrize("kind", BAD)
def test_each_fault_is_one_sentence(kind: str, tmp_path: Path) -> None:
    """What is wrong and which setting to change are said; nothing of the file or the passphrase is."""
    blocks, passphrase, says = BAD[kind]
    path = held(tmp_path / "app.pem", *blocks())
    with pytest.raises(StoreRefused) as refused:
        certificate.read(path, passphrase, SITE)
    said = str(refused.value)
    assert says in said
    assert "MHRMB_SHAREPOINT_CERTIFICATE" in said
    assert "\n" not in said
    assert said.endswith(".")
    assert "Let me in" not in said
    assert "MII" not in said


@pytest.mark.parametrize(("where", "says"), [("none.pem", "no file"), ("", "cannot be read")])
def test_a_file_that_cannot_be_read(where: str, says: str, tmp_path: Path) -> None:
    """A path to nothing, and one to a folder."""
    with pytest.raises(StoreRefused, match=says) as refused:
        certificate.read(tmp_path / where, "", SITE)
    assert str(tmp_path) in str(refused.value)


@pytest.mark.parametrize(
    ("begins", "ends", "says"),
    [
        (-2 * DAY, -DAY, "expired on 31 May 2026"),
        (-2 * DAY, timedelta(0), "expired on 01 June 2026"),
        (-2 * DAY, timedelta(seconds=1), ""),
        (timedelta(0), DAY, ""),
        (timedelta(seconds=1), DAY, "valid only from 01 June 2026, 12:00"),
    ],
)
def test_its_dates(begins: timedelta, ends: timedelta, says: str, tmp_path: Path) -> None:
    """Valid from its first second until just before its last; outside of that the date is told."""
    path = held(tmp_path / "app.pem", private_pem("app"), public_pem(made("app", NOW + begins, NOW + ends)))
    found = certificate.read(path, "", SITE)
    if not says:
        certificate.check_dates(found, NOW, SITE)
        return
    with pytest.raises(StoreRefused, match=says):
        certificate.check_dates(found, NOW, SITE)


@given(some.binary(max_size=300), some.text(max_size=10))
def test_no_file_breaks_the_reading(tmp_path_factory: pytest.TempPathFactory, noise: bytes, passphrase: str) -> None:
    """Whatever a file holds between its lines, it is refused with a sentence."""
    path = tmp_path_factory.getbasetemp() / "noise.pem"
    begin, end = b"-----BEGIN RSA PRIVATE KEY-----\n", b"\n-----END RSA PRIVATE KEY-----\n"
    for content in (noise, begin + noise + end):
        path.write_bytes(content)
        with pytest.raises(StoreRefused):
            certificate.read(path, passphrase, SITE)
