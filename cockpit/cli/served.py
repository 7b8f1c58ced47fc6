"""The app of one page of `cockpit serve`: a program of its own, whose screen is the pipe to the server.

It can change nothing and writes no files of the user's: a browser is no place to do either from.
"""

from __future__ import annotations

import asyncio
import sys
from contextlib import closing
from pathlib import Path
from typing import TYPE_CHECKING

from cockpit.cli.exits import as_command_error
from cockpit.cli.flags import Parser, add_shared, settings_of
from cockpit.cli.onlooking import onlooker
from cockpit.serving.driver import own_pipe, say_instead

if TYPE_CHECKING:
    from collections.abc import Sequence

    from cockpit.config import Settings


def main(argv: Sequence[str]) -> int:
    """Run the app for one page; what is foreseen to go wrong before it starts is said in the page."""
    parser = Parser(prog="cockpit served", allow_abbrev=False)
    add_shared(parser)
    parser.add_argument("file", nargs="?")
    try:
        args = parser.parse_args(argv)
        return _run(onlooker(settings_of(args)), args.file)
    except Exception as error:
        known = as_command_error(error)
        if known is None:
            raise
        say_instead(f"cockpit: {known}\n{known.mend}\n")
        return known.code


def _run(settings: Settings, recording: str | None) -> int:
    from cockpit.cli.watch import kept_for_app

    with kept_for_app(settings), own_pipe():
        if recording is None:
            from cockpit.wiring.screen import run_app

            return asyncio.run(run_app(settings))[0]
        from cockpit.wiring.replay import opened, run_replay

        with closing(opened(settings, Path(recording))) as session:
            session.player.play()
            return asyncio.run(run_replay(settings, session))


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
