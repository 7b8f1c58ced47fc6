"""`cockpit events`: what happened to a service: revisions, traffic, instances, alerts, errors, health, notes.

It tells what cockpits recorded, and what Cloud Run and the journal tell now. The times of the API stand before
those at which something was seen. --markdown gives a table for a report.
"""

from __future__ import annotations

import asyncio
import time
from typing import TYPE_CHECKING

from cockpit.cli.exits import CommandError, Exit, usage_error
from cockpit.cli.flags import add_command, headless

if TYPE_CHECKING:
    from argparse import Namespace
    from collections.abc import Sequence

    from cockpit.cli.flags import Commands
    from cockpit.cli.output import Output, Piece
    from cockpit.config import Settings
    from cockpit.release.events import Event
    from cockpit.release.service import ServiceRef

_STYLES = {"bad": "red", "warn": "yellow", "good": "green", "accent": "bold", "muted": "dim"}


def add_parser(commands: Commands) -> None:
    """Add the command."""
    parser = add_command(commands, "events", "what happened to a service", __doc__)
    parser.add_argument("--since", metavar="WHEN", default="7d", help="like 14:05, -10m, 2025-10-10 (-7d)")
    parser.add_argument("--until", metavar="WHEN", help="as --since; now, where it is left out")
    parser.add_argument("--recorded", action="store_true", help="from recordings alone: no service is asked")
    parser.add_argument("--markdown", action="store_true", help="a table in Markdown")
    parser.set_defaults(run=run)


def run(args: Namespace) -> int:
    """Read the service once, and what was recorded of it."""
    from cockpit.cli.when import moment, stamp

    settings, output = headless(args)
    if args.json and args.markdown:
        raise usage_error("--json and --markdown are two answers", "ask for one of them")
    now = time.time()
    since = moment("--since", args.since, now)
    until = now if args.until is None else moment("--until", args.until, now)
    if until <= since:
        raise usage_error(f"--until {stamp(until)} is not after --since {stamp(since)}", "swap them")
    ref, found = _recorded(settings) if args.recorded else asyncio.run(_all(settings))
    events = [event for event in found if since <= event.at <= until]
    output.answer({**_names(ref), "events": [as_json(event) for event in events]})
    if args.markdown:
        _say_markdown(output, events)
    elif not args.json:
        _say(output, events)
    return Exit.OK


def as_json(event: Event) -> dict[str, object]:
    """One event: at (RFC 3339), kind (stable), subject, text, who and revision (null where nobody says), key (the
    same for all who saw it) and details (names and texts)."""
    from cockpit.cli.when import iso

    return {
        "at": iso(event.at),
        "kind": event.kind.value,
        "subject": event.subject,
        "text": event.text,
        "who": event.who or None,
        "revision": event.revision or None,
        "key": event.key,
        "details": dict(event.details),
    }


async def _all(settings: Settings) -> tuple[ServiceRef, Sequence[Event]]:
    """What happened, by what is known now and by what was recorded."""
    from cockpit.cli.reading import past_too, reading
    from cockpit.live.events.log import EventLog
    from cockpit.live.recording.archive import Archive
    from cockpit.release.events import EventKind

    log = EventLog()
    async with reading(settings) as (session, service):
        await past_too(session)
        await asyncio.sleep(0)  # what was read last is told to the timeline in the next turn of the loop
        found = session.timeline.events if session.timeline is not None else ()
        # This command's own feeds are nobody's business.
        log.recall(event for event in found if event.kind not in {EventKind.FEED_LOST, EventKind.FEED_BACK})
    log.recall(await asyncio.to_thread(Archive(settings.recordings_folder).events, service.ref))
    return service.ref, log.events


def _recorded(settings: Settings) -> tuple[ServiceRef, Sequence[Event]]:
    """What was recorded of the service that is meant. Raises CommandError where that is not clear."""
    from cockpit.cli.recorded import LIST, meant, whom
    from cockpit.live.recording.archive import Archive

    archive = Archive(settings.recordings_folder)
    ref = meant((each.about.ref for each in archive.all() if each.about is not None), settings)
    if ref is None:
        raise CommandError(f"nobody recorded {whom(settings)}", LIST)
    return ref, archive.events(ref)


def _say(output: Output, events: Sequence[Event]) -> None:
    if not events:
        output.note("nothing is known to have happened in this time; --since looks further back")
        return
    output.table(("", "WHEN", "ACTION", "NOTES", "BY"), [_row(event) for event in events])


def _row(event: Event) -> tuple[Piece, ...]:
    from cockpit.cli.output import Styled
    from cockpit.cli.when import stamp
    from cockpit.tui.views.timeline_marks import MARKS

    mark = MARKS[event.kind]
    return Styled(mark.shape, _STYLES[mark.role]), stamp(event.at), mark.word, event.text, event.who


def _say_markdown(output: Output, events: Sequence[Event]) -> None:
    from cockpit.tui.views.timeline_table import markdown

    for line in markdown(events).splitlines():
        output.say(line)


def _names(ref: ServiceRef) -> dict[str, object]:
    from cockpit.cli.as_json import ref as named

    return named(ref)
