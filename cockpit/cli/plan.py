"""`cockpit plan`: what a shift, roll-back or undo would do, and the gcloud command for it; nothing is changed."""

from __future__ import annotations

from typing import TYPE_CHECKING

from cockpit.cli.flags import add_command
from cockpit.cli.wishes import add_targets, rolled_back, undone, wish_of

if TYPE_CHECKING:
    from argparse import Namespace

    from cockpit.cli.flags import Commands


def add_parser(commands: Commands) -> None:
    """Add the command."""
    parser = add_command(commands, "plan", "show what a change would do", __doc__)
    add_targets(parser)
    ways_back = parser.add_mutually_exclusive_group()
    ways_back.add_argument("--rollback", action="store_true", help="plan what `cockpit rollback` would do")
    ways_back.add_argument("--undo", action="store_true", help="plan what `cockpit undo` would do")
    parser.set_defaults(run=run)


def run(args: Namespace) -> int:
    """Plan."""
    wish = rolled_back if args.rollback else undone if args.undo else wish_of(args)
    from cockpit.cli.changing import run_plan

    return run_plan(args, wish)
