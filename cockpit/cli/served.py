"""The app of one page of `cockpit serve`: a program of its own, whose screen is the pipe to the server.

It can change nothing and writes no files of the user's: a browser is no place to do either from.
"""

from __future__ import annotations

import asyncio
import sys
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
    try:
        return _run(onlooker(settings_of(parser.parse_args(argv))))
    except Exception as error:
        known = as_command_error(error)
        if known is None:
            raise
        say_instead(f"cockpit: {known}\n{known.mend}\n")
        return known.code


def _run(settings: Settings) -> int:
    from cockpit.cli.watch import kept_for_app

    with kept_for_app(settings), own_pipe():
        from cockpit.wiring.screen import run_app

        code, _ = asyncio.run(run_app(settings))
    return code


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
