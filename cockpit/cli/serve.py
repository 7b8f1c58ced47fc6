"""`cockpit serve`: the same app in a browser on this machine, read-only.

The address that is printed carries a token; without it, and from any other page or name, nothing answers. Each
page that is open is a cockpit of its own. None can change anything, or write a file.
"""

from __future__ import annotations

import argparse
import asyncio
import os
import signal
import sys
from contextlib import AsyncExitStack
from pathlib import Path
from typing import TYPE_CHECKING

from cockpit.cli.exits import CommandError, Exit
from cockpit.cli.flags import add_command, settings_of, shared_of

if TYPE_CHECKING:
    from argparse import Namespace
    from collections.abc import Sequence

    from cockpit.cli.flags import Commands

PAGES = 4
MOST_PAGES = 32


def add_parser(commands: Commands) -> None:
    """Add the command."""
    parser = add_command(commands, "serve", "the same app in a browser, read-only", __doc__, json=False)
    parser.add_argument("file", nargs="?", metavar="FILE", help="a recording to play; without one the service")
    parser.add_argument(
        "--port", type=_port, default=0, help="on 127.0.0.1; 0, the default, lets the system choose"
    )
    parser.add_argument(
        "--pages", type=_pages, default=PAGES, metavar="N", help=f"how many may be open at once ({PAGES})"
    )
    parser.set_defaults(run=run)


def run(args: Namespace) -> int:
    """Serve until a signal ends it. Raises CommandError and ConfigError."""
    from cockpit.cli.flags import log_to
    from cockpit.sources.target import Target

    settings = settings_of(args)
    where = settings.service
    Target(where.project, where.region, where.endpoint)  # refused here, not in the browser
    log_to(settings.log_path)
    command = [sys.executable, "-m", "cockpit.cli.served", *shared_of(args)]
    title = where.name
    if args.file:
        title = _recording(Path(args.file))
        command += ["--", args.file]
    asyncio.run(_serve(command, args.port, title, args.pages))
    return Exit.OK


def _recording(path: Path) -> str:
    """The name of a recording that can be played. Raises RecordingError."""
    from cockpit.live.recording.reading import Recording

    Recording.open(path).close()
    return path.name


async def _serve(command: Sequence[str], port: int, shown: str, pages: int) -> None:
    from cockpit.cli.output import Output
    from cockpit.serving.server import serving

    ended = asyncio.Event()
    loop = asyncio.get_running_loop()
    for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
        loop.add_signal_handler(number, ended.set)
    output, title = Output(), f"{shown} · cockpit" if shown else "cockpit"
    async with AsyncExitStack() as stack:
        try:
            url = await stack.enter_async_context(serving(command, port, title=title, most=pages))
        except OSError as error:
            what = f"port {port} on this machine cannot be listened on: {error.strerror or error}"
            raise CommandError(what, "choose another --port, or none", kind="usage", code=Exit.USAGE) from None
        output.say(url)
        for line in _notes(url):
            output.note(line)
        await ended.wait()


def _notes(url: str) -> Sequence[str]:
    notes = ["read-only, and for this machine's browser alone; ctrl+c ends it"]
    if os.environ.get("SSH_CONNECTION"):
        port = url.partition("/?")[0].rpartition(":")[2]
        notes.append(
            f"from the machine you sit at: ssh -L {port}:127.0.0.1:{port} THIS-HOST, then the same address"
        )
    return notes


def _port(text: str) -> int:
    """A port number; argparse shows the message."""
    if not text.isdecimal() or not (int(text) == 0 or 1024 <= int(text) <= 65_535):
        raise argparse.ArgumentTypeError(f"{text!r} is no port for this: use 0, or 1024 to 65535")
    return int(text)


def _pages(text: str) -> int:
    """How many pages; argparse shows the message."""
    if not text.isdecimal() or not 1 <= int(text) <= MOST_PAGES:
        raise argparse.ArgumentTypeError(f"{text!r} is no number of pages: use 1 to {MOST_PAGES}")
    return int(text)
