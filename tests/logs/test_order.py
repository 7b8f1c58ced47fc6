from __future__ import annotations

import numpy as np
import pytest

from cockpit.logs.order import Order
from tests.logs.logged import NOON

ROUNDS = 60
"""Enough for its buffers to be made anew, and moved, several times."""


@pytest.mark.parametrize("seed", range(12))
def test_rows_that_come_anywhere_and_leave_anywhere(seed: int) -> None:
    noise, order = np.random.default_rng(seed), Order()
    batches: list[tuple[int, np.ndarray[tuple[int], np.dtype[np.int64]]]] = []
    first = 0
    for _ in range(ROUNDS):
        begin, width = noise.integers(0, 5_000), noise.choice([1, 30, 3_000])
        times = NOON + begin + noise.integers(0, width, noise.integers(1, 600))
        last = int(order.times[-1]) if len(order) else 0
        assert order.insert(times, first) == (int(times.min()) >= last)
        batches.append((first, times))
        first += len(times)
        if noise.random() < 0.45:
            base, gone = batches.pop(int(noise.integers(len(batches))))
            order.remove(base, base + len(gone), int(gone.min()), int(gone.max()))
        every = np.concatenate([times for _, times in batches] or [np.empty(0, np.int64)])
        ids = np.concatenate([base + np.arange(len(times)) for base, times in batches] or [np.empty(0, np.int64)])
        expected = np.lexsort((ids, every))
        assert np.array_equal(order.ids, ids[expected])
        assert np.array_equal(order.times, every[expected])


def test_what_was_looked_at_stays_while_rows_come_behind() -> None:
    order = Order()
    order.insert(np.arange(NOON, NOON + 10), 0)
    ids, times = order.ids, order.times
    for number in range(1, 1_000):
        assert order.insert(np.arange(NOON, NOON + 10) + number * 10, number * 10)
    assert ids.tolist() == list(range(10))
    assert times.tolist() == list(range(NOON, NOON + 10))


def test_room_is_bounded_while_rows_come_and_go() -> None:
    order = Order()
    for number in range(2_000):
        order.insert(np.full(50, NOON + number), number * 50)
        if number >= 100:
            gone = number - 100
            order.remove(gone * 50, gone * 50 + 50, NOON + gone, NOON + gone)
    assert len(order) == order.size // 16 == 5_000
    assert len(order.ids.base) < 10_000  # type: ignore[arg-type]
    assert order.place(2_000 * 50 - 1, NOON + 1_999) == 4_999
    assert (order.at(0), order.at(NOON + 1_950), order.at(NOON + 5_000)) == (0, 50 * 50, 5_000)
