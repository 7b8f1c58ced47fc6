"""`cockpit replay FILE`: a recording in the terminal app, as the service was then.

It plays as fast as it was, or --speed times as fast; with --at it stands at a moment. space plays and pauses, ← →
and @ go elsewhere, < and > play slower and faster. Nothing can be changed, and no network is touched.
"""

from __future__ import annotations

import asyncio
import math
from contextlib import closing
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING

from cockpit.cli.exits import CommandError, Exit, usage_error
from cockpit.cli.flags import add_command, headless, settings_of

if TYPE_CHECKING:
    from argparse import Namespace

    from cockpit.cli.flags import Commands
    from cockpit.live.replay.session import RecordedSession


def add_parser(commands: Commands) -> None:
    """Add the command."""
    parser = add_command(commands, "replay", "a recording in the terminal app", __doc__)
    parser.add_argument("file", metavar="FILE", help="a recording: `cockpit recordings` lists them")
    parser.add_argument("--speed", metavar="TIMES", help="how many times as fast as it was (1)")
    parser.add_argument("--at", metavar="TIME", help="stand there: 14:05, -10m (before the end), ISO 8601")
    parser.set_defaults(run=run)


def run(args: Namespace) -> int:
    """Show the recording until the user leaves; with --json how the service stood."""
    from cockpit.wiring.replay import opened

    speed = _speed(args.speed)
    with closing(opened(settings_of(args), Path(args.file))) as session:
        at = None if args.at is None else moment_in(session, args.at)
        if args.json:
            return asyncio.run(_status(args, session, at))
        return _play(args, session, speed, at)


def moment_in(session: RecordedSession, text: str) -> float:
    """The moment of --at in a recording, epoch seconds. Raises CommandError."""
    from cockpit.live.past_times import moment
    from cockpit.logs.moment import SECOND
    from cockpit.logs.query.moments import WISHES, wished

    begun, ended = session.about.begun, session.about.ended
    zone = datetime.fromtimestamp(ended, UTC).astimezone().tzinfo
    # What is typed to the second is meant to the second, the last one included.
    last = math.ceil(ended)
    try:
        at = wished(text.strip(), here=round(ended * SECOND), now=last * SECOND, zone=zone or UTC) / SECOND
    except ValueError as error:
        raise usage_error(f"--at: {error}", WISHES) from None
    if not math.floor(begun) <= at <= last:
        between = f"{moment(begun, 0)} to {moment(ended, begun)}"
        raise usage_error(f"--at {text} is outside of the recording", f"it runs from {between}")
    return min(max(at, begun), ended)


def _speed(text: str | None) -> float | None:
    """The number of --speed. Raises CommandError."""
    from cockpit.live.replay.deck import FASTEST, SLOWEST

    if text is None:
        return None
    try:
        speed = float(text)
    except ValueError:
        speed = math.nan
    if not SLOWEST <= speed <= FASTEST:
        mend = f"a number from {SLOWEST:g} to {FASTEST:g}; a recording is played forwards"
        raise usage_error(f"--speed {text} cannot be", mend)
    return speed


def _play(args: Namespace, session: RecordedSession, speed: float | None, at: float | None) -> int:
    from cockpit.cli.watch import kept_for_app, need_terminal

    need_terminal()
    settings = settings_of(args)
    with kept_for_app(settings):
        from cockpit.wiring.replay import run_replay

        player = session.player
        player.run_at(speed or 1.0)
        if at is not None:
            player.seek(at)
        if at is None or speed is not None:
            player.play()
        return asyncio.run(run_replay(settings, session))


async def _status(args: Namespace, session: RecordedSession, at: float | None) -> int:
    """How the service stood at a moment, at the end of the recording where none is named."""
    from cockpit.cli import as_json

    _, output = headless(args)
    await session.show(session.about.ended if at is None else at)
    snapshot = session.snapshot
    if snapshot.service is None:
        why = next((notice.text for notice in snapshot.notices), "the service had not been read yet")
        raise CommandError(f"nothing is known of that moment: {why}", kind="no-data", code=Exit.FAILED)
    output.answer(as_json.status(snapshot, snapshot.service))
    return Exit.OK
