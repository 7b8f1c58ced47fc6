"""Everything that is kept of one service's metrics: samples, instances and what the endpoints tell of them.

Used by the worker's thread alone, but for `families`, which is another mapping whenever it changes.
"""

from __future__ import annotations

from types import MappingProxyType
from typing import TYPE_CHECKING

from cockpit.metrics.exposition.reader import Reader
from cockpit.metrics.instances import Instances
from cockpit.metrics.store import Store

if TYPE_CHECKING:
    from collections.abc import Mapping

    from cockpit.live.metrics.targets import TargetUrl
    from cockpit.metrics.exposed import Exposed, Family
    from cockpit.sources.scrape import Body

MILLISECONDS = 1000
MEBIBYTE = 1 << 20


class Kept:
    """The samples of one service, for `minutes`, in at most `mebibytes`."""

    def __init__(self, service: str, *, minutes: float, mebibytes: int) -> None:
        self.store = Store(round(minutes * 60 * MILLISECONDS), mebibytes * MEBIBYTE)
        self.instances = Instances(self.store, service)
        self.families: Mapping[str, Family] = MappingProxyType({})
        self._readers: dict[str, Reader] = {}

    def take(self, target: TargetUrl, body: Body) -> Exposed:
        """Read one scrape and keep it. Raises ExpositionError."""
        reader = self._readers.setdefault(target.url, Reader())
        exposed = reader.read(body.content, body.content_type)
        if exposed.ids.size:
            self.instances.saw(round(body.at * MILLISECONDS), exposed, revision=target.revision, tag=target.tag)
            if not exposed.families.items() <= self.families.items():
                self.families = MappingProxyType({**self.families, **exposed.families})
        return exposed
