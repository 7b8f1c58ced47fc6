"""Small storages and short answers for tests of the evaluator."""

from __future__ import annotations

from collections.abc import Sequence

from cockpit.metrics.labels import NAME, Labels, labels_of, notation
from cockpit.metrics.matchers import Matcher
from cockpit.metrics.promql.local import evaluate_instant, evaluate_range
from cockpit.metrics.series import STALE, Block, Storage
from tests.metrics.promql.memory import MemoryStorage

MINUTE = 60_000

Points = list[tuple[float, float]]


class BlockStorage:
    """Blocks as they are, cut to what is asked for."""

    def __init__(self, *blocks: Block) -> None:
        self.blocks = blocks

    def select(self, matchers: Sequence[Matcher], start: int, end: int) -> Sequence[Block]:
        """As the protocol Storage has it."""
        return [_cut(block, matchers, start, end) for block in self.blocks]


def _cut(block: Block, matchers: Sequence[Matcher], start: int, end: int) -> Block:
    rows = slice(*block.times.searchsorted([start, end], "right").tolist())
    columns = [at for at, labels in enumerate(block.labels) if all(each.matches(labels) for each in matchers)]
    labels = tuple(block.labels[column] for column in columns)
    return Block(labels, block.times[rows], block.values[rows][:, columns])


def series(metric: str, **labels: str) -> Labels:
    """A label set."""
    return labels_of({NAME: metric, **labels})


def every_minute(written: dict[Labels, str]) -> MemoryStorage:
    """Series of values at whole minutes from 0: a number, `_` for none, `stale` for the end."""
    storage = MemoryStorage()
    for labels, text in written.items():
        points = ((place * MINUTE, point) for place, point in enumerate(text.split()))
        storage.add(labels, [(at, _value(point)) for at, point in points if point != "_"])
    return storage


def _value(point: str) -> float:
    return STALE if point == "stale" else float(point)


def instant(expression: str, storage: Storage, at: int = 0) -> dict[str, float]:
    """The samples of an instant query by their series' notation, in their order."""
    answer = evaluate_instant(expression, storage, at)
    found = {notation(sample.labels): sample.value for sample in answer.samples}
    assert len(found) == len(answer.samples)
    return found


def ranged(expression: str, storage: Storage, minutes: int, step: int = MINUTE) -> dict[str, Points]:
    """The lines of a range query from 0, as (minute, value), by their series' notation."""
    answer = evaluate_range(expression, storage, 0, minutes * MINUTE, step)
    return {
        notation(line.labels): list(zip((line.times / MINUTE).tolist(), line.values.tolist(), strict=True))
        for line in answer.lines
    }
