"""`cockpit undo`: restore the exact targets from before the cockpit's last change, unless somebody wrote since."""

from __future__ import annotations

from typing import TYPE_CHECKING

from cockpit.cli.consent import add_consent
from cockpit.cli.flags import add_command
from cockpit.cli.wishes import undone

if TYPE_CHECKING:
    from argparse import Namespace

    from cockpit.cli.flags import Commands


def add_parser(commands: Commands) -> None:
    """Add the command."""
    parser = add_command(commands, "undo", "restore the targets before our last change", __doc__)
    add_consent(parser)
    parser.set_defaults(run=run)


def run(args: Namespace) -> int:
    """Undo."""
    from cockpit.cli.changing import run_change

    return run_change(args, undone)
