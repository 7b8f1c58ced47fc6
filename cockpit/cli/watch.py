"""`cockpit watch`, or `cockpit` alone: the terminal app."""

from __future__ import annotations

import asyncio
import gc
import sys
from contextlib import ExitStack, contextmanager
from typing import TYPE_CHECKING

from cockpit.cli.exits import CommandError, Exit
from cockpit.cli.flags import add_command, settings_of

if TYPE_CHECKING:
    from argparse import Namespace
    from collections.abc import Iterator

    from cockpit.cli.flags import Commands
    from cockpit.config import Settings


def add_parser(commands: Commands) -> None:
    """Add the command."""
    parser = add_command(commands, "watch", "the terminal app", __doc__, json=False)
    parser.add_argument("--fresh", action="store_true", help="look as at first, not as you left it")
    parser.set_defaults(run=run)


def run(args: Namespace) -> int:
    """Run the app until the user leaves."""
    settings = settings_of(args)
    need_terminal()
    return open_app(settings, fresh=args.fresh)


def need_terminal() -> None:
    """Raise CommandError where there is no terminal to draw on."""
    # Standard error too: that is where the app draws.
    if not (sys.stdin.isatty() and sys.stdout.isatty() and sys.stderr.isatty()):
        raise CommandError(
            "the terminal app needs a terminal",
            "without one there are commands: `cockpit status --json`, `cockpit --help`",
            kind="no-terminal",
            code=Exit.USAGE,
        )


def open_app(settings: Settings, *, fresh: bool = False) -> int:
    """Keep the terminal for the app, and run it until the user leaves; the exit code."""
    with kept_for_app(settings):
        from cockpit.wiring.screen import run_app

        code, left = asyncio.run(run_app(settings, fresh=fresh))
    if left is not None:
        from cockpit.cli.output import Output
        from cockpit.cli.words import say_under_way

        output = Output()
        output.note(f"cockpit: left while change {left.id} was {left.phase.value}")
        say_under_way(output, left)
    return code


@contextmanager
def kept_for_app(settings: Settings) -> Iterator[None]:
    """Keep the terminal for an app that is loaded and run inside. Raises CommandError for a log that cannot be."""
    # While modules load there is nothing to collect, only to look through: a tenth of the time to the first paint.
    # The app collects again from then on.
    gc.disable()
    from cockpit.tui.terminal import own_screen

    with ExitStack() as screen:
        try:
            screen.enter_context(own_screen(settings.log_path))
        except OSError as error:
            what = f"the log {settings.log_path} cannot be written: {error.strerror or error}"
            raise CommandError(what, "name another file under [log] file", kind="log", code=Exit.USAGE) from None
        yield
