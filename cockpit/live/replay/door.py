"""The door of a recording: nothing is changed by looking back."""

from __future__ import annotations

from typing import TYPE_CHECKING, NoReturn

from cockpit.live.session import RefusedError

if TYPE_CHECKING:
    from collections.abc import Mapping

    from cockpit.live.snapshot import Change
    from cockpit.release.plan import Plan
    from cockpit.release.service import ServiceRef


class ClosedDoor:
    """A `Door` that refuses everything."""

    def __init__(self, ref: ServiceRef) -> None:
        self._ref = ref

    def plan_shift(self, percents: Mapping[str, int]) -> Plan:  # noqa: ARG002 - a Door's own
        """Raises RefusedError."""
        self._refuse()

    def plan_promote(self, revision: str) -> Plan:  # noqa: ARG002 - a Door's own
        """Raises RefusedError."""
        self._refuse()

    def plan_rollback(self) -> Plan:
        """Raises RefusedError."""
        self._refuse()

    def plan_undo(self) -> Plan:
        """Raises RefusedError."""
        self._refuse()

    def plan_tag(self, tag: str, revision: str) -> Plan:  # noqa: ARG002 - a Door's own
        """Raises RefusedError."""
        self._refuse()

    def arm(self) -> None:
        """Raises RefusedError."""
        self._refuse()

    def disarm(self) -> None:
        """It is never armed."""

    async def apply(self, plan: Plan, confirmation: str = "") -> Change:  # noqa: ARG002 - a Door's own
        """Raises RefusedError."""
        self._refuse()

    def _refuse(self) -> NoReturn:
        raise RefusedError(
            f"this is a recording of {self._ref.service}: nothing in it can be changed",
            f"the service itself: cockpit --project {self._ref.project} --service {self._ref.service}",
            kind="recording",
        )
