"""The line an expression is typed in: pairs of brackets, pastes, several lines, and what was asked before."""

from __future__ import annotations

import pytest
from textual import events

from cockpit.tui.past_expressions import MOST, PastExpressions
from cockpit.tui.widgets.expression_input import LONGEST, pasted
from tests.tui.edited import Edited, edited


@pytest.mark.parametrize(
    ("typed", "written"),
    [
        ("sum(", "sum()"),
        ("sum(x)", "sum(x)"),
        ('rate(x{a="b"}[1m])', 'rate(x{a="b"}[1m])'),
        ('x{a="b\'c"}', 'x{a="b\'c"}'),
        ("(1)) (", "(1)) ()"),
    ],
)
async def test_brackets_and_quotes_come_in_pairs_and_are_typed_over(typed: str, written: str) -> None:
    async with edited() as view:
        for character in typed:
            await view.press(character)
            view.screen.popup.close()
        assert view.written == written


async def test_an_empty_pair_goes_at_once_and_a_bracket_before_a_word_stays_alone() -> None:
    async with edited() as view:
        await view.type("sum(")
        await view.press("backspace")
        assert view.written == "sum"
        await view.press("home", "(")
        assert view.written == "(sum"


async def test_a_taken_function_does_not_double_the_bracket_that_is_there() -> None:
    async with edited() as view:
        await view.type("ra(")
        await view.press("left")
        await view.type("te")
        assert view.suggested[0] == "rate"
        await view.press("tab")
        assert view.written == "rate()"


async def test_a_paste_of_several_lines_is_one_edit_without_what_cannot_be_seen() -> None:
    async with edited() as view:
        await view.type("1 + ")
        view.screen.expression.post_message(events.Paste("sum(\r\n\tup\x1b[2J\u202e\u200b\n)"))
        await view.until(lambda: "sum" in view.written)
        assert view.written == "1 + sum(\n up[2J\n)"
        assert view.suggested == []
        await view.press("ctrl+z")
        assert view.written == "1 + "
        await view.press("alt+z")
        assert view.written.endswith("\n)")


def test_a_paste_is_no_longer_than_an_expression_can_be() -> None:
    assert len(pasted("x" * 2 * LONGEST)) == LONGEST


async def test_lines_are_walked_before_past_expressions_are() -> None:
    async with edited("vector(3)", past=("vector(1)",)) as view:
        await view.until_said("1 series")
        await view.press("ctrl+j")
        await view.type("+ 1")
        assert view.written == "vector(3)\n+ 1"
        await view.press("up")
        assert view.screen.expression.cursor_location[0] == 0
        await view.press("up", "up")
        assert view.written == "vector(1)"


async def test_several_lines_are_asked_and_their_faults_underlined_where_they_are() -> None:
    async with edited() as view:
        await view.type("vector(1)")
        await view.press("ctrl+j")
        await view.type("+ fooo(1)")
        await view.until_said("unknown function")
        assert _underlined(view, 0) == ""
        assert _underlined(view, 1) == "fooo"


async def test_what_was_left_unasked_is_there_again() -> None:
    async with edited("vector(3)") as view:
        await view.until_said("1 series")
        await view.type(" +")
        await view.press("escape")
        assert view.past.draft == "vector(3) +"
        async with edited(past=("vector(3)",)) as again:
            assert again.written == "vector(3)"


def test_each_expression_is_kept_once_and_the_oldest_go() -> None:
    past = PastExpressions()
    for number in range(MOST + 5):
        past.add(f"vector({number})")
    past.add("vector(7)")
    assert past.newest == "vector(7)"
    walked = [past.earlier("typed")]
    while (another := past.earlier(walked[-1])) != walked[-1]:
        walked.append(another)
    assert len(walked) == MOST
    assert walked[:2] == ["vector(7)", "vector(204)"]
    assert walked[-1] == "vector(5)"


def _underlined(view: Edited, line: int) -> str:
    text = view.screen.expression.get_line(line)
    style = view.screen.expression.get_component_rich_style("expression-input--fault", partial=True)
    return "".join(text.plain[span.start : span.end] for span in text.spans if span.style == style)
