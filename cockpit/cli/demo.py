"""`cockpit demo`: a local Cloud Run with live load, and the terminal app on it. Nothing outside is touched."""

from __future__ import annotations

import json
import os
import subprocess
import sys
import tempfile
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any

from cockpit.cli.exits import CommandError, Exit
from cockpit.cli.watch import need_terminal, open_app

if TYPE_CHECKING:
    from argparse import ArgumentParser, Namespace, _SubParsersAction
    from collections.abc import Iterator

STOP_SECONDS = 10.0


def add_parser(commands: _SubParsersAction[ArgumentParser]) -> None:
    """Add the command."""
    parser = commands.add_parser("demo", help="a local Cloud Run and the app on it", description=__doc__)
    parser.add_argument("scenario", nargs="?", default="healthy", help="one of `simulate --list` (healthy)")
    parser.add_argument("--seed", type=int, default=0, help="the seed of everything random (0)")
    parser.add_argument("--keep", metavar="FOLDER", help="keep the recording there, for `cockpit replay`")
    parser.add_argument("--config", metavar="FILE", help="settings, in place of your own config.toml")
    parser.set_defaults(run=run)


def run(args: Namespace) -> int:
    """Start the local Cloud Run, run the app on it until the user leaves, and end it."""
    from cockpit.config import load

    need_terminal()
    with _simulator(args.scenario, args.seed) as ready, tempfile.TemporaryDirectory() as state:
        # A journal of its own: what is tried here must not be offered as an undo to the real service of that name.
        given = {
            "service.endpoint": ready["endpoint"],
            "service.project": ready["project"],
            "service.region": ready["region"],
            "service.name": "" if args.scenario == "busy-fleet" else ready["service"],
            "journal.path": f"{state}/journal.sqlite3",
            "layout.path": f"{state}/layout.json",
            "recording.folder": args.keep or f"{state}/recordings",
        }
        return open_app(
            load(args.config, os.environ, {key: (value, "cockpit demo") for key, value in given.items()})
        )


@contextmanager
def _simulator(scenario: str, seed: int) -> Iterator[dict[str, Any]]:
    """A simulator in a process of its own, tied to this one by its standard input: neither outlives the other."""
    command = [sys.executable, "-m", "cockpit", "simulate", scenario, "--until-eof", "--seed", str(seed)]
    print("starting a local Cloud Run …", file=sys.stderr, flush=True)
    # In a session of its own, so that ctrl+c in the terminal reaches the app alone.
    process = subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, start_new_session=True)
    assert process.stdin is not None
    assert process.stdout is not None
    try:
        line = process.stdout.readline()
        if not line:
            # It has said why on standard error.
            raise CommandError("the local Cloud Run did not start", code=Exit(process.wait()))
        yield json.loads(line)
    finally:
        process.stdin.close()
        try:
            process.wait(STOP_SECONDS)
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait()
        process.stdout.close()
