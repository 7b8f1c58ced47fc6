"""`cockpit open FILE …`: logs in files on the screen, with all that the log pane can do.

JSON as gcloud and the console write it, JSON lines and plain text, packed or not; "-" is a pipe. What grows is
followed. Nothing is asked of a service or of a network.
"""

from __future__ import annotations

import asyncio
import os
import sys
from contextlib import ExitStack
from typing import TYPE_CHECKING

from cockpit.cli.exits import CommandError, Exit
from cockpit.cli.flags import add_command, settings_of
from cockpit.cli.saved import STDIN

if TYPE_CHECKING:
    from argparse import Namespace
    from collections.abc import Sequence

    from cockpit.cli.flags import Commands


def add_parser(commands: Commands) -> None:
    """Add the command."""
    parser = add_command(commands, "open", "logs in files, on the screen", __doc__, json=False)
    parser.add_argument("files", nargs="+", metavar="FILE", help="a log; - for standard input")
    parser.set_defaults(run=run)


def run(args: Namespace) -> int:
    """Show the files until the user leaves."""
    from cockpit.cli.watch import kept_for_app

    settings = settings_of(args)
    _check(args.files)
    with ExitStack() as terminal:
        _need_terminal(args.files, terminal)
        terminal.enter_context(kept_for_app(settings))
        from cockpit.wiring.files import run_files

        return asyncio.run(run_files(settings, args.files))


def _check(paths: Sequence[str]) -> None:
    """Refuse what is no log before there is a screen. Raises SourceError and CommandError."""
    from cockpit.sources.files.opening import opened

    if paths.count(STDIN) > 1:
        raise CommandError("- stands there twice, and can be read once", kind="usage", code=Exit.USAGE)
    for path in paths:
        opened(path).close()


def _need_terminal(paths: Sequence[str], stack: ExitStack) -> None:
    """A terminal to draw on, and one to read keys from: not standard input where that is the log."""
    from cockpit.tui.terminal import own_keyboard

    try:
        has_screen = sys.stdout.isatty() and sys.stderr.isatty()
        stack.enter_context(own_keyboard())
    except OSError:
        has_screen = False
    if not has_screen:
        file = os.fspath(paths[0])
        raise CommandError(
            "the terminal app needs a terminal",
            f"without one there is: cockpit logs --file {file}",
            kind="no-terminal",
            code=Exit.USAGE,
        )
