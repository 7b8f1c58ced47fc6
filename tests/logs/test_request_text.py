"""A request's text, and the endpoint that its path is of."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from cockpit.logs.request import fold, line, path_of

UUID = "550e8400-e29b-41d4-a716-446655440000"
SHA1 = "da39a3ee5e6b4b0d3255bfef95601890afd80709"


@pytest.mark.parametrize(
    ("url", "origin", "said", "text"),
    [
        ("https://host.run.app/a?b=c", "10.0.0.1", "", "/a?b=c 10.0.0.1"),
        ("https://host.run.app", "10.0.0.1", "", "/ 10.0.0.1"),
        ("/a b", "2001:db8::1", "", "/a%20b 2001:db8::1"),
        ("/a", "10.0.0.1", "no instance", "/a 10.0.0.1  no instance"),
        ("/a", "", "no instance", "/a  no instance"),
        ("/a", "", "", "/a"),
        ("", "10.0.0.1", "", "- 10.0.0.1"),
        ("//host/x", "", "", "//host/x"),
    ],
)
def test_a_requests_text_tells_path_and_origin(url: str, origin: str, said: str, text: str) -> None:
    assert line(url, origin, said) == text
    assert path_of(text) == text.split(" ", maxsplit=1)[0]


@pytest.mark.parametrize(
    ("path", "endpoint"),
    [
        ("/api/v1/users/12345/profile", "/api/v1/users/{id}/profile"),
        ("/api/v1/orders/611097?q=1&page=2", "/api/v1/orders/{id}"),
        ("/users/7", "/users/{id}"),
        ("/users/7/", "/users/{id}/"),
        (f"/users/{UUID}/a", "/users/{uuid}/a"),
        (f"/users/{UUID.upper()}", "/users/{uuid}"),
        (f"/files/{UUID}.pdf", "/files/{uuid}.pdf"),
        ("/static/app.8f3a1c.js", "/static/app.{hash}.js"),
        ("/assets/index-BxT3k9Lm.js", "/assets/index-{hash}.js"),
        ("/static/chunk.12.js", "/static/chunk.{id}.js"),
        (f"/blob/{SHA1}", "/blob/{hash}"),
        ("/objects/5f43a2b1c3d4e5f6a7b8c9d0", "/objects/{hash}"),
        ("/instances/00" + "6" * 62, "/instances/{id}"),
        ("/t/eyJhbGciOiJIUzI1NiJ9", "/t/{hash}"),
        ("/k/clh3x9k2m0000qz8r1v5t7y9b", "/k/{hash}"),
        ("/watch/dQw4w9WgXcQ", "/watch/{hash}"),
        ("/factures/55129.pdf", "/factures/{id}.pdf"),
        ("/factures/9.pdf", "/factures/{id}.pdf"),
        ("/orders/order-12", "/orders/order-{id}"),
        ("/orders/order12345", "/orders/order{id}"),
        ("/orders/12345-a-title", "/orders/{id}-a-title"),
        ("/days/2025-10-10", "/days/{date}"),
        ("/page?x=/users/12#y", "/page"),
        ("/a;jsessionid=12345678", "/a"),
        ("", ""),
        ("-", "-"),
        ("/", "/"),
    ],
)
def test_what_differs_call_by_call_is_folded(path: str, endpoint: str) -> None:
    assert fold(path) == endpoint


@pytest.mark.parametrize(
    "path",
    [
        *("/decade", "/facade", "/deadbeef", "/acceded", "/beef", "/v1", "/v2beta1", "/x1", "/page2"),
        *("/2025-report", "/report-2025", "/2-factor", "/oauth2/callback", "/OAuth2Callback", "/base64url"),
        *("/sha256", "/md5", "/ipv4", "/s3bucket1", "/jquery-3.6.0.min.js", "/getUserProfileInformation"),
        *("/.env", "/wp-login.php", "/.git/config", "/cgi-bin/luci", "/actuator/env", "/favicon.ico", "/n%C2%B0"),
    ],
)
def test_words_stay(path: str) -> None:
    assert fold(path) == path


@settings(deadline=None)
@given(st.text())
def test_any_path_has_an_endpoint_that_is_its_own(path: str) -> None:
    assert fold(fold(path)) == fold(path)


def test_a_path_of_any_length_is_bounded() -> None:
    assert len(fold("/a" * 1_000_000)) < 1000
