"""Every status a server may answer, from a real one, as a line and its mend."""

from __future__ import annotations

from contextlib import asynccontextmanager
from typing import TYPE_CHECKING, Any

import grpc
import pytest
from google.protobuf.duration_pb2 import Duration
from google.rpc import error_details_pb2 as details
from google.rpc.status_pb2 import Status
from grpc_status import rpc_status

from cockpit.sources.cloudrun import CloudRun
from cockpit.sources.connection import Connection
from cockpit.sources.errors import (
    ConflictError,
    DeniedError,
    InvalidError,
    NotFoundError,
    OutcomeUnknownError,
    SourceError,
    ThrottledError,
    UnauthenticatedError,
    UnreachableError,
)
from cockpit.sources.status import Attempt, one_line, translated
from cockpit.sources.target import Api, Target
from tests.sources.local import PROJECT, REF, REGION

if TYPE_CHECKING:
    from collections.abc import AsyncIterator, Awaitable, Callable

    from google.protobuf.message import Message

CODES = {code.name: code.value[0] for code in grpc.StatusCode}


class Refusing:
    """A Cloud Run that refuses every call with the same status."""

    def __init__(self) -> None:
        self.status = Status()
        self.calls = 0

    def refuse(self, code: str, message: str = "", *packed: Message) -> None:
        self.status = Status(code=CODES[code], message=message)
        for detail in packed:
            self.status.details.add().Pack(detail)

    async def answer(self, _request: bytes, context: Any) -> bytes:
        self.calls += 1
        await context.abort_with_status(rpc_status.to_status(self.status))
        return b""


@asynccontextmanager
async def answering(answer: Callable[[bytes, Any], Awaitable[bytes]]) -> AsyncIterator[int]:
    """A gRPC server that gives every call on a service the same answer; yields its port."""
    methods = ("GetService", "UpdateService")
    table = {method: grpc.unary_unary_rpc_method_handler(answer) for method in methods}
    server = grpc.aio.server()
    server.add_generic_rpc_handlers([grpc.method_handlers_generic_handler("google.cloud.run.v2.Services", table)])
    port = server.add_insecure_port("127.0.0.1:0")
    await server.start()
    try:
        yield port
    finally:
        await server.stop(None)


@pytest.fixture
async def refusing() -> AsyncIterator[tuple[Refusing, CloudRun]]:
    cloud = Refusing()
    async with answering(cloud.answer) as port:
        releases = CloudRun(Connection(Target(PROJECT, REGION, f"127.0.0.1:{port}")))
        yield cloud, releases
        await releases.close()


READS: list[tuple[str, str, type[SourceError], tuple[str, str]]] = [
    (
        "UNAVAILABLE",
        "The service is currently unavailable.",
        UnreachableError,
        ("currently unavailable", "try again"),
    ),
    ("DEADLINE_EXCEEDED", "", UnreachableError, ("no answer from 127.0.0.1", "try again")),
    ("CANCELLED", "gone", UnreachableError, ("gone", "try again")),
    ("UNAUTHENTICATED", "Request had invalid credentials.", UnauthenticatedError, ("invalid", "gcloud auth")),
    (
        "PERMISSION_DENIED",
        "The caller does not have permission",
        DeniedError,
        ("does not have", "run.services.get"),
    ),
    ("NOT_FOUND", "Resource 'x' was not found", NotFoundError, ("'x'", "cockpit services")),
    (
        "NOT_FOUND",
        "Resource 'projects/p/services/x' was not found",
        NotFoundError,
        ("Resource 'x' was", "services"),
    ),
    ("RESOURCE_EXHAUSTED", "Quota exceeded", ThrottledError, ("Quota exceeded", "run.googleapis.com")),
    ("ABORTED", "etag mismatch", ConflictError, ("etag mismatch", "decide anew")),
    ("ALREADY_EXISTS", "taken", ConflictError, ("taken", "decide anew")),
    ("FAILED_PRECONDITION", "The etag is stale", ConflictError, ("stale", "decide anew")),
    ("FAILED_PRECONDITION", "Billing is disabled", InvalidError, ("Billing is disabled", "")),
    ("INVALID_ARGUMENT", "bad", InvalidError, ("bad", "")),
    ("OUT_OF_RANGE", "too far", InvalidError, ("too far", "")),
    ("UNIMPLEMENTED", "unknown method", InvalidError, ("does not know this call", "endpoint")),
    ("INTERNAL", "boom", SourceError, ("failed: boom", "")),
    ("UNKNOWN", "", SourceError, ("failed: UNKNOWN", "")),
    ("DATA_LOSS", "lost", SourceError, ("failed: lost", "")),
]


@pytest.mark.parametrize(("code", "message", "kind", "words"), READS, ids=[row[0] for row in READS])
async def test_a_refused_read(
    refusing: tuple[Refusing, CloudRun], code: str, message: str, kind: type[SourceError], words: tuple[str, str]
) -> None:
    cloud, releases = refusing
    cloud.refuse(code, message)
    with pytest.raises(SourceError) as caught:
        await releases.service(REF)
    assert type(caught.value) is kind
    assert str(caught.value).startswith("could not read service emergence-app: ")
    says, mends = words
    assert says in str(caught.value)
    assert mends in caught.value.mend
    assert cloud.calls == 1


REFUSALS = {
    "INVALID_ARGUMENT": InvalidError,
    "NOT_FOUND": NotFoundError,
    "ALREADY_EXISTS": ConflictError,
    "PERMISSION_DENIED": DeniedError,
    "UNAUTHENTICATED": UnauthenticatedError,
    "FAILED_PRECONDITION": InvalidError,
    "ABORTED": ConflictError,
    "OUT_OF_RANGE": InvalidError,
    "UNIMPLEMENTED": InvalidError,
    "RESOURCE_EXHAUSTED": ThrottledError,
}


@pytest.mark.parametrize("code", sorted(CODES.keys() - {"OK"}))
async def test_a_write_is_in_doubt_unless_it_was_refused(refusing: tuple[Refusing, CloudRun], code: str) -> None:
    cloud, releases = refusing
    cloud.refuse(code, "so it is")
    with pytest.raises(SourceError) as caught:
        await releases.write_traffic(REF, (), "")
    assert type(caught.value) is REFUSALS.get(code, OutcomeUnknownError)
    assert cloud.calls == 1


async def test_the_missing_permission_comes_from_the_details_or_the_text(
    refusing: tuple[Refusing, CloudRun],
) -> None:
    cloud, releases = refusing
    texts = (
        "Permission 'run.services.get' denied on resource 'projects/p' (or resource may not exist).",
        "Permission run.services.get is required at run.googleapis.com",
        'Required "run.services.get" permission for projects/p',
    )
    for text in texts:
        cloud.refuse("PERMISSION_DENIED", text)
        with pytest.raises(DeniedError) as caught:
            await releases.service(REF)
        assert caught.value.permission == "run.services.get"
    info = details.ErrorInfo(reason="IAM_PERMISSION_DENIED", metadata={"permission": "run.services.list"})
    cloud.refuse("PERMISSION_DENIED", "no", info)
    with pytest.raises(DeniedError, match=r"run\.services\.list is denied") as caught:
        await releases.service(REF)
    assert caught.value.permission == "run.services.list"


async def test_an_api_that_is_off_says_how_to_turn_it_on(refusing: tuple[Refusing, CloudRun]) -> None:
    cloud, releases = refusing
    info = details.ErrorInfo(reason="SERVICE_DISABLED", metadata={"service": "run.googleapis.com"})
    cloud.refuse("PERMISSION_DENIED", "Cloud Run Admin API has not been used in project 1 before", info)
    with pytest.raises(DeniedError, match="not enabled") as caught:
        await releases.service(REF)
    assert caught.value.mend == f"run `gcloud services enable run.googleapis.com --project {PROJECT}`"


async def test_a_quota_project_that_may_not_be_used_is_named(refusing: tuple[Refusing, CloudRun]) -> None:
    cloud, releases = refusing
    cloud.refuse("PERMISSION_DENIED", "Caller may not use it", details.ErrorInfo(reason="USER_PROJECT_DENIED"))
    with pytest.raises(DeniedError) as caught:
        await releases.service(REF)
    assert "set-quota-project" in caught.value.mend


async def test_a_throttled_answer_may_say_when_to_come_back(refusing: tuple[Refusing, CloudRun]) -> None:
    cloud, releases = refusing
    cloud.refuse(
        "RESOURCE_EXHAUSTED", "slower", details.RetryInfo(retry_delay=Duration(seconds=7, nanos=500_000_000))
    )
    with pytest.raises(ThrottledError) as caught:
        await releases.service(REF)
    assert caught.value.retry_after == 7.5


async def test_violations_are_told_with_the_message(refusing: tuple[Refusing, CloudRun]) -> None:
    cloud, releases = refusing
    violation = details.BadRequest.FieldViolation(field="service.traffic", description="must sum to 100")
    cloud.refuse(
        "INVALID_ARGUMENT", "Violation in UpdateService", details.BadRequest(field_violations=[violation])
    )
    with pytest.raises(InvalidError, match=r"Violation in UpdateService; service\.traffic: must sum to 100"):
        await releases.write_traffic(REF, (), "")


async def test_a_message_of_many_lines_is_one(refusing: tuple[Refusing, CloudRun]) -> None:
    cloud, releases = refusing
    cloud.refuse("INTERNAL", "first\n\n  second\tthird" + " x" * 2000)
    with pytest.raises(SourceError) as caught:
        await releases.service(REF)
    assert "first second third" in str(caught.value)
    assert "\n" not in str(caught.value)
    assert len(str(caught.value)) < 600


def test_one_line_cuts_where_nobody_reads_on() -> None:
    assert one_line("a" * 10, limit=10) == "a" * 10
    assert one_line("a" * 11, limit=10) == "a" * 9 + "…"


@pytest.mark.parametrize("writes", [False, True])
@pytest.mark.parametrize(
    ("failure", "kind", "says"),
    [
        ("('invalid_grant: Bad Request', {'error': 'invalid_grant'})", UnauthenticatedError, "invalid_grant: Bad"),
        ("Reauthentication is needed. Please run it.", UnauthenticatedError, "Reauthentication is needed"),
        ("HTTPSConnectionPool(host='oauth2'): Max retries exceeded", UnreachableError, "Max retries"),
    ],
)
async def test_credentials_that_fail_on_the_way_were_never_sent(
    failure: str, kind: type[SourceError], says: str, writes: bool
) -> None:
    class Failing(grpc.AuthMetadataPlugin):  # type: ignore[misc]
        def __call__(self, *_: Any) -> None:
            raise ValueError(failure)

    server = grpc.aio.server()
    port = server.add_secure_port("127.0.0.1:0", grpc.local_server_credentials())
    await server.start()
    tokens = grpc.metadata_call_credentials(Failing())
    credentials = grpc.composite_channel_credentials(grpc.local_channel_credentials(), tokens)
    attempt = Attempt("write it", Target(PROJECT, REGION), Api.RUN, writes=writes)
    async with grpc.aio.secure_channel(f"127.0.0.1:{port}", credentials) as channel:
        with pytest.raises(SourceError) as caught, translated(attempt):
            await channel.unary_unary("/google.cloud.run.v2.Services/UpdateService")(b"")
    await server.stop(None)
    assert type(caught.value) is kind
    assert says in str(caught.value)


@pytest.mark.parametrize("code", ["NOT_FOUND", "RESOURCE_EXHAUSTED"])
async def test_a_refusal_too_large_to_take_leaves_a_write_in_doubt(
    refusing: tuple[Refusing, CloudRun], code: str
) -> None:
    cloud, releases = refusing
    cloud.refuse(code, "x" * 100_000)
    with pytest.raises(OutcomeUnknownError, match="metadata size exceeds"):
        await releases.write_traffic(REF, (), "")
    with pytest.raises(SourceError, match="metadata size exceeds") as caught:
        await releases.service(REF)
    assert type(caught.value) is SourceError


async def test_an_answer_too_large_to_take_leaves_a_write_in_doubt() -> None:
    async def answer(_request: bytes, _context: Any) -> bytes:
        return b"x" * 1000

    options = [("grpc.max_receive_message_length", 100)]
    async with (
        answering(answer) as port,
        grpc.aio.insecure_channel(f"127.0.0.1:{port}", options=options) as channel,
    ):
        attempt = Attempt("write it", Target(PROJECT, REGION, f"127.0.0.1:{port}"), Api.RUN, writes=True)
        with pytest.raises(OutcomeUnknownError), translated(attempt):
            await channel.unary_unary("/google.cloud.run.v2.Services/UpdateService")(b"")
