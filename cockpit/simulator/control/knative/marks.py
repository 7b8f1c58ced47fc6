"""Which v2 field each of the platform's v1 annotations stands for."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Protocol

from google.api import launch_stage_pb2
from google.cloud import run_v2

from cockpit.simulator.world.errors import InvalidArgumentError
from cockpit.simulator.world.services import RESERVED


class Codec(Protocol):
    """How a field's value is written in an annotation."""

    def show(self, value: Any) -> str:
        """The annotation's text; "" leaves it out."""

    def read(self, text: str) -> Any:
        """The field's value. Raises ValueError."""


class Text:
    """A string as it is."""

    def show(self, value: str) -> str:
        """The string."""
        return value

    def read(self, text: str) -> str:
        """The string."""
        return text


class Count:
    """A whole number; 0 is the field's absence."""

    def show(self, value: int) -> str:
        """In digits."""
        return str(value) if value else ""

    def read(self, text: str) -> int:
        """From digits. Raises ValueError."""
        return int(text or "0")


class Flag:
    """A boolean; false is the field's absence."""

    def show(self, value: bool) -> str:
        """The word true, or nothing."""
        return "true" if value else ""

    def read(self, text: str) -> bool:
        """True for the word true."""
        return text.lower() == "true"


@dataclass(frozen=True)
class Word:
    """An enum with names of its own in v1; a value without one is left out."""

    words: Mapping[int, str]

    def show(self, value: int) -> str:
        """The v1 name."""
        return self.words.get(value, "")

    def read(self, text: str) -> int:
        """The value. Raises ValueError."""
        found = [value for value, word in self.words.items() if word == text]
        if text and not found:
            raise ValueError(text)
        return found[0] if found else 0


INGRESS = Word(
    {
        int(run_v2.IngressTraffic.INGRESS_TRAFFIC_ALL): "all",
        int(run_v2.IngressTraffic.INGRESS_TRAFFIC_INTERNAL_ONLY): "internal",
        int(run_v2.IngressTraffic.INGRESS_TRAFFIC_INTERNAL_LOAD_BALANCER): "internal-and-cloud-load-balancing",
        int(run_v2.IngressTraffic.INGRESS_TRAFFIC_NONE): "none",
    }
)
STAGE = Word({launch_stage_pb2.ALPHA: "ALPHA", launch_stage_pb2.BETA: "BETA"})
ENVIRONMENT = Word(
    {
        int(run_v2.ExecutionEnvironment.EXECUTION_ENVIRONMENT_GEN1): "gen1",
        int(run_v2.ExecutionEnvironment.EXECUTION_ENVIRONMENT_GEN2): "gen2",
    }
)

Table = Mapping[str, tuple[str, Codec]]
"""Annotation → the path of the v2 field, and how its value is written."""

SERVICE: Table = {
    "run.googleapis.com/client-name": ("client", Text()),
    "run.googleapis.com/client-version": ("client_version", Text()),
    "run.googleapis.com/default-url-disabled": ("default_uri_disabled", Flag()),
    "run.googleapis.com/description": ("description", Text()),
    "run.googleapis.com/ingress": ("ingress", INGRESS),
    "run.googleapis.com/invoker-iam-disabled": ("invoker_iam_disabled", Flag()),
    "run.googleapis.com/launch-stage": ("launch_stage", STAGE),
    "run.googleapis.com/maxScale": ("scaling.max_instance_count", Count()),
    "run.googleapis.com/minScale": ("scaling.min_instance_count", Count()),
}
TEMPLATE: Table = {
    "autoscaling.knative.dev/maxScale": ("scaling.max_instance_count", Count()),
    "autoscaling.knative.dev/minScale": ("scaling.min_instance_count", Count()),
    "run.googleapis.com/execution-environment": ("execution_environment", ENVIRONMENT),
    "run.googleapis.com/sessionAffinity": ("session_affinity", Flag()),
}
FIRST_CONTAINER: Table = {
    "run.googleapis.com/cpu-throttling": ("resources.cpu_idle", Flag()),
    "run.googleapis.com/startup-cpu-boost": ("resources.startup_cpu_boost", Flag()),
}


def own(pairs: Mapping[str, str]) -> dict[str, str]:
    """The user's own labels or annotations: those outside the platform's namespaces."""
    return {key: value for key, value in pairs.items() if key.partition("/")[0] not in RESERVED}


def show(table: Table, message: Any) -> dict[str, str]:
    """The annotations that say what stands in the message."""
    shown = {key: codec.show(_get(message, path)) for key, (path, codec) in table.items()}
    return {key: text for key, text in shown.items() if text}


def read(table: Table, annotations: Mapping[str, str], message: Any) -> None:
    """Set the message's fields from annotations; a missing one resets its field. Raises InvalidArgumentError."""
    for key, (path, codec) in table.items():
        try:
            value = codec.read(annotations.get(key, ""))
        except ValueError:
            raise InvalidArgumentError(f"metadata.annotations[{key}]", f"cannot be '{annotations[key]}'") from None
        _set(message, path, value)


def _get(message: Any, path: str) -> Any:
    for part in path.split("."):
        message = getattr(message, part)
    return message


def _set(message: Any, path: str, value: Any) -> None:
    """Set one field, without making a parent that would stay empty."""
    *parents, field = path.split(".")
    for part in parents:
        if not value and not message.HasField(part):
            return
        message = getattr(message, part)
    setattr(message, field, value)
