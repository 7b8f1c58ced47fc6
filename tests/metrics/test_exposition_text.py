from __future__ import annotations

import math

import pytest

from cockpit.metrics.exposed import Exposed, ExpositionError, Family, MetricKind
from cockpit.metrics.exposition.floats import canonical, number, numbers
from cockpit.metrics.exposition.grammar import MalformedError
from cockpit.metrics.exposition.reader import Reader
from cockpit.metrics.labels import Labels, labels_of, notation

TEXT = "text/plain; version=0.0.4; charset=utf-8"


def read(body: str | bytes) -> Exposed:
    return Reader().read(body.encode() if isinstance(body, str) else body, TEXT)


def samples(exposed: Exposed) -> dict[Labels, float]:
    return {
        exposed.table.labels[at]: value for at, value in zip(exposed.ids, exposed.values.tolist(), strict=True)
    }


def only_series(body: str) -> str:
    (labels,) = samples(read(body))
    return notation(labels)


@pytest.mark.parametrize(
    ("line", "series"),
    [
        ("m 1", "m"),
        ("m{} 1", "m"),
        ("m { } 1", "m"),
        ("m-1", "m"),
        ('m{a="b"}1', 'm{a="b"}'),
        ('  m\t{ b = "2" ,\ta="1" , } \t1  ', 'm{a="1", b="2"}'),
        ('m{b="2"a="1"} 1', 'm{a="1", b="2"}'),
        ('m{a="",b="x"} 1', 'm{b="x"}'),
        ('m{a="}{,= #\\"\\\\"} 1', 'm{a="}{,= #\\"\\\\"}'),
        ('m{a="x\\ny\\tz"} 1', 'm{a="x\\ny\\\\tz"}'),
        ('m{a="Zürich 東京 😀"} 1', 'm{a="Zürich 東京 😀"}'),
        ('{"m"} 1', "m"),
        ('{"http.requests","status.code"="200",a="b"} 1', '{"http.requests", a="b", "status.code"="200"}'),
        ('{a="b","http.requests"} 1', '{"http.requests", a="b"}'),
        ('m{"a.b"="c"} 1', 'm{"a.b"="c"}'),
        ("job:rate:5m 1", "job:rate:5m"),
        ('m{a="one\ntwo",b="3"} 1', 'm{a="one\\ntwo", b="3"}'),
    ],
)
def test_series_as_prometheus_reads_them(line: str, series: str) -> None:
    assert only_series(f"{line}\n") == series


@pytest.mark.parametrize(
    ("line", "reason"),
    [
        ("1m 1", "no metric name"),
        ("m", "no value"),
        ("m{} ", "no value"),
        ("m{a} 1", "no value for the label a"),
        ('m{a="b"', "not closed"),
        ('m{"a"} 1', "two metric names"),
        ('{"a","b"} 1', "two metric names"),
        ('{a="b"} 1', "no metric name"),
        ('{"",a="b"} 1', "no metric name"),
        ('m{""="b"} 1', "an empty label name"),
        ('m{,a="b"} 1', "no label name at character 3"),
        ('m{a="b",,c="d"} 1', "no label name at character 9"),
        ('m{a="1",a="2"} 1', "twice"),
        ('m{__name__="n"} 1', "twice"),
        ("m 1 1.5", "whole number"),
        ("m 1 99999999999999999999", "out of range"),
        ("m 1 2 3", "whole number"),
        ("m 1_000", "'1_000' is no number"),
        ("m 1\r", "LF alone"),
        ("# TYPE m counted", "unknown metric type 'counted'"),
        ("# TYPE m counter ", "unknown metric type 'counter '"),
        ("# TYPE 9 counter", "no metric name behind TYPE"),
        ("x=5 1", "x=5 1"),
        ('__name__="n 1', '__name__="n 1'),
    ],
)
def test_a_bad_line_is_named_and_quoted(line: str, reason: str) -> None:
    with pytest.raises(ExpositionError, match="line 3: ") as caught:
        read(f"# TYPE good gauge\ngood 1\n{line}\ngood2 1\n")
    assert reason in str(caught.value)
    assert (caught.value.kind, caught.value.line) == ("syntax", 3)


def test_lines_are_counted_as_an_editor_does_where_values_hold_breaks() -> None:
    with pytest.raises(ExpositionError, match="line 4: 'x' is no number") as caught:
        read('m{a="1\n2\n3"} 1\nn x\n')
    assert caught.value.line == 4


def test_a_quoted_value_is_never_taken_for_lines() -> None:
    reader = Reader()
    reader.read(b"b 1\n", TEXT)
    again = reader.read(b'm{a="\nb 1\n"} 5\n', TEXT)
    assert samples(again) == {labels_of({"__name__": "m", "a": "\nb 1\n"}): 5}


def test_what_comments_tell() -> None:
    exposed = read(
        '# HELP m two\\nlines \\\\ "quoted"\n#\tTYPE m counter\nm 1\n# TYPE h gaugehistogram\n# HELP only\n'
        '# TYPE "a.b" untyped\n#\n# Said first.\n# Said later.\n'
    )
    assert exposed.families == {
        "m": Family("m", MetricKind.COUNTER, 'two\nlines \\ "quoted"'),
        "h": Family("h", MetricKind.GAUGE_HISTOGRAM),
        "only": Family("only"),
        "a.b": Family("a.b", MetricKind.UNKNOWN),
    }
    assert exposed.comment == "Said first."


def test_metrics_that_are_switched_off_quote_the_comment() -> None:
    exposed = read("# Metrics disabled. Set CONCEPT_RECALL_METRICS_ENABLED=true to enable.")
    assert not len(exposed.ids)
    assert exposed.comment == "Metrics disabled. Set CONCEPT_RECALL_METRICS_ENABLED=true to enable."


def test_timestamps_are_milliseconds() -> None:
    exposed = read("a 1 1760000000123\nb 2\nc 3 -5\n")
    assert exposed.stamps == {0: 1760000000123, 2: -5}
    assert exposed.values.tolist() == [1, 2, 3]


def test_bounds_of_histograms_and_quantiles_of_summaries_are_written_one_way() -> None:
    exposed = read(
        '# TYPE h histogram\nh_bucket{le="1"} 1\nh_bucket{le="1.0"} 1\nh_bucket{le="5e-1"} 1\nh_bucket{le="x"} 1\n'
        '# TYPE s summary\ns{quantile="0"} 1\ns{le="1"} 1\n# TYPE g gauge\nh_bucket{le="1"} 1\n'
    )
    assert [notation(labels) for labels in samples(exposed)] == [
        'h_bucket{le="1.0"}',
        'h_bucket{le="0.5"}',
        'h_bucket{le="x"}',
        's{quantile="0.0"}',
        's{le="1"}',
        'h_bucket{le="1"}',
    ]
    assert exposed.duplicates == 1


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("08", 8),
        (".5", 0.5),
        ("5.", 5),
        ("+1E3", 1000),
        ("-inf", -math.inf),
        ("+InFiNiTy", math.inf),
        ("1e-400", 0),
    ],
)
def test_numbers_that_prometheus_takes(text: str, value: float) -> None:
    assert number(text.encode()) == value
    assert numbers([b"1", text.encode()]).tolist() == [1, value]


def test_nan_is_a_value() -> None:
    assert all(math.isnan(value) for value in numbers([b"NaN", b"nan", b"nAn"]).tolist())


@pytest.mark.parametrize(
    "text",
    ["", ".", "1_000", "0x1p3", "0x10", "-nan", "+NaN", "1e400", "-1e999", "1 ", "\v1", "1e", "١", "in", "1\0"],
)
def test_numbers_that_prometheus_refuses(text: str) -> None:
    with pytest.raises(MalformedError):
        number(text.encode())
    with pytest.raises(MalformedError) as caught:
        numbers([b"1", b"NaN", text.encode(), b"x"])
    assert caught.value.at == 2


@pytest.mark.parametrize(
    ("text", "written"),
    [
        ("1", "1.0"),
        ("-0", "0.0"),
        ("0.00010", "0.0001"),
        ("0.00001", "1e-05"),
        ("123456", "123456.0"),
        ("1000000", "1e+06"),
        ("1234567.5", "1.2345675e+06"),
        ("1e22", "1e+22"),
        ("inf", "+Inf"),
        ("-INF", "-Inf"),
        ("nan", "NaN"),
        ("ten", "ten"),
    ],
)
def test_bounds_as_openmetrics_writes_them(text: str, written: str) -> None:
    assert canonical(text) == written
    assert canonical(written) == written
