"""`[metrics]`: what is scraped, how long it is kept, which engine answers, and what is watched in it."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Annotated, Any, Literal

import msgspec

Seconds = Annotated[float, msgspec.Meta(gt=0, le=86400)]
Interval = Annotated[float, msgspec.Meta(ge=0.5, le=86400)]
Burst = Annotated[int, msgspec.Meta(ge=0, le=8)]
Mebibytes = Annotated[int, msgspec.Meta(ge=1, le=4096)]
Paths = Annotated[tuple[Annotated[str, msgspec.Meta(pattern="^/")], ...], msgspec.Meta(min_length=1)]


class Given(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """Where the value of a header comes from: a variable of the environment, a file, or the plain `value` where
    it is no secret. `prefix` stands before it, as "Bearer "."""

    env: str = ""
    file: str = ""
    value: str = ""
    prefix: str = ""


class TargetSettings(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """What is different for one URL: that of `tag`, "" for the service's own. None is what `[metrics]` says."""

    tag: str
    scrape: bool = True
    paths: Paths | None = None
    interval_seconds: Interval | None = None
    timeout_seconds: Seconds | None = None
    burst: Burst | None = None
    size_mib: Mebibytes | None = None
    headers: Mapping[str, Given] | None = None


class RemoteSettings(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """How a remote engine is asked. `labels` maps ours (service, revision, tag, instance) to theirs.

    `matchers` are put into every selector, with {project}, {region} and {service} filled in.
    """

    auth: Literal["", "google"] = ""
    timeout_seconds: Seconds = 10.0
    ca_file: str = ""
    matchers: str = 'service=~"{service}|"'
    headers: Mapping[str, Given] = {}
    labels: Mapping[Literal["service", "revision", "tag", "instance"], str] = {}


class SignalSettings(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """One row of the signals pane; `cockpit.metrics.signals.signal.Signal` says what each field means."""

    id: str
    kind: Literal["rate", "ratio", "quantile", "gauge"]
    source: tuple[str, ...]
    total: tuple[str, ...] = ()
    quantile: float = 0.0
    title: str = ""
    unit: str = ""
    better: Literal["lower", "higher", "neither"] = "neither"
    tolerance: float | None = None


class ExporterSettings(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """The cockpit's own /metrics, on loopback: port -1 is off, 0 any free one."""

    port: Annotated[int, msgspec.Meta(ge=-1, le=65535)] = -1

    @property
    def wanted(self) -> bool:
        """Whether it is on."""
        return self.port >= 0


class MetricsSettings(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """What `config.toml` says under `[metrics]`; it explains each."""

    engine: str
    paths: Paths
    interval_seconds: Interval
    timeout_seconds: Seconds
    burst: Burst
    size_mib: Mebibytes
    idle_seconds: Seconds
    impersonate: str
    window_seconds: Annotated[float, msgspec.Meta(ge=10, le=86400)]
    retention_minutes: Annotated[float, msgspec.Meta(ge=5, le=1440)]
    memory_mib: Mebibytes
    rules: tuple[str, ...]
    notify: Literal["none", "bell", "notification"]
    headers: Mapping[str, Given] = {}
    remote: RemoteSettings = RemoteSettings()
    exporter: ExporterSettings = ExporterSettings()
    targets: tuple[TargetSettings, ...] = ()
    signals: tuple[SignalSettings, ...] = ()
    groups: tuple[Mapping[str, Any], ...] = ()

    @property
    def local(self) -> bool:
        """Whether the cockpit's own evaluator answers."""
        return self.engine == "local"
