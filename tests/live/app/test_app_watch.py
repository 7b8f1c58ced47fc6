"""An application that is asked: health at every URL, timelines that somebody looks at, and rest."""

from __future__ import annotations

import json
from dataclasses import replace
from datetime import timedelta
from typing import TYPE_CHECKING, Any

from cockpit.live.app.habits import AppHabits, CheckHabits
from cockpit.live.app.judging import Expected
from cockpit.live.app.picture import Health
from cockpit.live.snapshot import FeedState
from cockpit.release.observed import Observed
from cockpit.sources.timelines.shape import Flaw
from tests.live.app.asked import EVERY, HABITS, JSON, asking
from tests.simulated import until

if TYPE_CHECKING:
    from cockpit.live.app.picture import TimelinePicture
    from tests.live.app.asked import Asked
    from tests.live.clocks import FakeClock
    from tests.sources.hostile import Exchange

NOBODY = Observed(60.0, 0, ())
PROBES = replace(HABITS, timelines=())


def days(fake: FakeClock, count: int) -> bytes:
    """So many days until today, each of which costs 1."""
    today = fake.wall().date()
    return json.dumps(
        [{"date": f"{today - timedelta(days=back)}", "cost": 1} for back in range(count)][::-1]
    ).encode()


def keeps_costs(asked: Asked) -> None:
    """The application answers with its costs."""

    @asked.stable.on("/costs")
    async def _(exchange: Exchange) -> None:
        count = int(exchange.received.path.partition("period=")[2].rstrip("d"))
        await exchange.answer("200 OK", days(asked.fake, count + 1), JSON)


def costs(asked: Asked, period: str = "7d") -> TimelinePicture:
    """The costs over a period."""
    found = asked.picture.timeline("costs", period)
    assert found is not None
    return found


def periods(asked: Asked) -> list[str]:
    """Which periods have been asked for, in order."""
    return [each.path.partition("period=")[2] for each in asked.stable.received if each.path.startswith("/costs")]


async def test_every_url_is_probed_and_what_it_says_is_told_with_its_time(fake: FakeClock) -> None:
    async with asking(fake, PROBES) as asked:
        await until(lambda: all(probe.probes for probe in asked.picture.probes))
        service, canary = asked.picture.probes
        assert [(each.tag, each.path, each.health, each.status) for each in (service, canary)] == [
            ("", "/api/health", Health.OK, 200),
            ("canary", "/api/health", Health.OK, 200),
        ]
        assert (service.since, service.before, service.bad) == (fake.clock.time(), None, 0)
        assert service.seconds is not None
        assert service.p50 == service.p95 == service.seconds
        began = fake.clock.time()
        asked.canary.always("/api/health", "503 Service Unavailable", b'{"status":"degraded"}', JSON)
        await asked.passing(1.2 * EVERY, lambda: asked.probe("canary").health is Health.FAILING)
        canary = asked.probe("canary")
        assert (canary.why, canary.before, canary.bad) == ("it answers 503, not 200–299", Health.OK, 1)
        assert canary.since is not None
        assert began < canary.since <= fake.clock.time()
        assert asked.probe().health is Health.OK


async def test_one_probe_in_vain_is_degraded_and_the_second_failing(fake: FakeClock) -> None:
    async with asking(fake, replace(PROBES, probes=replace(PROBES.probes, timeout=0.3))) as asked:

        @asked.canary.on("/api/health")
        async def silent(exchange: Exchange) -> None:
            await asked.canary.ended.wait()

        await until(lambda: asked.probe("canary").probes == 1)
        first = asked.probe("canary")
        assert (first.health, first.course, first.p95) == (Health.DEGRADED, (None,), None)
        assert "no answer from" in first.why
        await asked.passing(1.2 * EVERY, lambda: asked.probe("canary").probes == 2)
        assert asked.probe("canary").health is Health.FAILING


async def test_what_nobody_uses_is_left_alone_and_is_unknown_then(fake: FakeClock) -> None:
    async with asking(fake, replace(PROBES, idle=60.0)) as asked:
        asked.observed = NOBODY
        await asked.passing(62.0)
        count = len(asked.canary.received)
        canary = asked.probe("canary")
        assert (canary.health, canary.resting) == (Health.UNKNOWN, True)
        assert "left alone" in canary.why
        assert canary.before is Health.OK
        await asked.passing(120.0)
        assert len(asked.canary.received) == count
        asked.watch.refresh()
        await until(lambda: len(asked.canary.received) == count + 1)
        await until(lambda: asked.probe("canary").health is Health.OK)


async def test_nothing_at_an_assumed_path_is_unknown_until_one_url_has_it(fake: FakeClock) -> None:
    assumed = CheckHabits("/ready", Expected(), assumed=True)
    named = CheckHabits("/named", Expected())
    habits = replace(PROBES, probes=replace(PROBES.probes, checks=(assumed, named)))
    async with asking(fake, habits) as asked:
        await until(lambda: all(probe.probes for probe in asked.picture.probes))
        by_path = {(each.tag, each.path): each.health for each in asked.picture.probes}
        assert by_path["", "/ready"] is by_path["canary", "/ready"] is Health.UNKNOWN
        assert by_path["", "/named"] is by_path["canary", "/named"] is Health.FAILING
        asked.stable.always("/ready", "200 OK")
        await asked.passing(3 * EVERY)
        by_path = {(each.tag, each.path): each.health for each in asked.picture.probes}
        assert (by_path["", "/ready"], by_path["canary", "/ready"]) == (Health.OK, Health.FAILING)


async def test_only_the_tags_that_are_wanted_are_probed(fake: FakeClock) -> None:
    habits = replace(PROBES, probes=replace(PROBES.probes, tags=("green-*", "")))
    async with asking(fake, habits) as asked:
        await until(lambda: asked.probe().probes == 1)
        assert [each.tag for each in asked.picture.probes] == [""]
        assert asked.canary.received == []


async def test_a_timeline_is_read_with_its_headers_and_compared_with_the_time_before(fake: FakeClock) -> None:
    async with asking(fake) as asked:
        keeps_costs(asked)
        asked.watch.refresh()
        await until(lambda: costs(asked).compared == "7 days against the 7 before")
        found = costs(asked)
        assert [len(found.rows), len(found.slots)] == [8, 8]
        assert (found.values[0].total, found.values[0].change, found.findings) == (8.0, 0.0, ())
        assert found.read_at == fake.clock.time()
        asked_for = [each for each in asked.stable.received if each.path.startswith("/costs")]
        assert {each.headers["x-user-id"] for each in asked_for} == {"cockpit"}
        assert set(periods(asked)) == {"7d", "30d"}


async def test_only_periods_that_somebody_looks_at_are_read_and_they_at_once(fake: FakeClock) -> None:
    async with asking(fake) as asked:
        keeps_costs(asked)
        asked.watch.refresh()
        await until(lambda: {"7d", "30d"} <= set(periods(asked)))
        asked.watch.look("costs", "30d")
        await until(
            lambda: (found := asked.picture.timeline("costs", "30d")) is not None and len(found.rows) == 31
        )
        await until(lambda: "90d" in periods(asked))
        asked.watch.look("costs", "7d")
        assert asked.picture.timeline("costs", "30d") is None
        asked.stable.received.clear()
        await asked.passing(1.2 * HABITS.interval, lambda: set(periods(asked)) == {"7d", "30d"})
        asked.watch.look("nothing", "7d")
        assert [each.name for each in asked.picture.timelines] == ["costs"]


async def test_every_outcome_is_told_as_what_it_is(fake: FakeClock) -> None:
    outcomes: list[tuple[str, bytes, str]] = [
        ("401 Unauthorized", b"", "unauthenticated"),
        ("403 Forbidden", b"", "denied"),
        ("404 Not Found", b"", "not-found"),
        ("500 Internal Server Error", b"", "broken"),
        ("200 OK", b"<html>", "unreadable"),
        ("200 OK", b" " * (5 << 20), "too-large"),
        ("302 Found", b"", "redirected"),
    ]
    async with asking(fake) as asked:
        for status, body, kind in outcomes:
            asked.stable.always("/costs", status, body, "location: https://accounts.google.com/")
            asked.watch.refresh()
            await until(lambda kind=kind: kind_of(costs(asked)) == kind)  # type: ignore[misc]
            assert costs(asked).feed.problem.mend  # type: ignore[union-attr]
        asked.stable.always("/costs", "200 OK", b"[]", JSON)
        asked.watch.refresh()
        await until(lambda: [each.flaw for each in costs(asked).findings] == [Flaw.EMPTY])
        assert costs(asked).feed.state is FeedState.LIVE


def kind_of(timeline: TimelinePicture) -> str:
    """What kind of trouble a timeline has."""
    return timeline.feed.problem.kind if timeline.feed.problem else ""


async def test_the_last_rows_stay_while_newer_ones_cannot_be_read(fake: FakeClock) -> None:
    async with asking(fake) as asked:
        keeps_costs(asked)
        asked.watch.refresh()
        await until(lambda: len(costs(asked).rows) == 8)
        asked.stable.always("/costs", "500 Internal Server Error")
        asked.watch.refresh()
        await until(lambda: kind_of(costs(asked)) == "broken")
        assert len(costs(asked).rows) == 8


async def test_headers_are_not_sent_in_plaintext_to_another_machine(fake: FakeClock) -> None:
    async with asking(fake) as asked:
        seen = asked.snapshot
        assert seen.service is not None
        asked.watch.saw(replace(seen, service=replace(seen.service, uri="http://192.0.2.1:1", serving=())))
        await until(lambda: kind_of(costs(asked)) == "invalid")
        problem: Any = costs(asked).feed.problem
        assert "nothing secret is sent there" in problem.text


async def test_an_application_of_which_nothing_is_set_is_asked_nothing(fake: FakeClock) -> None:
    async with asking(fake, AppHabits()) as asked:
        await asked.passing(60.0)
        assert (asked.picture.probes, asked.picture.timelines) == ((), ())
        assert asked.stable.received == []
