"""A whole file of dashboard JSON: as Grafana exports it, or as its HTTP API answers.

https://grafana.com/docs/grafana/latest/dashboards/build-dashboards/view-dashboard-json-model/
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import msgspec

from cockpit.metrics.dashboards.errors import DashboardError
from cockpit.metrics.dashboards.model import Dashboard, TimeRange
from cockpit.metrics.dashboards.reading.panels import Reader
from cockpit.metrics.dashboards.reading.parts import Notes, part_of
from cockpit.metrics.dashboards.reading.rows import read_rows
from cockpit.metrics.dashboards.reading.sources import read_sources
from cockpit.metrics.dashboards.reading.variables import read_variables
from cockpit.metrics.dashboards.times import milliseconds

if TYPE_CHECKING:
    from collections.abc import Iterator

    from cockpit.metrics.dashboards.reading.parts import Part

MOST_BYTES = 16 << 20
"""Bytes of a file: the largest dashboards there are have one."""

_HINTS = ("panels", "rows", "templating", "schemaVersion")
_EXPORT = "export it from Grafana with Share, Export, Save to file"
_CLASSIC = "export it as classic JSON: Share, Export, and not as V2 resource"


def read_dashboard(content: bytes) -> Dashboard:
    """Read the classic JSON of a dashboard. Raises DashboardError for what is none.

    Parts that cannot be read are in `problems`, and what is left out stands where it belongs, in `missing`.
    """
    root = _opened(content)
    sources = read_sources(root)
    rows = read_rows(root, Reader(sources, _library(root)))
    variables = read_variables(root, sources)
    time = root["time"]
    return Dashboard(
        title=root.text("title") or "untitled",
        uid=root.text("uid"),
        rows=rows,
        variables=variables,
        time=TimeRange(time.text("from") or TimeRange().start, time.text("to") or TimeRange().end),
        refresh_seconds=_refresh(root),
        time_zone=root.text("timezone"),
        description=root.text("description"),
        tags=root.texts("tags"),
        schema=root.whole("schemaVersion"),
        missing=tuple(_missing(root)),
        problems=root.notes.all(),
    )


def _opened(content: bytes) -> Part:
    """The dashboard in the file, out of the envelope that it may be in."""
    if len(content) > MOST_BYTES:
        raise DashboardError(f"more than {MOST_BYTES >> 20} MiB, which is no dashboard", "take it apart")
    try:
        tree = msgspec.json.decode(content.removeprefix(b"\xef\xbb\xbf"))
    except (msgspec.DecodeError, UnicodeDecodeError) as error:
        raise DashboardError(f"not JSON: {error}", _EXPORT) from None
    except RecursionError:
        raise DashboardError("nested too deeply for a dashboard", _EXPORT) from None
    if not isinstance(tree, dict):
        raise DashboardError("JSON, but no dashboard: it is no object", _EXPORT)
    place = ""
    if isinstance(tree.get("dashboard"), dict) and not any(key in tree for key in _HINTS):
        tree, place = tree["dashboard"], "dashboard"
    spec = tree.get("spec")
    if isinstance(spec, dict) and any(key in spec for key in _HINTS) and "elements" not in spec:
        tree, place = spec, "spec"
    _check(tree)
    return part_of(tree, Notes(), place)


def _check(tree: dict[str, object]) -> None:
    spec = tree.get("spec")
    if (isinstance(spec, dict) and "elements" in spec) or ("elements" in tree and "layout" in tree):
        raise DashboardError("a dashboard of the schema v2, which is not read here", _CLASSIC)
    if not any(key in tree for key in _HINTS):
        raise DashboardError("JSON, but no dashboard: it has neither panels nor rows", _EXPORT)


def _library(root: Part) -> dict[str, Part]:
    """The library panels that an export for others brings along: by uid, or in a list."""
    elements = root["__elements"]
    listed = elements.objects() if isinstance(elements.value, list) else (part for _, part in elements.fields())
    return {part.text("uid"): part["model"] for part in listed}


def _refresh(root: Part) -> float:
    value = root["refresh"].value
    if not isinstance(value, str) or not value.strip():
        return 0.0
    found = milliseconds(value)
    if found is None and value not in ("auto", "off"):
        root["refresh"].wrong("a duration, as 30s")
    return (found or 0) / 1000


def _missing(root: Part) -> Iterator[str]:
    for each in root["annotations"].objects("list"):
        if each["builtIn"].value not in (1, True) and each.flag("enable", default=True):
            yield f"annotations: {each.text('name')}"
