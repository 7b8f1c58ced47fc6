"""How the front chooses a revision."""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING, cast

import pytest

from cockpit.simulator.front import Front, addressee
from cockpit.simulator.seams import Share

if TYPE_CHECKING:
    from collections.abc import Callable

    from google.cloud.run_v2.types import Revision

    from cockpit.simulator.fleet import Fleet


class Split:
    """A routing that a test sets."""

    def __init__(self, *shares: Share) -> None:
        self.shares = shares

    def serving(self, service: str) -> tuple[Share, ...]:
        return self.shares if service == "shop" else ()

    def revision(self, service: str, revision: str) -> Revision | None:
        raise AssertionError(f"nobody asked for {revision} of {service}")

    def watch(self, changed: Callable[[str], None]) -> None:
        changed("shop")


def front(split: Split, seed: int = 1) -> Front:
    """A front that nobody asks for instances."""
    return Front(cast("Fleet", None), split, seed=seed)


@pytest.mark.parametrize(
    ("host", "expected"),
    [
        ("shop.localhost:8080", ("shop", "")),
        ("canary---shop.localhost:8080", ("shop", "canary")),
        ("Canary---Shop.LOCALHOST", ("shop", "canary")),
        ("v-2---my-shop.localhost", ("my-shop", "v-2")),
    ],
)
def test_the_host_names_service_and_tag(host: str, expected: tuple[str, str]) -> None:
    assert addressee(host) == expected


def test_requests_follow_the_percents() -> None:
    chooser = front(Split(Share("a", 90, ""), Share("b", 10, ""), Share("b", 0, "canary"), Share("c", 0, "old")))
    drawn = Counter(chooser.choose("shop") for _ in range(10_000))
    assert drawn.keys() == {"a", "b"}
    assert 800 < drawn["b"] < 1200  # ± 6.7 standard deviations


def test_tags_reach_their_revision_alone() -> None:
    chooser = front(Split(Share("a", 100, "live"), Share("b", 0, "canary")))
    assert [chooser.choose("shop", tag) for tag in ("canary", "live", "gone")] == ["b", "a", ""]


def test_the_next_request_sees_a_new_split() -> None:
    split = Split(Share("a", 100, ""))
    chooser = front(split)
    assert chooser.choose("shop") == "a"
    split.shares = (Share("b", 100, ""),)
    assert chooser.choose("shop") == "b"


def test_nothing_serves_an_unknown_service_or_tags_alone() -> None:
    assert front(Split(Share("a", 0, "canary"))).choose("shop") == ""
    assert front(Split(Share("a", 100, ""))).choose("other") == ""


def test_the_seed_decides() -> None:
    split = Split(Share("a", 50, ""), Share("b", 50, ""))
    runs = [[front(split, seed).choose("shop") for _ in range(3)] for seed in (1, 1)]
    many = [tuple(chooser.choose("shop") for _ in range(40)) for chooser in (front(split, 1), front(split, 2))]
    assert runs[0] == runs[1]
    assert many[0] != many[1]
