"""Everything that can be set, section by section."""

from __future__ import annotations

import fnmatch
import os
import re
from collections.abc import Mapping
from pathlib import Path
from typing import Annotated

import msgspec

from cockpit.config.app import AppSettings
from cockpit.config.dashboards import DashboardsSettings
from cockpit.config.fleet import FleetSettings
from cockpit.config.logs import LogsSettings
from cockpit.config.metrics import MetricsSettings
from cockpit.config.recording import RecordingSettings
from cockpit.config.toml import ConfigError, Place, error_at, shipped

Seconds = Annotated[float, msgspec.Meta(gt=0, le=86400)]
Calls = Annotated[int, msgspec.Meta(ge=2, le=100_000)]


class ServiceSettings(msgspec.Struct, frozen=True):
    """Which service, and through which door: `endpoint` is HOST:PORT of a local Cloud Run, or ""."""

    project: str
    region: str
    name: str
    endpoint: str


class SafetySettings(msgspec.Struct, frozen=True):
    """What guards changes. `production` holds names and patterns of services."""

    production: tuple[str, ...]
    arm_seconds: Seconds
    read_only: bool

    def is_production(self, service: str) -> bool:
        """Whether changes to this service want a word typed."""
        return any(fnmatch.fnmatchcase(service, pattern) for pattern in self.production)


class PollSettings(msgspec.Struct, frozen=True):
    """How often the Admin API is read, and what is never exceeded."""

    service_seconds: Seconds
    busy_seconds: Seconds
    revisions_seconds: Seconds
    reads_per_minute: Calls
    writes_per_minute: Calls


class ObservedSettings(msgspec.Struct, frozen=True):
    """What the observed share stands on."""

    window_seconds: Annotated[float, msgspec.Meta(ge=5, le=3600)]


class ThemeSettings(msgspec.Struct, frozen=True):
    """Which theme: the name of a file without its ending."""

    name: Annotated[str, msgspec.Meta(min_length=1)]


class LayoutSettings(msgspec.Struct, frozen=True):
    """Whether the cockpit looks as it was left, and where that is kept; "" for the platform's place."""

    remember: bool
    path: str


class JournalSettings(msgspec.Struct, frozen=True):
    """Where the journal is; "" for the platform's place."""

    path: str


class LogSettings(msgspec.Struct, frozen=True):
    """Where the log is; "" for the platform's place."""

    file: str


class Settings(msgspec.Struct, frozen=True):
    """Everything that can be set. `places` tells by dotted key where each value was given."""

    service: ServiceSettings
    fleet: FleetSettings
    safety: SafetySettings
    poll: PollSettings
    observed: ObservedSettings
    metrics: MetricsSettings
    app: AppSettings
    logs: LogsSettings
    dashboards: DashboardsSettings
    theme: ThemeSettings
    layout: LayoutSettings
    keys: Mapping[str, tuple[str, ...]]
    journal: JournalSettings
    recording: RecordingSettings
    log: LogSettings
    places: Mapping[str, Place] = {}
    user_file: str = ""

    def error(self, key: str, message: str, mend: str = "") -> ConfigError:
        """The error for a setting whose value turns out to be unusable; `key` is dotted, as in "keys.shift"."""
        return error_at(self.places, key, message, mend)

    @property
    def journal_path(self) -> Path:
        """The journal's file. A local Cloud Run has one of its own: its services bear the names of real ones."""
        if self.journal.path:
            return Path(os.path.expanduser(self.journal.path))
        import platformdirs

        return platformdirs.user_state_path("cockpit") / f"journal{self._local}.sqlite3"

    @property
    def layout_path(self) -> Path:
        """The file of the layout: one for Google Cloud and every local Cloud Run."""
        if self.layout.path:
            return Path(os.path.expanduser(self.layout.path))
        import platformdirs

        return platformdirs.user_state_path("cockpit") / "layout.json"

    def names(self, key: str) -> bool:
        """Whether the user gave a setting its value, rather than the file that ships."""
        return key in self.places and self.places[key].source != str(shipped("config.toml"))

    @property
    def recordings_folder(self) -> Path:
        """Where recordings are. Those of a local Cloud Run have a folder of their own, as its journal has."""
        if self.recording.folder:
            return Path(os.path.expanduser(self.recording.folder))
        import platformdirs

        return platformdirs.user_state_path("cockpit") / f"recordings{self._local}"

    @property
    def _local(self) -> str:
        return re.sub(r"[^\w.]+", "-", f"-{self.service.endpoint}") if self.service.endpoint else ""

    @property
    def log_path(self) -> Path:
        """The log's file."""
        if self.log.file:
            return Path(os.path.expanduser(self.log.file))
        import platformdirs

        return platformdirs.user_log_path("cockpit") / "cockpit.log"

    @property
    def dashboard_files(self) -> tuple[Path, ...]:
        """The files of dashboards; relative ones are beside the user's own config.toml."""
        return self.dashboards.paths(Path(self.user_file).parent)

    @property
    def themes_folders(self) -> tuple[Path, ...]:
        """Where themes are looked for, the user's own first."""
        return Path(self.user_file).parent / "themes", shipped("themes")
