"""List, write, logs and descriptors over gRPC, with the stock asyncio client."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Callable
from typing import Any

import pytest
from google.api_core.exceptions import GoogleAPICallError, InvalidArgument, NotFound, ServiceUnavailable
from google.cloud.logging_v2.types import (
    DeleteLogRequest,
    ListLogEntriesRequest,
    ListLogsRequest,
    LogEntry,
    WriteLogEntriesPartialErrors,
    WriteLogEntriesRequest,
)

from cockpit.simulator.logs import Limits, LogSettings, LogStore, Quirks
from cockpit.simulator.logs.listing import list_entries
from cockpit.simulator.world.errors import UnavailableError

PARENT = "projects/emergence-469005"

pytestmark = pytest.mark.timeout(30)


def _list(**fields: Any) -> ListLogEntriesRequest:
    return ListLogEntriesRequest({"resource_names": [PARENT], **fields})


async def _texts(client: Any, **fields: Any) -> list[str]:
    pager = await client.list_log_entries(_list(**fields), retry=None, timeout=5)
    return [entry.text_payload async for entry in pager]


@pytest.fixture
def numbered(entry: Callable[..., Any]) -> LogStore:
    """A hundred entries, one a second."""
    store = LogStore()
    for number in range(100):
        store.write(
            entry(str(number), at=(1_790_000_000 + number) * 10**9, severity=500 if number % 10 == 0 else 200)
        )
    return store


async def test_all_pages_oldest_first(client: Any, numbered: LogStore) -> None:
    assert await _texts(await client(numbered), page_size=7) == [str(number) for number in range(100)]


async def test_all_pages_newest_first(client: Any, numbered: LogStore) -> None:
    texts = await _texts(await client(numbered), page_size=7, order_by="timestamp desc")
    assert texts == [str(number) for number in reversed(range(100))]


async def test_a_page_is_fifty_by_default(client: Any, numbered: LogStore) -> None:
    page = await (await client(numbered)).list_log_entries(_list(), retry=None)
    assert len(page.entries) == 50
    assert page.next_page_token


async def test_filter_and_order_together(client: Any, numbered: LogStore) -> None:
    source = 'severity>=ERROR AND timestamp>="2026-09-21T14:13:40Z" AND timestamp<"2026-09-21T14:14:10Z"'
    stock = await client(numbered)
    assert await _texts(stock, filter=source) == ["20", "30", "40"]
    assert await _texts(stock, filter=source, order_by="timestamp desc", page_size=1) == ["40", "30", "20"]


async def test_only_the_named_projects(client: Any, numbered: LogStore, entry: Callable[..., Any]) -> None:
    numbered.write(entry("elsewhere", log_name="projects/other/logs/stderr"))
    stock = await client(numbered)
    assert await _texts(stock, resource_names=["projects/other"]) == ["elsewhere"]
    assert len(await _texts(stock, resource_names=["projects/other", PARENT])) == 101
    assert await _texts(stock, resource_names=["folders/1"]) == []
    view = f"{PARENT}/locations/global/buckets/_Default/views/_AllLogs"
    assert len(await _texts(stock, resource_names=[view])) == 100


async def test_a_token_belongs_to_its_query(client: Any, numbered: LogStore) -> None:
    stock = await client(numbered)
    token = (await stock.list_log_entries(_list(page_size=5), retry=None)).next_page_token
    again = await stock.list_log_entries(_list(page_size=2, page_token=token), retry=None)
    assert [entry.text_payload for entry in again.entries] == ["5", "6"]
    for other in (
        {"filter": "severity>=ERROR"},
        {"order_by": "timestamp desc"},
        {"resource_names": ["projects/x"]},
    ):
        with pytest.raises(InvalidArgument, match="page_token doesn't match"):
            await stock.list_log_entries(_list(page_token=token, **other), retry=None)


@pytest.mark.parametrize("token", ["rubbish", "IiI=", "é", "WzEsMiwzXQ=="])
async def test_a_made_up_token_is_refused(client: Any, numbered: LogStore, token: str) -> None:
    with pytest.raises(InvalidArgument, match="page_token is not one"):
        await (await client(numbered)).list_log_entries(_list(page_token=token), retry=None)


async def test_pages_hold_while_entries_come_and_go(client: Any, entry: Callable[..., Any]) -> None:
    store = LogStore(settings=LogSettings(Limits(entries=100)))
    for number in range(100):
        store.write(entry(str(number)))
    stock = await client(store)
    page = await stock.list_log_entries(_list(page_size=60), retry=None)
    for number in range(100, 150):
        store.write(entry(str(number)))
    seen = [found.text_payload for found in page.entries]
    seen += await _texts(stock, page_token=page.next_page_token, page_size=60)
    assert seen == [str(number) for number in range(150)]


async def test_a_long_search_gives_an_empty_page_with_a_token(client: Any, numbered: LogStore) -> None:
    store = LogStore(settings=LogSettings(Limits(scan=100)))
    for record in numbered.index.forward((0, "", ""), 2**63 - 1, 1000):
        for copy in range(10):
            made = LogEntry.pb().FromString(record.wire)
            made.insert_id += f"-{copy}"
            store.write(made)
    stock = await client(store)
    page = await stock.list_log_entries(_list(filter="textPayload=99"), retry=None)
    assert (len(page.entries), bool(page.next_page_token)) == (0, True)
    assert await _texts(stock, filter="textPayload=99") == ["99"] * 10


async def test_empty_pages_now_and_then(client: Any, numbered: LogStore) -> None:
    store = LogStore(settings=LogSettings(quirks=Quirks(empty_pages=0.5, seed=1)))
    for record in numbered.index.forward((0, "", ""), 2**63 - 1, 1000):
        store.write(LogEntry.pb().FromString(record.wire))
    pager = await (await client(store)).list_log_entries(_list(page_size=10), retry=None)
    pages = [[entry.text_payload for entry in page.entries] async for page in pager.pages]
    assert [] in pages
    assert [text for page in pages for text in page] == [str(number) for number in range(100)]


async def test_a_page_stays_under_a_clients_message_limit(client: Any, entry: Callable[..., Any]) -> None:
    store = LogStore()
    for _ in range(40):
        store.write(entry("x" * 200_000))
    stock = await client(store)
    page = await stock.list_log_entries(_list(page_size=1000), retry=None)
    assert 0 < len(page.entries) < 40
    assert len(await _texts(stock, page_size=1000)) == 40


async def test_a_search_lets_others_breathe(entry: Callable[..., Any]) -> None:
    store = LogStore()
    for number in range(5_000):
        store.write(entry(str(number)))
    searching = asyncio.ensure_future(list_entries(store, ListLogEntriesRequest.pb(_list(filter='"nowhere"'))))
    turns = 0
    while not searching.done():
        turns += 1
        await asyncio.sleep(0)
    assert (await searching).entries == ()
    assert turns >= 50


@pytest.mark.parametrize(
    ("fields", "message"),
    [
        ({"filter": "thud=1"}, "field not found: 'thud' at line 1, column 1"),
        ({"filter": "x" * 20_001}, "too long"),
        ({"page_size": 1001}, "page_size"),
        ({"page_size": -1}, "page_size"),
        ({"order_by": "severity"}, "order_by"),
        ({"resource_names": ["emergence-469005"]}, "no resource name"),
        ({"resource_names": []}, "at least one"),
        ({"resource_names": [f"projects/p{n}" for n in range(101)]}, "at most 100"),
    ],
)
async def test_bad_lists_are_refused(client: Any, fields: dict[str, Any], message: str) -> None:
    with pytest.raises(InvalidArgument, match=message) as refused:
        await (await client(LogStore())).list_log_entries(_list(**fields), retry=None)
    (detail,) = refused.value.details
    assert detail.field_violations[0].description in str(refused.value)


async def test_write_then_list_and_delete(client: Any) -> None:
    store = LogStore()
    stock = await client(store)
    await stock.write_log_entries(
        WriteLogEntriesRequest(
            log_name=f"{PARENT}/logs/hand",
            resource={"type": "global"},
            labels={"from": "request", "kind": "default"},
            entries=[
                LogEntry(text_payload="plain", labels={"from": "entry"}),
                LogEntry(text_payload="elsewhere", log_name=f"/{PARENT}/logs/other", insert_id="mine"),
            ],
        )
    )
    pager = await stock.list_log_entries(_list())
    plain, elsewhere = [entry async for entry in pager]
    assert dict(plain.labels) == {"from": "entry", "kind": "default"}
    assert plain.resource.type == "global"
    assert plain.insert_id
    assert (elsewhere.log_name, elsewhere.insert_id) == (f"{PARENT}/logs/other", "mine")
    logs = await stock.list_logs(ListLogsRequest(parent=PARENT, page_size=1))
    assert [name async for name in logs] == [f"{PARENT}/logs/hand", f"{PARENT}/logs/other"]
    await stock.delete_log(DeleteLogRequest(log_name=f"{PARENT}/logs/hand"))
    assert await _texts(stock) == ["elsewhere"]
    with pytest.raises(NotFound):
        await stock.delete_log(DeleteLogRequest(log_name=f"{PARENT}/logs/hand"))


def _mixed(**fields: Any) -> WriteLogEntriesRequest:
    """One good entry between three bad ones."""
    return WriteLogEntriesRequest(
        resource={"type": "global"},
        entries=[
            LogEntry(text_payload="no log name"),
            LogEntry(text_payload="good", log_name=f"{PARENT}/logs/hand"),
            LogEntry(text_payload="x" * 300_000, log_name=f"{PARENT}/logs/hand"),
            LogEntry(log_name=f"{PARENT}/logs/hand", timestamp={"seconds": int(time.time()) + 2 * 86_400}),
        ],
        **fields,
    )


@pytest.mark.parametrize(("partial_success", "written"), [(False, []), (True, ["good"])])
async def test_bad_entries_are_named_one_by_one(client: Any, partial_success: bool, written: list[str]) -> None:
    stock = await client(LogStore())
    with pytest.raises(InvalidArgument, match="Log entry 0 cannot be written") as refused:
        await stock.write_log_entries(_mixed(partial_success=partial_success))
    errors = WriteLogEntriesPartialErrors.pb()()
    assert refused.value.grpc_status_code is not None
    status = _rich_status(refused.value)
    assert status.details[0].Unpack(errors)
    assert sorted(errors.log_entry_errors) == [0, 2, 3]
    assert errors.log_entry_errors[2].message.endswith("exceeds maximum size of 262144 bytes")
    assert await _texts(stock) == written


def _rich_status(error: GoogleAPICallError) -> Any:
    from google.rpc.status_pb2 import Status

    trailers = dict(error.errors[0].trailing_metadata())
    return Status.FromString(trailers["grpc-status-details-bin"])


async def test_a_dry_run_writes_nothing(client: Any) -> None:
    store = LogStore()
    stock = await client(store)
    request = _mixed(dry_run=True)
    with pytest.raises(InvalidArgument):
        await stock.write_log_entries(request)
    del request.entries[2:], request.entries[0]
    await stock.write_log_entries(request)
    assert len(store.index) == 0


async def test_an_entry_needs_a_resource(client: Any) -> None:
    request = WriteLogEntriesRequest(entries=[LogEntry(log_name=f"{PARENT}/logs/hand")])
    with pytest.raises(InvalidArgument, match=r"resource\.type"):
        await (await client(LogStore())).write_log_entries(request)


async def test_resource_descriptors(client: Any) -> None:
    pager = await (await client(LogStore())).list_monitored_resource_descriptors({})
    descriptors = {descriptor.type: descriptor async for descriptor in pager}
    assert "revision_name" in {label.key for label in descriptors["cloud_run_revision"].labels}


async def test_faults_reach_every_call(client: Any) -> None:
    called: list[str] = []

    async def fail(method: str) -> None:
        called.append(method)
        raise UnavailableError("try again")  # the control plane's own refusal: the hook may be one for both

    stock = await client(LogStore(), fail)
    for call in (
        stock.list_log_entries(_list(), retry=None),
        stock.write_log_entries(WriteLogEntriesRequest(), retry=None),
        stock.list_logs(ListLogsRequest(parent=PARENT), retry=None),
        stock.delete_log(DeleteLogRequest(log_name="x"), retry=None),
        stock.list_monitored_resource_descriptors({}, retry=None),
    ):
        with pytest.raises(ServiceUnavailable, match="try again"):
            await call
    assert called == [
        "ListLogEntries",
        "WriteLogEntries",
        "ListLogs",
        "DeleteLog",
        "ListMonitoredResourceDescriptors",
    ]
