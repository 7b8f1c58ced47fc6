from __future__ import annotations

import pytest

from cockpit.metrics.exposed import Exemplar, Exposed, ExpositionError, Family, MetricKind
from cockpit.metrics.exposition.reader import Reader
from cockpit.metrics.labels import notation

OPENMETRICS = "application/openmetrics-text; version=1.0.0; charset=utf-8"


def read(body: str) -> Exposed:
    return Reader().read(body.encode(), OPENMETRICS)


def test_samples_exemplars_timestamps_and_created() -> None:
    exposed = read(
        '# TYPE h_seconds histogram\n# UNIT h_seconds seconds\n# HELP h_seconds How \\"long\\".\n'
        'h_seconds_bucket{le="1"} 5 # {trace_id="a # b"} 0.67 1760000000.123\n'
        'h_seconds_bucket{le="+Inf"} 8 # {"span.id"="x",} 2\n'
        "h_seconds_count 8 1760000001.5\nh_seconds_created 1760000000.5\n"
        'c_total{a="# {"} 1 1.5 # {} 3\n# EOF'
    )
    assert [notation(exposed.table.labels[at]) for at in exposed.ids] == [
        'h_seconds_bucket{le="1.0"}',
        'h_seconds_bucket{le="+Inf"}',
        "h_seconds_count",
        "h_seconds_created",
        'c_total{a="# {"}',
    ]
    assert exposed.values.tolist() == [5, 8, 8, 1760000000.5, 1]
    assert exposed.stamps == {2: 1760000001500, 4: 1500}
    assert exposed.exemplars == {
        0: Exemplar((("trace_id", "a # b"),), 0.67, 1760000000123),
        1: Exemplar((("span.id", "x"),), 2),
        4: Exemplar((), 3),
    }
    assert exposed.families == {"h_seconds": Family("h_seconds", MetricKind.HISTOGRAM, 'How "long".', "seconds")}


@pytest.mark.parametrize("kind", list(MetricKind))
def test_every_type(kind: MetricKind) -> None:
    assert read(f"# TYPE m {kind.value}\n# EOF\n").families["m"].kind is kind


@pytest.mark.parametrize(
    "line",
    [
        "",
        " m 1",
        "m  1",
        "m\t1",
        "m 1 ",
        "m 1 NaN",
        "m 1 1 1",
        "m 1 1e300",
        'm{a="b", c="d"} 1',
        'm{a="b"c="d"} 1',
        'm {a="b"} 1',
        'm{a="b"}1',
        "# a comment",
        "#",
        "# HELP m",
        "# TYPE m untyped",
        "# TYPE m counter ",
        "#  TYPE m counter",
        "# UNIT m seconds",
        "# UNIT mseconds seconds",
        'm 1 # {a="b"}',
        "m 1 # {a=b} 1",
        'm 1 # {"a"} 1',
        'm 1 # {a="b",,} 1',
        'm 1 # {a="b"} 1_0',
        'm 1 # {a="b"} 1 +Inf',
        "m 1 #",
    ],
)
def test_lines_that_prometheus_refuses(line: str) -> None:
    with pytest.raises(ExpositionError) as caught:
        read(f"good 1\n{line}\n# EOF\n")
    assert (caught.value.kind, caught.value.line) == ("syntax", 2)


@pytest.mark.parametrize("body", ["m 1", "m 1\n", "m 1\n#EOF\n", 'm{a="', "# TYPE m gauge\nm 1\n# EO"])
def test_a_body_without_its_end_is_cut_off(body: str) -> None:
    with pytest.raises(ExpositionError, match='cut off, it does not end with "# EOF": “') as caught:
        read(body)
    assert caught.value.kind == "truncated"


@pytest.mark.parametrize("rest", ["\n", "\nm 1", "\n# EOF", "\n# EOF\n"])
def test_nothing_stands_behind_the_end(rest: str) -> None:
    with pytest.raises(ExpositionError) as caught:
        read(f"m 1\n# EOF\n{rest}")
    assert caught.value.line in (2, 3)


@pytest.mark.parametrize(
    ("content_type", "stamp"),
    [
        (OPENMETRICS, 5000),
        ("Application/OpenMetrics-Text", 5000),
        ("text/plain; version=1.0.0; escaping=allow-utf-8", 5),
        ("", 5000),
        ("application/octet-stream", 5000),
    ],
)
def test_the_content_type_decides_and_else_the_end(content_type: str, stamp: int) -> None:
    assert Reader().read(b"m 1 5\n# EOF\n", content_type).stamps == {0: stamp}


@pytest.mark.parametrize("content_type", ["", "text/html", "application/json", "nonsense"])
def test_metrics_are_read_whatever_they_are_called(content_type: str) -> None:
    assert Reader().read(b"m  1 5\n", content_type).stamps == {0: 5}
