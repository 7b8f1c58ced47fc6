"""The command line. One module a command; only the chosen one is imported, and nothing heavy by any at its top."""

from __future__ import annotations

import argparse
import importlib
import sys
from typing import TYPE_CHECKING

from cockpit.cli.exits import EXITS_IN_WORDS, as_command_error
from cockpit.cli.flags import Parser, add_shared
from cockpit.cli.when import with_signs

if TYPE_CHECKING:
    from collections.abc import Sequence

COMMANDS = {
    "watch": "the terminal app; also what runs without a command",
    "open": "logs in files, on the screen: what was downloaded, what grows, what a pipe brings",
    "serve": "the same app in a browser on this machine, read-only",
    "screenshot": "a picture of any screen, of a recording at any time or of a service as it is",
    "replay": "a recording in the terminal app: a rollout looked at again",
    "demo": "a local Cloud Run with live load, and the terminal app on it",
    "simulate": "a local Cloud Run that speaks the real protocols",
    "services": "list the services of a region",
    "fleet": "every service of the configured projects and regions, the worst first",
    "status": "a service: what was asked, what serves, what was observed",
    "revisions": "the revisions of a service, their states and images",
    "plan": "show what a change would do, and change nothing",
    "shift": "move traffic between revisions",
    "rollback": "restore the split before the last change, whoever made it",
    "undo": "restore the exact targets before the cockpit's last change",
    "tag": "list, put or remove the tags of revisions",
    "history": "the journal: every change made from here, and how it ended",
    "events": "what happened to a service: revisions, traffic, instances, alerts, errors, notes",
    "recordings": "what was recorded: every session on the screen",
    "export": "one incident of a recording as a file to hand on",
    "metrics": "the signals of canary and stable beside each other, and how they are scraped",
    "alerts": "how the alert rules stand",
    "query": "what a PromQL expression comes to: live, on saved metrics, or on another engine",
    "logs": "log entries that a query finds: of the service, live, or of a file",
    "logs digest": "what the logs say: endpoints, errors, scanners, instances",
    "app": "what the application says of itself: its health at every URL, and its timelines",
    "rules": "check alert rules: syntax, habits, and rules that can never fire",
    "dashboard": "what is in a Grafana dashboard, and what of it is supported",
    "doctor": "check configuration, credentials, permissions, reachability and clock",
}


def run(argv: Sequence[str]) -> int:
    """Run one command line and answer its exit code. Nothing foreseen ends in a traceback."""
    words, command = _with_command(with_signs(argv))
    if command == "logs":
        from cockpit.cli.log_words import sorted_out

        words, command = sorted_out(words)
    try:
        args = _parser(command).parse_args(words)
        return int(args.run(args))
    except SystemExit as stop:
        return int(stop.code or 0)
    except KeyboardInterrupt:
        return _interrupted()
    except Exception as error:
        known = as_command_error(error)
        if known is None:
            raise
        from cockpit.cli.output import Output

        Output(as_json="--json" in words).error(known)
        return known.code


def _with_command(words: list[str]) -> tuple[list[str], str]:
    """The words with a command in them, `watch` where none is given, and that command ("" for --help alone)."""
    leading = argparse.ArgumentParser(add_help=False, allow_abbrev=False, exit_on_error=False)
    add_shared(leading)
    try:
        _, rest = leading.parse_known_args(words)
        complete = True
    except argparse.ArgumentError:
        # A flag without its value: the parser that comes says so.
        rest, complete = words, False
    command = next((word for word in rest if not word.startswith("-")), "")
    if command or not complete or {"-h", "--help", "--version"} & set(rest):
        return words, command
    return ["watch", *words], "watch"


def _parser(command: str) -> argparse.ArgumentParser:
    parser = Parser(
        prog="cockpit",
        description="A terminal cockpit for release monitoring on Google Cloud Run.",
        epilog=EXITS_IN_WORDS,
        formatter_class=argparse.RawDescriptionHelpFormatter,
        allow_abbrev=False,
    )
    parser.add_argument("--version", action=_Version)
    add_shared(parser)
    commands = parser.add_subparsers(title="commands", metavar="COMMAND", required=True)
    for name, text in COMMANDS.items():
        if name == command:
            importlib.import_module(f"cockpit.cli.{name.replace(' ', '_')}").add_parser(commands)
        else:
            commands.add_parser(name, help=text)
    return parser


class _Version(argparse.Action):
    def __init__(self, option_strings: Sequence[str], dest: str) -> None:
        super().__init__(option_strings, dest, nargs=0, help="the cockpit's version")

    def __call__(self, parser: argparse.ArgumentParser, *_: object) -> None:
        from importlib.metadata import version

        parser.exit(message=f"cockpit {version('cockpit')}\n")


def _interrupted() -> int:
    sys.stderr.write("\ncockpit: interrupted; nothing was changed\n")
    return 128 + 2
