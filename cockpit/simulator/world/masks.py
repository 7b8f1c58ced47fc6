"""Field masks: which part of a service one write replaces."""

from __future__ import annotations

from typing import TYPE_CHECKING

from google.protobuf.field_mask_pb2 import FieldMask

from cockpit.simulator.world.errors import InvalidArgumentError
from cockpit.simulator.world.messages import Service, ServicePb, copy

if TYPE_CHECKING:
    from collections.abc import Sequence

WRITABLE = frozenset(
    {
        "annotations",
        "binary_authorization",
        "build_config",
        "client",
        "client_version",
        "custom_audiences",
        "default_uri_disabled",
        "description",
        "iap_enabled",
        "ingress",
        "invoker_iam_disabled",
        "labels",
        "launch_stage",
        "multi_region_settings",
        "scaling",
        "template",
        "traffic",
    }
)


def masked(current: ServicePb, body: ServicePb, paths: Sequence[str]) -> ServicePb:
    """`current` with the fields of `paths` taken from `body`; no path, or `*`, means every writable field.

    Output-only fields are passed over, as the API does. Raises InvalidArgumentError for an unknown path.
    """
    for path in paths:
        if path != "*" and not FieldMask(paths=[path]).IsValidForDescriptor(Service.DESCRIPTOR):
            raise InvalidArgumentError("update_mask", f"'{path}' is not a field of a service")
    named = sorted(WRITABLE) if not paths or "*" in paths else paths
    writable = FieldMask(paths=[path for path in named if path.partition(".")[0] in WRITABLE])
    result = copy(current)
    writable.MergeMessage(body, result, replace_message_field=True, replace_repeated_field=True)
    return result
