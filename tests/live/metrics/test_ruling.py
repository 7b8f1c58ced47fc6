"""Rules evaluated as they fall due, on samples that are kept and on an engine that is not there."""

from __future__ import annotations

from contextlib import asynccontextmanager
from dataclasses import dataclass
from typing import TYPE_CHECKING

import pytest

from cockpit.live.metrics.counted import CountedEngine
from cockpit.live.metrics.local import LocalEngine
from cockpit.live.metrics.ruling import Ruling
from cockpit.metrics.alerts import AlertState
from cockpit.metrics.labels import labels_of
from cockpit.metrics.rules.files import read_rules
from cockpit.sources.prometheus.engine import Remote, RemoteEngine
from tests.live.metrics.fed import means_on
from tests.sources.hostile import hostile_server

if TYPE_CHECKING:
    from collections.abc import AsyncIterator, Sequence

    from cockpit.live.metrics.target_feed import ScrapeMeans
    from cockpit.metrics.engine import Engine, Sample
    from cockpit.metrics.rules.model import Group
    from tests.live.clocks import FakeClock

START = 1_700_000_000_000

ERRORS = """
groups:
  - name: app
    rules:
      - alert: Errors
        expr: sum by (revision) (errors) > 5
        for: 20s
        annotations:
          summary: "{{ $value }} of {{ $labels.revision }}"
"""


def groups(text: str) -> tuple[Group, ...]:
    """The groups of a rule file."""
    return read_rules(text, "rules.yml").loaded()


@dataclass
class Watched:
    """Kept samples, with an engine on them."""

    means: ScrapeMeans
    engine: Engine

    def sample(self, at: int, **values: float) -> None:
        """A sample of `errors` by revision."""
        pairs = [(labels_of({"__name__": "errors", "revision": name}), value) for name, value in values.items()]
        self.means.kept.store.append_samples(at, pairs, "test")

    async def record(self, at: int, group: str, samples: Sequence[Sample]) -> None:
        """As the cockpit keeps what recording rules give."""
        self.means.kept.store.append_samples(at, [(each.labels, each.value) for each in samples], group)


@asynccontextmanager
async def watched(fake: FakeClock) -> AsyncIterator[Watched]:
    """An engine on an empty store."""
    async with means_on(fake) as means:
        local = LocalEngine(means.kept, means.worker)
        yield Watched(means, CountedEngine(local, means.telemetry, means.clock))


async def test_an_alert_goes_its_way(fake: FakeClock) -> None:
    """No data before the first sample; then inactive, pending, firing, and gone again."""
    async with watched(fake) as on:
        ruling = Ruling(groups(ERRORS), on.engine, 5.0, on.record)
        assert not any(ruling.alerts)
        seen = []
        for step, value in enumerate([None, 1, 9, 9, 9, 9, 9, 2]):
            at = START + 5000 * step
            if value is not None:
                on.sample(at, canary=value)
            await ruling.step(at)
            [alert] = ruling.alerts
            seen.append(alert.state)
        quiet, firing = AlertState.INACTIVE, AlertState.FIRING
        assert seen == [AlertState.NO_DATA, quiet, *[AlertState.PENDING] * 4, firing, quiet]


@pytest.mark.parametrize(
    ("before", "state", "since"),
    [
        ([9, 9, 9, 9, 9, 9, 9], AlertState.FIRING, -20),
        ([1, 1, 1, 1, 1, 9, 9], AlertState.PENDING, -5),
        ([9, 9, 9, 9, 9, 1, 9], AlertState.PENDING, 0),
        ([9, 9, 9, 9, 9, 9, 1], AlertState.INACTIVE, 0),
    ],
)
async def test_what_began_before_the_start_goes_on(
    fake: FakeClock, before: list[int], state: AlertState, since: int
) -> None:
    """An engine that remembers knows since when a rule holds, so that `for` does not begin anew with us."""
    async with watched(fake) as on:
        for step, value in enumerate(before, 1 - len(before)):
            on.sample(START + 5000 * step, canary=value)
        ruling = Ruling(groups(ERRORS), on.engine, 5.0, on.record)
        await ruling.step(START)
        [alert] = ruling.alerts
        assert (alert.state, alert.since) == (state, START / 1000 + since)
        await ruling.step(START + 5000)
        assert on.means.telemetry.queries["range"].count == 1


async def test_what_began_long_ago_is_looked_at_in_few_steps(fake: FakeClock) -> None:
    """A `for` of hours costs no more than one of minutes, and an offset is the group's own."""
    text = ERRORS.replace("- name: app", "- name: app\n    query_offset: 10s").replace("for: 20s", "for: 2h")
    async with watched(fake) as on:
        for minute in range(-150, 1):
            on.sample(START + 60_000 * minute - 10_000, canary=9)
        ruling = Ruling(groups(text), on.engine, 5.0, on.record)
        await ruling.step(START)
        [alert] = ruling.alerts
        assert (alert.state, alert.since) == (AlertState.FIRING, START / 1000 - 7200)


async def test_groups_have_their_own_pace(fake: FakeClock) -> None:
    """One that names an interval, one that does not; neither is evaluated before it is due."""
    text = ERRORS.replace("- name: app", "- name: slow\n    interval: 1m") + ERRORS.replace("groups:\n", "")
    async with watched(fake) as on:
        ruling = Ruling(groups(text), on.engine, 10.0, on.record)
        telemetry = on.means.telemetry
        costs = []
        for second in range(0, 65, 5):
            before = telemetry.queries["instant"].count
            await ruling.step(START + 1000 * second)
            costs.append(telemetry.queries["instant"].count - before)
        one = costs[2]
        assert one > 0
        assert costs == [2 * one, 0, *[one, 0] * 5, 2 * one]


async def test_a_group_may_look_back(fake: FakeClock) -> None:
    """`query_offset` asks for the past; the state is of now."""
    text = ERRORS.replace("- name: app", "- name: app\n    query_offset: 10s").replace("for: 20s", "for: 0s")
    async with watched(fake) as on:
        ruling = Ruling(groups(text), on.engine, 5.0, on.record)
        for step, value in enumerate([1, 9, 9, 9]):
            on.sample(START + 5000 * step, canary=value)
            await ruling.step(START + 5000 * step)
        [alert] = ruling.alerts
        assert alert.state is AlertState.FIRING
        assert alert.since == (START + 15_000) / 1000


async def test_a_recording_is_there_for_the_next_rule(fake: FakeClock) -> None:
    """Within the same step, and under the labels that the rule sets."""
    text = """
groups:
  - name: app
    rules:
      - record: revision:errors:sum
        expr: sum by (revision) (errors)
        labels: {team: sre}
      - alert: Errors
        expr: revision:errors:sum{team="sre"} > 5
"""
    async with watched(fake) as on:
        ruling = Ruling(groups(text), on.engine, 5.0, on.record)
        on.sample(START, canary=9, stable=1)
        await ruling.step(START)
        [alert] = ruling.alerts
        assert (alert.state, alert.revision, alert.value) == (AlertState.FIRING, "canary", 9.0)
        assert len(on.means.kept.store.series("revision:errors:sum")) == 2


async def test_a_recording_that_fails_leaves_the_others_alone(fake: FakeClock) -> None:
    """Two samples with the same labels cannot be kept; who reads it has no data."""
    text = """
groups:
  - name: app
    rules:
      - record: total
        expr: label_replace(errors, "revision", "same", "", "")
      - alert: Reads
        expr: total > 0
      - alert: Errors
        expr: errors > 5
"""
    async with watched(fake) as on:
        ruling = Ruling(groups(text), on.engine, 5.0, on.record)
        on.sample(START, canary=9, stable=1)
        await ruling.step(START)
        assert {alert.rule: alert.state for alert in ruling.alerts} == {
            "Reads": AlertState.NO_DATA,
            "Errors": AlertState.FIRING,
        }


async def test_an_engine_that_is_down_is_asked_once_a_step(fake: FakeClock) -> None:
    """Each rule says so; and twenty rules do not wait for twenty timeouts."""
    many = "groups:\n" + "".join(
        ERRORS.replace("groups:\n", "").replace("name: app", f"name: g{n}") for n in range(20)
    )
    async with means_on(fake) as means, hostile_server() as server:
        server.always("/api/v1/query", "503 Service Unavailable")
        remote = RemoteEngine(Remote(server.url))
        try:
            ruling = Ruling(groups(many), CountedEngine(remote, means.telemetry, means.clock), 5.0, None)
            await ruling.step(START)
        finally:
            await remote.close()
        asked = len(server.received)
    assert {alert.state for alert in ruling.alerts} == {AlertState.BROKEN}
    assert len(ruling.alerts) == 20
    assert asked == 1
    assert means.telemetry.query_failures == {"unreachable": 1}
