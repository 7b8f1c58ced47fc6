"""What a real Prometheus scraped, read back sample for sample, and what it answers."""

from __future__ import annotations

from collections.abc import Mapping
from itertools import groupby
from typing import Any

from cockpit.metrics.engine import Answer, ResultKind
from cockpit.metrics.labels import Labels, labels_of, value_of
from cockpit.metrics.series import STALE
from tests.metrics.promql.memory import MemoryStorage
from tests.prometheus_server import PrometheusServer

Answered = Mapping[Labels, Mapping[int, float]]
"""Values by epoch milliseconds of each series."""


def recorded(server: PrometheusServer, end: int, seconds: int) -> MemoryStorage:
    """Every sample of the last seconds before `end`, and the stale markers, which the API does not give.

    Prometheus sets one at the scrape in which a series was missing for the first time; `up` is in every scrape.
    """
    series = instantly(server, f'{{__name__=~".+"}}[{seconds}s]', end)
    scrapes = {
        value_of(labels, "instance"): sorted(samples)
        for labels, samples in series.items()
        if value_of(labels, "__name__") == "up"
    }
    storage = MemoryStorage(series)
    for labels, samples in series.items():
        times = scrapes[value_of(labels, "instance")]
        absences = groupby((time for time in times if time > min(samples)), key=samples.__contains__)
        storage.add(labels, [(next(missing), STALE) for present, missing in absences if not present])
    return storage


def instantly(server: PrometheusServer, expression: str, at: int) -> Answered:
    """The answer at one moment (epoch milliseconds); a scalar is a series without labels."""
    return series_of(server.get("query", query=expression, time=at / 1000))


def over_steps(server: PrometheusServer, expression: str, start: int, end: int, step: int) -> Answered:
    """The answer from start to end, in epoch milliseconds."""
    return series_of(
        server.get("query_range", query=expression, start=start / 1000, end=end / 1000, step=step / 1000)
    )


def answered(answer: Answer, at: int) -> Answered:
    """An answer of the evaluator in the same shape; of an instant at `at` (epoch milliseconds)."""
    if answer.kind is ResultKind.MATRIX:
        return {
            line.labels: dict(zip(line.times.tolist(), line.values.tolist(), strict=True)) for line in answer.lines
        }
    return {sample.labels: {at: sample.value} for sample in answer.samples}


def series_of(data: dict[str, Any]) -> Answered:
    """The data of an answer of the HTTP API."""
    result = data["result"]
    if data["resultType"] == "scalar":
        result = [{"metric": {}, "value": result}]
    return {
        labels_of(each["metric"]): {
            round(time * 1000): float(value) for time, value in each.get("values") or [each["value"]]
        }
        for each in result
    }
