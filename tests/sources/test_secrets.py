"""Secrets that do not show, and headers from the environment, a file, or as they are."""

from __future__ import annotations

import copy
import pickle
from typing import TYPE_CHECKING

import pytest

from cockpit.sources.errors import InvalidError
from cockpit.sources.secrets import HeaderValue, Secret, read_headers

if TYPE_CHECKING:
    from pathlib import Path


def test_a_secret_shows_nowhere_but_where_it_is_revealed() -> None:
    secret = Secret("hush")
    shown = [
        str(secret),
        repr(secret),
        f"{secret}",
        f"{secret!r}",
        str([secret]),
        str({"x": secret}),
        f"{secret:>20}",
    ]
    assert not any("hush" in text for text in shown)
    assert secret.reveal() == "hush"
    assert secret.prefixed("Bearer ").reveal() == "Bearer hush"
    assert "hush" not in repr(secret.prefixed("Bearer "))


@pytest.mark.parametrize("write", [pickle.dumps, copy.copy, copy.deepcopy])
def test_a_secret_is_not_written_anywhere(write: object) -> None:
    assert callable(write)
    with pytest.raises(TypeError, match="not written"):
        write(Secret("hush"))


def test_a_variable(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("METRICS_TOKEN", " hush\n")
    found = read_headers((("Authorization", HeaderValue(env="METRICS_TOKEN", prefix="Bearer ")),))
    assert found["Authorization"].reveal() == "Bearer hush"


def test_a_variable_that_is_missing_or_empty_is_named(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("METRICS_TOKEN", raising=False)
    value = HeaderValue(env="METRICS_TOKEN")
    with pytest.raises(
        InvalidError, match="header Authorization: its variable METRICS_TOKEN is not set"
    ) as caught:
        value.read("Authorization")
    assert "METRICS_TOKEN" in caught.value.mend
    monkeypatch.setenv("METRICS_TOKEN", " ")
    with pytest.raises(InvalidError, match="METRICS_TOKEN is empty"):
        value.read("Authorization")


def test_a_file_is_read_again_when_it_is_renewed(tmp_path: Path) -> None:
    file = tmp_path / "token"
    value = HeaderValue(file=str(file), prefix="Bearer ")
    with pytest.raises(InvalidError, match=r"its file .*token cannot be read: no such file"):
        value.read("Authorization")
    file.write_text("first\n")
    assert value.read("Authorization").reveal() == "Bearer first"
    file.write_text("second\n")
    assert value.read("Authorization").reveal() == "Bearer second"


@pytest.mark.parametrize(
    ("content", "wrong"),
    [
        (b"", "is empty"),
        (b"\n", "is empty"),
        (b"hush\nX-Injected: 1", "is no header"),
        ("hüsh".encode(), "is no header"),
        (b"\x00\x01", "is no header"),
        (b"x" * 70_000, "more than 64 KiB"),
    ],
)
def test_a_file_that_holds_no_header_is_refused_unseen(tmp_path: Path, content: bytes, wrong: str) -> None:
    file = tmp_path / "token"
    file.write_bytes(content)
    with pytest.raises(InvalidError, match=wrong) as caught:
        HeaderValue(file=str(file)).read("X-Token")
    assert "hush" not in str(caught.value)


def test_a_value_that_is_no_secret() -> None:
    assert read_headers((("X-Scope-OrgID", HeaderValue(value="team")),))["X-Scope-OrgID"].reveal() == "team"
    with pytest.raises(InvalidError, match="its value is no header"):
        HeaderValue(value="a\r\nb").read("X-Team")


@pytest.mark.parametrize(
    "given", [{}, {"env": "A", "file": "b"}, {"env": "A", "value": "c"}, {"prefix": "Bearer "}]
)
def test_a_value_has_one_origin(given: dict[str, str]) -> None:
    with pytest.raises(InvalidError, match="one of env, file and value"):
        HeaderValue(**given)


@pytest.mark.parametrize("name", ["", "X Y", "X:Y", "Ünïcode", "X\r\nY", "Cookie", "host", "Content-Length"])
def test_a_name_that_cannot_be_sent(name: str) -> None:
    with pytest.raises(InvalidError, match="header"):
        read_headers(((name, HeaderValue(value="1")),))
