from __future__ import annotations

from dataclasses import dataclass, field

import numpy as np
import pytest

from cockpit.metrics.exposed import Exposed, MetricKind
from cockpit.metrics.fingerprint import Fingerprint
from cockpit.metrics.instances import Instances, Sighting
from cockpit.metrics.labels import NAME, Labels
from cockpit.metrics.processes import MOST, Process, Processes
from cockpit.metrics.store import Store
from tests.metrics.scraped import Exposition, equal, named, samples

BEGIN = 1_700_000_000_000
SECOND = 1_000
STEP = 5 * SECOND
MINUTE = 60 * SECOND
START = named("process_start_time_seconds")
HITS, CREATED = named("hits_total"), named("hits_created")
LONG = 1_699_990_000.0


@dataclass
class Watch:
    """A store with instances, and one reader for each URL."""

    store: Store = field(default_factory=lambda: Store(60 * MINUTE, 64 << 20))
    readers: dict[str, Exposition] = field(default_factory=dict)
    at: int = BEGIN

    def __post_init__(self) -> None:
        self.instances = Instances(self.store, "app")

    def see(self, start: float | None, tag: str = "", revision: str = "", **values: float) -> Sighting:
        """A scrape now, of a process that began at `start`; values by metric name."""
        exposed = {named(name): value for name, value in values.items()}
        if start is not None:
            exposed[START] = start
        return self.scrape(exposed, tag, revision)

    def scrape(self, values: dict[Labels, float], tag: str = "", revision: str = "") -> Sighting:
        """A scrape now that says this."""
        exposed = self.readers.setdefault(tag, Exposition()).scrape(values)
        return self.instances.saw(self.at, exposed, revision=revision, tag=tag)

    def line(self, name: str, **labels: str) -> list[tuple[int, float | None]]:
        """The samples of the only series of a metric with these labels."""
        [line] = samples(self.store, equal(name=name, **labels)).values()
        return line


@pytest.fixture
def watch() -> Watch:
    return Watch()


def test_every_process_has_a_track_of_its_own(watch: Watch) -> None:
    watch.instances.serves({"app-1": 100})
    first = watch.see(LONG, hits_total=100)
    watch.at += STEP
    second = watch.see(LONG + 7, hits_total=3)
    watch.at += STEP
    again = watch.see(LONG, hits_total=140)
    assert first.born
    assert second.born
    assert not again.born
    assert first.instance == again.instance != second.instance
    assert watch.line("hits_total", instance=first.instance) == [(BEGIN, 100), (BEGIN + 2 * STEP, 140)]
    assert watch.line("hits_total", instance=second.instance) == [(BEGIN + STEP, 3)]
    [labels] = samples(watch.store, equal(name="hits_total", instance=first.instance))
    assert dict(labels) == {
        NAME: "hits_total",
        "service": "app",
        "revision": "app-1",
        "instance": first.instance,
    }


def test_an_instance_is_called_the_same_wherever_it_is_met() -> None:
    names = {Watch(at=BEGIN + days).see(LONG, tag="x", revision="r").instance for days in (0, 86_400_000)}
    assert len(names) == 1
    assert len(names.pop()) == 8


def test_creation_times_tell_processes_apart_that_started_together(watch: Watch) -> None:
    one = watch.see(LONG, hits_total=1, hits_created=LONG + 0.123)
    other = watch.see(LONG, hits_total=1, hits_created=LONG + 0.124)
    assert one.instance != other.instance
    assert len(samples(watch.store, equal(name="hits_total"))) == 2


def test_creation_times_do_where_the_start_is_not_told(watch: Watch) -> None:
    one = watch.see(None, hits_total=1, hits_created=LONG)
    other = watch.see(None, hits_total=1, hits_created=LONG + 1)
    watch.at += STEP
    assert watch.see(None, hits_total=2, hits_created=LONG).instance == one.instance != other.instance


def test_metrics_that_are_created_late_make_no_other_process(watch: Watch) -> None:
    first = watch.see(LONG, hits_total=1, hits_created=LONG)
    watch.at += STEP
    later = watch.see(LONG, hits_total=2, hits_created=LONG, late_total=1, late_created=LONG + 50)
    watch.at += STEP
    third = watch.see(LONG, late_total=1, late_created=LONG + 50)
    assert {first.instance, later.instance, third.instance} == {first.instance}
    assert watch.see(LONG, late_total=1, late_created=LONG + 60).born


def test_a_gauge_that_is_called_created_is_no_mark(watch: Watch) -> None:
    for number in range(3):
        sighting = watch.see(LONG, orders_created=1.7e9 + number, files_total=1, files_created=4.0 + number)
        watch.at += STEP
        assert sighting.born is (number == 0)


def test_labelled_creation_times_are_no_marks(watch: Watch) -> None:
    """They belong to label sets, which come whenever a request first needs them."""
    for number in range(3):
        values = {HITS: 1.0, START: LONG, named("hits_created", code=str(number)): LONG + number}
        assert watch.scrape(values).born is (number == 0)
        watch.at += STEP


def test_an_instance_id_is_taken_as_it_stands(watch: Watch) -> None:
    for number in range(4):
        name = f"00c0ffee{number % 2}"
        seen = watch.scrape({named("app_info", instance_id=name): 1.0, HITS: float(number)})
        assert (seen.instance, seen.separable) == (name, True)
        watch.at += STEP
    assert watch.line("hits_total", instance="00c0ffee1") == [(BEGIN + STEP, 1), (BEGIN + 3 * STEP, 3)]


def test_processes_of_one_instance_are_kept_apart(watch: Watch) -> None:
    info = named("app_info", instance_id="abc")
    one = watch.scrape({info: 1.0, START: LONG})
    other = watch.scrape({info: 1.0, START: LONG + 3})
    assert (one.instance, other.instance) == ("abc", "abc.2")


def test_where_nothing_tells_processes_apart_there_is_one_track_and_no_reset_is_believed(watch: Watch) -> None:
    watch.instances.serves({"app-1": 100})
    for value in (500, 20, 510, 21):
        seen = watch.see(None, hits_total=value)
        assert (seen.separable, seen.reset, seen.revision) == (False, False, "app-1")
        watch.at += STEP
    assert [value for _, value in watch.line("hits_total", instance="any")] == [500, 20, 510, 21]
    coverage = watch.instances.coverage("app-1", watch.at)
    assert (coverage.separable, coverage.seen, coverage.share) == (False, 1, 0.0)
    assert watch.instances.wanted_burst("app-1") == 1
    assert watch.instances.coverage("app-1", watch.at, hint=1).share == 1.0


def test_processes_that_begin_to_tell_who_they_are_are_told_apart_from_then_on(watch: Watch) -> None:
    watch.see(None, "canary", "app-2", hits_total=1)
    watch.at += STEP
    watch.see(LONG, "canary", "app-2", hits_total=2)
    assert not watch.instances.coverage("app-2", watch.at).separable
    for _ in range(15):
        watch.at += STEP
        watch.see(LONG, "canary", "app-2", hits_total=2)
    coverage = watch.instances.coverage("app-2", watch.at)
    assert (coverage.separable, coverage.seen, coverage.share) == (True, 1, 1.0)


@pytest.mark.parametrize("apart", [0, 1, 40, -40])
def test_answers_of_one_burst_make_one_row(watch: Watch, apart: int) -> None:
    """Whichever comes first: what was read later may be answered earlier, and must not look like a reset."""
    kept = watch.see(LONG, hits_total=10)
    watch.at += apart
    folded = watch.see(LONG, hits_total=9)
    watch.at = BEGIN + STEP
    assert watch.see(LONG, hits_total=30).kept
    assert (kept.kept, folded.kept, folded.reset) == (True, False, False)
    assert watch.line("hits_total") == [(BEGIN, 10), (BEGIN + STEP, 30)]
    assert watch.instances.coverage("", watch.at).sightings == 3, "it was a sighting all the same"


def test_a_counter_that_falls_begins_a_new_track(watch: Watch) -> None:
    seen = watch.see(LONG, hits_total=10, size=5)
    watch.at += STEP
    assert not watch.see(LONG, hits_total=10, size=3).reset, "a gauge may fall"
    watch.at += STEP
    after = watch.see(LONG, hits_total=2, size=3)
    assert after.reset
    assert after.instance == f"{seen.instance}-2"
    assert watch.line("hits_total", instance=seen.instance) == [(BEGIN, 10), (BEGIN + STEP, 10), (watch.at, None)]
    assert watch.line("hits_total", instance=after.instance) == [(watch.at, 2)]


def test_a_counter_that_keeps_falling_is_none(watch: Watch) -> None:
    tracks = set()
    for number in range(20):
        tracks.add(watch.see(LONG, odd_total=100 - number, hits_total=number).instance)
        watch.at += STEP
    assert len(tracks) == 4


def test_a_first_error_counts(watch: Watch) -> None:
    """Its label set is not there before: in plain PromQL an increase from nothing to one is none."""
    watch.see(LONG, hits_total=10)
    watch.at += STEP
    watch.see(LONG, hits_total=20, failures_total=1)
    assert watch.line("failures_total") == [(BEGIN, 0), (BEGIN + STEP, 1)]


def test_a_tag_tells_the_revision(watch: Watch) -> None:
    watch.instances.serves({"app-1": 90, "app-2": 10})
    seen = watch.see(LONG, "canary", "app-2", hits_total=1)
    assert (seen.revision, seen.tag) == ("app-2", "canary")
    watch.at += STEP
    by_service = watch.see(LONG, hits_total=2)
    assert (by_service.revision, by_service.tag, by_service.instance) == ("app-2", "canary", seen.instance)
    assert len(watch.line("hits_total", revision="app-2", tag="canary")) == 2


def test_the_only_revision_that_serves_has_answered(watch: Watch) -> None:
    watch.instances.serves({"app-1": 100, "app-2": 0})
    assert watch.see(LONG).revision == "app-1"


def test_the_only_one_without_a_tag_is_what_is_left(watch: Watch) -> None:
    watch.instances.serves({"app-1": 90, "app-2": 10})
    assert watch.see(LONG, hits_total=1).revision == "", "nobody knows yet who is behind the tag"
    for _ in range(3):
        watch.at += STEP
        watch.see(LONG + 5, "canary", "app-2")
    watch.at += STEP
    assert watch.see(LONG, hits_total=2).revision == "app-1"
    assert len(watch.line("hits_total", revision="app-1")) == 2, "with what was kept before"
    assert watch.see(LONG + 9).revision == "app-1"


def test_who_was_born_a_moment_ago_is_not_judged_by_scrapes_before(watch: Watch) -> None:
    watch.instances.serves({"app-1": 90, "app-2": 10})
    for _ in range(5):
        watch.see(LONG, "canary", "app-2")
        watch.at += STEP
    assert watch.see(watch.at / 1000 - 1).revision == ""


def test_two_revisions_without_a_tag_cannot_be_told_apart(watch: Watch) -> None:
    watch.instances.serves({"app-1": 50, "app-2": 50})
    for _ in range(5):
        assert watch.see(LONG).revision == ""
        watch.at += STEP


def test_a_tag_corrects_what_was_guessed(watch: Watch) -> None:
    watch.instances.serves({"app-1": 100})
    assert watch.see(LONG, hits_total=1).revision == "app-1"
    watch.at += STEP
    assert watch.see(LONG, "canary", "app-2", hits_total=2).revision == "app-2"
    assert len(watch.line("hits_total", revision="app-2", tag="canary")) == 2


def test_a_split_that_changed_unnoticed_takes_back_what_was_just_guessed(watch: Watch) -> None:
    watch.instances.serves({"app-1": 100})
    watch.see(LONG, hits_total=1)
    watch.at += MINUTE
    watch.see(LONG, hits_total=2)
    watch.see(LONG + 5, hits_total=1)
    watch.instances.serves({"app-1": 90, "app-2": 10})
    assert watch.line("hits_total", revision="app-1") == [(BEGIN, 1), (BEGIN + MINUTE, 2)]
    assert watch.line("hits_total", revision="") == [(BEGIN + MINUTE, 1)]


def test_who_is_missed_too_often_is_gone(watch: Watch) -> None:
    watch.instances.serves({"app-1": 100})
    dead = watch.see(LONG, hits_total=1)
    for _ in range(10):
        watch.see(LONG + 3, hits_total=1)
        watch.at += STEP
        watch.see(LONG, hits_total=1)
    for _ in range(60):
        watch.at += STEP
        watch.see(LONG + 3, hits_total=5)
    line = watch.line("hits_total", instance=dead.instance)
    assert line[-1][1] is None
    assert 10 * STEP < line[-1][0] - line[-2][0] < 30 * STEP
    assert watch.instances.coverage("app-1", watch.at).seen == 1
    watch.at += STEP
    assert watch.see(LONG, hits_total=9).instance == dead.instance, "and back when it is met again"
    assert watch.line("hits_total", instance=dead.instance)[-1] == (watch.at, 9)
    assert watch.instances.coverage("app-1", watch.at).seen == 2


def test_nobody_dies_while_nobody_looks(watch: Watch) -> None:
    watch.see(LONG, "canary", "app-2", hits_total=1)
    for _ in range(100):
        watch.at += STEP
        watch.see(LONG + 3, "stable", "app-1", hits_total=5)
    assert watch.line("hits_total", revision="app-2") == [(BEGIN, 1)]


def test_a_clock_set_back_is_taken_as_it_comes(watch: Watch) -> None:
    for _ in range(50):
        watch.see(LONG, "canary", "app-2", hits_total=1)
        watch.at += STEP
    watch.at = BEGIN - 60 * MINUTE
    for number in range(10):
        assert watch.see(LONG, "canary", "app-2", hits_total=2 + number).kept
        watch.at += STEP
    assert len(watch.line("hits_total")) == 10
    assert watch.instances.coverage("app-2", watch.at).sightings == 10


def test_what_is_another_every_time_is_not_covered(watch: Watch) -> None:
    watch.instances.serves({"app-1": 100})
    for number in range(200):
        watch.see(LONG + number, hits_total=1)
        watch.at += SECOND
    assert watch.instances.coverage("app-1", watch.at).share == 0.0


def test_processes_are_forgotten_when_there_are_too_many() -> None:
    processes, track = Processes(), Store(MINUTE, 1 << 20).track({})
    for number in range(MOST + 100):
        fingerprint = Fingerprint("", LONG + number, {})
        processes.add(Process(fingerprint, str(number), track, "app-1", "", BEGIN, BEGIN + number))
    assert [process.name for process in processes] == [str(number) for number in range(100, MOST + 100)]
    assert processes.find(Fingerprint("", LONG, {})) is None


def test_revisions_are_those_met_of_late(watch: Watch) -> None:
    watch.see(LONG, "canary", "app-2")
    watch.see(LONG + 1)
    assert list(watch.instances.revisions) == ["", "app-2"]
    watch.at += 2 * MINUTE
    watch.see(LONG, "canary", "app-2")
    assert list(watch.instances.revisions) == ["app-2"]


def test_the_burst_grows_with_what_is_met(watch: Watch) -> None:
    assert watch.instances.wanted_burst("app-1") == 3
    for round_ in range(20):
        for number in range(round_ % 12 + 1):
            watch.see(LONG + number, "stable", "app-1", hits_total=round_)
        watch.at += STEP
        wanted = watch.instances.wanted_burst("app-1")
        assert 1 <= wanted <= 8
    assert wanted == 8
    assert watch.instances.wanted_burst("") == 3


def test_a_histogram_that_is_reset_is_noticed_by_its_counts(watch: Watch) -> None:
    exposition = Exposition()
    bucket, total = named("took_seconds_bucket", le="1"), named("took_seconds_sum")
    for number, (count, summed) in enumerate([(5.0, 9.0), (6.0, 8.0), (2.0, 9.0)]):
        exposed = exposition.scrape({START: LONG, bucket: count, total: summed})
        families = {
            "took_seconds": type(next(iter(exposed.families.values())))("took_seconds", MetricKind.HISTOGRAM)
        }
        histogram = Exposed(exposed.table, exposed.ids, exposed.values, families)
        assert watch.instances.saw(BEGIN + number * STEP, histogram).reset is (number == 2)


def test_values_that_are_no_numbers_reset_nothing(watch: Watch) -> None:
    for value in (5.0, np.nan, 6.0, np.inf, np.inf, np.nan):
        assert not watch.see(LONG, hits_total=value).reset
        watch.at += STEP
