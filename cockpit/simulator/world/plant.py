"""Services that were there before the simulator started, with a past of their own."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from google.cloud import run_v2

from cockpit.simulator.seams import Launch
from cockpit.simulator.world import conditions, revisions, services
from cockpit.simulator.world.messages import RevisionPb, TemplatePb, copy, stamp
from cockpit.simulator.world.records import Record, etag

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from cockpit.simulator.world.names import Place


@dataclass(frozen=True, slots=True)
class Planted:
    """One revision with a past.

    `name` is short; `created` is Unix seconds; `ready_after` is seconds from created to ready (or to the failure);
    `failure` says why it never served.
    """

    name: str
    template: run_v2.RevisionTemplate
    created: float
    ready_after: float = 50.0
    failure: Launch | None = None
    creator: str = ""


def record(
    place: Place, service: str, planted: Sequence[Planted], *, user: str, new_uid: Callable[[], str]
) -> Record:
    """A service as its revisions left it, oldest first, conditions dated in the past; no split in force yet."""
    first, last = planted[0], planted[-1]
    message = services.new(place, service, uid=new_uid(), created=first.created, creator=first.creator or user)
    message.template.CopyFrom(_template(last))
    services.complete(message)
    message.generation = message.observed_generation = len(planted)
    message.etag = etag(message.uid, message.generation)
    message.update_time.CopyFrom(stamp(last.created))
    message.last_modifier = last.creator or user
    message.latest_created_revision = place.revision(service, last.name)
    result = Record(message)
    retired = [later.created for later in planted[1:]] + [last.created + last.ready_after]
    for each, until in zip(planted, retired, strict=True):
        outcome = each.failure or Launch(ready=True)
        result.outcomes[each.name] = outcome
        result.revisions[each.name] = _revision(
            place, service, each, outcome=outcome, retired=until, user=user, uid=new_uid()
        )
    return result


def _template(planted: Planted) -> TemplatePb:
    template = copy(run_v2.RevisionTemplate.pb(planted.template))
    revisions.fill_defaults(template)
    return template


def _revision(
    place: Place, service: str, planted: Planted, *, outcome: Launch, retired: float, user: str, uid: str
) -> RevisionPb:
    revision = revisions.from_template(
        place,
        service,
        planted.name,
        _template(planted),
        uid=uid,
        created=planted.created,
        creator=planted.creator or user,
    )
    ready = planted.created + planted.ready_after
    conditions.starting(revision, planted.created)
    revisions.settle(revision, outcome, ready)
    if outcome.ready:
        conditions.active(revision, True, ready)
        conditions.active(revision, False, max(ready, retired))
    return revision
