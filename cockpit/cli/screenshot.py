"""`cockpit screenshot`: a picture of any screen, of a recording at any time or of a service as it is.

SVG, or PNG, by the ending of --out. Both are drawn without a terminal, and look the same on every machine.
"""

from __future__ import annotations

import argparse
import asyncio
import math
import os
import re
from contextlib import closing
from pathlib import Path
from typing import TYPE_CHECKING

from cockpit.cli.exits import CommandError, Exit, usage_error
from cockpit.cli.flags import add_command, log_to, settings_of

if TYPE_CHECKING:
    from argparse import Namespace

    from cockpit.cli.flags import Commands
    from cockpit.config import Settings
    from cockpit.tui.pictures.taking import PictureError, Subject, Taken

ENDINGS = (".svg", ".png")
SIZES = (range(20, 501), range(5, 301))
LONGEST_WATCH = 3600.0


def add_parser(commands: Commands) -> None:
    """Add the command."""
    from cockpit.actions.destinations import DESTINATIONS

    parser = add_command(commands, "screenshot", "a picture of any screen", __doc__, json=False)
    parser.add_argument(
        "file", nargs="?", metavar="FILE", help="a recording; without one the service as it is now"
    )
    parser.add_argument("--at", metavar="TIME", help="of a recording: 14:05, -10m (before its end, the default)")
    parser.add_argument(
        "--screen",
        default="cockpit",
        choices=DESTINATIONS,
        metavar="NAME",
        help=f"one of {', '.join(DESTINATIONS)}",
    )
    parser.add_argument("--keys", default="", metavar="KEYS", help='keys to press there, as in "down enter"')
    parser.add_argument("--size", type=_size, default=(120, 40), metavar="WxH", help="in cells (120x40)")
    parser.add_argument("--theme", metavar="NAME", help="another theme than the settings say")
    parser.add_argument(
        "--watch",
        type=_seconds,
        default=5.0,
        metavar="SECONDS",
        help="of a service: how long to watch it first (5)",
    )
    parser.add_argument(
        "-o", "--out", type=_out, default=Path("cockpit.svg"), metavar="FILE", help="where to (cockpit.svg)"
    )
    parser.set_defaults(run=run)


def run(args: Namespace) -> int:
    """Take the picture and write it. Raises CommandError, ConfigError and RecordingError."""
    from cockpit.cli.output import Output

    settings = _dressed(settings_of(args), args.theme)
    log_to(settings.log_path)
    taken = asyncio.run(_taken(settings, args))
    _write(args.out, taken)
    if args.file and not taken.still:
        Output().warn("the screen still changed when the picture was taken")
    Output().say(os.fspath(args.out))
    return Exit.OK


def _dressed(settings: Settings, theme: str | None) -> Settings:
    from msgspec.structs import replace

    from cockpit.cli.onlooking import onlooker
    from cockpit.tui.themes import Shelf

    settings = onlooker(settings)
    if theme is None:
        return settings
    Shelf(settings.themes_folders).load(theme)
    return replace(settings, theme=replace(settings.theme, name=theme))


async def _taken(settings: Settings, args: Namespace) -> Taken:
    from cockpit.tui.pictures.taking import PictureError, Subject, take
    from cockpit.wiring.screen import app_of

    subject = Subject(args.screen, tuple(args.keys.split()), args.size, watch=args.watch)
    if args.file:
        return await _taken_of_recording(settings, args, subject)
    if args.at:
        raise usage_error("--at is a time of a recording", "name the recording; `cockpit recordings` lists them")
    try:
        async with app_of(settings) as app:
            return await take(app, subject)
    except PictureError as error:
        raise _no_picture(error) from None


async def _taken_of_recording(settings: Settings, args: Namespace, subject: Subject) -> Taken:
    from dataclasses import replace

    from cockpit.cli.replay import moment_in
    from cockpit.tui.pictures.taking import PictureError, take
    from cockpit.wiring.replay import opened, replay_app

    with closing(opened(settings, Path(args.file))) as session:
        at = None if args.at is None else moment_in(session, args.at)
        try:
            return await take(replay_app(settings, session), replace(subject, at=at))
        except PictureError as error:
            raise _no_picture(error) from None


def _no_picture(error: PictureError) -> CommandError:
    problem = error.problem
    if problem is None:
        return CommandError(str(error), "ask for another --screen, or watch for longer")
    return CommandError(problem.text, problem.mend, kind=problem.kind)


def _write(path: Path, taken: Taken) -> None:
    """Write the picture: it is there whole or not at all. Raises CommandError."""
    from cockpit.tui.pictures.png import png

    data = png(taken.lines) if path.suffix == ".png" else taken.svg.encode()
    beside = path.with_name(f"{path.name}.{os.getpid()}.part")
    try:
        beside.write_bytes(data)
        beside.replace(path)
    except OSError as error:
        beside.unlink(missing_ok=True)
        raise CommandError(f"{path} cannot be written: {error.strerror or error}", "name another file") from None


def _size(text: str) -> tuple[int, int]:
    """Columns and lines; argparse shows the message."""
    found = re.fullmatch(r"(\d{1,4})[x×](\d{1,4})", text)
    size = (int(found[1]), int(found[2])) if found else (0, 0)
    if not (size[0] in SIZES[0] and size[1] in SIZES[1]):
        raise argparse.ArgumentTypeError(f"{text!r} is no size: write it like 120x40, from 20x5 to 500x300")
    return size


def _seconds(text: str) -> float:
    """Seconds; argparse shows the message."""
    try:
        seconds = float(text)
    except ValueError:
        seconds = math.nan
    if not 0 <= seconds <= LONGEST_WATCH:
        raise argparse.ArgumentTypeError(f"{text!r} is no time to watch: use 0 to {LONGEST_WATCH:.0f} seconds")
    return seconds


def _out(text: str) -> Path:
    """A file for a picture; argparse shows the message."""
    path = Path(text)
    if path.suffix not in ENDINGS:
        raise argparse.ArgumentTypeError(f"{text!r} is no name for a picture: let it end in .svg or .png")
    return path
