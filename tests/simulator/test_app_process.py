"""The application as a process, alone: what it serves, what it prints, how it ends."""

from __future__ import annotations

import asyncio
import os
import re
import signal
from contextlib import asynccontextmanager
from dataclasses import dataclass
from typing import TYPE_CHECKING

import httpx
import pytest
from prometheus_client.parser import text_string_to_metric_families

from cockpit.simulator.app import timelines
from cockpit.simulator.children import Child, open_reader

if TYPE_CHECKING:
    from collections.abc import AsyncIterator
    from pathlib import Path

    from prometheus_client import Metric

pytestmark = pytest.mark.slow

SIGNED_IN = {"x-dev-bypass": "1", "x-user-id": "tester"}
NAMES = {
    "memory_analysis_success": "counter",
    "memory_analysis_failure": "counter",
    "memory_analysis_cache_hits": "counter",
    "memory_analysis_cache_misses": "counter",
    "concept_recall_detections": "counter",
    "concept_recall_events_emitted": "counter",
    "concept_recall_false_positives": "counter",
    "concept_recall_interactions": "counter",
    "concept_recall_cross_thread_detections": "counter",
    "concept_recall_concept_reuse": "counter",
    "memory_analysis_cache_size": "gauge",
    "concept_recall_concepts_total": "gauge",
    "concept_recall_system_info": "gauge",
    "memory_analysis_duration_seconds": "histogram",
    "concept_recall_similarity_score": "histogram",
    "concept_recall_detection_latency_seconds": "histogram",
    "concept_recall_vector_search_duration_seconds": "histogram",
    "concept_recall_metadata_update_duration_seconds": "histogram",
}


@dataclass
class App:
    """A running application and a client on it."""

    child: Child
    client: httpx.AsyncClient

    async def output(self) -> tuple[str, str]:
        """Everything it printed on stdout and stderr, once it has ended."""
        assert self.child.stdout is not None
        assert self.child.stderr is not None
        out, err = await asyncio.gather(self.child.stdout.read(), self.child.stderr.read())
        return out.decode(), err.decode()


@asynccontextmanager
async def running(tmp_path: Path, **environment: str) -> AsyncIterator[App]:
    """The application with this in its environment; when it ends without a port the client has none."""
    database = tmp_path / "timelines.db"
    timelines.create(database, seed=1, today=timelines.utc_today())
    environment = {**os.environ, "SIM_DATABASE": str(database), "K_REVISION": "app-1", **environment}
    port_read, port_write = os.pipe()
    async with open_reader(port_read) as reader:
        child = await Child.start(
            "cockpit.simulator.app",
            ["--port-fd", str(port_write)],
            environment=environment,
            descriptors=[port_write],
            captured=True,
        )
        os.close(port_write)
        port = (await reader.readline()).decode().strip()
    async with httpx.AsyncClient(base_url=f"http://127.0.0.1:{port or 1}", trust_env=False) as client:
        try:
            yield App(child, client)
        finally:
            await child.kill()


async def test_metrics_have_the_names_types_and_labels_of_the_real_application(tmp_path: Path) -> None:
    async with running(tmp_path) as app:
        for number in range(2):
            body = {"message": "memory of a garden", "thread_id": f"t{number}"}
            assert (await app.client.post("/api/chat", json=body, headers=SIGNED_IN)).status_code == 200
        families = {each.name: each for each in await scrape(app)}
    assert {name: families[name].type for name in NAMES} == NAMES
    assert {"python_info", "process_start_time_seconds", "process_cpu_seconds"} <= families.keys()
    bounds = [s.labels["le"] for s in families["concept_recall_similarity_score"].samples if "le" in s.labels]
    assert bounds == ["0.5", "0.75", "0.8", "0.9", "1.0", "+Inf"]


async def test_an_analysis_is_counted_once_as_a_miss_and_then_as_hits(tmp_path: Path) -> None:
    async with running(tmp_path) as app:
        for _ in range(3):
            answer = await app.client.post("/api/memory/analyze", json={"text": "sleep"}, headers=SIGNED_IN)
            assert answer.status_code == 200
        values = {s.name: s.value for each in await scrape(app) for s in each.samples if not s.labels}
    assert values["memory_analysis_cache_misses_total"] == 1
    assert values["memory_analysis_cache_hits_total"] == 2
    assert values["memory_analysis_cache_size"] == 1


async def test_failures_are_counted_answered_and_printed_with_their_traceback(tmp_path: Path) -> None:
    async with running(tmp_path, SIM_FAULT="errors=1") as app:
        answer = await app.client.post("/api/memory/analyze", json={"text": "sleep"}, headers=SIGNED_IN)
        families = {each.name: each for each in await scrape(app)}
        await app.child.stop(5)
        _, err = await app.output()
    assert answer.status_code == 500
    [failure] = [s for s in families["memory_analysis_failure"].samples if s.name.endswith("_total")]
    assert failure.value == 1
    assert failure.labels.keys() == {"provider", "error_type"}
    assert "ERROR [backend.api] POST /api/memory/analyze failed" in err
    assert "Traceback (most recent call last):\n" in err


@pytest.mark.parametrize("how", [{"SIM_FAULT": "metrics-disabled"}, {"CONCEPT_RECALL_METRICS_ENABLED": "false"}])
async def test_metrics_that_are_off_still_answer_200(tmp_path: Path, how: dict[str, str]) -> None:
    async with running(tmp_path, **how) as app:
        answer = await app.client.get("/api/metrics")
    told = "# Metrics disabled. Set CONCEPT_RECALL_METRICS_ENABLED=true to enable.\n"
    assert (answer.status_code, answer.text) == (200, told)


async def test_timelines_want_the_headers_and_give_eight_rows_for_a_week(tmp_path: Path) -> None:
    async with running(tmp_path) as app:
        url = "/api/dashboard/timeline/tokens?period=7d"
        assert (await app.client.get(url)).status_code == 401
        assert (await app.client.get(url, headers={"x-dev-bypass": "1"})).status_code == 401
        assert len((await app.client.get(url, headers=SIGNED_IN)).json()) == 8
        assert (await app.client.get(f"{url}0", headers=SIGNED_IN)).status_code == 422
        assert (await app.client.post("/api/auth/dev/login")).status_code == 403


async def test_empty_timelines_say_why_in_the_log_alone(tmp_path: Path) -> None:
    async with running(tmp_path, SIM_FAULT="empty-timelines") as app:
        answer = await app.client.get("/api/dashboard/timeline/costs?period=7d", headers=SIGNED_IN)
        await app.child.stop(5)
        _, err = await app.output()
    assert (answer.status_code, answer.json()) == (200, [])
    assert 'near "LEFT": syntax error' in err


@pytest.mark.parametrize(
    ("method", "path", "status"),
    [
        ("GET", "/.env", 404),
        ("GET", "/.git/config", 404),
        ("POST", "/wp-login.php", 405),
        ("DELETE", "/api/health", 405),
        ("HEAD", "/api/health", 200),
        ("GET", "/", 200),
        ("POST", "/api/chat", 401),
    ],
)
async def test_scanners_are_turned_away(tmp_path: Path, method: str, path: str, status: int) -> None:
    async with running(tmp_path) as app:
        answer = await app.client.request(method, path)
    assert answer.status_code == status
    assert method != "HEAD" or not answer.content


@pytest.mark.parametrize("body", [b"", b"{", b"[]", b'{"text": 3}', b'{"text": ""}'])
async def test_bad_bodies_are_the_callers_fault(tmp_path: Path, body: bytes) -> None:
    async with running(tmp_path) as app:
        answer = await app.client.post("/api/memory/analyze", content=body, headers=SIGNED_IN)
    assert answer.status_code == 422


async def test_lines_carry_their_level_inside(tmp_path: Path) -> None:
    async with running(tmp_path) as app:
        body = {"message": "hello there", "thread_id": "t"}
        await app.client.post("/api/chat", json=body, headers=SIGNED_IN)
        await app.child.stop(5)
        out, err = await app.output()
    assert '"severity": "INFO", "message": "chat answered"' in out
    shape = re.compile(r"\d{4}-\d\d-\d\d \d\d:\d\d:\d\d,\d{3} [A-Z]+ \[backend\.[a-z.]+\] .+")
    assert all(shape.fullmatch(line) for line in err.splitlines())
    assert err.splitlines()[-1].endswith("Application shutdown complete")


async def test_a_crash_on_start_is_a_real_traceback_and_exit_code_1(tmp_path: Path) -> None:
    async with running(tmp_path, SIM_FAULT="crash-on-start") as app:
        assert await app.child.wait() == 1
        _, err = await app.output()
    assert err.rstrip().endswith("\nModuleNotFoundError: No module named 'backend'")


async def test_a_fault_that_cannot_be_read_is_one_line(tmp_path: Path) -> None:
    async with running(tmp_path, SIM_FAULT="gremlins") as app:
        assert await app.child.wait() == 1
        _, err = await app.output()
    assert err.startswith("SIM_FAULT: unknown fault 'gremlins'")
    assert len(err.splitlines()) == 1


async def test_it_stops_on_sigterm_with_exit_code_0(tmp_path: Path) -> None:
    async with running(tmp_path) as app:
        os.kill(app.child.pid, signal.SIGTERM)
        assert await app.child.wait() == 0


async def scrape(app: App) -> list[Metric]:
    """The metric families."""
    return list(text_string_to_metric_families((await app.client.get("/api/metrics")).text))
