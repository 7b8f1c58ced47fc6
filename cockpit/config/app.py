"""`[app]`: the timelines that the application keeps of itself, and how its health is asked for."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Annotated, Literal

import msgspec

from cockpit.config.metrics import Given, Mebibytes, Seconds

Interval = Annotated[float, msgspec.Meta(ge=1, le=86400)]
Path = Annotated[str, msgspec.Meta(pattern="^/")]
Name = Annotated[str, msgspec.Meta(pattern=r"^[\w.-]+$")]
Words = Annotated[tuple[Annotated[str, msgspec.Meta(min_length=1)], ...], msgspec.Meta(min_length=1)]


class ValueSettings(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """One number of each row: the field it stands in, what it is called, its unit, and what sums a period up."""

    field: Annotated[str, msgspec.Meta(min_length=1)]
    title: str = ""
    unit: str = ""
    total: Literal["sum", "mean", "last"] = "sum"


class TimelineSettings(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """One timeline: a path that answers a JSON list of rows, one every `step`.

    `{period}` in the path stands for one of `periods`, which are durations. `rows` names the field that holds the
    list where it does not stand by itself. `inclusive`: a period of seven days has eight rows.
    """

    name: Name
    path: Annotated[str, msgspec.Meta(pattern=r"^/.*\{period\}")]
    periods: Words
    values: Annotated[tuple[ValueSettings, ...], msgspec.Meta(min_length=1)]
    time: Annotated[str, msgspec.Meta(min_length=1)] = "date"
    title: str = ""
    kind: Literal["bars", "lines"] = "bars"
    step: str = "1d"
    inclusive: bool = True
    rows: str = ""
    headers: Mapping[str, Given] = {}


class BodySettings(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """What a good answer says: `field` of its JSON (a dotted path) equals `equals`, or a text or regex is in it.

    Without any of them the body is not looked at.
    """

    field: str = ""
    equals: str | int | float | bool | None = None
    text: str = ""
    regex: str = ""


class CheckSettings(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """One path that tells the health: the status expected there, one or a range, and what its body must say."""

    path: Path
    status: Annotated[str, msgspec.Meta(pattern=r"^[2-5]\d\d(-[2-5]\d\d)?$")] = "200-299"
    body: BodySettings = BodySettings()
    headers: Mapping[str, Given] = {}


class HealthSettings(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """What `config.toml` says under `[app.health]`; it explains each."""

    interval_seconds: Interval
    timeout_seconds: Seconds
    slow_seconds: Seconds
    window_seconds: Annotated[float, msgspec.Meta(ge=30, le=86400)]
    tags: tuple[str, ...]
    checks: tuple[CheckSettings, ...]


class AppSettings(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """What `config.toml` says under `[app]`; it explains each."""

    interval_seconds: Interval
    timeout_seconds: Seconds
    size_mib: Mebibytes
    health: HealthSettings
    headers: Mapping[str, Given] = {}
    timelines: tuple[TimelineSettings, ...] = ()
