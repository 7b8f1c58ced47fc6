"""`cockpit revisions`: the revisions of a service, newest first, with their states, traffic, tags and images."""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING

from cockpit.cli.exits import Exit
from cockpit.cli.flags import add_command, headless

if TYPE_CHECKING:
    from argparse import Namespace

    from cockpit.cli.flags import Commands


def add_parser(commands: Commands) -> None:
    """Add the command."""
    parser = add_command(commands, "revisions", "the revisions of a service", __doc__)
    parser.set_defaults(run=run)


def run(args: Namespace) -> int:
    """Read the revisions once and list them."""
    from cockpit.cli import as_json
    from cockpit.cli.status import read
    from cockpit.cli.words import say_revisions

    settings, output = headless(args)
    snapshot, service = asyncio.run(read(settings))
    output.answer(as_json.revisions(snapshot, service))
    if not args.json:
        say_revisions(output, snapshot, service)
    return Exit.OK
