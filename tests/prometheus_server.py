"""A real Prometheus server for tests: on a free port of loopback, in a folder of the test's, gone afterwards."""

from __future__ import annotations

import json
import shutil
import socket
import subprocess
import time
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import httpx
import pytest

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence
    from pathlib import Path

    from tests.simulated import Local

START_SECONDS = 30.0
STOP_SECONDS = 15.0
ATTEMPTS = 3

needs_prometheus = pytest.mark.skipif(
    shutil.which("prometheus") is None, reason="no `prometheus` on this machine (Debian's package has it)"
)


@dataclass(frozen=True, slots=True)
class PrometheusServer:
    """A server that is ready: its address, and its process."""

    url: str
    process: subprocess.Popen[bytes]

    def get(self, path: str, **parameters: str | float) -> Any:
        """The `data` of an answer of the HTTP API, `get("query", query="up")`."""
        answer = httpx.get(f"{self.url}/api/v1/{path}", params=parameters, trust_env=False, verify=False)
        answer.raise_for_status()
        return answer.json()["data"]

    def wait_for(self, query: str, seconds: float = 30.0) -> Any:
        """The samples of a query, as soon as it has some; the first scrapes take 5 s. Raises TimeoutError."""
        deadline = time.monotonic() + seconds
        while not (found := self.get("query", query=query)["result"]):
            if time.monotonic() > deadline:
                raise TimeoutError(f"Prometheus has nothing for {query}")
            time.sleep(0.1)
        return found


def scrape_config(local: Local, targets: Mapping[str, Mapping[str, str]], interval: str = "1s") -> dict[str, Any]:
    """How to scrape a simulator: by host ("emergence-app", "canary---emergence-app") the labels of its target.

    Its names do not resolve everywhere, so the simulator itself is named as the proxy to them.
    """
    return {
        "job_name": "simulator",
        "scrape_interval": interval,
        "scrape_timeout": interval,
        "metrics_path": "/api/metrics",
        "proxy_url": f"http://{local.endpoint}",
        "static_configs": [
            {"targets": [f"{host}.localhost:{local.port}"], "labels": dict(labels)}
            for host, labels in targets.items()
        ],
    }


@contextmanager
def running_prometheus(
    folder: Path, scrapes: Sequence[Mapping[str, Any]] = (), *options: str
) -> Iterator[PrometheusServer]:
    """A server while the block runs, with these scrape configs and flags; it reads and writes `folder/data`."""
    config = folder / "prometheus.yml"
    config.write_text(json.dumps({"scrape_configs": list(scrapes)}))  # JSON is YAML
    with (folder / "prometheus.log").open("wb") as log:
        for attempt in range(ATTEMPTS):
            port = _free_port()
            with subprocess.Popen(_command(folder, port, options), stdout=log, stderr=log) as process:
                server = PrometheusServer(f"http://127.0.0.1:{port}", process)
                try:
                    # Somebody may take the port first: it is free only when it is found.
                    if _is_ready(server):
                        yield server
                        return
                finally:
                    _stop(process)
            assert attempt + 1 < ATTEMPTS, (folder / "prometheus.log").read_text()


def _command(folder: Path, port: int, options: Sequence[str]) -> list[str]:
    return [
        "prometheus",
        f"--config.file={folder / 'prometheus.yml'}",
        f"--storage.tsdb.path={folder / 'data'}",
        f"--web.listen-address=127.0.0.1:{port}",
        "--log.level=warn",
        *options,
    ]


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
        return port


def _is_ready(server: PrometheusServer) -> bool:
    """Whether the server came up; False when it ended instead. Raises TimeoutError."""
    deadline = time.monotonic() + START_SECONDS
    while server.process.poll() is None:
        if time.monotonic() > deadline:
            raise TimeoutError("Prometheus does not get ready")
        with suppress(httpx.TransportError):  # as long as it does not listen
            if httpx.get(f"{server.url}/-/ready", trust_env=False, verify=False, timeout=1.0).is_success:
                return True
        time.sleep(0.05)
    return False


def _stop(process: subprocess.Popen[bytes]) -> None:
    process.terminate()
    try:
        process.wait(STOP_SECONDS)
    except subprocess.TimeoutExpired:
        process.kill()
        raise
