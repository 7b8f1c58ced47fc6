"""What is kept of every scrape itself, by the names that Prometheus gives it: rules ask for `up`."""

from __future__ import annotations

from typing import TYPE_CHECKING

from cockpit.metrics.exposed import Family, MetricKind
from cockpit.metrics.labels import NAME, labels_of

if TYPE_CHECKING:
    from collections.abc import Mapping

    from cockpit.metrics.labels import Labels

UP, SECONDS, SAMPLES = "up", "scrape_duration_seconds", "scrape_samples_scraped"

FAMILIES = {
    UP: Family(UP, MetricKind.GAUGE, "1 where the last scrape of a URL gave metrics, else 0"),
    SECONDS: Family(SECONDS, MetricKind.GAUGE, "How long the last scrape of a URL took", "seconds"),
    SAMPLES: Family(SAMPLES, MetricKind.GAUGE, "Samples in the last scrape of a URL"),
}


def up(labels: Mapping[str, str], seconds: float, samples: int) -> list[tuple[Labels, float]]:
    """The samples of a scrape that gave metrics, under the labels of its URL."""
    return _named(labels, {UP: 1.0, SECONDS: seconds, SAMPLES: float(samples)})


def down(labels: Mapping[str, str]) -> list[tuple[Labels, float]]:
    """The samples of one that gave none."""
    return _named(labels, {UP: 0.0, SAMPLES: 0.0})


def _named(labels: Mapping[str, str], values: Mapping[str, float]) -> list[tuple[Labels, float]]:
    return [(labels_of({NAME: name, **labels}), value) for name, value in values.items()]
