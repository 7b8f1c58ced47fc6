from __future__ import annotations

import pytest

from cockpit.metrics.exposed import ExpositionError, MetricKind
from cockpit.metrics.exposition.history import History, history
from cockpit.metrics.labels import notation


def rows(found: History) -> list[tuple[str, int, float]]:
    columns = zip(found.series.tolist(), found.stamps.tolist(), found.values.tolist(), strict=True)
    return [(notation(found.labels[series]), stamp, value) for series, stamp, value in columns]


def test_a_file_to_fill_the_past_with() -> None:
    found = history(
        b"# TYPE c counter\n"
        b'c_total{a="1"} 1 1760000000\nc_total{a="1"} 2 1760000015.5\nc_total{a="2"} 7 1760000000\n'
        b'c_total{a="1"} 9 1760000000\n# EOF\n',
        now=5,
    )
    assert rows(found) == [
        ('c_total{a="1"}', 1760000000000, 1),
        ('c_total{a="2"}', 1760000000000, 7),
        ('c_total{a="1"}', 1760000015500, 2),
    ]
    assert found.families["c"].kind is MetricKind.COUNTER


def test_samples_without_a_timestamp_are_of_now() -> None:
    assert rows(history(b"m 1\nn 2 3\nm 4\n", now=10)) == [("n", 3, 2), ("m", 10, 1)]


def test_a_file_that_is_not_metrics() -> None:
    with pytest.raises(ExpositionError, match="JSON"):
        history(b'{"a": 1}', now=0)
    with pytest.raises(ExpositionError, match="empty"):
        history(b"", now=0)
