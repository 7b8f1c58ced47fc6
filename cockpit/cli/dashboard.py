"""`cockpit dashboard`: what is in a Grafana dashboard, and what of it is supported here.

It lists the panels and variables of dashboards that Grafana exported as classic JSON; without a file, of those
that config.toml names. With --check it says, part by part, what is wrong or not supported: expressions that the
engine would refuse, with the place, variables nobody knows, other data sources, library panels, transformations.
It ends with 0, with --check and something found with 1, and with 2 for a file that is no dashboard.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from cockpit.cli.exits import Exit
from cockpit.cli.flags import add_command, headless
from cockpit.cli.saved import read_saved

if TYPE_CHECKING:
    from argparse import Namespace
    from collections.abc import Iterable, Iterator

    from cockpit.cli.flags import Commands
    from cockpit.cli.output import Piece
    from cockpit.config import Settings
    from cockpit.metrics.dashboards.check import Finding
    from cockpit.metrics.dashboards.model import Dashboard, Panel, Row, Target, Variable


@dataclass(frozen=True, slots=True)
class _File:
    """A file, the dashboard in it, and what was found in that."""

    name: str
    dashboard: Dashboard
    findings: tuple[Finding, ...]


def add_parser(commands: Commands) -> None:
    """Add the command."""
    parser = add_command(commands, "dashboard", "what is in a Grafana dashboard, and what is supported", __doc__)
    parser.add_argument(
        "files", nargs="*", metavar="FILE", help="dashboard JSON; without any, those of config.toml"
    )
    parser.add_argument(
        "--check", action="store_true", help="only what is wrong or not supported; 1 where something is"
    )
    parser.set_defaults(run=run)


def run(args: Namespace) -> int:
    """List or check dashboards. Raises CommandError for a file that cannot be read."""
    settings, output = headless(args)
    files = [_read(name) for name in args.files or _configured(settings)]
    for at, file in enumerate(files):
        if not args.check:
            output.lines([*([()] if at else []), *_listed(file)])
        else:
            output.lines(_checked(file))
    output.answer({"files": [_as_json(file) for file in files]})
    return Exit.FAILED if args.check and any(file.findings for file in files) else Exit.OK


def _configured(settings: Settings) -> list[str]:
    return [str(path) for path in settings.dashboard_files]


def _read(name: str) -> _File:
    """One dashboard. Raises CommandError."""
    from cockpit.metrics.dashboards.check import check
    from cockpit.metrics.dashboards.errors import DashboardError
    from cockpit.metrics.dashboards.reading.dashboard import MOST_BYTES, read_dashboard

    saved = read_saved(name, MOST_BYTES)
    try:
        dashboard = read_dashboard(saved.content)
    except DashboardError as error:
        raise saved.refused(str(error), error.mend) from None
    return _File(saved.name, dashboard, check(dashboard))


def _listed(file: _File) -> Iterator[tuple[Piece, ...]]:
    """What is in a dashboard: its variables, and its panels row by row, with what is amiss at each."""
    from cockpit.cli.output import Styled

    dashboard = file.dashboard
    yield Styled(dashboard.title, "bold"), Styled(f"  {file.name}", "dim")
    yield f"  {_counted(dashboard)}", Styled(f"  {dashboard.time.start} to {dashboard.time.end}", "dim")
    by_panel: dict[str, list[Finding]] = {}
    for finding in file.findings:
        by_panel.setdefault(finding.panel_place, []).append(finding)
    for variable in dashboard.variables:
        yield f"  ${variable.name}  ", Styled(f"{variable.kind.value}  {_source(variable)}", "dim")
    yield from _noted(by_panel.get("", ()), "    ")
    for row in dashboard.rows:
        yield from _row(row)
        for panel in row.panels:
            findings = by_panel.get(panel.place, [])
            mark = Styled("!", "yellow") if findings else Styled("✓", "green")
            questions = len(panel.targets)
            asked = f"  {questions} {'question' if questions == 1 else 'questions'}" if questions else ""
            yield "  ", mark, f" {panel.type_name:<12} {panel.title}", Styled(asked, "dim")
            yield from _noted(findings, "      ")


def _row(row: Row) -> Iterator[tuple[Piece, ...]]:
    from cockpit.cli.output import Styled

    if row.headed:
        yield "  ", Styled(row.title or "a row", "bold"), Styled("  collapsed" if row.collapsed else "", "dim")


def _noted(findings: Iterable[Finding], indent: str) -> Iterator[tuple[Piece, ...]]:
    for finding in findings:
        yield (f"{indent}{_placed(finding)}{finding.message}",)


def _checked(file: _File) -> Iterator[tuple[Piece, ...]]:
    """What was found, with the place and the mend of each, and a line for the file."""
    from cockpit.cli.output import Styled
    from cockpit.cli.query import pointed

    for finding in file.findings:
        word, style = ("lacks", "yellow") if finding.code == "lacks" else ("error", "red")
        place = f"{file.name}: {finding.place}: " if finding.place else f"{file.name}: "
        about = f"{finding.panel}: " if finding.panel else ""
        yield Styled(f"{word:<7}", style), f" {place}{about}{finding.message.removeprefix('lacks ')}"
        for line in pointed(finding.expression, finding.position) if finding.expression else ():
            yield (f"          {line}",)
        if finding.mend:
            yield Styled("        mend: ", "dim"), finding.mend
    lacks = sum(finding.code == "lacks" for finding in file.findings)
    errors = len(file.findings) - lacks
    words = [f"{errors} {'error' if errors == 1 else 'errors'}"] if errors else []
    words += [f"{lacks} not supported"] if lacks else []
    yield (f"{file.name}: {_counted(file.dashboard)}, {', '.join(words) or 'all supported'}",)


def _counted(dashboard: Dashboard) -> str:
    panels, variables = len(dashboard.panels), len(dashboard.variables)
    words = [f"{panels} {'panel' if panels == 1 else 'panels'}"]
    words += [f"{variables} {'variable' if variables == 1 else 'variables'}"] if variables else []
    return ", ".join(words)


def _placed(finding: Finding) -> str:
    """The part of the panel that is meant, its own place left out."""
    inner = finding.place.removeprefix(finding.panel_place).lstrip(".")
    return f"{inner}: " if inner else ""


def _source(variable: Variable) -> str:
    return variable.query or ", ".join(option.text for option in variable.options)


def _as_json(file: _File) -> dict[str, object]:
    """One file: file, title, uid, schema, supported, variables (name, kind, query, current), panels (id, title,
    type, kind, row, place, targets, missing) and findings (code, place, panel, message, mend, expression,
    position)."""
    dashboard = file.dashboard
    return {
        "file": file.name,
        "title": dashboard.title,
        "uid": dashboard.uid,
        "schema": dashboard.schema,
        "supported": not file.findings,
        "variables": [
            {"name": each.name, "kind": each.kind.value, "query": each.query, "current": list(each.current)}
            for each in dashboard.variables
        ],
        "panels": [_panel_as_json(row, panel) for row in dashboard.rows for panel in row.panels],
        "findings": [
            {
                "code": each.code,
                "place": each.place,
                "panel": each.panel,
                "message": each.message,
                "mend": each.mend,
                "expression": each.expression,
                "position": each.position,
            }
            for each in file.findings
        ],
    }


def _panel_as_json(row: Row, panel: Panel) -> dict[str, object]:
    return {
        "id": panel.id,
        "title": panel.title,
        "type": panel.type_name,
        "kind": panel.kind.value,
        "row": row.title,
        "place": panel.place,
        "targets": [_target_as_json(target) for target in panel.targets],
        "missing": list(panel.missing),
    }


def _target_as_json(target: Target) -> dict[str, object]:
    return {"ref": target.ref, "expression": target.expression, "legend": target.legend, "hidden": target.hidden}
