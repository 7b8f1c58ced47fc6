"""`cockpit fleet`: every service of the configured projects and regions, the worst first.

Ends with 1 where a region could not be read, and with 5 where none could be reached.
"""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING

from cockpit.cli.exits import Exit, exit_of
from cockpit.cli.flags import add_command, headless

if TYPE_CHECKING:
    from argparse import Namespace
    from collections.abc import Callable

    from cockpit.cli.flags import Commands
    from cockpit.cli.output import Output, Piece
    from cockpit.config import Settings
    from cockpit.live.fleet.picture import FleetPicture
    from cockpit.live.session import FleetWatch
    from cockpit.release.fleet import Member

HEAD = (
    "SERVICE",
    "",
    "TRAFFIC",
    "TAGS",
    "REQ/MIN",
    "5XX/MIN",
    "5XX",
    "ALERTS",
    "CHANGED",
    "REGION",
    "PROJECT",
    "WHY",
)
READ_SECONDS = 20.0
COUNT_SECONDS = 5.0


def add_parser(commands: Commands) -> None:
    """Add the command."""
    parser = add_command(commands, "fleet", "every service of the configured projects and regions", __doc__)
    parser.set_defaults(run=run)


def run(args: Namespace) -> int:
    """Read the fleet once and show it."""
    from cockpit.cli.as_json_fleet import fleet

    settings, output = headless(args)
    picture = asyncio.run(_read(settings))
    output.answer(fleet(picture))
    _show(output, picture)
    for area in picture.areas:
        if area.feed.problem is not None:
            output.warn(f"{area.project} · {area.region}: {area.feed.problem.text}", area.feed.problem.mend)
    for project, feed in picture.logs:
        if feed.problem is not None:
            output.warn(f"{project}: requests are not counted: {feed.problem.text}", feed.problem.mend)
    if picture.alerts is not None and picture.alerts.problem is not None:
        output.warn(f"alerts are not known: {picture.alerts.problem.text}", picture.alerts.problem.mend)
    return _exit(picture)


async def _read(settings: Settings) -> FleetPicture:
    """The fleet once every region has answered, and a moment later the requests as far as they are counted."""
    from cockpit.wiring.outside import wired

    async with wired(settings) as outside:
        watch = outside.fleet.watch
        await watch.start()
        try:
            await _until(watch, lambda picture: picture.read, READ_SECONDS)
            await _until(watch, lambda picture: picture.counted, COUNT_SECONDS)
            return watch.picture
        finally:
            await watch.stop()


async def _until(watch: FleetWatch, holds: Callable[[FleetPicture], bool], seconds: float) -> None:
    """Wait until something holds of the picture, at most so long."""
    changed = asyncio.Event()
    stop = watch.subscribe(changed.set)
    try:
        async with asyncio.timeout(seconds):
            while not holds(watch.picture):
                changed.clear()
                await changed.wait()
    except TimeoutError:
        return
    finally:
        stop()


def _show(output: Output, picture: FleetPicture) -> None:
    if not picture.members:
        places = ", ".join(f"{area.region} of {area.project}" for area in picture.areas if area.feed.fresh_at)
        if places:
            output.note(f"there are no services in {places}")
        return
    output.table(HEAD, (_row(member, picture) for member in picture.members), right=(4, 5, 6, 7, 8))


def _row(member: Member, picture: FleetPicture) -> tuple[Piece, ...]:
    from cockpit.cli.output import Styled
    from cockpit.cli.words import split_in_words
    from cockpit.release.fleet import idle_tags_of, reason_of, state_of
    from cockpit.release.service import ConditionState
    from cockpit.text import age, percent

    service, requests, state = member.service, member.requests, state_of(member.service)
    good, failed = state is ConditionState.SUCCEEDED, state is ConditionState.FAILED
    share = requests.error_share if requests else None
    seconds = (picture.wall - service.updated).total_seconds() if service.updated else None
    return (
        Styled(member.ref.service, "bold"),
        Styled("●", "green") if good else Styled("✗", "red") if failed else Styled("◐", "yellow"),
        split_in_words(service.serving, member.ref.service) if service.serving else "not serving",
        ", ".join(idle_tags_of(service)),
        f"{requests.per_minute:.0f}" if requests else "–",
        f"{requests.errors_per_minute:.0f}" if requests else "–",
        "–" if share is None else Styled(percent(100 * share, 1 if share else 0), "red" if share else ""),
        "" if member.alerts is None else str(member.alerts),
        age(seconds),
        member.ref.region,
        member.ref.project,
        "" if good else f"{state.value}: {reason_of(service)}".rstrip(": "),
    )


def _exit(picture: FleetPicture) -> Exit:
    kinds = [exit_of(area.feed.problem.kind) for area in picture.areas if area.feed.problem is not None]
    if not kinds:
        return Exit.OK
    unreachable = len(kinds) == len(picture.areas) and all(kind is Exit.UNREACHABLE for kind in kinds)
    return Exit.UNREACHABLE if unreachable else Exit.FAILED
