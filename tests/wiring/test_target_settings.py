"""What settings say of one URL reaches the requests that are sent there, and those of no other URL."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from cockpit import config
from cockpit.live.snapshot import FeedState
from cockpit.wiring.metrics import habits_of
from tests.live.clocks import FakeClock
from tests.live.metrics.fed import feeding
from tests.sources.hostile import hostile_server

if TYPE_CHECKING:
    from pathlib import Path

    from cockpit.live.metrics.habits import MetricsHabits

SETTINGS = """
[metrics]
paths = ["/all"]
interval_seconds = 7

[metrics.headers]
X-Team = { value = "sre" }

[[metrics.targets]]
tag = "canary"
paths = ["/own"]
interval_seconds = 2
timeout_seconds = 1.5
burst = 3
size_mib = 1

[metrics.targets.headers]
Authorization = { env = "COCKPIT_TEST_TOKEN", prefix = "Bearer " }

[[metrics.targets]]
tag = "old"
scrape = false
"""


def test_no_path_at_all_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "mine.toml"
    path.write_text(SETTINGS.replace('paths = ["/own"]', "paths = []"))
    with pytest.raises(config.ConfigError, match=r"mine\.toml:\d+.*paths"):
        config.load(path, {})


@pytest.fixture
def fake() -> FakeClock:
    """A clock that stands still."""
    return FakeClock()


def habits(folder: Path, monkeypatch: pytest.MonkeyPatch) -> MetricsHabits:
    monkeypatch.setenv("COCKPIT_TEST_TOKEN", "hush")
    path = folder / "mine.toml"
    path.write_text(SETTINGS)
    return habits_of(config.load(path, {}))


def test_what_a_target_leaves_out_is_as_for_all(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    found = habits(tmp_path, monkeypatch)
    own, old, other = (found.of(tag) for tag in ("canary", "old", "blue"))
    assert (own.paths, own.interval, own.timeout, own.burst, own.most) == (("/own",), 2.0, 1.5, 3, 1 << 20)
    assert (other.paths, other.interval, other.timeout, other.burst) == (("/all",), 7.0, 4.0, 0)
    assert other.most == 16 << 20
    assert [each.wanted for each in (own, old, other)] == [True, False, True]
    assert (old.paths, old.headers) == (other.paths, other.headers)
    scraped = {"/all", "/own"}
    assert found.paths - found.asked == scraped


async def test_each_url_is_asked_as_its_settings_say(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, fake: FakeClock
) -> None:
    found = habits(tmp_path, monkeypatch)
    async with hostile_server() as server:
        for path in ("/all", "/own"):
            server.always(path, "200 OK", b"up 1\n", "content-type: text/plain")
        for tag in ("", "canary"):
            async with feeding(server.url, fake, found.of(tag), tag=tag, revision=tag) as fed:
                await fed.passing(0.5)
    asked = {each.path: each.headers for each in server.received}
    assert [each.path for each in server.received] == ["/all", "/own", "/own", "/own"]
    assert (asked["/all"].get("x-team"), asked["/all"].get("authorization")) == ("sre", None)
    assert (asked["/own"].get("x-team"), asked["/own"].get("authorization")) == (None, "Bearer hush")
    assert asked["/own"]["x-prometheus-scrape-timeout-seconds"] == "1.5"


async def test_each_url_has_its_own_limit(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, fake: FakeClock
) -> None:
    found = habits(tmp_path, monkeypatch)
    lines = b"".join(b'up{n="%d"} 1\n' % n for n in range(100_000))
    assert 1 << 20 < len(lines) < 16 << 20
    async with hostile_server() as server:
        for path in ("/all", "/own"):
            server.always(path, "200 OK", lines, "content-type: text/plain")
        async with feeding(server.url, fake, found.of("canary"), tag="canary", revision="canary") as fed:
            await fed.passing(0.5)
            assert "more than 1 MiB" in fed.problem[1]
        async with feeding(server.url, fake, found.of("")) as fed:
            await fed.passing(0.5)
            assert (fed.picture.feed.state, fed.picture.series) == (FeedState.LIVE, 100_000)
