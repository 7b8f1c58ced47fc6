"""Settings → which of the series that an engine elsewhere has are of one service."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING

from cockpit.metrics.engine import QueryError
from cockpit.metrics.promql.nodes import VectorSelector
from cockpit.metrics.promql.parse import parse
from cockpit.release.service import ServiceRef

if TYPE_CHECKING:
    from cockpit.config import Settings

_KEY = "metrics.remote.matchers"
_PLACE = re.compile(r"\{([A-Za-z_]+)\}")
_SAMPLE = ServiceRef("project", "region", "service")


@dataclass(frozen=True, slots=True)
class Scope:
    """Matchers as PromQL's braces hold them; {project}, {region} and {service} in them stand for a service's."""

    text: str

    def of(self, ref: ServiceRef) -> str:
        """The matchers of one service, "" where none is named. Raises KeyError for another word in braces."""
        values = {"project": ref.project, "region": ref.region, "service": ref.service}
        if not ref.service:
            return ""
        return _PLACE.sub(lambda place: values[place[1]], self.text).strip(" ,\n")


def scope_of(settings: Settings) -> Scope:
    """What settings put into every selector that a remote engine is asked. Raises ConfigError."""
    scope = Scope(settings.metrics.remote.matchers)
    try:
        matchers = scope.of(_SAMPLE)
        if matchers and not isinstance(parse(f"up{{{matchers}}}"), VectorSelector):
            raise QueryError("a brace closes them", "syntax")
    except KeyError as error:
        mend = "what is filled in: {project}, {region} and {service}"
        raise settings.error(_KEY, f"has {{{error.args[0]}}}, which stands for nothing", mend) from None
    except QueryError as error:
        mend = 'write them like service="{service}", environment="prod"'
        raise settings.error(_KEY, f"are no matchers: {error}", mend) from None
    return scope
