"""`cockpit rules`: read alert and recording rules, and say what is wrong with them before they run.

`check` takes Prometheus rule files, or .toml files with [[metrics.groups]]; without any, the rules of config.toml.
With --metrics it also finds the rules that can never fire on what an endpoint exposes; with --live, on what the
service exposes now, or on the series of the engine that config.toml or --engine names. It ends with 1 where there
are errors; warnings and hints alone end with 0.
"""

from __future__ import annotations

import asyncio
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from cockpit.cli.exits import CommandError, Exit
from cockpit.cli.flags import add_command, headless
from cockpit.cli.measuring import add_measuring, asking
from cockpit.cli.saved import MEBIBYTE, read_saved

if TYPE_CHECKING:
    from argparse import Namespace
    from collections.abc import Iterable, Sequence

    from cockpit.cli.flags import Commands
    from cockpit.cli.output import Output
    from cockpit.config import Settings
    from cockpit.metrics.rules.findings import Finding, Reading
    from cockpit.metrics.rules.lint.known import KnownSeries

MOST_RULES = 16 * MEBIBYTE
"""Bytes of a rule file."""

_STYLES = {"error": "red", "warning": "yellow", "info": "dim"}


@dataclass(frozen=True, slots=True)
class _File:
    """A file of rules, and what reading it gave."""

    name: str
    reading: Reading


def add_parser(commands: Commands) -> None:
    """Add the command."""
    parser = commands.add_parser("rules", help="check alert rules", description=__doc__, allow_abbrev=False)
    deeds = parser.add_subparsers(title="commands", metavar="COMMAND", required=True)
    check = add_command(deeds, "check", "find what is wrong with rules", __doc__)
    check.add_argument("files", nargs="*", metavar="FILE", help="a rule file; without any, those of config.toml")
    held = check.add_mutually_exclusive_group()
    held.add_argument(
        "--metrics", metavar="FILE", help="what the endpoint exposes, saved: find rules that can never fire on it"
    )
    held.add_argument("--live", action="store_true", help="the same, on the series there are now")
    add_measuring(check)
    check.set_defaults(run=run)


def run(args: Namespace) -> int:
    """Check rules. Raises CommandError for a file that cannot be read."""
    from cockpit.metrics.rules.findings import Severity
    from cockpit.metrics.rules.lint.run import lint

    if not args.live and (hasattr(args, "engine") or args.seconds is not None):
        message = "--for and --engine say where the series of --live come from"
        raise CommandError(message, "add --live, or leave them out", kind="usage", code=Exit.USAGE)
    settings, output = headless(args)
    files = [_File(name, _reading(name)) for name in args.files] or _configured(settings)
    known = None if args.metrics is None else _known(args.metrics)
    if args.live:
        known = asyncio.run(_living(settings, args.seconds, output))
    groups = [group for file in files for group in file.reading.groups]
    findings = [finding for file in files for finding in file.reading.findings]
    findings = sorted((*findings, *lint(groups, known)), key=lambda each: (each.place.file, each.place.line))
    _say(output, files, findings)
    output.answer({"files": [_as_json(file, findings) for file in files]})
    failed = any(finding.severity is Severity.ERROR for finding in findings)
    return Exit.FAILED if failed else Exit.OK


def _configured(settings: Settings) -> list[_File]:
    """The rules that config.toml holds, and those of the files it names."""
    from cockpit.wiring.rules import own_rules, rule_files

    return [_File(*own_rules(settings)), *(_File(path, _reading(path)) for path in map(str, rule_files(settings)))]


def _reading(name: str) -> Reading:
    from cockpit.metrics.rules.files import read_rules

    if name.endswith(".toml"):
        from cockpit.config.toml import read_toml
        from cockpit.wiring.rules import rules_in

        tree, places = read_toml(Path(name))
        section = tree.get("metrics")
        return rules_in(section.get("groups", ()) if isinstance(section, dict) else (), name, places)
    saved = read_saved(name, MOST_RULES)
    return read_rules(saved.text, saved.name)


def _known(name: str) -> KnownSeries:
    from cockpit.metrics.exposed import ExpositionError
    from cockpit.metrics.exposition.reader import Reader
    from cockpit.metrics.rules.lint.known import exposed_series

    saved = read_saved(name)
    try:
        exposed = Reader().read(saved.content)
    except ExpositionError as error:
        raise saved.refused(str(error), "save what the metrics endpoint answers") from None
    if not len(exposed.ids):
        mend = "save it while metrics are on"
        raise saved.refused(f"no metrics in it: {exposed.comment or 'it is empty'}", mend)
    return exposed_series(exposed)


async def _living(settings: Settings, seconds: float | None, output: Output) -> KnownSeries:
    """The series there are now. Raises CommandError and SourceError."""
    from cockpit.metrics.engine import QueryError
    from cockpit.metrics.rules.lint.known import KnownSeries

    async with asking(settings, seconds, output) as engine:
        try:
            return KnownSeries(await engine.series(""), await engine.families())
        except QueryError as error:
            raise CommandError(str(error), error.mend, kind=error.kind) from None


def _say(output: Output, files: Sequence[_File], findings: Iterable[Finding]) -> None:
    from cockpit.cli.output import Styled

    for finding in findings:
        word = finding.severity.value
        output.say(Styled(f"{word:<7}", _STYLES[word]), f" {finding}")
        if finding.mend:
            output.say(Styled("        mend: ", "dim"), finding.mend)
    found = list(findings)
    for file in files:
        rules = sum(len(group.rules) for group in file.reading.groups)
        output.say(f"{file.name}: {rules} {'rule' if rules == 1 else 'rules'}, {_counted(file, found)}")


def _counted(file: _File, findings: Iterable[Finding]) -> str:
    words = [finding.severity.value for finding in findings if finding.place.file == file.name]
    counts = [(word, words.count(word)) for word in ("error", "warning") if word in words]
    return ", ".join(f"{count} {word}{'s' if count > 1 else ''}" for word, count in counts) or "nothing wrong"


def _as_json(file: _File, findings: Iterable[Finding]) -> dict[str, object]:
    """One file: file, valid (whether Prometheus would load it), rules, findings (severity, code, file, line, path,
    rule, message, mend)."""
    own = [finding for finding in findings if finding.place.file == file.name]
    return {
        "file": file.name,
        "valid": not any(finding.invalid for finding in own),
        "rules": sum(len(group.rules) for group in file.reading.groups),
        "findings": [
            {
                "severity": finding.severity.value,
                "code": finding.code,
                "file": finding.place.file,
                "line": finding.place.line,
                "path": finding.place.path,
                "rule": finding.rule,
                "message": finding.message,
                "mend": finding.mend,
            }
            for finding in own
        ],
    }
