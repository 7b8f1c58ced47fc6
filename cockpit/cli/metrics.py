"""`cockpit metrics`: is the canary worse than the stable revision, by the service's own metrics.

It scrapes for a while, and ends with 0 where no signal is worse; with 1 where one is, or where a URL or a signal
has no data, which is never a pass; and with 7 where there are too few data to tell: give it longer with --for.
"""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING

from cockpit.cli.flags import add_command, headless
from cockpit.cli.measuring import add_measuring, measured

if TYPE_CHECKING:
    from argparse import Namespace

    from cockpit.cli.flags import Commands
    from cockpit.cli.output import Output, Piece
    from cockpit.live.metrics.picture import MetricsPicture, TargetPicture
    from cockpit.live.snapshot import Snapshot
    from cockpit.metrics.signals.reading import Reading
    from cockpit.tui.views.signal_rows import Row

_STYLES = {
    "worse": "red",
    "likely worse": "yellow",
    "no data": "yellow",
    "too few data": "yellow",
    "better": "green",
    "same": "green",
}


def add_parser(commands: Commands) -> None:
    """Add the command."""
    parser = add_command(commands, "metrics", "signals of canary and stable", __doc__)
    add_measuring(parser)
    parser.set_defaults(run=run)


def run(args: Namespace) -> int:
    """Scrape, compare, and end as the signals stand."""
    from cockpit.cli.as_json_metrics import metrics as as_json
    from cockpit.cli.verdicts import overall

    settings, output = headless(args)
    snapshot, picture = asyncio.run(measured(settings, args.seconds, output))
    code, word = overall(picture)
    output.answer(as_json(snapshot, picture, word))
    if not args.json:
        _say(output, snapshot, picture)
        output.note(f"the canary against the stable revision: {word}" if picture.canary else f"no canary; {word}")
    return code


def say_service(output: Output, snapshot: Snapshot, picture: MetricsPicture) -> None:
    """Which service, and what answered."""
    from cockpit.cli.output import Styled
    from cockpit.live.metrics.picture import LOCAL

    where = f"   {snapshot.ref.region} · {snapshot.ref.project}"
    by = "" if picture.engine == LOCAL else f"   by {picture.engine}"
    output.say(Styled(snapshot.ref.service, "bold"), where, by)


def _say(output: Output, snapshot: Snapshot, picture: MetricsPicture) -> None:
    from cockpit.release.state import short_name
    from cockpit.text import duration
    from cockpit.tui.views.signal_reasons import reasons
    from cockpit.tui.views.signal_rows import Pair, note, rows

    compared = Pair(picture.stable, picture.canary)
    say_service(output, snapshot, picture)
    names = [short_name(name, snapshot.ref.service) for name in (picture.stable, picture.canary)]
    head = ("SIGNAL", f"STABLE {names[0]}", f"CANARY {names[1]}", "DIFFERENCE", "VERDICT", "N")
    found = zip(rows(picture, compared), picture.readings, strict=True)
    table = [_signal(row, reading, picture) for row, reading in found]
    if table:
        output.table(head, table, right=(1, 2, 3, 5))
    if seen := note(picture, compared):
        output.say(f"over {duration(picture.window)} · {seen}")
    output.say()
    if picture.targets:
        head = ("URL", "REVISION", "STATE", "SERIES", "TOOK", "WHY")
        output.table(head, [_target(each, snapshot) for each in picture.targets], right=(3, 4))
    for why in reasons(snapshot, picture, compared):
        output.warn(why)


def _signal(row: Row, reading: Reading, picture: MetricsPicture) -> tuple[Piece, ...]:
    from cockpit.cli.output import Styled
    from cockpit.cli.verdicts import verdict

    word = verdict(reading, picture).value
    pair = (reading.estimates.get(name) for name in (picture.stable, picture.canary) if name)
    counts = [f"{each.n:,.0f}" if each else "–" for each in pair]
    return (
        row.title,
        *(f"{value.number} {value.unit}".strip() or "–" for value in (row.stable, row.canary)),
        f"{row.change} {row.margin}".strip(),
        Styled(word, _STYLES.get(word, "dim")),
        " / ".join(counts),
    )


def _target(target: TargetPicture, snapshot: Snapshot) -> tuple[Piece, ...]:
    from cockpit.cli.output import Styled
    from cockpit.cli.verdicts import is_failing
    from cockpit.live.metrics.picture import Conduct
    from cockpit.release.state import short_name

    scraping = target.conduct is Conduct.SCRAPING
    state = target.feed.state.value if scraping else target.conduct.value
    problem = target.feed.problem
    return (
        f"{target.url}{target.path}",
        short_name(target.revision, snapshot.ref.service) if target.revision else "any",
        Styled(state, "red" if is_failing(target) else ""),
        f"{target.series:,}" if target.series else "",
        f"{1000 * target.seconds:,.0f} ms" if target.seconds else "",
        problem.text if problem else "",
    )
