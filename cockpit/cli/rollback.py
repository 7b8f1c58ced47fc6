"""`cockpit rollback`: restore the split that served before the last change, whoever made it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from cockpit.cli.consent import add_consent
from cockpit.cli.flags import add_command
from cockpit.cli.wishes import rolled_back

if TYPE_CHECKING:
    from argparse import Namespace

    from cockpit.cli.flags import Commands


def add_parser(commands: Commands) -> None:
    """Add the command."""
    parser = add_command(commands, "rollback", "restore the split before the last change", __doc__)
    add_consent(parser)
    parser.set_defaults(run=run)


def run(args: Namespace) -> int:
    """Roll back."""
    from cockpit.cli.changing import run_change

    return run_change(args, rolled_back)
