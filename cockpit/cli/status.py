"""`cockpit status`: what was asked of a service, what serves, what was observed, and whether they agree."""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING

from cockpit.cli.exits import Exit
from cockpit.cli.flags import add_command, headless

if TYPE_CHECKING:
    from argparse import Namespace

    from cockpit.cli.flags import Commands
    from cockpit.cli.output import Output, Piece
    from cockpit.config import Settings
    from cockpit.live.snapshot import Snapshot
    from cockpit.release.service import Service


def add_parser(commands: Commands) -> None:
    """Add the command."""
    parser = add_command(commands, "status", "a service and its splits", __doc__)
    parser.set_defaults(run=run)


def run(args: Namespace) -> int:
    """Read the service once and say how it stands."""
    from cockpit.cli import as_json

    settings, output = headless(args)
    snapshot, service = asyncio.run(read(settings))
    output.answer(as_json.status(snapshot, service))
    if not args.json:
        _say(output, snapshot, service)
    return Exit.OK


async def read(settings: Settings) -> tuple[Snapshot, Service]:
    """One snapshot with service, revisions and, where the log answers, observed requests."""
    from cockpit.cli.reading import observed_too, reading

    async with reading(settings) as (session, first):
        await observed_too(session)
        snapshot = session.snapshot
        return snapshot, snapshot.service or first


def _say(output: Output, snapshot: Snapshot, service: Service) -> None:
    from cockpit.cli.output import Styled
    from cockpit.cli.words import say_revisions, split_in_words
    from cockpit.live.agreement import observed_note, serving_note

    ref = service.ref
    output.say(Styled(ref.service, "bold"), f"   {ref.region} · {ref.project}   generation {service.generation}")
    output.say("  asked     ", split_in_words(service.spec, ref.service))
    served = split_in_words(service.serving, ref.service) if service.serving else "nothing"
    output.say("  serving   ", served, *_mark(serving_note(snapshot)))
    output.say("  observed  ", _observed(snapshot, ref.service), *_mark(observed_note(snapshot)))
    if service.uri:
        output.say("  url       ", service.uri)
    output.say()
    say_revisions(output, snapshot, service)
    change = snapshot.change
    if change and not change.outcome:
        output.note(Styled(f"change {change.id} is under way: {change.phase.value}", "yellow"))
    elif change and change.recovered and change.outcome:
        output.note(f"change {change.id}, left under way by an earlier cockpit, ended: {change.outcome.value}")
    for problem in (*(feed.problem for feed in snapshot.feeds if feed.problem), *snapshot.notices):
        output.warn(problem.text, problem.mend)


def _mark(note: str) -> tuple[Piece, ...]:
    from cockpit.cli.output import Styled

    return (Styled(f"   {note}", "yellow"),) if note else ()


def _observed(snapshot: Snapshot, service: str) -> str:
    from cockpit.release.state import short_name

    seen = snapshot.observed
    if seen is None:
        feed = snapshot.feed("requests")
        return f"not known: {feed.problem.text if feed and feed.problem else 'the request log has not answered'}"
    if not seen.total:
        return f"no requests in {seen.window:.0f} s"
    shares = ", ".join(
        f"{short_name(name, service)} {100 * count / seen.total:.0f} %" for name, count in seen.by_revision
    )
    return f"{shares}   {seen.total * 60 / seen.window:.0f} requests/min"
