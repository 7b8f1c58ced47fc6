"""`cockpit app`: what the application says of itself, as [app] in config.toml describes it.

`health` probes every path at the service's URL and those of its tags; it ends with 1 where one is not ok, or where
there is nothing to go by. `timelines` reads what the application keeps of itself: all of them in a line each, or
one row by row; it ends with 1 where one cannot be read, or has no rows, or nothing but zeros in them.
"""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING

from cockpit.cli.exits import CommandError, Exit, usage_error
from cockpit.cli.flags import add_command, headless

if TYPE_CHECKING:
    from argparse import Namespace
    from collections.abc import Iterable, Sequence

    from cockpit.cli.flags import Commands
    from cockpit.cli.output import Output, Piece
    from cockpit.config import Settings
    from cockpit.live.app.picture import AppPicture, ProbePicture, TimelinePicture
    from cockpit.live.snapshot import Snapshot

_STYLES = {"ok": "green", "failing": "red", "degraded": "yellow", "unknown": "yellow"}


def add_parser(commands: Commands) -> None:
    """Add the command."""
    parser = commands.add_parser("app", help="the application's own word", description=__doc__, allow_abbrev=False)
    deeds = parser.add_subparsers(title="commands", metavar="COMMAND", required=True)
    health = add_command(deeds, "health", "probe every URL", __doc__)
    from cockpit.cli.measuring import span

    health.add_argument(
        "--for",
        dest="seconds",
        type=span,
        metavar="DURATION",
        help="how long it is probed, like 1m; once without it",
    )
    health.set_defaults(run=run_health)
    timelines = add_command(deeds, "timelines", "read what the application keeps of itself", __doc__)
    timelines.add_argument("name", nargs="?", metavar="NAME", help="one timeline, row by row; without it all")
    timelines.add_argument("--period", metavar="PERIOD", help="like 30d; the first one that is set without it")
    timelines.set_defaults(run=run_timelines)


def run_health(args: Namespace) -> int:
    """Probe, and end as the health stands."""
    from cockpit.cli.as_json_app import health as as_json

    settings, output = headless(args)
    if not settings.app.health.checks:
        raise CommandError(
            "there are no health checks", "name paths under [[app.health.checks]] in config.toml", kind="no-data"
        )
    snapshot, app = asyncio.run(_probed(settings, args.seconds))
    output.answer(as_json(snapshot, app))
    if not args.json:
        _say_service(output, snapshot)
        head = ("HEALTH", "URL", "PATH", "STATUS", "TOOK", "P50", "P95", "BAD", "WHY")
        output.table(head, [_probe(each) for each in app.probes], right=(3, 4, 5, 6, 7))
        for mend in dict.fromkeys(each.mend for each in app.probes if each.mend):
            output.note(f"! {mend}")
    return health_exit(app.probes)


def run_timelines(args: Namespace) -> int:
    """Read timelines, and end as they stand."""
    from cockpit.cli.as_json_app import timelines as as_json

    settings, output = headless(args)
    wanted = _wanted(settings, args.name, args.period)
    snapshot, found = asyncio.run(_timelines(settings, wanted))
    output.answer(as_json(snapshot, found))
    if not args.json:
        _say_service(output, snapshot)
        if args.name:
            _say_rows(output, found[0])
        else:
            output.table(("TIMELINE", "PERIOD", "ROWS", "TOTALS", "COMPARED"), map(_summary, found), right=(2,))
        _say_odd(output, found)
    return timelines_exit(found)


def health_exit(probes: Sequence[ProbePicture]) -> Exit:
    """How the command ends: what is unknown is never a pass, nor is nothing at all."""
    from cockpit.live.app.picture import Health

    return Exit.OK if probes and all(each.health is Health.OK for each in probes) else Exit.FAILED


def timelines_exit(found: Sequence[TimelinePicture]) -> Exit:
    """How the command ends: a timeline that was read and has nothing to show is no pass."""
    from cockpit.sources.timelines.shape import Flaw

    hollow = {Flaw.EMPTY, Flaw.ALL_ZERO}
    bad = any(not each.rows or hollow & {finding.flaw for finding in each.findings} for each in found)
    return Exit.FAILED if bad or not found else Exit.OK


def _wanted(settings: Settings, name: str | None, period: str | None) -> dict[str, str]:
    """The timelines that are asked for, each with its period. Raises CommandError."""
    known = {each.name: each.periods for each in settings.app.timelines}
    if not known:
        raise CommandError("there are no timelines", "describe them under [[app.timelines]]", kind="no-data")
    if name is not None and name not in known:
        raise usage_error(f"there is no timeline {name!r}", f"known here: {', '.join(known)}")
    wanted = {name: known[name]} if name is not None else known
    for each, periods in wanted.items():
        if period is not None and period not in periods:
            raise usage_error(f"{each} has no period {period!r}", f"it has {', '.join(periods)}")
    return {each: period or periods[0] for each, periods in wanted.items()}


async def _probed(settings: Settings, seconds: float | None) -> tuple[Snapshot, AppPicture]:
    """A snapshot whose every probe has ended at least once. Raises CommandError and SourceError."""
    from cockpit.cli.reading import reading, until

    async with reading(settings, app=True) as (session, _):
        await until(session, _has_answers, settings.app.health.timeout_seconds + 1)
        if seconds is not None:
            await asyncio.sleep(seconds)
        return session.snapshot, _app_of(session.snapshot)


async def _timelines(settings: Settings, wanted: dict[str, str]) -> tuple[Snapshot, list[TimelinePicture]]:
    """A snapshot whose timelines were read, or could not be. Raises CommandError and SourceError."""
    from cockpit.cli.reading import reading, until

    def found(snapshot: Snapshot) -> list[TimelinePicture]:
        pictures = [snapshot.app.timeline(*each) for each in wanted.items()] if snapshot.app else []
        return [each for each in pictures if each is not None]

    async with reading(settings, app=True) as (session, _):
        await until(session, lambda snapshot: snapshot.app is not None, 10.0)
        if session.app is not None:
            for name, period in wanted.items():
                session.app.look(name, period)

        def done(snapshot: Snapshot) -> bool:
            pictures = found(snapshot)
            # What is compared is read over a longer period, at the same time.
            return len(pictures) == len(wanted) and all(map(_is_settled, pictures))

        await until(session, done, settings.app.timeout_seconds + 1)
        _app_of(session.snapshot)
        return session.snapshot, found(session.snapshot)


def _is_settled(timeline: TimelinePicture) -> bool:
    from cockpit.live.app.totals import AWAITED

    return timeline.feed.problem is not None or (timeline.read_at is not None and timeline.compared != AWAITED)


def _has_answers(snapshot: Snapshot) -> bool:
    app = snapshot.app
    return app is not None and (
        app.problem is not None or (bool(app.probes) and all(p.probes for p in app.probes))
    )


def _app_of(snapshot: Snapshot) -> AppPicture:
    """What is known of the application. Raises CommandError where it cannot be asked."""
    app = snapshot.app
    if app is None:
        raise CommandError("the application could not be asked in time", "try again", kind="unreachable")
    if app.problem is not None:
        code = Exit.USAGE if app.problem.kind == "config" else None
        raise CommandError(app.problem.text, app.problem.mend, kind=app.problem.kind, code=code)
    return app


def _say_service(output: Output, snapshot: Snapshot) -> None:
    from cockpit.cli.output import Styled

    ref = snapshot.ref
    output.say(Styled(ref.service, "bold"), f"   {ref.region} · {ref.project}")


def _probe(probe: ProbePicture) -> tuple[Piece, ...]:
    from cockpit.cli.output import Styled
    from cockpit.tui.views.app_health import answered, latency

    return (
        Styled(probe.health.value, _STYLES[probe.health.value]),
        probe.tag or "service",
        probe.path,
        answered(probe),
        latency(probe.seconds),
        latency(probe.p50),
        latency(probe.p95),
        f"{probe.bad} of {probe.probes}" if probe.bad else "",
        probe.why,
    )


def _summary(timeline: TimelinePicture) -> tuple[Piece, ...]:
    from cockpit.tui.views.app_timeline import amount, change

    totals = (f"{each.title} {amount(each.total, each.unit)} {change(each)}".rstrip() for each in timeline.values)
    rows = f"{len(timeline.rows):,}"
    return timeline.name, timeline.period, rows, "  ".join(totals), timeline.compared if timeline.rows else ""


def _say_rows(output: Output, timeline: TimelinePicture) -> None:
    from cockpit.cli.as_json_app import moment
    from cockpit.tui.views.app_timeline import amount, change

    if not timeline.rows:
        return
    titles = [f"{each.title.upper()} {each.unit}".strip() for each in timeline.values]
    rows: list[tuple[Piece, ...]] = [
        (
            moment(row.at, timeline.step),
            *("–" if value is None else f"{value:,.10g}" for value in row.values),
        )
        for row in timeline.rows
    ]
    totals = [f"{amount(each.total, each.unit)} {change(each)}".rstrip() for each in timeline.values]
    output.table(("TIME", *titles), rows, right=range(1, len(titles) + 1))
    output.say(f"{timeline.period}: ", ", ".join(totals), f" · {timeline.compared}")


def _say_odd(output: Output, found: Iterable[TimelinePicture]) -> None:
    for timeline in found:
        if timeline.feed.problem is not None:
            output.warn(f"{timeline.name}: {timeline.feed.problem.text}", timeline.feed.problem.mend)
        for finding in timeline.findings:
            output.warn(f"{timeline.name}: {finding.text}", finding.mend)
