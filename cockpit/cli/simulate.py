"""`cockpit simulate`: a local Cloud Run, and deploying to it."""

from __future__ import annotations

import argparse
import asyncio
import json
import os
from typing import TYPE_CHECKING

from cockpit.cli.exits import CommandError, Exit
from cockpit.simulator.app import faults
from cockpit.simulator.scenarios import HIGHEST_RATE, PROJECT, REGION, SCENARIOS, SERVICE

if TYPE_CHECKING:
    from cockpit.simulator.run import Announcement

DESCRIPTION = """\
Run a local Cloud Run that speaks the real protocols on one loopback port.

It prints one JSON line when it is ready (endpoint, project, region, service, url, tags, pid, scenario) and runs
until SIGINT, SIGTERM or SIGHUP. Every other command finds it by --endpoint HOST:PORT or COCKPIT_ENDPOINT."""


def add_parser(subparsers: argparse._SubParsersAction[argparse.ArgumentParser]) -> None:
    """Add the command, each scenario a subcommand of it, and `deploy`."""
    plain = argparse.RawDescriptionHelpFormatter
    parser = subparsers.add_parser(
        "simulate",
        help="a local Cloud Run that speaks the real protocols",
        usage="cockpit simulate [SCENARIO] [options]",
        description=DESCRIPTION,
        formatter_class=plain,
    )
    _add_options(parser)
    parser.add_argument("--list", action="store_true", help="list the scenarios and leave")
    parser.add_argument("--json", action="store_true", help="list them as JSON")
    nested = parser.add_subparsers(
        dest="scenario", metavar="SCENARIO", title="scenarios, and `deploy`", prog="cockpit simulate"
    )
    for scenario in SCENARIOS.values():
        default = " (the default)" if scenario.name == "healthy" else ""
        # A subparser's own defaults would undo what was given before the scenario's name.
        own = nested.add_parser(
            scenario.name, help=scenario.summary.replace("%", "%%") + default, argument_default=argparse.SUPPRESS
        )
        _add_options(own)
    parser.set_defaults(run=run, scenario="healthy", port=0, seed=0, etags="enforced")
    _add_deploy(nested)


def _add_options(parser: argparse.ArgumentParser) -> None:
    """The options that may stand on either side of the scenario's name."""
    parser.add_argument("--port", type=_port, help="the port to listen on; 0, the default, lets the system choose")
    parser.add_argument("--seed", type=int, help="the seed of everything random (0)")
    parser.add_argument("--etags", choices=("enforced", "ignored"), help="what becomes of stale etags (enforced)")
    parser.add_argument("--load", type=_rate, metavar="RATE", help="requests a second (20, as the scenario says)")
    parser.add_argument("--until-eof", action="store_true", help="stop when standard input ends, too")


def _add_deploy(subparsers: argparse._SubParsersAction[argparse.ArgumentParser]) -> None:
    kinds = "\n".join(f"  {name:18}{kind.summary}" for name, kind in faults.KINDS.items())
    parser = subparsers.add_parser(
        "deploy",
        help="deploy a revision to a simulator that runs",
        description="Deploy a revision to a simulator that runs, as any client of Cloud Run would.",
        epilog=f"faults, separated by commas, as in errors=0.15,latency=8:\n{kinds}",
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    parser.add_argument("--endpoint", metavar="HOST:PORT", default=os.environ.get("COCKPIT_ENDPOINT"))
    parser.add_argument("--project", default=PROJECT)
    parser.add_argument("--region", default=REGION)
    parser.add_argument("--service", default=SERVICE)
    parser.add_argument("--suffix", required=True, help="the revision is called SERVICE-SUFFIX")
    parser.add_argument("--image", default="", help="instead of the present one; the tag `missing` is not there")
    parser.add_argument("--fault", default="", help="what is wrong with the revision: see below")
    parser.add_argument("--no-traffic", dest="traffic", action="store_false", help="keep it off the traffic")
    parser.add_argument("--tag", default="", help="give it this tag, and with it a URL of its own")
    parser.set_defaults(run=run_deploy)


def run(arguments: argparse.Namespace) -> int:
    """Run a simulator, or list the scenarios; the exit code. Raises CommandError."""
    if arguments.list or arguments.json:
        _list(as_json=arguments.json)
        return Exit.OK
    from cockpit.simulator.port import PortInUseError
    from cockpit.simulator.run import Options, run_until_stopped
    from cockpit.simulator.world import Settings

    settings = Settings(PROJECT, REGION, port=arguments.port, seed=arguments.seed, etags=arguments.etags)
    options = Options(settings, load=arguments.load)
    work = run_until_stopped(SCENARIOS[arguments.scenario], options, _announce, until_eof=arguments.until_eof)
    try:
        asyncio.run(work)
    except PortInUseError as error:
        raise CommandError(str(error), "choose another --port", kind="usage", code=Exit.USAGE) from None
    return Exit.OK


def run_deploy(arguments: argparse.Namespace) -> int:
    """Deploy one revision; the exit code. Raises CommandError."""
    from cockpit.simulator.deploy import BadRequestError, DeployError, Order, UnreachableError, deploy

    order = Order(
        project=arguments.project,
        region=arguments.region,
        service=arguments.service,
        suffix=arguments.suffix,
        image=arguments.image,
        fault=arguments.fault,
        traffic=arguments.traffic,
        tag=arguments.tag,
    )
    if not arguments.endpoint:
        mend = "name it with --endpoint HOST:PORT or COCKPIT_ENDPOINT"
        raise CommandError("no simulator to deploy to", mend, kind="usage", code=Exit.USAGE)
    try:
        service = deploy(arguments.endpoint, order)
    except (BadRequestError, faults.FaultError) as error:
        mend = "see `cockpit simulate deploy --help`"
        raise CommandError(str(error), mend, kind="usage", code=Exit.USAGE) from None
    except UnreachableError as error:
        raise CommandError(str(error), "is the simulator running?", kind="unreachable") from None
    except DeployError as error:
        raise CommandError(f"{order.revision} was not deployed: {error}") from None
    newest = service.latest_ready_revision.rpartition("/")[2]
    own = [target for target in service.traffic_statuses if (target.revision or newest) == order.revision]
    urls = [target.uri for target in own if target.tag]
    print(f"{order.revision} is ready and serves {sum(target.percent for target in own)} % of the traffic", *urls)
    return Exit.OK


def _list(*, as_json: bool) -> None:
    if as_json:
        print(json.dumps([{"name": each.name, "summary": each.summary} for each in SCENARIOS.values()]))
        return
    for scenario in SCENARIOS.values():
        print(f"{scenario.name:18}{scenario.summary}")


def _announce(announcement: Announcement) -> None:
    print(announcement.json(), flush=True)


def _port(text: str) -> int:
    """A port number; argparse shows the message."""
    if not text.isdecimal() or int(text) > 65_535:
        raise argparse.ArgumentTypeError(f"{text!r} is no port: use 0 to 65535")
    return int(text)


def _rate(text: str) -> float:
    """Requests a second; argparse shows the message."""
    try:
        rate = float(text)
    except ValueError:
        rate = -1.0
    if not 0 <= rate <= HIGHEST_RATE:
        raise argparse.ArgumentTypeError(f"{text!r} is no rate: use 0 to {HIGHEST_RATE:.0f}")
    return rate
