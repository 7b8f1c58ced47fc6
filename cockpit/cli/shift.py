"""`cockpit shift`: move traffic between revisions; those not named share the rest in proportion."""

from __future__ import annotations

from typing import TYPE_CHECKING

from cockpit.cli.consent import add_consent
from cockpit.cli.flags import add_command
from cockpit.cli.wishes import add_targets, wish_of

if TYPE_CHECKING:
    from argparse import Namespace

    from cockpit.cli.flags import Commands


def add_parser(commands: Commands) -> None:
    """Add the command."""
    parser = add_command(commands, "shift", "move traffic between revisions", __doc__)
    add_targets(parser)
    add_consent(parser)
    parser.set_defaults(run=run)


def run(args: Namespace) -> int:
    """Shift."""
    wish = wish_of(args)
    from cockpit.cli.changing import run_change

    return run_change(args, wish)
