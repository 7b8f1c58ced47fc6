"""`make conformance`: how many evaluations of Prometheus' own test scripts come out as there."""

from __future__ import annotations

import sys
from collections import Counter
from collections.abc import Sequence
from pathlib import Path

from tests.cases import FOLDER
from tests.metrics.promql.runner import Outcome, Verdict, run

GOAL = 0.98


def outcomes(folder: Path) -> dict[str, list[Outcome]]:
    """The outcomes of each script in a folder."""
    return {path.name: list(run(path.read_text())) for path in sorted(folder.glob("*.test"))}


def share(each: Sequence[Outcome]) -> float:
    """Which part of those that could pass did."""
    counted = Counter(outcome.verdict for outcome in each)
    able = counted[Verdict.PASS] + counted[Verdict.MISS]
    return counted[Verdict.PASS] / able if able else 0.0


def report(by_script: dict[str, list[Outcome]]) -> str:
    """A table of counts, the total, and each miss with its place."""
    lines = [_row("script", "", [verdict.value for verdict in Verdict])]
    everything = [outcome for each in by_script.values() for outcome in each]
    for name, each in (*by_script.items(), ("total", everything)):
        counted = Counter(outcome.verdict for outcome in each)
        lines.append(_row(name, f"{share(each):.1%}", [str(counted[verdict]) for verdict in Verdict]))
    for name, each in by_script.items():
        misses = [outcome for outcome in each if outcome.verdict is Verdict.MISS]
        lines += [f"{name}:{miss.line}: {miss.expression}\n    {miss.reason}" for miss in misses]
    return "\n".join(lines)


def _row(name: str, rate: str, counts: Sequence[str]) -> str:
    return f"{name:22}{rate:>7}" + "".join(f"{count:>19}" for count in counts)


def main() -> int:
    """Print the report; 1 where the goal is missed, 0 where it is met or there are no scripts."""
    folder = FOLDER / "promqltest"
    if not folder.is_dir():
        sys.stdout.write("Prometheus' scripts are not here (COCKPIT_CASES names what holds promqltest/).\n")
        return 0
    by_script = outcomes(folder)
    sys.stdout.write(f"{report(by_script)}\n")
    return 0 if share([outcome for each in by_script.values() for outcome in each]) >= GOAL else 1


if __name__ == "__main__":
    sys.exit(main())
