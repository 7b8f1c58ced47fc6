"""The flags that every command shares, and the settings they make."""

from __future__ import annotations

import os
from argparse import SUPPRESS, ArgumentParser
from typing import TYPE_CHECKING, NoReturn

from cockpit.cli.exits import CommandError, Exit

if TYPE_CHECKING:
    from argparse import Namespace, _SubParsersAction
    from pathlib import Path

    from cockpit.cli.output import Output
    from cockpit.config import Settings

    Commands = _SubParsersAction[ArgumentParser]

_SETTINGS = {
    "project": "service.project",
    "region": "service.region",
    "service": "service.name",
    "endpoint": "service.endpoint",
    "engine": "metrics.engine",
}


class Parser(ArgumentParser):
    """A parser whose errors are CommandErrors: one line and a mend, as everything else that goes wrong."""

    def error(self, message: str) -> NoReturn:
        """Raise what argparse found wrong."""
        raise CommandError(message, f"see `{self.prog} --help`", kind="usage", code=Exit.USAGE)


def add_shared(parser: ArgumentParser) -> None:
    """--config, --project, --region, --service and --endpoint. They may stand before the command too."""
    group = parser.add_argument_group("which service")
    for name, metavar, text in (
        ("config", "FILE", "settings, in place of your own config.toml"),
        ("project", "ID", "the Google Cloud project"),
        ("region", "REGION", "the region, like europe-west1"),
        ("service", "NAME", "the Cloud Run service"),
        ("endpoint", "HOST:PORT", "a local Cloud Run (see `cockpit simulate`)"),
    ):
        # Suppressed, so that a flag left out after the command does not undo one given before it.
        group.add_argument(f"--{name}", metavar=metavar, help=text, default=SUPPRESS)


def add_command(
    commands: Commands, name: str, summary: str, description: str | None, *, json: bool = True
) -> ArgumentParser:
    """A command's parser with the shared flags and, where `json` says so, --json."""
    parser: ArgumentParser = commands.add_parser(name, help=summary, description=description, allow_abbrev=False)
    if json:
        parser.add_argument(
            "--json", action="store_true", help="one JSON value on standard output, with stable keys"
        )
    add_shared(parser)
    return parser


def headless(args: Namespace) -> tuple[Settings, Output]:
    """What a command without a screen starts from: its settings and where it writes. Raises ConfigError.

    Logging goes to the log file: what a command has to say, it says itself.
    """
    from cockpit.cli.output import Output

    settings = settings_of(args)
    log_to(settings.log_path)
    return settings, Output(as_json=args.json)


def settings_of(args: Namespace) -> Settings:
    """The settings that files, environment and these flags make. Raises ConfigError."""
    from cockpit.config import load

    given = {key: (getattr(args, name), f"--{name}") for name, key in _SETTINGS.items() if hasattr(args, name)}
    return load(getattr(args, "config", None), os.environ, given)


def shared_of(args: Namespace) -> list[str]:
    """The shared flags that were given, as words for another command line."""
    given = [(name, getattr(args, name)) for name in ("config", *_SETTINGS) if hasattr(args, name)]
    return [word for name, value in given for word in (f"--{name}", value)]


def log_to(path: Path) -> None:
    """Write what is logged to a file from here on."""
    import logging

    handler: logging.Handler = logging.NullHandler()
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        handler = logging.FileHandler(path, encoding="utf-8", errors="backslashreplace")
    except OSError as error:
        # A log that cannot be kept is no reason to refuse a status, still less a roll-back.
        logging.getLogger(__name__).debug("no log file: %s", error)
    handler.setFormatter(logging.Formatter("%(asctime)s %(levelname)s %(name)s: %(message)s"))
    logging.getLogger().addHandler(handler)
