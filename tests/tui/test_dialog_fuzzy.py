"""Fuzzy matching: what is found, what comes first, and that no name makes it slow."""

from __future__ import annotations

from time import perf_counter

import pytest

from cockpit.tui.widgets.fuzzy import match, ranked


def found(query: str, *texts: str) -> list[str]:
    """The texts that match, best first."""
    return [text for text, _ in ranked(query, texts, str)]


@pytest.mark.parametrize(
    ("query", "text", "positions"),
    [
        ("app", "emergence-app", (10, 11, 12)),
        ("ea", "emergence-app", (8, 10)),
        ("EMER", "emergence-app", (0, 1, 2, 3)),
        ("app eme", "emergence-app", (0, 1, 2, 10, 11, 12)),
        ("", "anything", ()),
    ],
)
def test_letters_that_match(query: str, text: str, positions: tuple[int, ...]) -> None:
    hit = match(query, text)
    assert hit is not None
    assert hit.positions == positions


@pytest.mark.parametrize(("query", "text"), [("x", "emergence-app"), ("ppa", "app"), ("app web", "app")])
def test_what_is_not_found(query: str, text: str) -> None:
    assert match(query, text) is None


def test_words_come_first_then_initials_then_letters_inside_words() -> None:
    texts = ("snapper", "a-pretty-panel", "web-app", "app", "map-prep")
    assert found("app", *texts) == ["app", "web-app", "a-pretty-panel", "snapper", "map-prep"]


def test_equal_ones_keep_their_order() -> None:
    assert found("", "b", "a", "c") == ["b", "a", "c"]


def test_a_thousand_awkward_names_are_found_between_two_keys() -> None:
    names = [f"recommendations-reference-freeze-eel-tree-service-{number}" for number in range(1000)]
    began = perf_counter()
    assert len(ranked("ereeees", names, str)) == 1000
    assert perf_counter() - began < 0.25, "Textual's own matcher takes seconds for these"
