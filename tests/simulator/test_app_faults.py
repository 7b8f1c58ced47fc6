"""The fault list that any client may put in a container's environment."""

from __future__ import annotations

import pytest

from cockpit.simulator.app.faults import KINDS, FaultError, Faults, parse


@pytest.mark.parametrize(
    ("text", "faults"),
    [
        ("", Faults()),
        (" , ", Faults()),
        ("errors=0.15", Faults(errors=0.15)),
        ("errors=0.15, latency=8", Faults(errors=0.15, latency=8.0)),
        ("crash-on-start", Faults(crash_on_start=True)),
        ("log-storm", Faults(log_storm=10_000.0)),
        ("log-storm=50,metrics-disabled", Faults(log_storm=50.0, metrics_disabled=True)),
    ],
)
def test_lists_are_read(text: str, faults: Faults) -> None:
    assert parse(text) == faults


@pytest.mark.parametrize(
    "text",
    ["gremlins", "errors", "errors=", "errors=1.5", "errors=nan", "latency=0", "latency=inf", "unhealthy=yes"],
)
def test_a_bad_part_is_named_in_one_line(text: str) -> None:
    with pytest.raises(FaultError) as caught:
        parse(f"metrics-disabled,{text}")
    assert repr(text) in str(caught.value) or repr(text.partition("=")[0]) in str(caught.value)
    assert "\n" not in str(caught.value)


def test_every_kind_is_a_field() -> None:
    fields = {name.replace("_", "-") for name in Faults.__dataclass_fields__}
    assert fields == set(KINDS)
