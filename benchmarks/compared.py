"""What is measured side by side: how each is started, and what differs between them."""

from __future__ import annotations

import json
import sys
from collections.abc import Iterable
from contextlib import ExitStack
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import requests

from benchmarks.load import request_of
from benchmarks.process import ROOT, Load, Server, free_port
from bot.demo import user_id
from bot.demo_data import PEOPLE
from tests import running
from tests.bot.teams.issuer import APP_ID
from tests.running import TOKEN, RunningBot
from tests.teams import TENANT, Person, Teams
from tests.token_issuer import TENANT as HOME
from tests.token_issuer import EntraIssuer

running.START = 120.0
"""Seconds for a first start, which fills the demonstration: a measurement waits for a busy machine, a test does not."""

JSON = dict[str, Any]

KINDS = ("help", "invoke", "tracker")
SENDERS = (1, 3, 5, 7, 8, 10)
"""Of the demonstration's people, those whose turns these are: a chair, the team, a subgroup's chair, three leads."""

SECRET = "not-a-secret"
ENVIRONMENTS = ROOT / "benchmarks"
BESIDE = ENVIRONMENTS / "beside"


@dataclass(frozen=True)
class Compared:
    """A server to compare: its short name, the command before its file of work, and what differs."""

    name: str
    command: tuple[str, ...]
    differs: str

    @property
    def there(self) -> bool:
        """Whether its environment was made (`make beside`)."""
        return Path(self.command[0]).exists() or self.command[0] == "node"


def python_of(name: str, file: str) -> tuple[str, ...]:
    """The command of a server in a virtual environment of its own."""
    return str(ENVIRONMENTS / f".env-{name}" / "bin" / "python"), str(BESIDE / file)


FLOOR = Compared(
    "bare aiohttp",
    (sys.executable, str(BESIDE / "bare.py")),
    "the floor: checks the token's signature, issuer, audience, end and service URL; nothing else",
)
OTHERS = (
    Compared(
        "botbuilder 4.17.1",
        python_of("stock_botbuilder", "stock_botbuilder.py"),
        "as installed; its token is at hand (shipped, it asks for one each turn, on the event loop), and invokes go "
        "around CloudAdapter.process, which answers 500 to each that has a body",
    ),
    Compared(
        "agents-hosting 1.9",
        python_of("agents", "agents.py"),
        "the issuer's address is a constant: replaced in the table it looks into; its token is at hand",
    ),
    Compared(
        "teams-apps 2.1",
        python_of("teams_apps", "teams_apps.py"),
        "FastAPI and uvicorn, its own; the issuer given as a cloud of one's own; its token is at hand",
    ),
    Compared(
        "Node botbuilder 4.23",
        ("node", str(BESIDE / "node" / "botbuilder.cjs")),
        "express; the issuer given in its configuration; its token is at hand",
    ),
    Compared(
        "Node agents 1.8",
        ("node", str(BESIDE / "node" / "agents.cjs")),
        "express; the issuer's address is a constant: given to the library that fetches keys; its token is at hand",
    ),
)

IN_PYTHON = OTHERS[:3]
"""Those that make the tracker with the product's own code over what the site answered it; in Node with its like."""

OURS_DIFFERS = (
    "MHRMB: the whole product with the demonstration's data: token check, tenant and host rules, the sender's rate, "
    "members and entitlement, the card made from records, one line of log and the metrics a turn; its token for Teams "
    "comes once from an issuer over https; only the rule for service URLs is widened by loopback"
)


def person(number: int) -> Person:
    """One of the demonstration's people."""
    return Person(PEOPLE[number - 1][0], user_id(number))


def bodies(service: str, kind: str, count: int = 48) -> list[str]:
    """Activities of one kind, as Teams sends them: other ids, six senders."""
    teams, found = Teams(service_url=service), []
    for number in range(count):
        who = person(SENDERS[number % len(SENDERS)])
        chat = teams.chat(who)
        if kind == "invoke":
            value = {"data": {"msteams": {"type": "task/fetch"}, "do": "refer"}, "context": {"theme": "default"}}
            activity = teams.activity(who, chat, "invoke", name="task/fetch", value=value)
        else:
            activity = teams.activity(who, chat, "message", textFormat="plain", text=kind, attachments=[])
        found.append(json.dumps(activity, separators=(",", ":")))
    return found


def our_bot(folder: Path, load: Load, entra: EntraIssuer, **switched: str) -> RunningBot:
    """The product that checks its callers, over a folder, on a port of its own; not started."""
    settings = {
        "MHRMB_DEMO": "1",
        "MHRMB_BOT_APP_ID": APP_ID,
        "MHRMB_TENANT_ID": HOME,
        "MHRMB_BOT_SECRET": SECRET,
        "MHRMB_AUTHORITY": entra.url,
        "MHRMB_OPENID_METADATA_URL": load.metadata,
        "MHRMB_ALLOWED_TENANTS": TENANT,
        "MHRMB_SENDER_PER_MINUTE": "100000",
        "MHRMB_POLL_SECONDS": "3600",
        "REQUESTS_CA_BUNDLE": str(entra.authority.bundle),
    }
    bot = RunningBot(folder, module="benchmarks.ours", cold=True, **{**settings, **switched})
    bot.port = free_port()
    return bot


def entra(folder: Path, stack: ExitStack) -> EntraIssuer:
    """An issuer that gives the bot its token for Teams; `granted` counts."""
    folder.mkdir(parents=True, exist_ok=True)
    issuer = stack.enter_context(EntraIssuer(folder))
    issuer.secrets[APP_ID] = SECRET
    return issuer


def answers(port: int, load: Load) -> JSON:
    """What our bot answers each kind of turn with, so that the others can answer with the same."""
    found: JSON = {}
    for kind in KINDS:
        ran = load.run(port, bodies(load.service, kind), concurrency=1, seconds=5.0, turns=3)
        assert not ran["failures"], (kind, ran["failures"])
        found[kind] = json.loads(ran["body"] if kind == "invoke" else ran["last"])
    return found


def record_of(site: str, paths: Iterable[str]) -> JSON:
    """What the site answers to each of these paths, for those who make the tracker themselves."""
    headers = {"Authorization": f"Bearer {TOKEN}", "Accept": "application/json;odata=minimalmetadata"}
    found: JSON = {}
    for path in paths:
        answer = requests.get(f"{site}/_api/{path}", headers=headers, timeout=10)
        answer.raise_for_status()
        found[path] = answer.json()
    return found


def server(compared: Compared, folder: Path, load: Load, given: JSON, **more: Any) -> Server:
    """A server of the compared, given its work; not started."""
    port = free_port()
    metadata = urlsplit(load.metadata)
    work = {
        **given,
        "port": port,
        "app_id": APP_ID,
        "tenant": HOME,
        "issuer": "https://api.botframework.com",
        "metadata": load.metadata,
        "keys": f"{metadata.scheme}://{metadata.netloc}/keys",
        "token": "a-token-at-hand",
        "jwt": load.token.removeprefix("Bearer "),
        **more,
    }
    file = folder / f"work-{port}.json"
    file.write_text(json.dumps(work))
    first = request_of(port, load.token, bodies(load.service, "invoke", 1)[0])
    return Server([*compared.command, str(file)], port, {"NODE_ENV": "production"}, first)
