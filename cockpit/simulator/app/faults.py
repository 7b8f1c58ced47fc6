"""What can be wrong with a revision, named in its `SIM_FAULT` environment variable.

Any client can deploy a faulty revision: the variable is a comma-separated list such as `errors=0.15,latency=8`.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from types import MappingProxyType
from typing import Any

VARIABLE = "SIM_FAULT"


class FaultError(ValueError):
    """A fault list that cannot be read; the message is one line that names the part and the mend."""


@dataclass(frozen=True, slots=True)
class Faults:
    """The faults of one instance; the defaults are a sound one."""

    errors: float = 0.0
    latency: float = 1.0
    log_storm: float = 0.0
    crash_on_start: bool = False
    never_listens: bool = False
    unhealthy: bool = False
    metrics_disabled: bool = False
    empty_timelines: bool = False


@dataclass(frozen=True, slots=True)
class Kind:
    """How one fault is written. A kind without `read` is a flag and takes no value."""

    summary: str
    read: Callable[[str], float] | None = None
    default: float | None = None


def _ratio(text: str) -> float:
    """A number from 0 to 1."""
    value = float(text)
    if not 0 <= value <= 1:
        raise ValueError
    return value


def _positive(text: str) -> float:
    """A finite number above 0, small enough to be bounded work."""
    value = float(text)
    if not 0 < value <= 100_000:
        raise ValueError
    return value


KINDS: Mapping[str, Kind] = MappingProxyType(
    {
        "errors": Kind(
            "share of the users' work that fails with a 500, from 0 to 1; health and metrics stay", _ratio
        ),
        "latency": Kind("factor by which all work takes longer", _positive),
        "log-storm": Kind("lines a second written to stdout and stderr", _positive, 10_000),
        "crash-on-start": Kind("dies with ModuleNotFoundError before it listens"),
        "never-listens": Kind("runs, but never opens its port"),
        "unhealthy": Kind("GET /api/health answers 503"),
        "metrics-disabled": Kind("GET /api/metrics answers 200 with a comment alone"),
        "empty-timelines": Kind("the timelines answer 200 with [] and log a syntax error"),
    }
)


def parse(text: str) -> Faults:
    """Read a fault list; an empty one is a sound instance. Raises FaultError."""
    parts = (part.strip() for part in text.split(","))
    values: dict[str, Any] = dict(_one(part) for part in parts if part)
    return Faults(**values)


def _one(part: str) -> tuple[str, float | bool]:
    """Field name and value of one `name` or `name=value`."""
    name, equals, value = (piece.strip() for piece in part.partition("="))
    kind = KINDS.get(name)
    if kind is None:
        raise FaultError(f"unknown fault {name!r}: use one of {', '.join(KINDS)}")
    field = name.replace("-", "_")
    if kind.read is None:
        if equals:
            raise FaultError(f"fault {name!r} takes no value: write just {name}")
        return field, True
    if not equals and kind.default is not None:
        return field, kind.default
    try:
        return field, kind.read(value)
    except ValueError:
        raise FaultError(f"fault {part!r} needs a number: {kind.summary}") from None
