"""The REST mapping, with a plain HTTP client."""

from __future__ import annotations

from collections.abc import AsyncIterator, Callable
from typing import Any

import httpx
import pytest
from google.rpc import code_pb2

from cockpit.simulator.logs import LogStore
from cockpit.simulator.logs.errors import LoggingError

PARENT = "projects/emergence-469005"

pytestmark = pytest.mark.timeout(30)


@pytest.fixture
async def http() -> AsyncIterator[httpx.AsyncClient]:
    async with httpx.AsyncClient() as client:
        yield client


async def _error(answer: httpx.Response) -> dict[str, Any]:
    error: dict[str, Any] = answer.json()["error"]
    assert error["code"] == answer.status_code
    return error


async def test_entries_in_googles_json(rest_url: Any, http: httpx.AsyncClient, entry: Callable[..., Any]) -> None:
    store = LogStore()
    made = entry(log="requests", at=1_790_000_000_500_000_000, severity=500, insert_id="i1")
    made.http_request.status = 500
    made.http_request.response_size = 12
    made.http_request.latency.FromMilliseconds(1200)
    store.write(made)
    store.write(entry(json_payload={"message": "hi", "n": 1}, severity=200))
    body = {"resourceNames": [PARENT], "orderBy": "timestamp asc", "pageSize": 10}
    answer = await http.post(f"{rest_url(store)}/v2/entries:list?alt=json", json=body)
    first, second = answer.json()["entries"]
    assert "nextPageToken" not in answer.json()
    assert first["httpRequest"] == {"status": 500, "responseSize": "12", "latency": "1.200s"}
    assert (first["severity"], first["timestamp"]) == ("ERROR", "2026-09-21T14:13:20.500Z")
    assert first["resource"]["labels"]["service_name"] == "emergence-app"
    assert second["jsonPayload"] == {"message": "hi", "n": 1.0}


async def test_pages_by_token(rest_url: Any, http: httpx.AsyncClient, entry: Callable[..., Any]) -> None:
    store = LogStore()
    for number in range(250):
        store.write(entry(str(number)))
    url = rest_url(store)
    body: dict[str, Any] = {"resourceNames": [PARENT], "pageSize": 120}
    seen: list[str] = []
    while True:
        page = (await http.post(f"{url}/v2/entries:list", json=body)).json()
        seen += [found["textPayload"] for found in page.get("entries", [])]
        if "nextPageToken" not in page:
            break
        body["pageToken"] = page["nextPageToken"]
    assert seen == [str(number) for number in range(250)]


async def test_write_logs_and_delete(rest_url: Any, http: httpx.AsyncClient) -> None:
    url = rest_url(LogStore())
    name = f"{PARENT}/logs/run.googleapis.com%2Fhand"
    written = {
        "logName": name,
        "resource": {"type": "global"},
        "entries": [{"jsonPayload": {"a": 1}, "severity": "INFO"}],
    }
    assert (await http.post(f"{url}/v2/entries:write", json=written)).json() == {}
    assert (await http.get(f"{url}/v2/{PARENT}/logs?pageSize=5")).json() == {"logNames": [name]}
    assert (await http.delete(f"{url}/v2/{name}")).json() == {}
    assert (await http.get(f"{url}/v2/{PARENT}/logs")).json() == {}
    assert (await _error(await http.delete(f"{url}/v2/{name}")))["status"] == "NOT_FOUND"
    assert (await http.get(f"{url}/v2/monitoredResourceDescriptors")).json()["resourceDescriptors"]


@pytest.mark.parametrize(
    ("body", "message"),
    [
        ('{"resourceNames": ["projects/p"], "filter": "severity>"}', "line 1, column 10"),
        ('{"resourceNames": ["projects/p"], "thud": 1}', "Invalid JSON payload received."),
        ('{"resourceNames": "projects/p"}', "Invalid JSON payload received."),
        ('{"resourceNames": [', "Invalid JSON payload received."),
        ("[1]", "Invalid JSON payload received."),
        ("\udcff".encode("utf-8", "surrogateescape"), "Invalid JSON payload received."),
        ("", "at least one resource"),
    ],
)
async def test_a_bad_body_is_a_400(rest_url: Any, http: httpx.AsyncClient, body: Any, message: str) -> None:
    answer = await http.post(f"{rest_url(LogStore())}/v2/entries:list", content=body)
    error = await _error(answer)
    assert (error["code"], error["status"]) == (400, "INVALID_ARGUMENT")
    assert message in error["message"]
    assert "\n" not in error["message"]
    assert error["details"][0]["@type"] == "type.googleapis.com/google.rpc.BadRequest"


async def test_a_bad_page_size_is_a_400(rest_url: Any, http: httpx.AsyncClient) -> None:
    answer = await http.get(f"{rest_url(LogStore())}/v2/{PARENT}/logs?pageSize=many")
    assert (await _error(answer))["message"] == "pageSize must be a whole number, not 'many'"


@pytest.mark.parametrize(
    ("code", "status"),
    [
        (code_pb2.PERMISSION_DENIED, 403),
        (code_pb2.RESOURCE_EXHAUSTED, 429),
        (code_pb2.UNAVAILABLE, 503),
        (code_pb2.DEADLINE_EXCEEDED, 504),
        (code_pb2.INTERNAL, 500),
    ],
)
async def test_faults_have_their_http_status(
    rest_url: Any, http: httpx.AsyncClient, code: int, status: int
) -> None:
    async def fail(method: str) -> None:
        raise LoggingError(code, f"{method} failed")

    answer = await http.post(f"{rest_url(LogStore(), fail)}/v2/entries:list", json={})
    error = await _error(answer)
    assert (error["code"], error["status"]) == (status, code_pb2.Code.Name(code))
    assert error["message"] == "ListLogEntries failed"
