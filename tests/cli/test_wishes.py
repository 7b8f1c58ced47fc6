from __future__ import annotations

from argparse import ArgumentTypeError

import pytest

from cockpit.cli.exits import CommandError, Exit
from cockpit.cli.wishes import revision_named, share
from cockpit.release.traffic import LATEST
from tests.tui import staged


@pytest.mark.parametrize(
    ("text", "pair"),
    [("a=0", ("a", 0)), ("a=100%", ("a", 100)), ("tag:x=5", ("tag:x", 5)), ("a=b=5 %", ("a=b", 5))],
)
def test_shares(text: str, pair: tuple[str, int]) -> None:
    assert share(text) == pair


@pytest.mark.parametrize("text", ["", "a", "a=", "=5", "a=x", "a=101", "a=-1", "a=1.0", "a=٣", "a=1_0", "a=+5"])
def test_no_shares(text: str) -> None:
    with pytest.raises(ArgumentTypeError, match="is not REV=PERCENT"):
        share(text)


def test_revisions_by_every_name() -> None:
    snapshot = staged.healthy()
    name = snapshot.revisions[0].name
    short = name.removeprefix(f"{snapshot.ref.service}-")
    assert revision_named(name, snapshot) == name
    assert revision_named(short, snapshot) == name
    assert revision_named("LATEST", snapshot) == LATEST
    assert revision_named("tag:canary", snapshot) == name


@pytest.mark.parametrize(
    ("word", "says", "mend"),
    [
        ("latest", "has no revision 'latest'", "did you mean LATEST?"),
        ("00279-kud", "has no revision '00279-kud'", "did you mean 00279-kub?"),
        ("zzz", "has no revision 'zzz'", "there are 00279-kub"),
        ("tag:blue", "there is no tag 'blue'", "the tags are canary"),
        ("", "has no revision ''", "there are"),
    ],
)
def test_unknown_names_get_a_suggestion(word: str, says: str, mend: str) -> None:
    with pytest.raises(CommandError, match=says) as caught:
        revision_named(word, staged.healthy())
    assert mend in caught.value.mend
    assert caught.value.code is Exit.REFUSED
