"""Where the simulator's three rooms meet: control plane, data plane and logs know each other only so."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING, Protocol

if TYPE_CHECKING:
    from google.cloud.run_v2.types import Revision
    from google.protobuf.message import Message


@dataclass(frozen=True, slots=True)
class Share:
    """One serving target of a service, as the front must honour it now: whole percent, and a tag or ""."""

    revision: str
    percent: int
    tag: str


@dataclass(frozen=True, slots=True)
class Launch:
    """How the first start of a revision ended. `message` is what the platform would tell the user."""

    ready: bool
    reason: str = ""
    message: str = ""


class Launcher(Protocol):
    """The data plane, as the control plane sees it."""

    async def launch(self, service: str, revision: Revision) -> Launch:
        """Start one real instance of a new revision and answer once it serves, or why it never will."""


class Routing(Protocol):
    """The control plane, as the data plane sees it."""

    def serving(self, service: str) -> tuple[Share, ...]:
        """The split in force now (serving, not spec); empty for an unknown service."""

    def revision(self, service: str, revision: str) -> Revision | None:
        """One revision with its template: env, scaling limits, concurrency."""

    def watch(self, changed: Callable[[str], None]) -> None:
        """Call `changed(service)` after every change of a serving split or a revision."""


class LogSink(Protocol):
    """The logs, as everything that emits them sees it."""

    def write(self, entry: Message) -> None:
        """Keep one raw `google.logging.v2.LogEntry` (`LogEntry.pb(…)`; proto-plus costs 7 times as much).

        An empty insert_id, timestamp or receive_timestamp is filled in.
        """
