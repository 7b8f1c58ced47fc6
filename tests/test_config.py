from __future__ import annotations

import itertools
import re
import tomllib
from collections import defaultdict
from pathlib import Path
from typing import TYPE_CHECKING, Any, get_args

import pytest
from msgspec import Struct, structs

from cockpit import config
from cockpit.config import ConfigError, Place, Settings

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping


@pytest.fixture
def load(tmp_path: Path) -> Callable[..., Settings]:
    def read(text: str | None = None, env: dict[str, str] | None = None, **flags: str) -> Settings:
        path = tmp_path / "mine.toml"
        path.write_text(text or "", encoding="utf-8")
        return config.load(
            path, env or {}, {f"service.{name}": (value, f"--{name}") for name, value in flags.items()}
        )

    return read


def test_defaults_are_the_shipped_file(load: Callable[..., Settings]) -> None:
    settings = load()
    assert settings.service.project == "emergence-469005"
    assert settings.safety.arm_seconds == 300
    assert settings.safety.read_only is False
    assert settings.observed.window_seconds == 60
    assert settings.keys == {}


def test_default_budget_is_within_the_small_projects_quota(load: Callable[..., Settings]) -> None:
    poll = load().poll
    assert poll.reads_per_minute <= 300
    assert poll.writes_per_minute <= 15
    assert 60 / poll.busy_seconds + 60 / poll.revisions_seconds <= poll.reads_per_minute


def test_every_shipped_setting_is_commented() -> None:
    text = config.shipped("config.toml").read_text(encoding="utf-8")
    # The rules at the end of their section have one comment for all of them.
    settings = re.sub(r"(?ms)^\[\[metrics\.groups\]\].*?(?=^\[theme\])", "", text)
    for above, line in itertools.pairwise(settings.splitlines()):
        if line and line[0].isalpha():
            assert above.startswith("#") or above[0].isalpha(), line


def test_the_shipped_file_names_every_setting_and_no_other() -> None:
    tree = tomllib.loads(config.shipped("config.toml").read_text(encoding="utf-8"))
    sections = {
        name: kind for name, kind in Settings.__annotations__.items() if name not in {"places", "user_file"}
    }
    assert list(tree) == list(sections)


def test_the_shipped_file_shows_every_key_and_its_examples_can_be_used(tmp_path: Path) -> None:
    """What stands in comments is an example to be copied, so it must be right, too."""
    text = config.shipped("config.toml").read_text(encoding="utf-8")
    shown = re.sub(r"(?m)^# +(\[\[?[\w.-]+\]|[\w-]+ = )", r"\1", text)
    path = tmp_path / "shown.toml"
    path.write_text(shown, encoding="utf-8")
    assert config.load(path, {}).metrics.remote.labels
    named = defaultdict[type, set[str]](set)
    _look(Settings, [tomllib.loads(shown)], named)
    unnamed = {
        kind.__name__: {field.name for field in structs.fields(kind)} - keys for kind, keys in named.items()
    }
    assert {name: keys for name, keys in unnamed.items() if keys} == {"Settings": {"places", "user_file"}}


def _look(kind: type, tables: Iterable[Mapping[str, Any]], named: dict[type, set[str]]) -> None:
    """See which keys the tables of one kind have, and those inside them."""
    found = list(tables)
    named[kind] |= {key for table in found for key in table}
    for field in structs.fields(kind):
        values = [table[field.name] for table in found if field.name in table]
        for inner in (field.type, *get_args(field.type)):
            if isinstance(inner, type) and issubclass(inner, Struct):
                _look(inner, values if inner is field.type else itertools.chain(*map(_each, values)), named)


def _each(several: Any) -> Iterable[Mapping[str, Any]]:
    return several.values() if isinstance(several, dict) else several


def test_each_layer_wins_over_the_one_before(load: Callable[..., Settings]) -> None:
    text = '[service]\nproject = "file"\nregion = "file"\nname = "file"\n'
    env = {"COCKPIT_REGION": "env", "COCKPIT_SERVICE": "env", "COCKPIT_PROJECT": ""}
    settings = load(text, env, name="flag")
    assert (settings.service.project, settings.service.region, settings.service.name) == ("file", "env", "flag")
    assert settings.places["service.project"].line == 2
    assert str(settings.places["service.region"]) == "environment variable COCKPIT_REGION"
    assert str(settings.places["service.name"]) == "--name"


def test_keys_take_one_or_a_list_and_know_their_line(load: Callable[..., Settings]) -> None:
    settings = load('[keys]\nshift = "s"\n"promote" = ["p", "f2"]\n')
    assert settings.keys == {"shift": ("s",), "promote": ("p", "f2")}
    error = settings.error("keys.promote", "clashes with keys.shift", "take another")
    assert str(error).endswith("mine.toml:3: keys.promote clashes with keys.shift")
    assert error.mend == "take another"


@pytest.mark.parametrize(
    ("text", "says", "mend"),
    [
        ("a = ", "mine.toml:1: not TOML: invalid value", "mend this line"),
        ("[service]\nname = 1 2", "mine.toml:2: not TOML: expected newline or end of", "mend this line"),
        ("[service]\nname = 'a'\nname = 'b'", "mine.toml:3: not TOML: cannot overwrite", "mend this line"),
        ("x = 1", "mine.toml:1: x is no section of the cockpit", "known here: service"),
        ("[servise]\nname = 'a'", "mine.toml:1: servise is no section", "did you mean service?"),
        ("service = 1", "mine.toml:1: service is a section, not a value", "write it as [service]"),
        (
            "[poll]\n# a\nservice_second = 3",
            "mine.toml:3: poll.service_second is no",
            "did you mean service_seconds?",
        ),
        ("poll.qqqqqqqqqq = 3", "mine.toml:1: poll.qqqqqqqqqq is no setting", "known here: service_seconds"),
        ("[poll]\nservice_seconds = 'x'", "mine.toml:2: poll.service_seconds wants a number, not text", "= 5"),
        ("[poll]\nservice_seconds = 0", "mine.toml:2: poll.service_seconds wants a number > 0", "= 5"),
        ("[poll]\nreads_per_minute = 1.5", "wants a whole number, not a number", "reads_per_minute = 240"),
        ("[safety]\nread_only = 1", "mine.toml:2: safety.read_only wants true or false", "read_only = false"),
        ("[safety]\nproduction = 'x'", "safety.production wants a list, not text", "production = []"),
        ("[safety]\nproduction = [\n 1,\n]", "mine.toml:2: safety.production[0] wants text", "production = []"),
        ("[keys]\nshift = 3", "mine.toml:2: keys.shift is neither a key nor a list of keys", 'write it like "s"'),
        ("[keys]\nshift = ['s', 3]", "mine.toml:2: keys.shift is neither", 'write it like "s"'),
        ("[keys]\nshift = ''", "mine.toml:2: keys.shift is neither", 'write it like "s"'),
        ("[theme]\nname = ''", "mine.toml:2: theme.name wants text of length >= 1", 'name = "dark"'),
        ("[service]\nendpoint = 'there'", "mine.toml:2: service.endpoint is not HOST:PORT", "127.0.0.1:8080"),
        ("[service]\nendpoint = 'a:70000'", "mine.toml:2: service.endpoint is not HOST:PORT", "127.0.0.1:8080"),
        ("[service]\nname = '''a\nendpoint = 1\n'''\nx = 1", "mine.toml:5: service.x is no setting", "known here"),
        ("[metrics]\nengine = 'there'", "mine.toml:2: metrics.engine is neither", "https://HOST/PATH"),
        (
            "[metrics]\nnotify = 'loud'",
            "mine.toml:2: metrics.notify is none of its values: 'loud'",
            'write one of "none", "bell", "notification"',
        ),
        ("[metrics.remote]\nauth = 'x'", "mine.toml:2: metrics.remote.auth is none of its values", '"", "google"'),
        (
            "[[metrics.signals]]\nid = 'x'\nkind = 'sum'",
            "mine.toml:3: metrics.signals[0].kind is none of its values: 'sum'",
            '"rate", "ratio", "quantile", "gauge"',
        ),
        (
            "[metrics.remote.labels]\npod = 'x'",
            "mine.toml:2: metrics.remote.labels.pod is none that is known",
            "known here: service, revision, tag, instance",
        ),
        (
            "[metrics]\nheaders = 3",
            "mine.toml:2: metrics.headers wants a table, not a whole number",
            "as it ships",
        ),
        ("[metrics]\ngroups = 3", "mine.toml:2: metrics.groups wants a list", "config.toml as it ships shows"),
        ("[metrics]\nengine = ''", "mine.toml:2: metrics.engine is neither", "https://HOST/PATH"),
        (
            "[metrics]\ninterval_seconds = 0.001",
            "mine.toml:2: metrics.interval_seconds wants a number >= 0.5",
            "= 5",
        ),
        (
            "[[metrics.targets]]\ntag = 'a'\n[[metrics.targets]]\ntag = 'a'",
            "mine.toml:3: metrics.targets[1] is of the tag 'a', as one above is",
            "put both into one",
        ),
        ("[metrics]\nburst = 9", "mine.toml:2: metrics.burst wants a whole number <= 8", "burst = 0"),
        ("[metrics]\n[metrics.remote]\nheader = 1", "mine.toml:3: metrics.remote.header is no setting", "headers"),
        (
            "[[metrics.targets]]\ntag = ''\n[[metrics.targets]]\ntag = 'a'\nburst = 'x'",
            "mine.toml:5: metrics.targets[1].burst wants a whole number",
            "config.toml as it ships",
        ),
        ("[[metrics.targets]]\nburst = 1", "mine.toml:1: metrics.targets[0] lacks tag", "known here: tag"),
        ("[metrics.headers]\nA = {envy = 'X'}", "mine.toml:1: metrics.headers.envy is no setting", "known here"),
        ("service = {x = 1}", "mine.toml:1: service.x is no setting", "known here"),
    ],
)
def test_bad_files_get_one_line_with_place_and_mend(
    load: Callable[..., Settings], text: str, says: str, mend: str
) -> None:
    with pytest.raises(ConfigError) as caught:
        load(text)
    assert says in str(caught.value)
    assert "\n" not in str(caught.value)
    assert mend in caught.value.mend


def test_a_bad_flag_is_named_as_the_place(load: Callable[..., Settings]) -> None:
    with pytest.raises(ConfigError, match=r"^--endpoint: service.endpoint is not HOST:PORT: 'nowhere'$"):
        load("", {}, endpoint="nowhere")


def test_a_named_file_must_be_there(tmp_path: Path) -> None:
    with pytest.raises(ConfigError, match=r"gone\.toml: no such file"):
        config.load(tmp_path / "gone.toml", {})
    with pytest.raises(ConfigError, match=r"gone\.toml: no such file"):
        config.load(None, {"COCKPIT_CONFIG": str(tmp_path / "gone.toml")})
    with pytest.raises(ConfigError, match="is a directory"):
        config.load(tmp_path, {})


def test_a_file_in_another_encoding_is_named(tmp_path: Path) -> None:
    path = tmp_path / "latin.toml"
    path.write_bytes('[service]\nname = "é"\n'.encode("latin-1"))
    with pytest.raises(ConfigError, match=r"latin\.toml: not a text file in UTF-8"):
        config.load(path, {})


def test_without_a_named_file_the_platforms_place_may_be_empty(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("XDG_CONFIG_HOME", str(tmp_path))
    monkeypatch.setenv("HOME", str(tmp_path))
    assert config.load(None, {}).service.name == ""
    folder = Path(config.load(None, {}).user_file).parent
    folder.mkdir(parents=True)
    (folder / "config.toml").write_text('[service]\nname = "mine"\n')
    assert config.load(None, {}).service.name == "mine"


def test_paths_and_themes(load: Callable[..., Settings], tmp_path: Path) -> None:
    settings = load('[journal]\npath = "~/j.db"\n')
    assert settings.journal_path == Path.home() / "j.db"
    assert settings.log_path.name == "cockpit.log"
    assert settings.themes_folders == (tmp_path / "themes", config.shipped("themes"))
    assert config.shipped("themes").is_dir()


def test_production_is_by_name_or_pattern(load: Callable[..., Settings]) -> None:
    safety = load('[safety]\nproduction = ["emergence-app", "*-prod"]').safety
    assert safety.is_production("emergence-app")
    assert safety.is_production("shop-prod")
    assert not safety.is_production("emergence-app-dev")


def test_a_place_without_a_line_is_its_source() -> None:
    assert str(Place("--region")) == "--region"
    assert str(Place("a.toml", 3)) == "a.toml:3"


def test_a_local_cloud_run_has_a_journal_of_its_own(load: Callable[..., Settings]) -> None:
    """What is tried on a simulator must not be offered as an undo to the real service of that name."""
    cloud = load("").journal_path
    local = load('[service]\nendpoint = "127.0.0.1:8080"\n').journal_path
    assert cloud.name == "journal.sqlite3"
    assert local == cloud.with_name("journal-127.0.0.1-8080.sqlite3")
