"""`cockpit alerts`: how every alert rule stands, after the service was scraped for a while.

It ends with 1 where an alert fires, or has no data or is broken, or a URL gives no metrics, which is never a pass;
else with 0. A rule with `for: 5m` is pending for as long, counted from when this command first saw its condition
hold, so a short look never sees it fire: --pending counts pending ones too.
"""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING

from cockpit.cli.exits import Exit, exit_of
from cockpit.cli.flags import add_command, headless
from cockpit.cli.measuring import add_measuring, measured

if TYPE_CHECKING:
    from argparse import Namespace

    from cockpit.cli.flags import Commands
    from cockpit.cli.output import Output, Piece
    from cockpit.live.metrics.picture import MetricsPicture
    from cockpit.live.snapshot import Snapshot
    from cockpit.metrics.alerts import Alert

_STYLES = {"firing": "red", "pending": "yellow", "no data": "yellow", "broken": "yellow"}


def add_parser(commands: Commands) -> None:
    """Add the command."""
    parser = add_command(commands, "alerts", "how the alert rules stand", __doc__)
    parser.add_argument("--pending", action="store_true", help="end with 1 for alerts that are pending, too")
    add_measuring(parser)
    parser.set_defaults(run=run)


def run(args: Namespace) -> int:
    """Scrape, evaluate the rules, and end as the alerts stand."""
    from cockpit.cli.as_json_metrics import alerts as as_json

    settings, output = headless(args)
    snapshot, picture = asyncio.run(measured(settings, args.seconds, output, rules=True))
    output.answer(as_json(snapshot, picture))
    if not args.json:
        _say(output, snapshot, picture)
    return outcome(picture, pending=args.pending)


def outcome(picture: MetricsPicture, *, pending: bool = False) -> Exit:
    """How the command ends for these alerts."""
    from cockpit.cli.verdicts import is_failing
    from cockpit.metrics.alerts import AlertState

    if picture.problem is not None:
        return exit_of(picture.problem.kind)
    good = {AlertState.INACTIVE} if pending else {AlertState.INACTIVE, AlertState.PENDING}
    unseen = any(map(is_failing, picture.targets))
    return Exit.OK if {alert.state for alert in picture.alerts} <= good and not unseen else Exit.FAILED


def _say(output: Output, snapshot: Snapshot, picture: MetricsPicture) -> None:
    from cockpit.cli.metrics import say_service
    from cockpit.tui.views.alerts import by_gravity

    say_service(output, snapshot, picture)
    head = ("STATE", "ALERT", "REVISION", "VALUE", "SINCE", "FIRES", "WHAT")
    if picture.alerts:
        output.table(head, [_alert(each, snapshot) for each in by_gravity(picture.alerts)], right=(3,))
    problems = [picture.problem, *(target.feed.problem for target in picture.targets)]
    for problem in dict.fromkeys(filter(None, problems)):
        output.warn(problem.text, problem.mend)
    if not picture.alerts and not any(problems):
        output.note("there are no alert rules; `rules` under [metrics] in config.toml names files of them")


def _alert(alert: Alert, snapshot: Snapshot) -> tuple[Piece, ...]:
    from cockpit.cli.output import Styled
    from cockpit.metrics.alerts import AlertState, against
    from cockpit.release.state import short_name

    word = alert.state.value
    return (
        Styled(word, _STYLES.get(word, "dim")),
        alert.rule,
        short_name(alert.revision, snapshot.ref.service) if alert.revision else "",
        against(alert),
        _time(alert.since) if alert.state is not AlertState.INACTIVE else "",
        _time(alert.fires_at),
        alert.problem or alert.summary,
    )


def _time(moment: float | None) -> str:
    from cockpit.cli.answers import stamp

    return stamp(1000 * round(moment)) if moment is not None else ""
