"""`[dashboards]`: which Grafana dashboards are opened in the terminal."""

from __future__ import annotations

import os
from pathlib import Path

import msgspec

from cockpit.config.toml import shipped

OWN = "metrics/dashboards/emergence-app.json"
"""The dashboard that ships with the cockpit, inside its package."""


class DashboardsSettings(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """What `config.toml` says under `[dashboards]`; it explains each."""

    files: tuple[str, ...]
    own: bool

    def paths(self, home: Path) -> tuple[Path, ...]:
        """The files of dashboards, ours first; relative ones are beside `home`, and a folder is all in it."""
        named = [home / os.path.expanduser(name) for name in self.files]
        found = [file for path in named for file in (sorted(path.glob("*.json")) if path.is_dir() else [path])]
        return (*([shipped(OWN)] if self.own else []), *found)
