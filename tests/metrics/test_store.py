from __future__ import annotations

from random import Random

import numpy as np
import pytest

from cockpit.metrics.exposed import SeriesTable
from cockpit.metrics.labels import Labels, labels_of
from cockpit.metrics.matchers import Matcher, Op
from cockpit.metrics.series import is_stale
from cockpit.metrics.store import Store
from tests.metrics.scraped import FAR_AHEAD, LONG_AGO, Exposition, equal, named, samples

HOUR = 3_600_000
MINUTE = 60_000
STEP = 5_000
BEGIN = 1_700_000_000_000

Lines = dict[Labels, list[tuple[int, float | None]]]

TARGET = {"service": "app", "revision": "app-1", "tag": "canary", "instance": "a"}
UP, LOAD, HITS = named("up"), named("load"), named("hits_total")


@pytest.fixture
def store() -> Store:
    return Store(HOUR, 64 << 20)


@pytest.fixture
def exposition() -> Exposition:
    return Exposition()


def of_target(labels: Labels, **changes: str) -> Labels:
    return labels_of({**dict(labels), **TARGET, **changes})


def test_series_carry_the_labels_of_their_target(store: Store, exposition: Exposition) -> None:
    track = store.track(TARGET)
    store.append(track, BEGIN, exposition.scrape({named("load", path="/"): 2.0}))
    assert samples(store, equal(name="load")) == {
        labels_of({"__name__": "load", "path": "/", **TARGET}): [(BEGIN, 2.0)]
    }


def test_labels_the_target_owns_are_renamed_as_prometheus_does(store: Store, exposition: Exposition) -> None:
    track = store.track({"service": "app", "revision": "app-1"})
    exposed = {
        named("load", instance="x", tag="y"): 1.0,
        named("load", instance="x", exported_instance="z"): 2.0,
    }
    store.append(track, BEGIN, exposition.scrape(exposed))
    common = {"__name__": "load", "service": "app", "revision": "app-1"}
    assert set(samples(store, [])) == {
        # Also where the target leaves a name empty: a series must not change its labels when a tag comes or goes.
        labels_of({**common, "exported_instance": "x", "exported_tag": "y"}),
        labels_of({**common, "exported_exported_instance": "x", "exported_instance": "z"}),
    }


def test_a_target_gives_its_own_labels_only(store: Store) -> None:
    with pytest.raises(ValueError, match="no label 'job': it gives instance, revision, service, tag"):
        store.track({"job": "app"})


def test_a_series_missing_from_a_scrape_has_ended_there(store: Store, exposition: Exposition) -> None:
    track = store.track(TARGET)
    store.append(track, BEGIN, exposition.scrape({UP: 1.0, LOAD: 2.0}))
    store.append(track, BEGIN + STEP, exposition.scrape({UP: 1.0}))
    store.append(track, BEGIN + 2 * STEP, exposition.scrape({UP: 0.0, LOAD: 3.0}))
    assert samples(store, equal(name="load")) == {
        of_target(LOAD): [(BEGIN, 2.0), (BEGIN + STEP, None), (BEGIN + 2 * STEP, 3.0)]
    }


def test_a_process_that_is_gone_leaves_instant_vectors(store: Store, exposition: Exposition) -> None:
    track = store.track(TARGET)
    store.append(track, BEGIN, exposition.scrape({UP: 1.0}))
    store.end(track, BEGIN + STEP)
    store.end(track, BEGIN + 2 * STEP)
    [block] = store.select(equal(name="up"), LONG_AGO, FAR_AHEAD)
    assert block.times.tolist() == [BEGIN, BEGIN + STEP]
    assert is_stale(block.values[-1]).all()
    assert store.series() == []
    store.append(track, BEGIN + 3 * STEP, exposition.scrape({UP: 1.0}))
    assert store.series() == [of_target(UP)]


def test_the_range_is_open_at_its_start_and_closed_at_its_end(store: Store, exposition: Exposition) -> None:
    track = store.track(TARGET)
    for row in range(4):
        store.append(track, BEGIN + row * STEP, exposition.scrape({UP: float(row)}))
    [line] = samples(store, equal(name="up"), BEGIN, BEGIN + 2 * STEP).values()
    assert line == [(BEGIN + STEP, 1.0), (BEGIN + 2 * STEP, 2.0)]


def test_what_was_selected_stays_as_it_was(store: Store, exposition: Exposition) -> None:
    track = store.track(TARGET)
    store.append(track, BEGIN, exposition.scrape({UP: 1.0, HITS: 5.0}))
    [block] = store.select([], LONG_AGO, FAR_AHEAD)
    before = block.times.copy(), block.values.copy()
    for row in range(1, 300):
        new = {named("new_total", number=str(row)): 1.0}
        store.append(track, BEGIN + row * STEP, exposition.scrape({UP: 9.0, HITS: 9.0, **new}))
    assert (block.times == before[0]).all()
    assert (block.values == before[1]).all()


def test_a_row_that_is_no_newer_is_refused_and_counted(store: Store, exposition: Exposition) -> None:
    track = store.track(TARGET)
    assert store.append(track, BEGIN, exposition.scrape({UP: 1.0}))
    assert not store.append(track, BEGIN, exposition.scrape({UP: 2.0}))
    assert not store.append(track, BEGIN - STEP, exposition.scrape({UP: 3.0}))
    assert samples(store, []) == {of_target(UP): [(BEGIN, 1.0)]}
    assert store.usage().late == 2


def test_a_clock_set_back_takes_the_future_with_it(store: Store, exposition: Exposition) -> None:
    track, other = store.track(TARGET), store.track({**TARGET, "instance": "b"})
    for row in range(300):
        store.append(track, BEGIN + row * STEP, exposition.scrape({UP: float(row)}))
    store.append(other, BEGIN + 299 * STEP, exposition.scrape({UP: 1.0}))
    back = BEGIN + 100 * STEP + 1
    assert store.append(track, back, exposition.scrape({UP: -1.0}))
    [(labels, line)] = samples(store, []).items()
    assert labels == of_target(UP)
    assert line == [(BEGIN + row * STEP, float(row)) for row in range(101)] + [(back, -1.0)]
    assert store.newest == back
    assert store.append(other, back + STEP, exposition.scrape({UP: 1.0}))


def test_a_counter_that_appears_in_a_known_process_began_at_zero(store: Store, exposition: Exposition) -> None:
    track = store.track(TARGET)
    counters = np.array([False, True])
    store.append(track, BEGIN, exposition.scrape({UP: 1.0}), counters[:1])
    failed, gauge = named("failed_total"), named("size")
    store.append(track, BEGIN + STEP, exposition.scrape({UP: 1.0, failed: 3.0}), counters)
    store.append(
        track,
        BEGIN + 2 * STEP,
        exposition.scrape({UP: 1.0, failed: 4.0, gauge: 7.0}),
        np.array([False, True, False]),
    )
    assert samples(store, equal(name="failed_total")) == {
        of_target(failed): [(BEGIN, 0.0), (BEGIN + STEP, 3.0), (BEGIN + 2 * STEP, 4.0)]
    }
    assert samples(store, equal(name="size")) == {of_target(gauge): [(BEGIN + 2 * STEP, 7.0)]}


def test_the_zero_is_there_at_every_row_a_counter_may_appear_in(store: Store, exposition: Exposition) -> None:
    """Also where the row before is the last of its chunk."""
    track = store.track(TARGET)
    values = {UP: 1.0}
    for row in range(300):
        at = BEGIN + row * STEP
        values[named("new_total", number=str(row))] = 5.0
        flags = np.array([name != UP for name in values])
        store.append(track, at, exposition.scrape(values), flags)
        if row:
            line = samples(store, equal(name="new_total", number=str(row)))
            assert line == {of_target(named("new_total", number=str(row))): [(at - STEP, 0.0), (at, 5.0)]}


def test_samples_with_old_times_of_their_own_are_left_out(store: Store, exposition: Exposition) -> None:
    track = store.track(TARGET)
    values = {UP: 1.0, LOAD: 2.0, HITS: 3.0}
    stamps = {LOAD: BEGIN - 6 * MINUTE, HITS: BEGIN - MINUTE}
    store.append(track, BEGIN, exposition.scrape(values, stamps))
    assert samples(store, []) == {of_target(UP): [(BEGIN, 1.0)], of_target(HITS): [(BEGIN, 3.0)]}


def test_a_relabelled_track_takes_its_past_along(store: Store, exposition: Exposition) -> None:
    track = store.track({"service": "app", "instance": "a"})
    app = named("load", instance="own")
    store.append(track, BEGIN, exposition.scrape({UP: 1.0, app: 2.0}))
    assert len(store.select(equal(instance="a", revision=""), LONG_AGO, FAR_AHEAD)) == 1
    store.relabel(track, TARGET)
    store.append(track, BEGIN + STEP, exposition.scrape({UP: 2.0, app: 3.0}))
    assert samples(store, []) == {
        of_target(UP): [(BEGIN, 1.0), (BEGIN + STEP, 2.0)],
        of_target(named("load", exported_instance="own")): [(BEGIN, 2.0), (BEGIN + STEP, 3.0)],
    }
    assert store.select(equal(revision=""), LONG_AGO, FAR_AHEAD) == []


def test_written_samples_keep_their_labels_and_have_rows_by_source(store: Store) -> None:
    first, second = named("job:errors", instance="any"), named("job:rate")
    store.append_samples(BEGIN, [(first, 1.0)], "rules")
    store.append_samples(BEGIN, [(second, 2.0)], "rules")
    store.append_samples(BEGIN + 1, [(UP, 1.0)], "https://app")
    store.append_samples(BEGIN + STEP, [(second, 3.0)], "rules")
    assert not store.append_samples(BEGIN, [(second, 4.0)], "rules")
    assert samples(store, []) == {
        first: [(BEGIN, 1.0), (BEGIN + STEP, None)],
        second: [(BEGIN, 2.0), (BEGIN + STEP, 3.0)],
        UP: [(BEGIN + 1, 1.0)],
    }
    assert store.series("up") == [UP]


def test_a_label_set_that_two_claim_is_the_first_ones(store: Store, exposition: Exposition) -> None:
    store.append(store.track(TARGET), BEGIN, exposition.scrape({UP: 1.0}))
    store.append_samples(BEGIN, [(of_target(UP), 2.0), (LOAD, 3.0)], "rules")
    store.append_samples(BEGIN, [(LOAD, 4.0)], "other rules")
    assert samples(store, []) == {of_target(UP): [(BEGIN, 1.0)], LOAD: [(BEGIN, 3.0)]}


def test_history_is_loaded_whole() -> None:
    store = Store(2 * HOUR, 64 << 20)
    times = np.arange(BEGIN, BEGIN + 1000 * STEP, STEP)
    odd = times[1::2] + 1
    store.load(
        [
            (UP, times, np.arange(1000.0)),
            (LOAD, times.tolist(), [0.5] * 1000),
            (HITS, odd, np.arange(500.0)),
            (named("empty"), [], []),
        ]
    )
    found = samples(store, [])
    assert found[UP] == list(zip(times.tolist(), map(float, range(1000)), strict=True))
    assert found[LOAD] == [(time, 0.5) for time in times.tolist()]
    assert found[HITS] == list(zip(odd.tolist(), map(float, range(500)), strict=True))
    assert store.newest == max(times[-1], odd[-1])


@pytest.mark.parametrize(
    ("matcher", "paths"),
    [
        (Matcher("path", Op.EQUAL, "/a"), {"/a"}),
        (Matcher("path", Op.NOT_EQUAL, "/a"), {"/b", ""}),
        (Matcher("path", Op.EQUAL, ""), {""}),
        (Matcher("path", Op.REGEX, "/.*"), {"/a", "/b"}),
        (Matcher("path", Op.NOT_REGEX, "/(a|b)"), {""}),
        (Matcher("__name__", Op.REGEX, "lo.*"), {"/a", "/b", ""}),
        (Matcher("__name__", Op.EQUAL, "loa"), set()),
        (Matcher("instance", Op.REGEX, "a|b"), {"/a", "/b", ""}),
        (Matcher("instance", Op.NOT_EQUAL, "a"), set()),
        (Matcher("pod", Op.EQUAL, ""), {"/a", "/b", ""}),
    ],
)
def test_selectors(store: Store, exposition: Exposition, matcher: Matcher, paths: set[str]) -> None:
    track = store.track(TARGET)
    store.append(
        track, BEGIN, exposition.scrape({named("load", path="/a"): 1, named("load", path="/b"): 2, LOAD: 3})
    )
    for _ in range(2):
        found = samples(store, [matcher])
        assert {dict(labels).get("path", "") for labels in found} == paths


def test_a_remembered_selector_finds_what_came_since(store: Store, exposition: Exposition) -> None:
    track = store.track(TARGET)
    values: dict[Labels, float] = {}
    for number in range(50):
        values[named("load", number=str(number))] = 1.0
        store.append(track, BEGIN + number * STEP, exposition.scrape(values))
        assert len(samples(store, equal(name="load"))) == number + 1
    store.append(store.track({**TARGET, "instance": "b"}), BEGIN + 50 * STEP, exposition.scrape({LOAD: 1.0}))
    assert len(samples(store, equal(name="load"))) == 51


def test_two_names_at_once_are_nothing(store: Store, exposition: Exposition) -> None:
    store.append(store.track(TARGET), BEGIN, exposition.scrape({UP: 1.0, LOAD: 1.0}))
    assert store.select([*equal(name="up"), *equal(name="load")], LONG_AGO, FAR_AHEAD) == []


def test_readers_that_start_another_table_go_on_with_the_same_series(store: Store) -> None:
    track = store.track(TARGET)
    for row in range(10):
        store.append(track, BEGIN + row * STEP, Exposition().scrape({LOAD: 1.0 * row, UP: 1.0}))
    assert samples(store, equal(name="load")) == {
        of_target(LOAD): [(BEGIN + row * STEP, 1.0 * row) for row in range(10)]
    }


def test_an_empty_store_answers(store: Store) -> None:
    assert store.select([], LONG_AGO, FAR_AHEAD) == []
    assert store.series() == []
    assert store.newest is None
    track = store.track(TARGET)
    assert np.isnan(track.latest(SeriesTable([UP]), np.array([0]))).all()
    store.end(track, BEGIN)
    assert store.usage().tracks == 0


@pytest.mark.parametrize("seed", range(12))
def test_any_history_reads_as_a_plain_list_would(seed: int) -> None:
    """Tracks whose series come, go and come back, against dictionaries: through every chunk and segment."""
    random = Random(seed)
    store = Store(24 * HOUR, 64 << 20)
    tracks = [store.track({**TARGET, "instance": str(number)}) for number in range(3)]
    expositions = [Exposition() for _ in tracks]
    model: Lines = {}
    churn = random.choice([0.0, 0.05, 0.3])
    alive = [{named("m", number=str(number)) for number in range(20)} for _ in tracks]
    for row in range(random.randrange(50, 400)):
        for number, track in enumerate(tracks):
            gone = {labels for labels in sorted(alive[number]) if row and random.random() < churn}
            alive[number] -= gone
            alive[number] |= {
                named("m", number=str(random.randrange(20 + 10 * row))) for _ in range(int(40 * churn))
            }
            values = {labels: random.random() for labels in sorted(alive[number])}
            at = BEGIN + row * STEP + number
            store.append(track, at, expositions[number].scrape(values))
            for labels, value in values.items():
                model.setdefault(of_target(labels, instance=str(number)), []).append((at, value))
            for labels in gone - alive[number]:
                model[of_target(labels, instance=str(number))].append((at, None))
    start, end = (BEGIN + random.randrange(-10, 600) * STEP for _ in range(2))
    for low, high in ((LONG_AGO, FAR_AHEAD), (min(start, end), max(start, end))):
        assert _with_some(samples(store, equal(name="m"), low, high)) == _within(model, low, high)


def _within(model: Lines, low: int, high: int) -> Lines:
    found = {}
    for labels, line in model.items():
        inside = [(at, value) for at, value in line if low < at <= high]
        found[labels] = inside[1:] if inside and inside[0][1] is None else inside
    return _with_some(found)


def _with_some(lines: Lines) -> Lines:
    return {labels: line for labels, line in lines.items() if line}
