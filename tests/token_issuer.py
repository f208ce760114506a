"""Issuers of tokens to sign in with: one as Entra is, over https, that really checks; one as Azure's machines have."""

from __future__ import annotations

import base64
import json
import ssl
import threading
import time
from collections.abc import Callable, Mapping
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from types import TracebackType
from typing import Any, ClassVar, Self
from urllib.parse import parse_qs, urlsplit

import jwt
from cryptography import x509
from cryptography.hazmat.primitives.hashes import SHA256

from tests.certificates import Authority

TENANT = "11111111-2222-3333-4444-555555555555"
APP = "aaaaaaaa-bbbb-cccc-dddd-eeeeeeeeeeee"
ASSERTION = "urn:ietf:params:oauth:client-assertion-type:jwt-bearer"

Answer = tuple[int, dict[str, str], bytes]


def answer(status: int, body: Any, **headers: str) -> Answer:
    """An answer in JSON, or the bytes as they are."""
    held = body if isinstance(body, bytes) else json.dumps(body).encode()
    named = {name.replace("_", "-"): value for name, value in headers.items()}
    return status, {"Content-Type": "application/json", **named}, held


def entra_error(number: int, words: str = "", error: str = "invalid_client", status: int = 400) -> Answer:
    """A refusal as Entra words it."""
    told = f"AADSTS{number}: {words} Trace ID: 0 Correlation ID: 0 Timestamp: 2026-01-01"
    return answer(status, {"error": error, "error_description": told, "error_codes": [number]})


class _Served:
    """An HTTP server on a thread, whose handler asks `self.reply(method, path, form, headers)`."""

    def __init__(self, context: ssl.SSLContext | None = None) -> None:
        self.asked: list[str] = []
        served = self

        class Handler(BaseHTTPRequestHandler):
            protocol_version: ClassVar[str] = "HTTP/1.1"

            def do_GET(self) -> None:
                self._answer("")

            def do_POST(self) -> None:
                self._answer(self.rfile.read(int(self.headers.get("Content-Length", 0))).decode())

            def _answer(self, body: str) -> None:
                status, headers, held = served.reply(self.path, body, self.headers)
                self.send_response(status)
                for name, value in {**headers, "Content-Length": str(len(held))}.items():
                    self.send_header(name, value)
                self.end_headers()
                self.wfile.write(held)

            def log_message(self, *_: Any) -> None:
                pass

        class Server(ThreadingHTTPServer):
            def handle_error(self, *_: Any) -> None:
                """A client that does not trust our certificate hangs up: that is what is tested."""

        self._server = Server(("127.0.0.1", 0), Handler)
        self._server.daemon_threads = True
        if context is not None:
            self._server.socket = context.wrap_socket(
                self._server.socket, server_side=True, do_handshake_on_connect=False
            )
        self.url = f"http{'s' if context else ''}://127.0.0.1:{self._server.server_address[1]}"
        self._thread = threading.Thread(target=self._server.serve_forever, args=(0.02,), daemon=True)

    def reply(self, path: str, body: str, headers: Mapping[str, str]) -> Answer:
        """What to answer."""
        raise NotImplementedError

    def __enter__(self) -> Self:
        self._thread.start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._server.shutdown()
        self._thread.join(5)
        self._server.server_close()


class EntraIssuer(_Served):
    """Entra's two endpoints for one tenant. `apps` are the certificates registered for each app, `secrets` theirs.

    `grant` makes the token of each request; `instead` is answered in place of a token while it is set, and
    `instead_of_discovery` in place of the tenant's metadata. `signed` are the Authorization headers that came.
    """

    def __init__(self, folder: Path) -> None:
        self.authority = Authority(folder)
        super().__init__(self.authority.server_context())
        self.apps: dict[str, list[x509.Certificate]] = {}
        self.secrets: dict[str, str] = {}
        self.grant: Callable[[], str] = lambda: "test-token"
        self.lifetime = 3599
        self.scopes: list[str] = []
        self.instead: Answer | None = None
        self.instead_of_discovery: Answer | None = None
        self.granted = 0
        self.signed: list[str] = []
        self.slow = 0.0
        self._used: set[str] = set()

    def reply(self, path: str, body: str, headers: Mapping[str, str]) -> Answer:
        """Metadata or a token, as Entra gives them."""
        self.asked.append(path)
        self.signed += [headers["Authorization"]] if "Authorization" in headers else []
        if path == f"/{TENANT}/v2.0/.well-known/openid-configuration":
            at = f"{self.url}/{TENANT}/oauth2/v2.0"
            told = {"token_endpoint": f"{at}/token", "authorization_endpoint": f"{at}/authorize", "issuer": self.url}
            return self.instead_of_discovery or answer(200, told)
        if path == f"/{TENANT}/oauth2/v2.0/token":
            time.sleep(self.slow)
            return self.instead or self._token({name: values[0] for name, values in parse_qs(body).items()})
        return entra_error(90002, "Tenant 'x' not found.", "invalid_tenant")

    def _token(self, form: dict[str, str]) -> Answer:
        client, scope = form.get("client_id", ""), form.get("scope", "")
        if form.get("grant_type") != "client_credentials" or not scope.endswith("/.default"):
            return entra_error(70011, "The provided value for the input parameter 'scope' is not valid.")
        if client not in self.apps and client not in self.secrets:
            return entra_error(700016, f"Application with identifier '{client}' was not found.")
        refused = self._proven(client, form)
        if refused:
            return refused
        self.scopes.append(scope)
        self.granted += 1
        told = {"token_type": "Bearer", "expires_in": self.lifetime, "access_token": self.grant()}
        return answer(200, told)

    def _proven(self, client: str, form: dict[str, str]) -> Answer | None:
        if "client_secret" in form:
            right = form["client_secret"] == self.secrets.get(client)
            return None if right else entra_error(7000215, "Invalid client secret provided.", status=401)
        if form.get("client_assertion_type") != ASSERTION:
            return entra_error(7000218, "The request body must contain client_assertion or client_secret.")
        said = form["client_assertion"]
        header = jwt.get_unverified_header(said)
        for registered in self.apps[client]:
            fingerprint = base64.urlsafe_b64encode(registered.fingerprint(SHA256())).rstrip(b"=").decode()
            if header.get("x5t#S256", "").rstrip("=") == fingerprint:
                return self._signed(said, client, registered)
        return entra_error(700027, "The certificate with identifier used to sign is not registered.", status=401)

    def _signed(self, said: str, client: str, registered: x509.Certificate) -> Answer | None:
        key: Any = registered.public_key()
        audience = f"{self.url}/{TENANT}/oauth2/v2.0/token"
        try:
            claims = jwt.decode(
                said,
                key,
                ["PS256", "RS256"],
                audience=audience,
                issuer=client,
                options={"require": ["exp", "iss", "sub", "jti", "aud"]},
            )
        except jwt.PyJWTError as error:
            return entra_error(700027, f"Client assertion contains an invalid signature: {type(error).__name__}.")
        if claims["sub"] != client or claims["jti"] in self._used or claims["exp"] > time.time() + 3600:
            return entra_error(700024, "Client assertion is not within its valid time range.")
        self._used.add(claims["jti"])
        return None


class MachineIdentity(_Served):
    """Azure's endpoint on a machine: App Service's form and the virtual machines' (IMDS). `identities` are its own.

    The empty name is the system-assigned identity.
    """

    def __init__(self) -> None:
        super().__init__()
        self.header = "identity-header"
        self.identities: dict[str, str] = {}
        self.resources: list[str] = []
        self.instead: Answer | None = None

    def reply(self, path: str, body: str, headers: Mapping[str, str]) -> Answer:
        """A token, if the request is one that only this machine can make."""
        self.asked.append(path)
        parts = urlsplit(path)
        query = {name: values[0] for name, values in parse_qs(parts.query).items()}
        if self.instead:
            return self.instead
        if parts.path == "/msi/token":
            return self._app_service(query, headers)
        if parts.path == "/metadata/identity/oauth2/token" and headers.get("Metadata") == "true":
            return self._imds(query)
        return answer(404, b"<html>no such page</html>")

    def _app_service(self, query: dict[str, str], headers: Mapping[str, str]) -> Answer:
        if headers.get("X-IDENTITY-HEADER") != self.header or query.get("api-version") != "2019-08-01":
            return answer(401, {"statusCode": 401, "message": "The identity header is wrong."})
        token = self.identities.get(query.get("client_id", ""))
        if token is None:
            return answer(400, {"statusCode": 400, "message": "No User Assigned or Delegated Managed Identity found."})
        self.resources.append(query["resource"])
        ends = str(int(time.time()) + 86_000)
        return answer(200, {"access_token": token, "expires_on": ends, "token_type": "Bearer"})

    def _imds(self, query: dict[str, str]) -> Answer:
        token = self.identities.get(query.get("client_id", ""))
        if token is None:
            return answer(400, {"error": "invalid_request", "error_description": "Identity not found"})
        self.resources.append(query["resource"])
        return answer(200, {"access_token": token, "expires_in": "86000", "token_type": "Bearer"})
