"""The control plane over HTTP, as `run.googleapis.com/v2` maps it."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

from starlette.responses import JSONResponse
from starlette.routing import Route

from cockpit.simulator.control import transcoding
from cockpit.simulator.control.methods import METHODS
from cockpit.simulator.world.errors import InvalidArgumentError, NotFoundError, WorldError

if TYPE_CHECKING:
    from starlette.requests import Request
    from starlette.responses import Response

    from cockpit.simulator.control.gate import Gate, Method

TABLE = [(*transcoding.pattern(method), method) for method in METHODS.values()]


def routes(gate: Gate) -> list[Route]:
    """The one route under which every v2 path lies."""

    async def answer(request: Request) -> Response:
        try:
            method, name = _find(request)
            query = request.query_params
            message = transcoding.request(method, name, query.multi_items(), await json_body(request))
            return JSONResponse(transcoding.response(await gate.perform(method, message), query))
        except WorldError as error:
            return refused(error)

    return [Route("/v2/projects/{rest:path}", answer, methods=["GET", "POST", "PATCH", "DELETE"])]


def _find(request: Request) -> tuple[Method, str]:
    """The method a request means, and the full name in its path. Raises NotFoundError."""
    path = request.url.path
    for verb, pattern, method in TABLE:
        if verb == request.method and (match := pattern.fullmatch(path)):
            return method, match[1]
    raise NotFoundError(f"{request.method} {path}")


async def json_body(request: Request) -> dict[str, Any]:
    """The JSON object in the body; empty when there is none. Raises InvalidArgumentError."""
    raw = await request.body()
    try:
        body = json.loads(raw) if raw else {}
    except ValueError as error:
        raise InvalidArgumentError("body", f"is not JSON: {error}") from None
    if not isinstance(body, dict):
        raise InvalidArgumentError("body", "is not a JSON object")
    return body


def refused(error: WorldError) -> JSONResponse:
    """The answer to a refused request."""
    code, body = transcoding.refusal(error)
    return JSONResponse(body, code)
