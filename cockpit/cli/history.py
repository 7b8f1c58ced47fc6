"""`cockpit history`: the journal of a service, newest first: who changed what, when, and how it ended."""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING

from cockpit.cli.exits import Exit
from cockpit.cli.flags import add_command, headless

if TYPE_CHECKING:
    from argparse import Namespace

    from cockpit.cli.flags import Commands
    from cockpit.cli.output import Piece
    from cockpit.config import Settings
    from cockpit.live.snapshot import Change


def add_parser(commands: Commands) -> None:
    """Add the command."""
    parser = add_command(commands, "history", "the journal of changes", __doc__)
    parser.add_argument("--limit", type=int, default=20, metavar="N", help="at most so many changes (20)")
    parser.set_defaults(run=run)


def run(args: Namespace) -> int:
    """Read the journal; the service itself is asked only for its name, where none is given."""
    from cockpit.cli import as_json

    settings, output = headless(args)
    changes = asyncio.run(_changes(settings, args.limit))
    output.answer({"changes": [as_json.change(change) for change in changes]})
    if not changes:
        output.note("the journal has no changes of this service")
    else:
        output.table(
            ("", "WHEN", "WHO", "WHAT", "BEFORE", "AFTER", "OUTCOME", "TOOK"), map(_row, changes), right=(0,)
        )
    return Exit.OK


async def _changes(settings: Settings, limit: int) -> list[Change]:
    """What is under way first, then what has ended, newest first."""
    from cockpit.cli.reading import service_ref
    from cockpit.wiring.outside import wired

    async with wired(settings) as outside:
        ref = await service_ref(outside)
        pending = await outside.outside.journal.pending(ref)
        ended = await outside.outside.journal.history(ref, limit)
    return [*reversed(pending), *ended][:limit]


def _row(change: Change) -> tuple[Piece, ...]:
    from cockpit.cli.output import Styled
    from cockpit.cli.words import split_in_words

    outcome = change.outcome.value if change.outcome else "under way"
    why = f": {change.problem.text}" if change.problem else ""
    service = change.ref.service
    return (
        str(change.id),
        change.started.strftime("%Y-%m-%d %H:%M:%S UTC"),
        change.actor,
        change.intent.value,
        split_in_words(change.before, service),
        split_in_words(change.after, service),
        Styled(f"{outcome}{why}", "green" if outcome == "applied" else "yellow"),
        f"{change.time_to_serving:.1f} s" if change.time_to_serving is not None else "",
    )
