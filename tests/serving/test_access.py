"""Who may come in."""

from __future__ import annotations

import pytest

from cockpit.serving.access import Access

ACCESS = Access(8123, "the-right-token")


@pytest.mark.parametrize("host", ["127.0.0.1:8123", "localhost:8123", "[::1]:8123", "LocalHost:8123"])
def test_this_machine_is_known_by_its_names(host: str) -> None:
    assert ACCESS.host_problem({"Host": host}) == ""


@pytest.mark.parametrize(
    "host",
    [
        "rebound.example:8123",
        "127.0.0.1:8124",
        "127.0.0.1",
        "localhost.rebound.example:8123",
        "127.0.0.1:8123.rebound.example",
        "user@127.0.0.1:8123",
        "127.0.0.1:8123,rebound.example",
        "0.0.0.0:8123",
        "",
    ],
)
def test_by_any_other_name_it_is_not(host: str) -> None:
    assert "127.0.0.1:8123" in ACCESS.host_problem({"Host": host})
    assert ACCESS.host_problem({})


@pytest.mark.parametrize("needed", [True, False])
def test_its_own_page_may_ask(needed: bool) -> None:
    headers = {"Host": "localhost:8123", "Origin": "http://localhost:8123"}
    assert ACCESS.origin_problem(headers, needed=needed) == ""


@pytest.mark.parametrize(
    "origin",
    [
        "http://rebound.example",
        "https://127.0.0.1:8123",
        "http://127.0.0.1:9000",
        "http://127.0.0.1",
        "http://localhost:8123",
        "http://127.0.0.1:8123.rebound.example",
        "null",
        "",
    ],
)
@pytest.mark.parametrize("needed", [True, False])
def test_no_other_page_may(origin: str, needed: bool) -> None:
    assert ACCESS.origin_problem({"Host": "127.0.0.1:8123", "Origin": origin}, needed=needed)


def test_a_page_may_be_opened_without_an_origin_but_no_socket() -> None:
    headers = {"Host": "127.0.0.1:8123"}
    assert ACCESS.origin_problem(headers, needed=False) == ""
    assert ACCESS.origin_problem(headers, needed=True)


def test_only_the_token_is_the_token() -> None:
    assert ACCESS.admits("the-right-token")
    for wrong in (None, "", "the-right-toke", "the-right-token ", "THE-RIGHT-TOKEN", "tökén", "\udcff"):
        assert not ACCESS.admits(wrong)


def test_every_server_has_a_token_of_its_own_and_shows_it_to_nobody() -> None:
    one, other = Access(8123), Access(8124)
    assert one.token != other.token
    assert len(one.token) >= 40
    assert one.token not in repr(one)
    assert one.cookie != other.cookie
