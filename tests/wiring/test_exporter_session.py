"""The exporter as a user meets it: beside a cockpit in a terminal, on a local Cloud Run."""

from __future__ import annotations

import re
import socket
import sys
import time
from typing import TYPE_CHECKING

import httpx
import pytest

from cockpit.metrics.exposition.reader import Reader
from cockpit.metrics.labels import notation
from tests.terminal import Terminal

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping
    from pathlib import Path

    from tests.simulated import Local

pytestmark = pytest.mark.slow

SAID = re.compile(r"own metrics are at (http://127\.0\.0\.1:\d+/metrics)")
STARTED = 40.0


@pytest.fixture
def cockpit(tmp_path: Path, simulator: Callable[..., Local]) -> Iterator[Callable[[int], Terminal]]:
    """Opens the cockpit with its exporter at a port."""
    local = simulator("healthy", "--load", "0")
    opened: list[Terminal] = []

    def start(port: int) -> Terminal:
        config = tmp_path / "config.toml"
        config.write_text(
            f'[journal]\npath = "{tmp_path / "journal"}"\n[log]\nfile = "{tmp_path / "log"}"\n'
            f"[metrics.exporter]\nport = {port}\n",
            encoding="utf-8",
        )
        where = ["--config", str(config), "--endpoint", local.endpoint, "--service", local.service]
        opened.append(Terminal([sys.executable, "-m", "cockpit", *where], columns=160))
        return opened[-1]

    yield start
    for terminal in opened:
        terminal.close()


def scraped(url: str) -> Mapping[str, float]:
    """The samples there, by series."""
    answer = httpx.get(url, trust_env=False)
    exposed = Reader().read(answer.content, answer.headers["content-type"])
    names = [notation(exposed.table.labels[number]) for number in exposed.ids]
    return dict(zip(names, exposed.values.tolist(), strict=True))


def scraped_until(url: str, holds: Callable[[Mapping[str, float]], bool], seconds: float = 60.0) -> None:
    """Scrape until that holds. Raises TimeoutError with what was there last."""
    deadline = time.monotonic() + seconds
    while not holds(found := scraped(url)):
        if time.monotonic() > deadline:
            raise TimeoutError(str({name: value for name, value in found.items() if "bucket" not in name}))
        time.sleep(0.1)


def test_a_session_is_counted_until_it_ends(tmp_path: Path, cockpit: Callable[[int], Terminal]) -> None:
    terminal = cockpit(0)
    terminal.wait_text("own metrics are at", STARTED)
    [url] = {found[1] for line in terminal.lines if (found := SAID.search(line))}
    scraped_until(
        url,
        lambda found: (
            found["cockpit_scrape_duration_seconds_count"] >= 2
            and found["cockpit_scrape_samples_total"] >= 100
            and found['cockpit_query_duration_seconds_count{type="instant"}'] >= 1
            and found['cockpit_api_calls_total{quota="read"}'] >= 2
            and found["cockpit_event_loop_lag_seconds_count"] >= 2
            and found.get("cockpit_store_series", 0) >= 100
        ),
    )
    terminal.press("q")
    assert terminal.wait_exit() == 0
    with pytest.raises(httpx.ConnectError):
        scraped(url)
    assert url in (tmp_path / "log").read_text()


def test_a_port_in_use_is_a_notice_and_no_exit(cockpit: Callable[[int], Terminal]) -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        port = taken.getsockname()[1]
        terminal = cockpit(port)
        said = f"metrics.exporter.port {port} cannot be listened on: Address already in use"
        terminal.wait(lambda lines: said in " ".join(" ".join(lines).split()), STARTED)
        terminal.wait_text("00275-2jb", STARTED)  # and everything else goes on
        assert terminal.process.poll() is None
