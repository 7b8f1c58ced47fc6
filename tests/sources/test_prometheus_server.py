"""The remote engine against a real Prometheus server that scrapes the simulator."""

from __future__ import annotations

import time
from typing import TYPE_CHECKING

import numpy as np
import pytest

from cockpit.live.metrics.ruling import Ruling
from cockpit.metrics.alerts import AlertState
from cockpit.metrics.engine import QueryError, ResultKind
from cockpit.metrics.exposed import MetricKind
from cockpit.metrics.labels import value_of
from cockpit.metrics.rules.files import read_rules
from cockpit.sources.prometheus.engine import Remote, RemoteEngine
from tests.prometheus_server import PrometheusServer, needs_prometheus, running_prometheus, scrape_config
from tests.simulated import running_simulator

if TYPE_CHECKING:
    from collections.abc import AsyncIterator, Iterator

pytestmark = [pytest.mark.slow, needs_prometheus]

TARGETS = {
    "emergence-app": {"service_name": "emergence-app"},
    "canary---emergence-app": {"service_name": "emergence-app", "revision_name": "canary", "revision": "theirs"},
}
OTHERS = {"emergence-app": {"service_name": "other-app", "revision_name": "canary"}}
"""Another service on the same engine, which has all the same metrics and revisions."""


@pytest.fixture(scope="module")
def prometheus(tmp_path_factory: pytest.TempPathFactory) -> Iterator[PrometheusServer]:
    """A server that has scraped both of the simulator's URLs, and another service's, at least three times."""
    with running_simulator("bad-canary") as local:
        scrapes = [scrape_config(local, TARGETS), {**scrape_config(local, OTHERS), "job_name": "other"}]
        with running_prometheus(tmp_path_factory.mktemp("prometheus"), scrapes) as server:
            server.wait_for("sum(count_over_time(up[1m]) >= bool 3) == 3", 60)
            server.wait_for("memory_analysis_success_total", 60)
            yield server


@pytest.fixture
async def engine(prometheus: PrometheusServer) -> AsyncIterator[RemoteEngine]:
    labels = {"service": "service_name", "revision": "revision_name"}
    made = RemoteEngine(Remote(prometheus.url, labels=labels))
    yield made
    await made.close()


def now() -> int:
    """This moment in milliseconds."""
    return int(time.time() * 1000)


async def test_our_labels_are_asked_for_and_answered(engine: RemoteEngine) -> None:
    at = now()
    answer = await engine.instant('max by (service, revision) (up{service="emergence-app"})', at)
    assert {sample.labels for sample in answer.samples} == {
        (("service", "emergence-app"),),
        (("revision", "canary"), ("service", "emergence-app")),
    }
    [canary] = (await engine.instant('up{revision="canary",service="emergence-app"}', at)).samples
    assert dict(canary.labels)["exported_revision"] == "theirs"
    copied = 'label_replace(up{revision="canary",service="emergence-app"}, "tag", "$1", "revision", "(.*)")'
    [tagged] = (await engine.instant(copied, at)).samples
    assert dict(tagged.labels)["tag"] == "canary"


async def test_the_same_numbers_as_the_api_gives(engine: RemoteEngine, prometheus: PrometheusServer) -> None:
    end = now()
    start, step = end - 30_000, 1000
    expression = "sum by (le) (memory_analysis_duration_seconds_bucket)"
    answer = await engine.range(expression, start, end, step)
    theirs = prometheus.get("query_range", query=expression, start=start / 1000, end=end / 1000, step=1)["result"]
    assert answer.kind is ResultKind.MATRIX
    assert len(answer.lines) == len(theirs) > 0
    for line, series in zip(answer.lines, theirs, strict=True):
        assert dict(line.labels) == series["metric"]
        assert line.times.tolist() == [round(stamp * 1000) for stamp, _ in series["values"]]
        np.testing.assert_array_equal(line.values, [float(value) for _, value in series["values"]])
        assert (np.diff(line.times) > 0).all()


async def test_values_that_are_no_numbers(engine: RemoteEngine) -> None:
    values = [
        (await engine.instant(text, now())).samples[0].value for text in ("1/0", "-1/0", "0/0", "vector(0/0)")
    ]
    np.testing.assert_array_equal(values, [np.inf, -np.inf, np.nan, np.nan])


@pytest.mark.parametrize(
    ("expression", "kind", "at"),
    [
        ('sum by (revision) (up{revision="a"}', "syntax", None),
        ('sum by (revision) (up) foo{revision="a"}', "syntax", "foo"),
        ("sum by (revision) (rate(up))", "syntax", "up"),
        ("up * on (job) up", "evaluation", None),
        ("up{revision=~'('}", "syntax", None),
    ],
)
async def test_its_refusals(engine: RemoteEngine, expression: str, kind: str, at: str | None) -> None:
    with pytest.raises(QueryError) as caught:
        await engine.instant(expression, now())
    assert caught.value.kind == kind
    if at is not None:
        assert caught.value.position == expression.index(at)


async def test_more_points_than_it_gives(engine: RemoteEngine) -> None:
    end = now()
    with pytest.raises(QueryError, match="maximum resolution") as caught:
        await engine.range("up", end - 86_400_000, end, 1000)
    assert caught.value.kind == "limit"
    assert caught.value.mend


async def test_its_metrics_and_series(engine: RemoteEngine) -> None:
    families = await engine.families()
    assert families["memory_analysis_duration_seconds"].kind is MetricKind.HISTOGRAM
    assert families["memory_analysis_duration_seconds"].help
    series = await engine.series("up")
    assert {dict(labels).get("revision", "") for labels in series} == {"", "canary"}
    assert len(await engine.series("")) > 100


@pytest.mark.parametrize("matchers", ['service="emergence-app"', 'service=~"emergence-app|"', 'job="simulator"'])
async def test_services_on_one_engine_are_kept_apart(
    engine: RemoteEngine, prometheus: PrometheusServer, matchers: str
) -> None:
    at = now()
    ours = engine.within(matchers)
    for expression, all_services in (("count(up)", 3), ("count by (revision) (up{revision='canary'})", 2)):
        [found], [mixed] = [(await each.instant(expression, at)).samples for each in (ours, engine)]
        assert (found.value, mixed.value) == (all_services - 1, all_services)
    assert {dict(labels)["service"] for labels in await ours.series("up")} == {"emergence-app"}
    assert len(await engine.series("up")) == 3
    # The other service has a revision of the same name: in one sum they would be taken for one.
    by_hand = 'sum by (revision_name) (process_start_time_seconds{service_name="emergence-app"})'
    theirs = prometheus.get("query", query=by_hand, time=at / 1000)["result"]
    narrowed = await ours.instant("sum by (revision) (process_start_time_seconds)", at)
    assert {value_of(each.labels, "revision"): each.value for each in narrowed.samples} == {
        each["metric"].get("revision_name", ""): float(each["value"][1]) for each in theirs
    }
    line = (await ours.range("count(up)", at - 1000, at, 1000)).lines[0]
    assert set(line.values) == {2}


async def test_a_service_has_the_metrics_that_it_has_series_of(engine: RemoteEngine) -> None:
    everything = await engine.families()
    found = await engine.within('service="emergence-app"').families()
    assert found["memory_analysis_duration_seconds"] == everything["memory_analysis_duration_seconds"]
    assert found["memory_analysis_success"].kind is MetricKind.COUNTER
    assert await engine.within('service="nobody"').families() == {}


async def test_an_error_behind_matchers_is_found_in_what_was_written(engine: RemoteEngine) -> None:
    expression = 'sum by (revision) (up) foo{revision="a"}'
    with pytest.raises(QueryError) as caught:
        await engine.within('service="emergence-app"').instant(expression, now())
    assert caught.value.position == expression.index("foo")


HELD = """
groups:
- name: scraped
  interval: 1s
  rules:
  - {alert: Scraped, expr: 'count by (service) (up) == 2', for: 2s}
  - {alert: Never, expr: up > 5, for: 2s}
"""


async def test_a_rule_that_held_before_we_looked_fires_at_once(engine: RemoteEngine) -> None:
    ruling = Ruling(read_rules(HELD, "rules.yml").loaded(), engine.within('service="emergence-app"'), 5.0, None)
    at = now()
    await ruling.step(at)
    scraped, never = ruling.alerts
    assert (scraped.state, scraped.since) == (AlertState.FIRING, at / 1000 - 2)
    assert never.state is AlertState.INACTIVE


async def test_another_path_is_no_api(prometheus: PrometheusServer) -> None:
    engine = RemoteEngine(Remote(f"{prometheus.url}/nowhere"))
    with pytest.raises(QueryError, match="no Prometheus API at") as caught:
        await engine.instant("up", now())
    assert caught.value.kind == "unreachable"
    await engine.close()
