"""The cockpit's own metrics: read by our reader, by promtool and by a real Prometheus; and who gets nothing."""

from __future__ import annotations

import asyncio
import shutil
import socket
import struct
import time
from asyncio.subprocess import PIPE
from typing import TYPE_CHECKING

import httpx
import pytest

from cockpit.config import ConfigError, load
from cockpit.live.budget import Budget
from cockpit.live.clock import Clock
from cockpit.live.telemetry import LAG_EVERY, Telemetry
from cockpit.metrics.exposed import MetricKind
from cockpit.metrics.exposition.reader import Reader
from cockpit.metrics.labels import notation
from cockpit.metrics.store.store import Usage
from cockpit.wiring.exporter import exporting
from tests.prometheus_server import needs_prometheus, running_prometheus
from tests.simulated import until

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

    from cockpit.config import Settings

OPENMETRICS = "application/openmetrics-text; version=1.0.0"


def settings_at(folder: Path, port: int = 0) -> Settings:
    """Settings with the exporter at a port; 0 is any free one."""
    file = folder / "config.toml"
    file.write_text(f"[metrics.exporter]\nport = {port}\n", encoding="utf-8")
    return load(file, {})


def counted() -> tuple[Telemetry, Budget]:
    """A cockpit that has scraped, asked and called, and met what can go wrong in each."""
    telemetry, budget = Telemetry(), Budget(Clock())
    for seconds in (0.001, 0.003, 99.0):
        telemetry.scrapes.add(seconds)
    telemetry.samples = 273
    telemetry.scrape_failures.update({"timeout": 2, 'odd "kind"\\\n': 1})
    telemetry.queries["range"].add(0.02)
    telemetry.query_failures["limit"] += 1
    telemetry.lag.add(0.004)
    telemetry.usage = Usage(bytes=4096, tracks=2, series=182, samples=500, crowded_out=7, refused=3, late=1)
    budget.reads.spend(4)
    budget.reads.throttled()
    return telemetry, budget


async def got(url: str, **headers: str) -> httpx.Response:
    """What the exporter answers."""
    async with httpx.AsyncClient(trust_env=False, timeout=10) as client:
        return await client.get(url, headers=headers)


async def numbers(url: str, **headers: str) -> Mapping[str, float]:
    """The samples there, by series, as our own reader reads them."""
    answer = await got(url, **headers)
    exposed = Reader().read(answer.content, answer.headers["content-type"])
    names = [notation(exposed.table.labels[number]) for number in exposed.ids]
    return dict(zip(names, exposed.values.tolist(), strict=True))


@pytest.mark.parametrize("accept", ["*/*", OPENMETRICS])
async def test_what_is_counted_is_read_there(tmp_path: Path, accept: str) -> None:
    async with exporting(settings_at(tmp_path), *counted()) as url:
        read = await numbers(url, accept=accept)
    expected = {
        'cockpit_scrape_duration_seconds_bucket{le="0.001"}': 1,
        'cockpit_scrape_duration_seconds_bucket{le="0.005"}': 2,
        'cockpit_scrape_duration_seconds_bucket{le="10.0"}': 2,
        'cockpit_scrape_duration_seconds_bucket{le="+Inf"}': 3,
        "cockpit_scrape_duration_seconds_count": 3,
        "cockpit_scrape_duration_seconds_sum": pytest.approx(99.004),
        "cockpit_scrape_samples_total": 273,
        'cockpit_scrape_failures_total{reason="timeout"}': 2,
        'cockpit_scrape_failures_total{reason="odd \\"kind\\"\\\\\\n"}': 1,
        'cockpit_query_duration_seconds_count{type="instant"}': 0,
        'cockpit_query_duration_seconds_count{type="range"}': 1,
        'cockpit_query_failures_total{reason="limit"}': 1,
        'cockpit_api_calls_total{quota="read"}': 4,
        'cockpit_api_calls_total{quota="write"}': 0,
        'cockpit_api_throttled_total{quota="read"}': 1,
        "cockpit_event_loop_lag_seconds_count": 1,
        "cockpit_store_bytes": 4096,
        "cockpit_store_series": 182,
        "cockpit_store_dropped_samples_total": 7,
        "cockpit_store_refused_series_total": 3,
        "cockpit_store_late_scrapes_total": 1,
    }
    assert {name: read.get(name) for name in expected} == expected


async def test_counters_are_told_apart_from_gauges(tmp_path: Path) -> None:
    async with exporting(settings_at(tmp_path), *counted()) as url:
        answer = await got(url, accept="text/plain")
    families = Reader().read(answer.content, answer.headers["content-type"]).families
    kinds = {name: family.kind for name, family in families.items() if name.startswith("cockpit_")}
    assert kinds["cockpit_store_bytes"] is MetricKind.GAUGE
    assert kinds["cockpit_store_dropped_samples_total"] is MetricKind.COUNTER
    assert kinds["cockpit_query_duration_seconds"] is MetricKind.HISTOGRAM
    assert all(families[name].help for name in kinds)


async def test_each_scrape_tells_what_was_counted_since(tmp_path: Path) -> None:
    telemetry, budget = Telemetry(), Budget(Clock())
    async with exporting(settings_at(tmp_path), telemetry, budget) as url:
        before = await numbers(url)
        telemetry.scrapes.add(0.1)
        after = await numbers(url)
    assert "cockpit_store_bytes" not in before  # no session has a store yet
    name = "cockpit_scrape_duration_seconds_count"
    assert after[name] == before[name] + 1


@pytest.mark.slow
@pytest.mark.skipif(shutil.which("promtool") is None, reason="no `promtool` on this machine")
async def test_promtool_has_nothing_to_say_against_it(tmp_path: Path) -> None:
    async with exporting(settings_at(tmp_path), *counted()) as url:
        text = (await got(url, accept="text/plain")).text
    ours = "".join(line for line in text.splitlines(keepends=True) if "cockpit_" in line)
    promtool = await asyncio.create_subprocess_exec(
        "promtool", "check", "metrics", stdin=PIPE, stdout=PIPE, stderr=PIPE
    )
    said, complained = await promtool.communicate(ours.encode())
    assert (promtool.returncode, said, complained) == (0, b"", b"")


@pytest.mark.slow
@needs_prometheus
async def test_a_prometheus_server_scrapes_it(tmp_path: Path) -> None:
    async with exporting(settings_at(tmp_path), *counted()) as url:
        target = url.removeprefix("http://").removesuffix("/metrics")
        job = {"job_name": "cockpit", "scrape_interval": "1s", "static_configs": [{"targets": [target]}]}

        def scraped() -> list[str]:
            with running_prometheus(tmp_path, [job]) as server:
                server.wait_for("up == 1")
                found = server.wait_for("histogram_quantile(0.5, cockpit_scrape_duration_seconds_bucket)")
                return [value for _, value in (sample["value"] for sample in found)]

        assert await asyncio.to_thread(scraped) == ["0.00375"]


async def test_another_name_for_this_machine_gets_nothing(tmp_path: Path) -> None:
    """What a page of evil.example could do once its name resolves to loopback."""
    async with exporting(settings_at(tmp_path), *counted()) as url:
        port = httpx.URL(url).port
        for host in ("evil.example", f"evil.example:{port}", f"127.0.0.1.evil.example:{port}", ""):
            refused = await got(url, host=host)
            assert refused.status_code == 403
            assert "cockpit_" not in refused.text
        for host in ("127.0.0.1", f"localhost:{port}", f"LOCALHOST:{port}"):
            assert (await got(url, host=host)).status_code == 200


async def test_a_port_in_use_is_named_with_its_place_and_a_mend(tmp_path: Path) -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        port = taken.getsockname()[1]
        with pytest.raises(ConfigError) as caught:
            async with exporting(settings_at(tmp_path, port), *counted()):
                pass
    told = f"config.toml:2: metrics.exporter.port {port} cannot be listened on: Address already in use"
    assert str(caught.value).endswith(told)
    assert "0 for any that is free" in caught.value.mend


async def test_two_cockpits_do_not_share_a_port(tmp_path: Path) -> None:
    async with exporting(settings_at(tmp_path), *counted()) as url:
        port = httpx.URL(url).port
        assert port is not None
        with pytest.raises(ConfigError):
            async with exporting(settings_at(tmp_path, port), *counted()):
                pass


async def test_it_ends_with_the_block_and_the_port_is_free_again(tmp_path: Path) -> None:
    async with exporting(settings_at(tmp_path), *counted()) as url:
        await got(url)
    with pytest.raises(httpx.ConnectError):
        await got(url)
    async with exporting(settings_at(tmp_path, httpx.URL(url).port or 0), *counted()) as again:
        assert again == url


async def test_who_says_nothing_keeps_nobody_waiting(tmp_path: Path) -> None:
    """Neither the next scrape nor the end."""
    begun = time.monotonic()
    async with exporting(settings_at(tmp_path), *counted()) as url:
        _, writer = await asyncio.open_connection("127.0.0.1", httpx.URL(url).port)
        assert (await got(url)).status_code == 200
    assert time.monotonic() - begun < 5
    writer.close()


async def test_what_goes_wrong_is_not_written_over_the_screen(
    tmp_path: Path, caplog: pytest.LogCaptureFixture, capsys: pytest.CaptureFixture[str]
) -> None:
    """Neither a mistake of our own, nnor a reader who is torn away."""
    telemetry, budget = counted()
    async with exporting(settings_at(tmp_path), telemetry, budget) as url:
        del telemetry.samples
        assert (await got(url)).status_code == 500
        with socket.create_connection(("127.0.0.1", httpx.URL(url).port or 0)) as torn:
            torn.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))  # ends with a reset
        await until(lambda: "could not read the own metrics" in caplog.text)
        telemetry.samples = 5
        assert (await numbers(url))["cockpit_scrape_samples_total"] == 5
    assert capsys.readouterr().err == ""


async def test_a_loop_that_was_held_shows(tmp_path: Path) -> None:
    telemetry = Telemetry()
    async with exporting(settings_at(tmp_path), telemetry, Budget(Clock())):
        await until(lambda: telemetry.lag.count > 0)
        time.sleep(LAG_EVERY + 1.1)  # noqa: ASYNC251 (to hold the loop is the point)
        await until(lambda: telemetry.lag.count > 1)
    assert telemetry.lag.total >= 1.0
