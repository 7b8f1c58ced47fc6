"""What prometheus_client writes is read as prometheus_client reads it."""

from __future__ import annotations

import math
from collections.abc import Callable, Iterable

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from prometheus_client import CollectorRegistry, exposition
from prometheus_client.metrics_core import Metric
from prometheus_client.openmetrics import exposition as openmetrics
from prometheus_client.openmetrics.parser import text_string_to_metric_families as openmetrics_families
from prometheus_client.parser import text_string_to_metric_families as text_families
from prometheus_client.registry import Collector

from benchmarks.payload import payload
from cockpit.metrics.exposed import ExpositionError
from cockpit.metrics.exposition.floats import canonical
from cockpit.metrics.exposition.reader import Reader
from cockpit.metrics.labels import Labels, labels_of
from cockpit.text import clean

TEXT, OPENMETRICS = "text/plain", "application/openmetrics-text"
PARSERS = {TEXT: text_families, OPENMETRICS: openmetrics_families}
NASTY = st.text(st.sampled_from('\\"\n{}#=, abnü東😀\t'), max_size=8) | st.text(
    st.characters(exclude_categories=["Cs"], exclude_characters="\r"), max_size=8
)
NAMES = st.from_regex(r"[a-z][a-z0-9_]{0,6}x", fullmatch=True)
VALUES = st.floats() | st.integers(0, 10**9).map(float)
SETS = st.dictionaries(NAMES, NASTY, max_size=4)


class Families(Collector):
    """Families as they are, to be written by prometheus_client."""

    def __init__(self, families: Iterable[Metric]) -> None:
        self._families = list(families)

    def collect(self) -> Iterable[Metric]:
        return self._families


@st.composite
def families(draw: st.DrawFn) -> list[Metric]:
    found = []
    for name in draw(st.lists(NAMES, unique=True, min_size=1, max_size=4)):
        metric = Metric(name, draw(NASTY), draw(st.sampled_from(["gauge", "counter", "unknown"])))
        suffix = "_total" if metric.type == "counter" else ""
        for labels in draw(st.lists(SETS, min_size=1, max_size=4, unique_by=labels_of)):
            value = abs(draw(VALUES)) if metric.type == "counter" else draw(VALUES)
            metric.add_sample(name + suffix, labels, 1.0 if math.isnan(value) and suffix else value)
        found.append(metric)
    return found


def written(registry: Collector, content_type: str) -> bytes:
    writer: Callable[[Collector], bytes] = (
        openmetrics if content_type == OPENMETRICS else exposition
    ).generate_latest
    return writer(registry)


def theirs(body: bytes, content_type: str) -> dict[Labels, float]:
    parse: Callable[[str], Iterable[Metric]] = PARSERS[content_type]
    read: dict[Labels, float] = {}
    for family in parse(body.decode()):
        bound = {"histogram": "le", "summary": "quantile"}.get(family.type)
        for sample in family.samples:
            pairs = {name: canonical(value) if name == bound else value for name, value in sample.labels.items()}
            read.setdefault(labels_of({**pairs, "__name__": sample.name}), sample.value)
    return read


def ours(reader: Reader, body: bytes, content_type: str) -> dict[Labels, float]:
    exposed = reader.read(body, content_type)
    values = exposed.values.tolist()
    return {exposed.table.labels[at]: value for at, value in zip(exposed.ids.tolist(), values, strict=True)}


def same(left: dict[Labels, float], right: dict[Labels, float]) -> bool:
    return left.keys() == right.keys() and all(
        left[key] == right[key] or (math.isnan(left[key]) and math.isnan(right[key])) for key in left
    )


@given(families())
def test_text_that_prometheus_client_writes(found: list[Metric]) -> None:
    body = written(Families(found), TEXT)
    assert same(ours(Reader(), body, TEXT), theirs(body, TEXT))


@given(st.lists(families(), min_size=2, max_size=3))
@settings(max_examples=50)
def test_one_reader_over_bodies_that_differ(bodies: list[list[Metric]]) -> None:
    reader = Reader()
    for found in [*bodies, *bodies]:
        body = written(Families(found), TEXT)
        assert same(ours(reader, body, TEXT), theirs(body, TEXT))


@given(families())
def test_openmetrics_that_prometheus_client_writes(found: list[Metric]) -> None:
    body = written(Families(found), OPENMETRICS)
    assert same(ours(Reader(), body, OPENMETRICS), theirs(body, OPENMETRICS))


@given(NASTY, NASTY)
def test_values_come_back_as_they_were_escaped(name: str, value: str) -> None:
    def quoted(text: str) -> str:
        return '"' + text.replace("\\", "\\\\").replace('"', '\\"').replace("\n", "\\n") + '"'

    body = f'{{{quoted("a" + name)}, {quoted("b" + name)}={quoted(value)}, c="d"}} 1\n'
    expected = labels_of({"__name__": "a" + name, "b" + name: value, "c": "d"})
    assert ours(Reader(), body.encode(), TEXT) == {expected: 1.0}


@given(st.binary(max_size=60) | st.text(st.sampled_from('ab{}"\\=,# \n1.e+\0\t'), max_size=40).map(str.encode))
@settings(max_examples=300)
def test_any_bytes_are_read_or_refused_in_a_line_and_the_same_by_a_warm_reader(body: bytes) -> None:
    warm = Reader()
    warm.read(b'a 1\nb 2\na{b="1"} 3\n', TEXT)
    outcomes: list[str] = []
    errors: list[str] = []
    for reader in (Reader(), warm):
        try:
            outcomes.append(repr(sorted(ours(reader, body, TEXT).items())))
        except ExpositionError as error:
            errors.append(str(error))
    assert len(set(outcomes)) + len(set(errors)) == 1
    assert all(clean(error) == error for error in errors)


@pytest.mark.parametrize("moment", [0, 5])
def test_a_whole_service(moment: int) -> None:
    body = payload(3000, moment)
    assert ours(Reader(), body, TEXT) == theirs(body, TEXT)


def test_a_real_registry_in_both_formats() -> None:
    from prometheus_client import Counter, Gauge, Histogram, Info, Summary

    registry = CollectorRegistry()
    Counter("c", "Counts.", ["a"], registry=registry).labels('x"\\\n').inc(3, {"trace": "1"})
    Gauge("g_bytes", "Goes.", registry=registry).set(math.inf)
    Histogram("h", "Spreads.", ["a"], registry=registry, buckets=(1, 5)).labels("é").observe(2, {"trace": "2"})
    Summary("s", "Sums.", registry=registry).observe(1)
    Info("i", "Tells.", registry=registry).info({"version": "1"})
    body = written(registry, TEXT)
    assert ours(Reader(), body, TEXT) == theirs(body, TEXT)
    body = written(registry, OPENMETRICS)
    assert ours(Reader(), body, OPENMETRICS) == theirs(body, OPENMETRICS)
    assert len(Reader().read(body, OPENMETRICS).exemplars) == 2
