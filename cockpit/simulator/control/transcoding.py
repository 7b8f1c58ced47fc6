"""How a request travels over HTTP: path, query and body to a message, a message or a refusal to JSON.

After `google.api.http`: the path template fills one field, the body another or all, the query the rest.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

from google.protobuf import json_format
from google.protobuf.descriptor import Descriptor, FieldDescriptor
from google.rpc import code_pb2

from cockpit.simulator.control.rpc import status
from cockpit.simulator.world.errors import InvalidArgumentError

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from cockpit.simulator.control.gate import Method
    from cockpit.simulator.world.errors import WorldError

HTTP_STATUS = {
    code_pb2.CANCELLED: 499,
    code_pb2.INVALID_ARGUMENT: 400,
    code_pb2.DEADLINE_EXCEEDED: 504,
    code_pb2.NOT_FOUND: 404,
    code_pb2.ALREADY_EXISTS: 409,
    code_pb2.PERMISSION_DENIED: 403,
    code_pb2.RESOURCE_EXHAUSTED: 429,
    code_pb2.FAILED_PRECONDITION: 400,
    code_pb2.ABORTED: 409,
    code_pb2.UNIMPLEMENTED: 501,
    code_pb2.UNAVAILABLE: 503,
    code_pb2.UNAUTHENTICATED: 401,
}
# Parameters that every Google API takes beside its own.
SYSTEM_PARAMETERS = frozenset({"alt", "access_token", "callback", "fields", "key", "prettyPrint", "quotaUser"})


def pattern(method: Method) -> tuple[str, re.Pattern[str]]:
    """The verb, and the path with one group, the full name."""
    verb, _, template = method.http.partition(" ")
    before, name, after = re.fullmatch(r"(.*){.*=(.*)}(.*)", template).groups()  # type: ignore[union-attr]
    inner = "[^/:]+".join(map(re.escape, name.split("*")))
    return verb, re.compile(f"{re.escape(before)}({inner}){re.escape(after)}")


def request(method: Method, name: str, query: Iterable[tuple[str, str]], body: dict[str, Any]) -> Any:
    """The request message. Raises InvalidArgumentError naming what cannot be read."""
    tree: dict[str, Any] = {}
    if method.body == "*":
        tree.update(body)
    elif method.body:
        tree[method.body] = body
    for key, value in query:
        if key not in SYSTEM_PARAMETERS and not key.startswith("$"):
            _put(tree, method.request.DESCRIPTOR, key, value)
    _put(tree, method.request.DESCRIPTOR, method.name_field, name)
    try:
        return json_format.ParseDict(tree, method.request())
    except json_format.ParseError as error:
        raise InvalidArgumentError(method.body or "query", str(error)) from None


def _put(tree: dict[str, Any], descriptor: Descriptor, path: str, value: str) -> None:
    """Set one dotted path; repeated fields gather values, booleans are read as words."""
    first, _, rest = path.partition(".")
    field = _field(descriptor, first)
    if rest and field is not None and field.message_type is not None:
        _put(tree.setdefault(first, {}), field.message_type, rest, value)
        return
    if field is not None and field.is_repeated:
        tree.setdefault(first, []).append(value)
    elif field is not None and field.type == FieldDescriptor.TYPE_BOOL:
        tree[first] = value.lower() == "true"
    else:
        tree[first] = value


def _field(descriptor: Descriptor, name: str) -> FieldDescriptor | None:
    return next((field for field in descriptor.fields if name in (field.name, field.json_name)), None)


def response(message: Any, query: Mapping[str, str]) -> Any:
    """The answer's JSON value, enums as numbers when the caller asked for that."""
    numbers = "enum-encoding=int" in query.get("$alt", "")
    return json_format.MessageToDict(message, use_integers_for_enums=numbers)


def refusal(error: WorldError) -> tuple[int, dict[str, Any]]:
    """HTTP status and JSON body of a refusal, in the shape all Google APIs share."""
    code = HTTP_STATUS.get(error.code, 500)
    details = [json_format.MessageToDict(detail) for detail in status(error).details]
    body = {"code": code, "message": error.message, "status": code_pb2.Code.Name(error.code)}
    return code, {"error": body | ({"details": details} if details else {})}
