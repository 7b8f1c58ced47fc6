"""Other people's clients on the log service: Python's blocking and hand-written ones, and gcloud."""

from __future__ import annotations

import asyncio
import json
import os
import shutil
import threading
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import grpc
import pytest
from google.auth.credentials import AnonymousCredentials
from google.cloud.logging import Client, Resource
from google.cloud.logging_v2.services.logging_service_v2 import LoggingServiceV2Client
from google.cloud.logging_v2.services.logging_service_v2.transports import LoggingServiceV2GrpcTransport
from google.cloud.logging_v2.types import ListLogEntriesRequest, TailLogEntriesRequest

from cockpit.simulator.logs import LogStore

PROJECT = "emergence-469005"

hand_written: Any = Client  # the client and its credentials are not annotated
anonymous: Any = AnonymousCredentials

needs_gcloud = pytest.mark.skipif(shutil.which("gcloud") is None, reason="gcloud is not installed")


@pytest.fixture
def store(entry: Callable[..., Any]) -> LogStore:
    store = LogStore()
    for number in range(5):
        store.write(entry(str(number), severity=500 if number == 3 else 200))
    return store


async def test_pythons_blocking_client_lists_and_tails(
    grpc_target: Any, store: LogStore, until: Any, entry: Callable[..., Any]
) -> None:
    target = await grpc_target(store)
    done_sending = threading.Event()

    def requests() -> Iterator[TailLogEntriesRequest]:
        yield TailLogEntriesRequest(resource_names=[f"projects/{PROJECT}"], buffer_window={"seconds": 0})
        done_sending.wait()

    def use() -> tuple[list[str], str]:
        with grpc.insecure_channel(target) as channel:
            client = LoggingServiceV2Client(transport=LoggingServiceV2GrpcTransport(channel=channel))
            request = ListLogEntriesRequest(resource_names=[f"projects/{PROJECT}"], page_size=2)
            listed = [found.text_payload for found in client.list_log_entries(request)]
            tailed = next(iter(client.tail_log_entries(requests()))).entries[0].text_payload
            done_sending.set()
            return listed, tailed

    using = asyncio.ensure_future(asyncio.to_thread(use))
    await until(lambda: len(store.tails) == 1)
    store.write(entry("fresh"))
    assert await using == (["0", "1", "2", "3", "4"], "fresh")


async def test_pythons_hand_written_client_over_rest(rest_url: Any, store: LogStore) -> None:
    url = rest_url(store)

    def use() -> list[Any]:
        client = hand_written(
            project=PROJECT,
            credentials=anonymous(),
            client_options={"api_endpoint": url},
            _use_grpc=False,
        )
        logger = client.logger("hand", resource=Resource(type="global", labels={}))
        logger.log_text("plain", severity="WARNING")
        logger.log_struct({"message": "structured", "n": 2}, labels={"a": "b"})
        found = list(client.list_entries(filter_="severity>=WARNING OR jsonPayload.n=2", page_size=2))
        logger.delete()
        client.close()
        return found

    error, plain, structured = await asyncio.to_thread(use)
    assert (error.payload, error.severity, error.resource.labels["service_name"]) == (
        "3",
        "ERROR",
        "emergence-app",
    )
    assert (plain.payload, plain.severity, plain.logger.name) == ("plain", "WARNING", "hand")
    assert (structured.payload, structured.labels) == ({"message": "structured", "n": 2.0}, {"a": "b"})
    assert len(store.index) == 5


@pytest.fixture
async def gcloud(rest_url: Any, store: LogStore, tmp_path: Path) -> Callable[..., Any]:
    """Runs `gcloud logging …` on the store; answers with the exit code, the output and the error output."""
    environment = {
        **os.environ,
        "CLOUDSDK_CONFIG": str(tmp_path),
        "CLOUDSDK_API_ENDPOINT_OVERRIDES_LOGGING": f"{rest_url(store)}/",
        "CLOUDSDK_AUTH_DISABLE_CREDENTIALS": "true",
        "CLOUDSDK_CORE_PROJECT": PROJECT,
        "CLOUDSDK_CORE_DISABLE_PROMPTS": "1",
        "CLOUDSDK_CORE_DISABLE_USAGE_REPORTING": "true",
    }

    async def run(*arguments: str) -> tuple[int | None, str, str]:
        process = await asyncio.create_subprocess_exec(
            "gcloud", "logging", *arguments, env=environment, stdout=-1, stderr=-1
        )
        try:
            out, error = await process.communicate()
        finally:
            if process.returncode is None:
                process.kill()
                await process.wait()
        return process.returncode, out.decode(), error.decode()

    return run


@needs_gcloud
@pytest.mark.slow
async def test_gcloud_reads_newest_first(gcloud: Any) -> None:
    code, out, error = await gcloud(
        "read", "resource.type=cloud_run_revision AND severity>=INFO", "--limit=2", "--format=json"
    )
    assert code == 0, error
    assert [entry["textPayload"] for entry in json.loads(out)] == ["4", "3"]


@needs_gcloud
@pytest.mark.slow
async def test_gcloud_writes_names_and_deletes(gcloud: Any, store: LogStore) -> None:
    assert (await gcloud("write", "hand", "hello there", "--severity=ERROR"))[0] == 0
    code, out, _ = await gcloud("read", "logName:hand", "--order=asc", "--format=value(textPayload)")
    assert (code, out.strip()) == (0, "hello there")
    code, out, _ = await gcloud("logs", "list", "--format=value(.)")
    assert f"projects/{PROJECT}/logs/hand" in out
    assert (await gcloud("logs", "delete", "hand"))[0] == 0
    assert len(store.index) == 5


@needs_gcloud
@pytest.mark.slow
async def test_gcloud_shows_the_place_of_a_bad_filter(gcloud: Any) -> None:
    code, _, error = await gcloud("read", "severity>=ERROR AND thud=1", "--order=asc")
    assert code == 1
    assert "INVALID_ARGUMENT: Unparseable filter: field not found: 'thud' at line 1, column 21" in error
