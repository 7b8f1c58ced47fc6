"""The raw protobuf classes behind `google.cloud.run_v2`, and the stamps on them.

proto-plus wrappers cost ten times as much a field, and a fleet has thousands of revisions. Protobuf builds these
classes at run time, so a type checker sees `Any`: the aliases say which message is meant.
"""

from __future__ import annotations

from typing import Any, TypeAlias, TypeVar

from google.cloud import run_v2
from google.protobuf.message import Message
from google.protobuf.timestamp_pb2 import Timestamp

ServicePb: TypeAlias = Any
RevisionPb: TypeAlias = Any
TemplatePb: TypeAlias = Any
TargetPb: TypeAlias = Any
TargetStatusPb: TypeAlias = Any
ConditionPb: TypeAlias = Any

Service = run_v2.Service.pb()
Revision = run_v2.Revision.pb()
RevisionTemplate = run_v2.RevisionTemplate.pb()
TrafficTarget = run_v2.TrafficTarget.pb()
TrafficTargetStatus = run_v2.TrafficTargetStatus.pb()
Condition = run_v2.Condition.pb()

LATEST = int(run_v2.TrafficTargetAllocationType.TRAFFIC_TARGET_ALLOCATION_TYPE_LATEST)
REVISION = int(run_v2.TrafficTargetAllocationType.TRAFFIC_TARGET_ALLOCATION_TYPE_REVISION)

M = TypeVar("M", bound=Message)


def copy(message: M) -> M:
    """A copy that shares nothing with the original."""
    twin = type(message)()
    twin.CopyFrom(message)
    return twin


def stamp(seconds: float) -> Timestamp:
    """Unix seconds as a Timestamp, to the microsecond."""
    whole, micros = divmod(round(seconds * 1_000_000), 1_000_000)
    return Timestamp(seconds=whole, nanos=micros * 1000)


def seconds(timestamp: Timestamp) -> float:
    """A Timestamp as Unix seconds."""
    return timestamp.seconds + timestamp.nanos / 1e9
