"""The sources cost the first paint nothing: importing them loads no Google client, no gRPC and no HTTP."""

from __future__ import annotations

import os
import pkgutil
import subprocess
import sys
from typing import TYPE_CHECKING

import pytest

import cockpit.sources

if TYPE_CHECKING:
    from pathlib import Path

pytestmark = pytest.mark.slow

HEAVY = ("google", "grpc", "httpx", "numpy", "requests")
LATER = {"cockpit.sources.web.loopback", "cockpit.sources.web.opening", "cockpit.sources.files.segments"}
"""What is loaded when the first request is made, or the first file opened."""
MODULES = sorted(
    {module.name for module in pkgutil.walk_packages(cockpit.sources.__path__, "cockpit.sources.")} - LATER
)
SCRIPT = f"""
import importlib, sys
for module in {MODULES}:
    importlib.import_module(module)
print(*sorted({{name.partition(".")[0] for name in sys.modules}} & set({HEAVY})))
"""


def test_importing_every_source_loads_nothing_heavy() -> None:
    assert {"cockpit.sources.cloudrun", "cockpit.sources.prometheus.engine"} <= set(MODULES)
    ran = subprocess.run([sys.executable, "-c", SCRIPT], capture_output=True, text=True, check=True)
    assert ran.stdout.strip() == ""
    assert ran.stderr == ""


def test_a_connection_is_made_without_a_loop_and_without_the_clients() -> None:
    script = """
import sys
from cockpit.sources.cloudrun import CloudRun
from cockpit.sources.connection import Connection
from cockpit.sources.target import Target
CloudRun(Connection(Target("emergence-469005", "europe-west1")))
print("grpc" in sys.modules, "google" in sys.modules)
"""
    ran = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, check=True)
    assert ran.stdout.split() == ["False", "False"]


ON_THE_LOOP = """
import asyncio, sys, threading

class Watch:
    found = []

    def find_spec(self, name, path=None, target=None):
        if name.partition(".")[0] in ("google", "grpc") and threading.current_thread() is threading.main_thread():
            self.found.append(name)

sys.meta_path.insert(0, Watch())

from cockpit.release.service import ServiceRef
from cockpit.sources.cloudlogging import CloudLogging
from cockpit.sources.cloudrun import CloudRun, Timeouts
from cockpit.sources.connection import Connection
from cockpit.sources.errors import UnreachableError
from cockpit.sources.requestlog import RequestLog
from cockpit.sources.target import Target

async def main(how):
    target = Target("emergence-469005", "europe-west1", sys.argv[1])
    ref = ServiceRef(target.project, target.region, "emergence-app")
    connection = Connection(target)
    releases = CloudRun(connection, Timeouts(dial=0.1))
    told = asyncio.Event()
    calls = {
        "read": lambda: releases.service(ref),
        "write": lambda: releases.write_traffic(ref, (), ""),
        "tail": lambda: RequestLog(CloudLogging(connection)).follow(
            ref, print, lambda state: told.set() if state.error else None
        ),
    }
    call = asyncio.create_task(calls[how]())
    await asyncio.wait({call, asyncio.create_task(told.wait())}, return_when=asyncio.FIRST_COMPLETED)
    assert told.is_set() or isinstance(call.exception(), UnreachableError)
    await connection.close()

asyncio.run(main(sys.argv[2]))
print("grpc" in sys.modules, *Watch.found)
"""


OVER_HTTP = """
import asyncio, sys, threading

class Watch:
    found = []

    def find_spec(self, name, path=None, target=None):
        heavy = name.partition(".")[0] in ("httpx", "httpcore", "google", "requests", "numpy")
        if heavy and threading.current_thread() is threading.main_thread():
            self.found.append(name)

sys.meta_path.insert(0, Watch())

from cockpit.metrics.engine import QueryError
from cockpit.sources.errors import UnreachableError
from cockpit.sources.identity import IdentityTokens
from cockpit.sources.prometheus.engine import Remote, RemoteEngine
from cockpit.sources.scrape import Scraper, ScrapeTarget

async def answer(reader, writer):
    asked = await reader.readuntil(b"\\r\\n\\r\\n")
    body = b'{"status":"success","data":{"resultType":"matrix","result":[{"metric":{},"values":[[1,"1"]]}]}}'
    status = b"403 Forbidden" if asked.startswith(b"GET") else b"200 OK"
    writer.write(b"HTTP/1.1 %s\\r\\ncontent-length: %d\\r\\n\\r\\n%s" % (status, len(body), body))

async def main():
    server = await asyncio.start_server(answer, "127.0.0.1", 0)
    url = f"http://127.0.0.1:{server.sockets[0].getsockname()[1]}"
    scraper = Scraper(IdentityTokens("emergence-469005"))
    [outcome] = await scraper.burst(ScrapeTarget(url, audience=url), 1)
    assert "run.invoker" in str(outcome), outcome
    engine = RemoteEngine(Remote(url))
    assert (await engine.range("up", 0, 1000, 1000)).lines[0].values[0] == 1.0
    await scraper.close()
    await engine.close()

asyncio.run(main())
print("httpx" in sys.modules, "numpy" in sys.modules, *Watch.found)
"""


def test_nothing_heavy_is_imported_on_the_loop_for_a_scrape_or_a_query(tmp_path: Path) -> None:
    environment = {**os.environ, "CLOUDSDK_CONFIG": str(tmp_path), "NO_GCE_CHECK": "true", "PATH": str(tmp_path)}
    environment.pop("GOOGLE_APPLICATION_CREDENTIALS", None)
    command = [sys.executable, "-c", OVER_HTTP]
    ran = subprocess.run(command, capture_output=True, text=True, env=environment, check=False)
    assert ran.stdout.split() == ["True", "True"], ran.stderr


@pytest.mark.parametrize("how", ["read", "write", "tail"])
def test_the_clients_are_never_imported_on_the_loop(how: str, unused_tcp_port: int) -> None:
    command = [sys.executable, "-c", ON_THE_LOOP, f"127.0.0.1:{unused_tcp_port}", how]
    ran = subprocess.run(command, capture_output=True, text=True, check=True)
    assert ran.stdout.split() == ["True"]
