"""Answers of an engine in lines for people."""

from __future__ import annotations

import shutil
from datetime import UTC, datetime
from typing import TYPE_CHECKING

from cockpit.cli.output import Styled
from cockpit.metrics.engine import ResultKind
from cockpit.metrics.labels import NOTHING, notation, only, without
from cockpit.metrics.rules.templates.numbers import written
from cockpit.text import clean, width

if TYPE_CHECKING:
    from collections.abc import Sequence

    from cockpit.cli.output import Output
    from cockpit.metrics.engine import Answer, Line
    from cockpit.metrics.labels import Labels

_TIME_CELLS, _VALUE_CELLS, _GAP = 24, 12, 2


def say_answer(output: Output, answer: Answer, *, ordered: bool = False) -> None:
    """One series a line, its value first, sorted by labels unless they are `ordered`; over time, series side by
    side where they fit the terminal, else one below the other."""
    if answer.kind is ResultKind.STRING:
        output.say(answer.text)
    elif answer.kind is ResultKind.SCALAR:
        output.say(written(answer.samples[0].value))
    elif answer.kind is ResultKind.VECTOR:
        samples = answer.samples if ordered else sorted(answer.samples, key=lambda sample: sample.labels)
        rows = [(written(sample.value), notation(sample.labels)) for sample in samples]
        _table(output, ("VALUE", "SERIES"), rows, right=(0,))
    else:
        _say_lines(output, answer.lines)


def stamp(at: int) -> str:
    """Epoch milliseconds as RFC 3339, or as seconds where no calendar goes so far."""
    try:
        moment = datetime.fromtimestamp(at / 1000, UTC)
    except (OverflowError, ValueError, OSError):
        return f"{at / 1000:.3f}"
    return moment.isoformat(timespec="milliseconds" if at % 1000 else "seconds").replace("+00:00", "Z")


def _say_lines(output: Output, lines: Sequence[Line]) -> None:
    shared = _shared([line.labels for line in lines])
    heads = [notation(without(line.labels, {name for name, _ in shared})) for line in lines]
    cells = sum(_GAP + max(_VALUE_CELLS, width(clean(head))) for head in heads)
    if len(lines) > 1 and _TIME_CELLS + cells > shutil.get_terminal_size().columns:
        for number, line in enumerate(lines):
            if number:
                output.say()
            _side_by_side(output, [line], line.labels, ("VALUE",))
    elif lines:
        _side_by_side(output, lines, shared, heads if len(lines) > 1 else ("VALUE",))


def _side_by_side(output: Output, lines: Sequence[Line], shared: Labels, heads: Sequence[str]) -> None:
    """A row for each moment; what all series have in common stands above."""
    if shared:
        output.say(Styled(notation(shared), "bold"))
    columns = [dict(zip(line.times.tolist(), line.values.tolist(), strict=True)) for line in lines]
    moments = sorted(set().union(*columns))
    rows = [(stamp(at), *(written(each[at]) if at in each else "" for each in columns)) for at in moments]
    _table(output, ("TIME", *heads), rows, right=range(1, len(heads) + 1))


def _table(output: Output, head: Sequence[str], rows: Sequence[Sequence[str]], right: Sequence[int]) -> None:
    if rows:
        output.table(head, rows, right=right)


def _shared(sets: Sequence[Labels]) -> Labels:
    """The labels that all have with one value."""
    if not sets:
        return NOTHING
    same = set(sets[0]).intersection(*sets[1:])
    return only(sets[0], {name for name, _ in same})
