"""`python -m sharepoint.embedded`: serve one site from a directory, on loopback only.

Exit codes: 0 stopped as asked, 1 could not start (one sentence on stderr), 2 wrong usage.
"""

from __future__ import annotations

import argparse
import asyncio
import contextlib
import gc
import ipaddress
import logging
import os
import signal
import socket
import sqlite3
import sys
import threading
from pathlib import Path

from sharepoint.embedded import changes, recyclebin, uploads
from sharepoint.embedded.database import Database, DirectoryBusy
from sharepoint.embedded.site import Site


def main(arguments: list[str] | None = None) -> int:
    """Run until stopped; answers the exit code."""
    asked = _arguments(arguments)
    logging.basicConfig(level=logging.WARNING, format="%(levelname)s %(name)s %(message)s")
    # aiohttp logs the addresses it cannot parse, and a filter in one may name a person.
    logging.getLogger("aiohttp").setLevel(logging.CRITICAL)
    os.umask(0o077)  # records about people: for this user's eyes only
    try:
        database = Database(asked.data)
    except DirectoryBusy:
        return _fail(f"Another server is already using {asked.data}. Stop it, or choose another --data.")
    except (OSError, sqlite3.Error) as error:
        return _fail(f"The directory {asked.data} cannot be used: {error}.")
    try:
        listener = _listen(asked.host, asked.port)
    except OSError as error:
        database.close()
        return _fail(f"Cannot listen on {asked.host}:{asked.port}: {error.strerror or error}.")
    try:
        asyncio.run(_serve(asked, database, listener))
    finally:
        listener.close()
        database.close()
    return 0


async def _serve(asked: argparse.Namespace, database: Database, listener: socket.socket) -> None:
    host, port = listener.getsockname()[:2]
    site = Site(database, f"http://{f'[{host}]' if ':' in host else host}:{port}", asked.change_days)
    site.people.prepare(asked.token, asked.people)
    for forget in (changes.prune, uploads.prune, recyclebin.prune):
        forget(site)
    stop = asyncio.Event()
    loop = asyncio.get_running_loop()
    for number in (signal.SIGTERM, signal.SIGINT):
        loop.add_signal_handler(number, stop.set)
    if asked.stop_with_stdin:
        threading.Thread(target=_await_end_of_stdin, args=(loop, stop), daemon=True).start()
    # The socket listens and the site is ready. The web server takes 0.3 s to import, so whoever waits is told now;
    # what they send meanwhile waits in the socket's queue.
    print(f"listening on {site.url}", flush=True)  # noqa: T201 — what whoever started this waits for
    # aiohttp loads the machine's certificates when imported, wherever they are said to be, which takes a third of its
    # time; this process trusts nobody's, as it only calls loopback.
    os.environ["SSL_CERT_FILE"] = os.devnull
    from sharepoint.embedded.hooks import Hooks  # noqa: PLC0415
    from sharepoint.embedded.server import Edge, serve  # noqa: PLC0415

    # What starting made stays for good; the collector need not look at it again.
    gc.collect()
    gc.freeze()
    hooks = Hooks(site, after=asked.notify_after, retry=asked.notify_retry)
    await serve(Edge(site, asked.token, hooks), listener, stop)


def _await_end_of_stdin(loop: asyncio.AbstractEventLoop, stop: asyncio.Event) -> None:
    with contextlib.suppress(OSError, ValueError):
        while os.read(0, 4096):
            pass
    with contextlib.suppress(RuntimeError):  # the loop may have ended meanwhile
        loop.call_soon_threadsafe(stop.set)


def _listen(host: str, port: int) -> socket.socket:
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    listener = socket.socket(family, socket.SOCK_STREAM)
    try:
        listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        listener.bind((host, port))
        listener.listen(128)
        listener.setblocking(False)
    except OSError:
        listener.close()
        raise
    return listener


def _arguments(arguments: list[str] | None) -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m sharepoint.embedded", description=__doc__)
    parser.add_argument("--port", type=_port, required=True, help="0 picks a free one")
    parser.add_argument("--data", type=Path, required=True, help="the directory that keeps the site")
    parser.add_argument(
        "--token",
        default=os.environ.get("MHRMB_SHAREPOINT_TOKEN", ""),
        help="the app's bearer token; MHRMB_SHAREPOINT_TOKEN keeps it out of the process list",
    )
    parser.add_argument("--host", type=_loopback, default="127.0.0.1", help="a loopback address")
    parser.add_argument("--member-token", help="the token of an ordinary member, 'Member Person'")
    parser.add_argument("--user", action="append", type=_user, default=[], metavar="TOKEN=NAME", dest="people")
    parser.add_argument("--change-days", type=float, default=60, help="how long change tokens stay good")
    parser.add_argument("--notify-after", type=_seconds, default=1, help="seconds webhooks wait to gather changes")
    parser.add_argument("--notify-retry", type=_seconds, default=300, help="seconds until a webhook is tried again")
    parser.add_argument("--stop-with-stdin", action="store_true", help="stop when standard input ends")
    asked = parser.parse_args(arguments)
    if not asked.token:
        parser.error("a --token is needed, or MHRMB_SHAREPOINT_TOKEN")
    if asked.member_token:
        asked.people.insert(0, (asked.member_token, "Member Person"))
    tokens = [asked.token, *(token for token, _ in asked.people)]
    if len(set(tokens)) < len(tokens):
        parser.error("every token must be different")
    return asked


def _port(text: str) -> int:
    if not text.isdigit() or int(text) > 65535:
        raise argparse.ArgumentTypeError("a port is a number from 0 to 65535")
    return int(text)


def _seconds(text: str) -> float:
    seconds = float(text)
    if not 0 <= seconds <= 86_400:
        raise argparse.ArgumentTypeError("from 0 to 86400 seconds")
    return seconds


def _loopback(text: str) -> str:
    host = "127.0.0.1" if text.lower() == "localhost" else text.strip("[]")
    try:
        if ipaddress.ip_address(host).is_loopback:
            return host
    except ValueError:
        pass
    raise argparse.ArgumentTypeError("only a loopback address such as 127.0.0.1 is served")


def _user(text: str) -> tuple[str, str]:
    token, equals, name = text.partition("=")
    if not (token and equals and name.strip()):
        raise argparse.ArgumentTypeError("a user is given as TOKEN=Name")
    return token, name.strip()


def _fail(sentence: str) -> int:
    print(sentence, file=sys.stderr)  # noqa: T201 — the reason, for whoever started this
    return 1


if __name__ == "__main__":
    sys.exit(main())
