"""Which data source a panel or a question names, and whether it answers PromQL."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Mapping

    from cockpit.metrics.dashboards.reading.parts import Part

_PROMQL = ("prometheus", "mimir", "cortex", "thanos", "victoriametrics", "stackdriver-prometheus", "googlemanaged")
"""Parts of the types of data sources that are asked in PromQL."""
_OWN = {
    "-- Mixed --": "",
    "-- Dashboard --": "the data of another panel",
    "-- Grafana --": "data of Grafana's own",
    "grafana": "data of Grafana's own",
    "__expr__": "an expression that Grafana's server evaluates",
}


@dataclass(frozen=True, slots=True)
class Sources:
    """What names stand for: `plugins` are the types behind `${DS_…}` inputs and data source variables, `constants`
    the values of `${VAR_…}` inputs."""

    plugins: Mapping[str, str] = field(default_factory=dict)
    constants: Mapping[str, str] = field(default_factory=dict)

    def missing(self, part: Part) -> str:
        """What a data source would have to be for its questions to be asked here; "" for one that is, or may be,
        Prometheus: an old dashboard gives a bare name, and a new one may leave it to Grafana's default."""
        kind, uid = (part.text("type"), part.text("uid")) if isinstance(part.value, dict) else ("", part.text())
        if uid in _OWN:
            return _OWN[uid]
        if kind in _OWN:
            return _OWN[kind]
        return lacking(self.plugins.get(_name(uid), kind))


def lacking(plugin: str) -> str:
    """What lacks with data sources of this type: "" for those that answer PromQL, and where it is not known."""
    if not plugin or plugin == "datasource" or any(each in plugin.lower() for each in _PROMQL):
        return ""
    return f"data from {plugin}"


def read_sources(root: Part) -> Sources:
    """The inputs of an exported dashboard, and its data source variables."""
    plugins: dict[str, str] = {}
    constants: dict[str, str] = {}
    for item in root.objects("__inputs"):
        if item.text("type") == "constant":
            constants[item.text("name")] = item.text("value")
        else:
            plugins[item.text("name")] = item.text("pluginId")
    for item in root["templating"].objects("list"):
        if item.text("type") == "datasource":
            plugins[item.text("name")] = item.text("query")
    return Sources(plugins, constants)


def _name(uid: str) -> str:
    """The name in `$name`, `${name}` or `[[name]]`; a uid as it is."""
    return uid.strip("${}[]") if uid.startswith(("$", "[[")) else uid
