"""What can be typed where, in a query that is being written: | is the cursor."""

from __future__ import annotations

import pytest

from cockpit.logs.query.completion import MOST, Completion, complete

NAMES = {
    "revision": ("", "emergence-app-00279-kub", "emergence-app-00275-2jb"),
    "log": ("stderr", "requests", "my log"),
    "instance": tuple(f"{number:04x}" for number in range(500)),
}


def at(marked: str) -> Completion:
    before, _, after = marked.partition("|")
    return complete(before + after, len(before), NAMES)


def texts(marked: str) -> list[str]:
    return [candidate.text for candidate in at(marked).candidates]


def with_first(marked: str) -> str:
    """The query when the first candidate is taken."""
    found, text = at(marked), marked.replace("|", "")
    return text[: found.start] + found.candidates[0].text + text[found.end :]


def test_a_beginning_offers_every_field() -> None:
    assert texts("|")[:3] == ["severity>=", "revision:", "instance:"]
    assert len(texts("|")) == 12
    assert all(candidate.about for candidate in at("|").candidates)


@pytest.mark.parametrize(
    ("marked", "first"),
    [
        ("sev|", "severity>="),
        ("timeout rev|", "timeout revision:"),
        ("-st|", "-status>="),
        ("(me|", "(method:"),
        ("sev|erity", "severity>="),
        ("a o|", "a or"),
        ("a an|", "a and"),
        ("a no|", "a NOT"),
        ("severity|", "severity>="),
        ("severity!|", "severity!="),
        ("severity>=|", "severity>=EMERGENCY"),
        ("severity>=e|", "severity>=EMERGENCY"),
        ("severity>=er|", "severity>=ERROR"),
        ("severity >= wa|", "severity >= WARNING"),
        ("severity>=W| x", "severity>=WARNING x"),
        ("revision:|", "revision:emergence-app-00279-kub"),
        ("revision:2jb|", "revision:emergence-app-00275-2jb"),
        ("-REVISION=00275|", "-REVISION=emergence-app-00275-2jb"),
        ('revision:"emer|', "revision:emergence-app-00279-kub"),
        ('revision:"emer|"', "revision:emergence-app-00279-kub"),
        ("log:my|", 'log:"my log"'),
        ("method:p|", "method:POST"),
        ("status:|", "status:500"),
        ("status:4|", "status:4xx"),
        ("after:1|", "after:15m"),
        ('"a phrase" sta|', '"a phrase" status>='),
    ],
)
def test_the_first_candidate(marked: str, first: str) -> None:
    assert with_first(marked) == first


@pytest.mark.parametrize(
    "marked", ['"sev|', '"a b" "revision:|', "/sev|", "timeout|", "sev-|", "revision:zzz|", "x:|"]
)
def test_nothing_is_offered_inside_what_is_no_field(marked: str) -> None:
    assert texts(marked) == []


def test_nothing_joins_where_nothing_stands_before_it() -> None:
    assert "or" not in texts("o|")
    assert "and" not in texts("(a|")
    assert texts("-o|") == []


def test_candidates_are_bounded_and_those_that_begin_so_come_first() -> None:
    assert len(texts("instance:|")) == MOST
    assert texts("instance:1f|")[:2] == ["001f", "011f"]
    assert texts("instance:01|")[:2] == ["0100", "0101"]


def test_what_would_drive_the_line_that_it_is_typed_in_is_not_offered() -> None:
    agents = ("curl/8", "\x1b]0;pwned\x07", "\u202egnp.exe", "Mozilla/5.0")
    offered = complete("agent:", 6, {"agent": agents}).candidates
    assert [each.text for each in offered] == ["curl/8", "Mozilla/5.0"]
