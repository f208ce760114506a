"""`python -m bot`: the command line. Imports what a command needs when it needs it, so that serving starts quickly."""

from __future__ import annotations

import argparse
import asyncio
import importlib
import logging
import signal
import sys
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager, suppress
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING

from bot import logs
from bot.arenas import few_arenas, lasting
from bot.clock import Clock, read_instant
from bot.embedded import Embedded
from bot.settings import Settings, SettingsError, read

if TYPE_CHECKING:
    from sharepoint.client import SharePoint

DONE, FAILED, WRONG_USAGE = 0, 1, 2

COMMANDS = {
    "serve": "serve the bot (what happens when nothing is said)",
    "provision": "create the lists, columns, views and zones, and print the set-up code",
    "check": "say what is amiss with the settings, the site and the board, and what to do about it",
    "demo": "load a fictional board into an empty site",
    "import": "bring in an action tracker, measures or detentions from a spreadsheet (.xlsx or .csv)",
    "export": "write every action into a workbook: export tracker FILE.xlsx",
    "run-due": "do once what the clock would do now (or at an instant), then exit",
}


def main(arguments: Sequence[str] | None = None) -> int:  # noqa: PLR0911 - one for each command
    """Run one command; the exit code is 0 done, 1 failed with a sentence on stderr, 2 wrong usage."""
    asked = _parser().parse_args(arguments)
    logs.begin()
    try:
        settings = read()
        logs.begin(settings.log_format)
        match asked.command:
            case "provision":
                return asyncio.run(_provision(settings, dry_run=asked.dry_run))
            case "check":
                return asyncio.run(_check(settings, asked))
            case "demo":
                return asyncio.run(_demo(settings))
            case "import":
                return asyncio.run(_import(settings, asked))
            case "export":
                return asyncio.run(_export(settings, asked.file, asked.board))
            case "run-due":
                return asyncio.run(_run_due(settings, asked.at))
            case _:
                return asyncio.run(_serve(settings))
    except SettingsError as error:
        return _check_failed(error, asked) if asked.command == "check" else _fail(str(error))
    except KeyboardInterrupt:
        return DONE


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="python -m bot", description="The Mental Health Risk Management Board's bot.")
    commands = parser.add_subparsers(dest="command", metavar="command")
    for name, does in COMMANDS.items():
        command = commands.add_parser(name, help=does, description=does)
        if name == "provision":
            command.add_argument("--dry-run", action="store_true", help="say what would be created, and create nothing")
        if name == "check":
            command.add_argument("--json", action="store_true", help="answer in JSON, for a program")
            command.add_argument("--all", action="store_true", help="verify every record, every version and every seal")
            command.add_argument(
                "--as-member", type=Path, metavar="FILE", help="also read every list with the member's token it holds"
            )
        if name == "import":
            _import_options(command)
        if name == "export":
            command.add_argument("what", choices=["tracker"], help="what to write")
            command.add_argument("file", type=Path, metavar="FILE", help="a workbook that is not there yet: .xlsx")
            command.add_argument("--board", default="", metavar="CODE", help="which board's, where there are several")
        if name == "run-due":
            command.add_argument("--at", type=_instant, metavar="ISO-8601", help="the instant to do it for")
    return parser


def _import_options(command: argparse.ArgumentParser) -> None:
    command.add_argument("file", type=Path, metavar="FILE", help="the spreadsheet: .xlsx, .xlsm or .csv")
    command.add_argument("--sheet", default="", metavar="NAME", help="the sheet to read; else the likeliest")
    command.add_argument(
        "--column", action="append", default=[], metavar="HEADING=FIELD", help="what a column of your own is"
    )
    command.add_argument(
        "--status", action="append", default=[], metavar="WORD=STATUS", help="what a status of your own means"
    )
    command.add_argument("--board", default="", metavar="CODE", help="which board's they are, where there are several")
    command.add_argument("--yes", action="store_true", help="write without asking")
    command.add_argument("--dry-run", action="store_true", help="show what was understood, and write nothing")
    command.add_argument("--skip-errors", action="store_true", help="bring in the rows without errors")


def _instant(said: str) -> datetime:
    try:
        return read_instant(said)
    except ValueError:
        raise argparse.ArgumentTypeError("an instant is written as 2026-11-22T09:00:00Z") from None


def say(line: str) -> None:
    """Tell the person at the terminal."""
    print(line, flush=True)  # noqa: T201 - the command line speaks by printing


def _bare(error: Exception) -> str:
    """What went wrong, to go on from: without the full stop of its own."""
    return str(error).removesuffix(".")


def _fail(line: str) -> int:
    print(line, file=sys.stderr)  # noqa: T201
    return FAILED


@asynccontextmanager
async def _site(settings: Settings, *, make_key: bool = True, serves: bool = False) -> AsyncIterator[SharePoint]:
    """The site's client, with the embedded server started where no site of one's own is set.

    `make_key` lets it make the key that seals the record, where none is set and none was made before; `serves` brings
    in the whole bot while the server starts.
    """
    server = Embedded(settings) if settings.embedded else None
    if server is not None:
        server.begin()
    from bot import credentials, seal_key  # noqa: PLC0415 - while the server starts
    from sharepoint.client import SharePoint  # noqa: PLC0415

    if serves:
        with lasting():
            importlib.import_module("bot.app")

    keeper: asyncio.Task[None] | None = None
    try:
        if server is not None:
            await server.ready()
            keeper = asyncio.create_task(server.stay())
        url = server.url if server is not None else settings.site_url
        keys = seal_key.keys(settings.seal_keys, settings.data_dir, make=make_key)
        site = SharePoint(url, credentials.for_site(settings), organisation=settings.organisation, keys=keys)
        try:
            yield site
        finally:
            await site.close()
    finally:
        if keeper is not None:
            keeper.cancel()
        if server is not None:
            server.stop()


async def _serve(settings: Settings) -> int:
    few_arenas()
    stop = asyncio.Event()
    loop = asyncio.get_running_loop()
    for number in (signal.SIGTERM, signal.SIGINT):
        loop.add_signal_handler(number, stop.set)
    async with _site(settings, serves=True) as site:
        from board.errors import BoardError  # noqa: PLC0415
        from bot import ready  # noqa: PLC0415
        from bot.app import running  # noqa: PLC0415
        from sharepoint.errors import StoreError  # noqa: PLC0415
        from sharepoint.store import Store  # noqa: PLC0415

        try:
            store = Store(site, within=30)
            if settings.embedded:
                await _prepare(settings, store)
            elif not await ready.is_current(store):
                return _fail("The site lacks this version's lists. Run `python -m bot provision` first.")
            async with running(settings, site) as bot:
                say(_greeting(settings, bot.port, site.site_url))
                await stop.wait()
                say("Stopping: finishing what is under way.")
        except (StoreError, BoardError) as error:
            return _fail(f"The record store cannot be used: {_bare(error)}.")
    return DONE


def _greeting(settings: Settings, port: int, site_url: str) -> str:
    who = (
        "Callers are checked: Teams' tokens only."
        if settings.bot_app_id
        else "No MHRMB_BOT_APP_ID is set: nobody's identity is checked, so only this machine is served."
    )
    where = f"http://{settings.host}:{port}/api/messages"
    return f"{who}\nRecords: {site_url} ({settings.data_dir})\nReady: {where}"


async def _prepare(settings: Settings, store: object) -> None:
    """The embedded site needs no administrator: it is provisioned here, and filled for a demonstration."""
    from bot import demo, ready  # noqa: PLC0415
    from sharepoint.store import Store  # noqa: PLC0415

    assert isinstance(store, Store)
    if not await ready.is_current(store):
        say("Making the lists in the embedded SharePoint (once).")
        await ready.provision_site(store, lambda _step: None)
    if settings.demo and await demo.is_wanted(store):
        say("Loading a fictional board: nobody in it exists.")
        await demo.load(store, say)
    code = await ready.set_up_code(store)
    if code:
        say(f"Set-up code: {code} (in the board's channel, mention the bot and type: setup {code})")


async def _provision(settings: Settings, *, dry_run: bool) -> int:
    # Whoever provisions a site of one's own is not the bot: a key made here would be another than the bot's.
    async with _site(settings, make_key=settings.embedded and not dry_run) as site:
        from board.errors import BoardError  # noqa: PLC0415
        from bot import ready  # noqa: PLC0415
        from sharepoint import provision  # noqa: PLC0415
        from sharepoint.errors import StoreError  # noqa: PLC0415
        from sharepoint.store import Store  # noqa: PLC0415

        try:
            await provision.reach(site)
        except StoreError as error:
            return _fail(
                f"{site.site_url} does not answer as SharePoint ({_bare(error)}). Nothing was changed. "
                "Check the address, the network and the sign-in, then run it again."
            )
        try:
            if dry_run:
                steps, zones = await provision.plan(site), await provision.still_open(site)
                for says in [*(step.says for step in steps), *zones]:
                    say(f"would {says}")
                say(provision.counted(steps, zones))
                return DONE
            store = Store(site, within=60)
            await ready.provision_site(store, say)
            code = await ready.set_up_code(store)
            say(f"Set-up code: {code}" if code else "Set up already: a chair is there, so no code is needed.")
        except (StoreError, BoardError) as error:
            return _fail(f"Stopped half way ({error}). What was made is kept: run it again to go on.")
    return DONE


async def _check(settings: Settings, asked: argparse.Namespace) -> int:
    from bot import check  # noqa: PLC0415

    logging.getLogger().setLevel(logging.CRITICAL)  # what goes wrong is a finding
    groups = await check.run(
        settings, lambda: _site(settings, make_key=False), member_file=asked.as_member, everything=asked.all
    )
    say(check.as_json(groups) if asked.json else check.told(groups))
    return FAILED if check.failed(groups) else DONE


def _check_failed(error: SettingsError, asked: argparse.Namespace) -> int:
    from bot import check  # noqa: PLC0415

    groups = check.unreadable(error)
    say(check.as_json(groups) if asked.json else check.told(groups))
    return FAILED


async def _run_due(settings: Settings, at: datetime | None) -> int:
    """The day's round, without the lease: the notices' keys make each of them once, whoever else is running."""
    now = at or Clock(settings.clock).now()
    if now > datetime.now(UTC) and (settings.bot_app_id or not settings.embedded):
        return _fail("--at is in the future, which would use up real notices: only a demonstration may do that.")
    async with _site(settings) as site:
        from board.errors import BoardError  # noqa: PLC0415
        from bot.app import Bot  # noqa: PLC0415
        from cards import words  # noqa: PLC0415
        from sharepoint.errors import StoreError  # noqa: PLC0415

        bot = Bot(settings, site, "run-due", may_send=lambda: True)
        try:
            posted = await bot.rounds.run(now)
            await bot.sealing.daily(now)
        except (StoreError, BoardError) as error:
            return _fail(f"The round was not finished ({error}). Run it again: nothing is posted twice.")
        finally:
            await bot.stop()
    for key in posted:
        say(f"posted {key}")
    waiting = words.count(bot.outbox.waiting, "waits", "wait") if bot.outbox.waiting else ""
    waits = f", {waiting} for Teams: a running bot tries again" if waiting else ""
    say(f"{len(posted)} posted{waits}." if posted or waiting else "Nothing was due.")
    return DONE


async def _import(settings: Settings, asked: argparse.Namespace) -> int:
    from bot import delimited, importing, importing_figures  # noqa: PLC0415
    from bot.spreadsheet import Unreadable  # noqa: PLC0415

    try:
        wanted = importing.Wanted(
            asked.file,
            sheet=asked.sheet,
            columns=importing.told_columns(asked.column),
            statuses=importing.told_statuses(asked.status),
            yes=asked.yes,
            dry_run=asked.dry_run,
            skip_errors=asked.skip_errors,
            board=asked.board,
        )
    except ValueError as error:
        _fail(str(error))
        return WRONG_USAGE
    try:
        sheets = delimited.read_file(wanted.path)
    except Unreadable as error:
        return _fail(str(error))
    async with _site(settings) as site:
        from board.errors import BoardError  # noqa: PLC0415
        from bot import ready  # noqa: PLC0415
        from sharepoint.errors import StoreError  # noqa: PLC0415
        from sharepoint.store import Store  # noqa: PLC0415

        store = Store(site, within=60)
        try:
            if not await ready.is_current(store):
                return _fail("The site lacks this version's lists. Run `python -m bot provision` first.")
            now, figures = Clock(settings.clock).now(), importing_figures.recognised(sheets, wanted)
            if figures is not None:
                return await importing_figures.run(store, figures, wanted, now, say)
            return await importing.run(store, wanted, sheets, now, say)
        except importing.NotImported as refused:
            return _fail(str(refused))
        except (StoreError, BoardError) as error:
            return _fail(f"Stopped ({error}). What was kept stays; run the same command again to go on.")


async def _export(settings: Settings, path: Path, board: str) -> int:
    async with _site(settings) as site:
        from board.errors import BoardError  # noqa: PLC0415
        from bot import exporting, ready  # noqa: PLC0415
        from sharepoint.errors import StoreError  # noqa: PLC0415
        from sharepoint.store import Store  # noqa: PLC0415

        store = Store(site, within=60)
        try:
            if not await ready.is_current(store):
                return _fail("The site lacks this version's lists. Run `python -m bot provision` first.")
            await exporting.tracker(store, path, Clock(settings.clock).now(), say, board=board)
        except exporting.NotExported as refused:
            return _fail(str(refused))
        except (StoreError, BoardError) as error:
            return _fail(f"Stopped ({error}). Nothing was written.")
    return DONE


async def _demo(settings: Settings) -> int:
    async with _site(settings) as site:
        from board.errors import BoardError  # noqa: PLC0415
        from bot import demo, ready  # noqa: PLC0415
        from sharepoint.errors import StoreError  # noqa: PLC0415
        from sharepoint.store import Store  # noqa: PLC0415

        store = Store(site, within=60)
        try:
            if not await ready.is_current(store):
                await ready.provision_site(store, lambda _step: None)
            if not await demo.is_wanted(store):
                return _fail("There are members already, so the fictional board was not loaded; nothing was changed.")
            await demo.load(store, say)
        except (StoreError, BoardError) as error:
            return _fail(f"The fictional board was loaded only in part ({error}). Run it again to go on.")
    return DONE


if __name__ == "__main__":
    with suppress(BrokenPipeError):
        sys.exit(main())
