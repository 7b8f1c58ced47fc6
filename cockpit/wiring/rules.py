"""Settings → the rules that config.toml holds, and the files of rules that it names."""

from __future__ import annotations

import os
from pathlib import Path
from typing import TYPE_CHECKING

from cockpit.metrics.rules.files import groups_from_mapping

if TYPE_CHECKING:
    from collections.abc import Mapping

    from cockpit.config import Settings
    from cockpit.config.toml import Place
    from cockpit.metrics.rules.findings import Reading


def own_rules(settings: Settings) -> tuple[str, Reading]:
    """The file that the groups of the settings stand in, and what reading them gave."""
    place = settings.places.get("metrics.groups[0]")
    source = place.source if place else "config.toml"
    return source, rules_in(settings.metrics.groups, source, settings.places)


def rules_in(groups: object, source: str, places: Mapping[str, Place]) -> Reading:
    """What reading [[metrics.groups]] of a TOML file gives; `places` are those of its keys."""
    lines = {key: place.line for key, place in places.items()}
    return groups_from_mapping({"groups": groups}, source, "metrics", lines)


def rule_files(settings: Settings) -> tuple[Path, ...]:
    """The rule files that the settings name, relative ones beside the user's own config.toml."""
    home = Path(settings.user_file).parent
    return tuple(home / os.path.expanduser(name) for name in settings.metrics.rules)
