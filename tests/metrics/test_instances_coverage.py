from __future__ import annotations

import numpy as np
import pytest

from cockpit.metrics.coverage import Watched, chao1, coverage


@pytest.mark.parametrize(
    ("counts", "estimate"),
    [
        ([], 0.0),
        ([1], 1.0),
        ([4], 1.0),
        ([5, 3, 2], 3.0),
        ([1, 1], 2.5),
        # 7 picks, f1 = 3, f2 = 2: 5 + 6/7 · 3·2 / (2·3).
        ([1, 1, 1, 2, 2], 5 + 6 / 7),
    ],
)
def test_chao1(counts: list[int], estimate: float) -> None:
    assert chao1(counts) == pytest.approx(estimate)


@pytest.mark.parametrize("alive", [1, 2, 5, 8, 20])
def test_the_number_of_instances_is_about_right_from_few_scrapes(alive: int) -> None:
    random = np.random.default_rng(alive)
    estimates = []
    for _ in range(500):
        _, counts = np.unique(random.integers(0, alive, 3 * alive), return_counts=True)
        estimates.append(chao1(counts.tolist()))
    assert np.mean(estimates) == pytest.approx(alive, rel=0.1)


def test_one_sighting_tells_nothing_about_the_others() -> None:
    found = coverage([Watched(1, 0, 60_000)])
    assert (found.seen, found.estimated, found.share, found.sightings) == (1, 1.0, 0.0, 1)


def test_all_seen_throughout_is_full_coverage() -> None:
    assert coverage([Watched(12, 55_000, 60_000)] * 3).share == 1.0


def test_part_of_the_time_is_part_of_the_coverage() -> None:
    assert coverage([Watched(12, 55_000, 60_000), Watched(3, 20_000, 60_000)]).share == pytest.approx(
        (1 + 20 / 60 / 0.85) / 2
    )


def test_what_the_log_knows_counts() -> None:
    found = coverage([Watched(12, 55_000, 60_000)] * 2, hint=4)
    assert (found.estimated, found.share) == (4.0, 0.5)


def test_what_was_not_met_is_not_seen() -> None:
    assert coverage([]).share == 0.0
    found = coverage([Watched(0, 0, 60_000), Watched(12, 55_000, 60_000)])
    assert (found.seen, found.share) == (1, 1.0)


def test_what_has_just_begun_is_not_held_against_it() -> None:
    assert coverage([Watched(3, 0, 0)]).share == 1.0
