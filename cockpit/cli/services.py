"""`cockpit services`: every service of a region, what was asked of it and who wrote it last."""

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
    from cockpit.release.service import Service


def add_parser(commands: Commands) -> None:
    """Add the command."""
    parser = add_command(commands, "services", "list the services of a region", __doc__)
    parser.set_defaults(run=run)


def run(args: Namespace) -> int:
    """List the services."""
    from cockpit.cli import as_json

    settings, output = headless(args)
    found = asyncio.run(_services(settings))
    output.answer(as_json.services(settings.service.project, settings.service.region, found))
    if not found:
        output.note(f"there are no services in {settings.service.region} of {settings.service.project}")
    else:
        output.table(
            ("SERVICE", "", "TRAFFIC", "GENERATION", "LAST MODIFIER", "CHANGED"), map(_row, found), right=(3,)
        )
    return Exit.OK


async def _services(settings: Settings) -> tuple[Service, ...]:
    from cockpit.wiring.outside import wired

    async with wired(settings) as outside:
        return await outside.fleet.services()


def _row(service: Service) -> tuple[Piece, ...]:
    from cockpit.cli.output import Styled
    from cockpit.cli.words import split_in_words
    from cockpit.release.traffic import is_served

    served = is_served(service.spec, service.serving, service.latest_ready)
    changed = service.updated.strftime("%Y-%m-%d %H:%M UTC") if service.updated else ""
    return (
        Styled(service.ref.service, "bold"),
        Styled("●", "green") if served else Styled("◐", "yellow"),
        split_in_words(service.spec, service.ref.service),
        str(service.generation),
        service.last_modifier,
        changed,
    )
