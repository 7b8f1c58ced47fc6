"""Settings of metrics that cannot be: one line that names the key, and another one for the mend."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from cockpit import config
from cockpit.config import ConfigError
from cockpit.wiring.metrics import habits_of, remote_engine

if TYPE_CHECKING:
    from collections.abc import Callable

    from cockpit.config import Settings


@pytest.fixture
def settings(tmp_path: Path) -> Callable[[str], Settings]:
    """Settings of a file that says this, beside an empty file `empty` and a good one `token`."""
    (tmp_path / "empty").write_text("\n")
    (tmp_path / "token").write_text("hush\n")

    def load(text: str) -> Settings:
        path = tmp_path / "mine.toml"
        path.write_text(text.replace("HERE", str(tmp_path)))
        return config.load(path, {})

    return load


BAD = [
    ("an empty file", 'A = { file = "HERE/empty" }', "file HERE/empty is empty", "put the value alone in it"),
    ("no file", 'A = { file = "HERE/gone" }', "cannot be read: no such file", "name a readable file"),
    (
        "no variable",
        'A = { env = "COCKPIT_TEST_UNSET" }',
        "COCKPIT_TEST_UNSET is not set",
        "before the cockpit starts",
    ),
    ("a line break", 'A = { value = "a\\r\\nX: b" }', "more than one line of ASCII", "mend"),
    ("an escape", 'A = { value = "a\\u001b[2J" }', "more than one line of ASCII", "mend"),
    ("a line break before it", 'A = { value = "a", prefix = "X\\n" }', "more than one line of ASCII", "mend"),
    ("two places", 'A = { value = "a", env = "B" }', "one of env, file and value", "write it like"),
    ("a name that is none", '"A B" = { value = "a" }', "'A B' is no name of a header", "X-Scope-OrgID"),
    ("one of the client's", 'Cookie = { value = "a=b" }', "Cookie cannot be set", "leave it out"),
]


PLACES = {
    "metrics.headers": "[metrics.headers]\n",
    "metrics.targets[1].headers": (
        "[[metrics.targets]]\ntag = ''\n[[metrics.targets]]\ntag = 'c'\n[metrics.targets.headers]\n"
    ),
    "metrics.remote.headers": "[metrics]\nengine = 'http://127.0.0.1:1'\n[metrics.remote.headers]\n",
}


@pytest.mark.parametrize(("text", "says", "mend"), [case[1:] for case in BAD], ids=[case[0] for case in BAD])
@pytest.mark.parametrize("key", PLACES)
def test_a_header_that_cannot_be_is_named_by_its_key(
    settings: Callable[[str], Settings], key: str, text: str, says: str, mend: str
) -> None:
    found = settings(PLACES[key] + text)
    with pytest.raises(ConfigError) as caught:
        remote_engine(found) if "remote" in key else habits_of(found)
    said = str(caught.value)
    name = text.partition(" =")[0].strip('"')
    line = PLACES[key].count("\n") + 1
    assert said.startswith(f"{found.user_file}:{line}: {key}.{name} cannot be: ")
    assert says.replace("HERE", str(Path(found.user_file).parent)) in said
    assert mend in caught.value.mend
    assert said.isprintable()


def test_good_headers_are_taken_and_not_shown(settings: Callable[[str], Settings]) -> None:
    found = habits_of(settings('[metrics.headers]\nA = { file = "HERE/token", prefix = "Bearer " }\n'))
    [(name, value)] = found.scrape.headers
    assert (name, value.read(name).reveal()) == ("A", "Bearer hush")
    assert "hush" not in repr(found)


def test_headers_of_scrapes_may_be_missing_where_another_engine_answers(
    settings: Callable[[str], Settings],
) -> None:
    """Nothing is scraped then."""
    missing = 'A = { env = "COCKPIT_TEST_UNSET" }\n'
    targets = f"[[metrics.targets]]\ntag = ''\n[metrics.targets.headers]\n{missing}"
    found = settings(f"[metrics]\nengine = 'http://127.0.0.1:1'\n[metrics.headers]\n{missing}{targets}")
    assert habits_of(found).scrape.headers == ()
    assert habits_of(found).of("").headers == ()


def test_a_key_with_control_characters_is_shown_without(settings: Callable[[str], Settings]) -> None:
    with pytest.raises(ConfigError) as caught:
        habits_of(settings('[metrics.headers]\n"A\\u001b[2J" = { value = "a" }\n'))
    assert "\x1b" not in str(caught.value)


@pytest.mark.parametrize(
    ("engine", "says"),
    [
        ("http://me:hush@127.0.0.1:1", "the address of 127.0.0.1 carries a user or password"),
        ("http://127.0.0.1:1/a b", "not an address"),
        ("http://[::1", "not an address"),
        ("http://127.0.0.1:99999", "not an address"),
        ("http://127.0.0.1:1/?token=hush", "the address of an engine ends with its path"),
        ("https://monitoring.googleapis.com/v2", "'/v2' is no address of Google's managed service"),
    ],
)
def test_an_engine_that_cannot_be_is_named_by_its_key(
    settings: Callable[[str], Settings], engine: str, says: str
) -> None:
    with pytest.raises(ConfigError) as caught:
        remote_engine(settings(f"[metrics]\nengine = '{engine}'\n"))
    assert f"mine.toml:2: metrics.engine cannot be: {says}" in str(caught.value)
    assert caught.value.mend
    assert "hush" not in str(caught.value)


@pytest.mark.parametrize("file", ["~nobody-of-this-name/a", "a\\u0000b"])
def test_files_that_no_machine_has(settings: Callable[[str], Settings], file: str) -> None:
    with pytest.raises(ConfigError, match=r"mine\.toml:2: metrics\.rules names .* cannot be read"):
        habits_of(settings(f'[metrics]\nrules = ["{file}"]\n'))
    with pytest.raises(ConfigError, match=r"mine\.toml:2: metrics\.headers\.A cannot be: .* cannot be read"):
        habits_of(settings(f'[metrics.headers]\nA = {{ file = "{file}" }}\n'))
