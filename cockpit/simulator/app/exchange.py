"""One request and its answer, as the endpoints see them."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any, TypeAlias


class BadRequestError(ValueError):
    """The user's input is wrong; the message is shown to the user."""


@dataclass(frozen=True, slots=True)
class Request:
    """`headers` has lower-case names; `query` the first value of each parameter; `trace` is a resource name."""

    method: str
    path: str
    query: Mapping[str, str]
    headers: Mapping[str, str]
    body: bytes = b""
    trace: str = ""

    def json(self) -> dict[str, Any]:
        """The body as an object. Raises BadRequestError."""
        try:
            value = json.loads(self.body)
        except ValueError:
            raise BadRequestError("the body is not JSON") from None
        if not isinstance(value, dict):
            raise BadRequestError("the body is not a JSON object")
        return value

    def text(self, name: str) -> str:
        """A required text field of the body. Raises BadRequestError."""
        value = self.json().get(name)
        if not isinstance(value, str) or not value:
            raise BadRequestError(f"field {name!r} must be text")
        return value


@dataclass(frozen=True, slots=True)
class Response:
    """A whole answer."""

    status: int
    body: bytes = b""
    content_type: str = "application/json"
    headers: Mapping[str, str] = field(default_factory=dict)

    @classmethod
    def of(cls, value: Any, status: int = 200) -> Response:
        """An answer of JSON."""
        return cls(status, json.dumps(value, separators=(",", ":")).encode())

    @classmethod
    def problem(cls, status: int, detail: str) -> Response:
        """An error, as FastAPI words it."""
        return cls.of({"detail": detail}, status)


Endpoint: TypeAlias = Callable[[Request], Response]
