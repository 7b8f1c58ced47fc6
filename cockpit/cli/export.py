"""`cockpit export`: one incident as a file to hand on: what was recorded of a service from one moment to another.

Where several sessions were recorded, they become one. The file holds the service's log entries and metrics as they
came; values of environment variables that may be secrets were never recorded.
"""

from __future__ import annotations

import time
from pathlib import Path
from typing import TYPE_CHECKING

from cockpit.cli.exits import CommandError, Exit, usage_error
from cockpit.cli.flags import add_command, headless

if TYPE_CHECKING:
    from argparse import Namespace

    from cockpit.cli.flags import Commands
    from cockpit.cli.output import Output
    from cockpit.config import Settings
    from cockpit.live.recording.archive import Archive
    from cockpit.live.recording.export import Exported
    from cockpit.live.recording.reading import About
    from cockpit.release.service import ServiceRef

_GAP_SHOWN = 5.0


def add_parser(commands: Commands) -> None:
    """Add the command."""
    parser = add_command(commands, "export", "one incident of a recording as a file", __doc__)
    parser.add_argument("--since", metavar="WHEN", required=True, help="like 14:05, -10m, 2025-10-10T02:12:27Z")
    parser.add_argument("--until", metavar="WHEN", help="as --since; now, where it is left out")
    parser.add_argument("-o", "--output", metavar="FILE", help="where to; a name in this directory otherwise")
    parser.set_defaults(run=run)


def run(args: Namespace) -> int:
    """Cut the time out of what was recorded; no service is asked."""
    from cockpit.cli.when import moment, stamp
    from cockpit.live.recording.archive import Archive
    from cockpit.live.recording.export import export

    settings, output = headless(args)
    now = time.time()
    since = moment("--since", args.since, now)
    until = now if args.until is None else moment("--until", args.until, now)
    if until <= since:
        raise usage_error(
            f"--until {stamp(until)} is not after --since {stamp(since)}", "give the earlier moment to --since"
        )
    sources = _of_one_service(Archive(settings.recordings_folder), settings, since, until)
    ref = sources[0].ref
    target = Path(args.output).expanduser() if args.output else Path(_name(ref, since))
    written = export(sources, since, until, target)
    _say(output, written, ref, since, until)
    return Exit.OK


def _of_one_service(archive: Archive, settings: Settings, since: float, until: float) -> list[About]:
    """What was recorded of the service that is meant, in this time. Raises CommandError."""
    from cockpit.cli.recorded import LIST, meant, whom
    from cockpit.cli.when import stamp

    found = [
        each.about
        for each in archive.all()
        if each.about is not None and any(begun <= until and ended >= since for begun, ended in each.about.spans)
    ]
    ref = meant((about.ref for about in found), settings)
    if ref is None:
        raise CommandError(f"nobody recorded {whom(settings)} from {stamp(since)} until {stamp(until)}", LIST)
    return [about for about in found if about.ref == ref]


def _say(output: Output, written: Exported, ref: ServiceRef, since: float, until: float) -> None:
    from cockpit.cli.sizes import size
    from cockpit.cli.when import iso, stamp

    spans = written.spans
    output.answer(
        {
            "file": str(written.path.resolve()),
            "bytes": written.size,
            "service": ref.service,
            "spans": [[iso(begun), iso(ended)] for begun, ended in spans],
            "snapshots": written.snapshots,
            "scrapes": written.scrapes,
            "entries": written.entries,
            "events": written.events,
        }
    )
    output.say(
        f"{written.path}: {ref.service}, {stamp(spans[0][0])} – {stamp(spans[-1][1])}, {size(written.size)}"
    )
    output.say(
        f"{written.snapshots:,} snapshots, {written.scrapes:,} scrapes, {written.entries:,} log entries, "
        f"{written.events:,} events"
    )
    for begun, ended in _gaps(written, since, until):
        output.warn(f"nobody looked from {stamp(begun)} until {stamp(ended)}")
    output.note("it holds log entries as the service wrote them: look through them before you hand it on")
    output.note(f"`cockpit replay {written.path}` plays it")


def _gaps(written: Exported, since: float, until: float) -> list[tuple[float, float]]:
    """What was asked for and is not there (epoch seconds)."""
    edges = [since, *(edge for span in written.spans for edge in span), until]
    pairs = zip(edges[::2], edges[1::2], strict=True)
    return [(begun, ended) for begun, ended in pairs if ended - begun > _GAP_SHOWN]


def _name(ref: ServiceRef, since: float) -> str:
    from cockpit.cli.when import iso
    from cockpit.live.recording.schema import SUFFIX
    from cockpit.live.recording.tape import plain

    stamped = iso(since).partition(".")[0].replace(":", "-")
    return f"{plain(ref.service)}-{stamped}Z{SUFFIX}"
