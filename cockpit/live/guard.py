"""What stands between a plan and a write: read-only until armed, fresh data, a typed word, sound revisions."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from cockpit.live.session import RefusedError
from cockpit.live.snapshot import Arming, FeedState
from cockpit.release.plan import confirmation_words, confirms
from cockpit.release.state import State, standing
from cockpit.release.traffic import LATEST

if TYPE_CHECKING:
    from cockpit.live.snapshot import Feed
    from cockpit.release.plan import Plan
    from cockpit.release.service import Revision

UNDO_SECONDS = 60.0


@dataclass(frozen=True, slots=True)
class Safety:
    """What guards changes: `read_only` can never be armed, `production` wants a word typed.

    `arm_seconds` is how long an arming lasts, `fresh_seconds` how old the service's data may be.
    """

    read_only: bool = False
    production: bool = False
    arm_seconds: float = 300.0
    fresh_seconds: float = 15.0


class Guard:
    """The arming and the checks. It knows no clock: moments are given to it."""

    def __init__(self, safety: Safety) -> None:
        self._safety = safety
        forbidden = "read_only is set in [safety]" if safety.read_only else ""
        self.arming = Arming(production=safety.production, forbidden=forbidden)

    @property
    def armed(self) -> bool:
        """Whether changes are allowed, as of the last `tick`."""
        return self.arming.until is not None

    def arm(self, feed: Feed | None, at: float) -> None:
        """Allow changes for `arm_seconds`. Raises RefusedError."""
        self._refuse_read_only()
        self._refuse_old(feed, at)
        self.arming = Arming(at + self._safety.arm_seconds, self._safety.production)

    def disarm(self, why: str = "") -> None:
        """Back to read-only, saying why where the user did not ask for it."""
        if self.armed:
            self.arming = Arming(None, self._safety.production, ended=why)

    def tick(self, feed: Feed | None, at: float, *, travelling: bool) -> None:
        """End an arming whose time is over or whose data are no longer to be trusted.

        A change that travels is followed whether armed or not, and a slow answer on its way is no reason.
        """
        if not self.armed:
            return
        if not self.arming.seconds_left(at):
            self.disarm("the time was over")
        elif not travelling and (reason := self._too_old(feed, at)):
            self.disarm(reason)

    def keep_for_undo(self, at: float) -> None:
        """After a change: if still armed, then long enough to take it back."""
        if self.armed:
            until = max(self.arming.until or 0.0, at + UNDO_SECONDS)
            self.arming = Arming(until, self._safety.production)

    def check(self, plan: Plan, confirmation: str, feed: Feed | None, at: float) -> None:
        """Everything that can be told before the service is read again. Raises RefusedError."""
        self._refuse_read_only()
        if not self.armed or not self.arming.seconds_left(at):
            raise RefusedError("the cockpit is read-only", "arm it first", kind="read-only")
        self._refuse_old(feed, at)
        if plan.empty:
            raise RefusedError("nothing would change: this is already what was asked", kind="nothing-to-do")
        if self._safety.production and not confirms(plan, confirmation):
            wanted = confirmation_words(plan)[0]
            raise RefusedError(
                f"{plan.ref.service} is a production service: the change is not confirmed",
                f"type {wanted}",
                kind="unconfirmed",
            )

    def _refuse_read_only(self) -> None:
        if self._safety.read_only:
            raise RefusedError(
                "this cockpit is read-only by its settings",
                "set read_only = false under [safety] in config.toml",
                kind="read-only",
            )

    def _refuse_old(self, feed: Feed | None, at: float) -> None:
        if reason := self._too_old(feed, at):
            mend = feed.problem.mend if feed and feed.problem else ""
            raise RefusedError(reason, mend or "wait for the next answer, or refresh", kind="stale")

    def _too_old(self, feed: Feed | None, at: float) -> str:
        age = feed.age(at) if feed else None
        if feed is None or age is None:
            why = f": {feed.problem.text}" if feed and feed.problem else ""
            return f"the service has not been read yet{why}"
        if feed.state is FeedState.FAILED:
            return f"the service cannot be read: {feed.problem.text if feed.problem else 'no answer'}"
        if age > self._safety.fresh_seconds:
            return f"what is known of the service is {age:.0f} s old"
        return ""


def check_revisions(plan: Plan, revisions: tuple[Revision, ...]) -> None:
    """Refuse to give traffic or a tag to a revision that is gone or has failed. Raises RefusedError."""
    known = {revision.name: revision for revision in revisions}
    gaining = [gain.revision for gain in plan.gains if gain.points > 0]
    tagged = [move.after for move in plan.tag_moves if move.after]
    for name in (each for each in [*gaining, *tagged] if each != LATEST):
        if name not in known:
            raise RefusedError(
                f"the revision {name} does not exist (any more)",
                "plan again with one that does",
                kind="no-revision",
            )
    for name in (each for each in gaining if each != LATEST):
        stands = standing(known[name], ())
        if stands.state is State.FAILED:
            raise RefusedError(
                f"the revision {name} has {stands}",
                "send no traffic to it; deploy a mended one",
                kind="bad-revision",
            )
