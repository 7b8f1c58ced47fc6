"""What settings put into every selector that a remote engine is asked."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

import pytest

from cockpit import config
from cockpit.config import ConfigError, Settings
from cockpit.release.service import ServiceRef
from cockpit.sources.prometheus.template import Template
from cockpit.wiring.remote import scope_of

if TYPE_CHECKING:
    from pathlib import Path

REF = ServiceRef("emergence-469005", "europe-west1", "emergence-app")


def settings(folder: Path, matchers: str | None = None) -> Settings:
    """The shipped settings, with these matchers where some are given."""
    path = folder / "mine.toml"
    path.write_text("" if matchers is None else f"[metrics.remote]\nmatchers = '''{matchers}'''\n")
    return config.load(path, {})


def test_by_default_other_services_are_left_out(tmp_path: Path) -> None:
    matchers = scope_of(settings(tmp_path)).of(REF)
    assert Template({"service": "job"}, matchers).asked("up") == 'up{job=~"emergence-app|"}'


def test_where_no_service_is_named_every_series_is_meant(tmp_path: Path) -> None:
    assert scope_of(settings(tmp_path)).of(replace(REF, service="")) == ""


@pytest.mark.parametrize(
    ("matchers", "filled"),
    [
        (
            'job="{project}/{service}", zone="{region}",',
            'job="emergence-469005/emergence-app", zone="europe-west1"',
        ),
        ('service=~"{service}(-v[0-9]{1,2})?"', 'service=~"emergence-app(-v[0-9]{1,2})?"'),
        ("  ", ""),
    ],
)
def test_what_is_filled_in(matchers: str, filled: str, tmp_path: Path) -> None:
    assert scope_of(settings(tmp_path, matchers)).of(REF) == filled


@pytest.mark.parametrize(
    ("matchers", "wrong", "mend"),
    [
        ('job="{servcie}"', "has {servcie}, which stands for nothing", "{project}, {region} and {service}"),
        ('job="a"} or up{job="b"', "are no matchers: a brace closes them", 'service="{service}"'),
        ('job=~"("', "are no matchers: illegal regex", 'service="{service}"'),
        ("job", "are no matchers: ", 'service="{service}"'),
        ('__name__="down"', "are no matchers: ", 'service="{service}"'),
    ],
)
def test_what_are_no_matchers_is_said_with_line_and_mend(
    matchers: str, wrong: str, mend: str, tmp_path: Path
) -> None:
    with pytest.raises(ConfigError) as caught:
        scope_of(settings(tmp_path, matchers))
    assert f"mine.toml:2: metrics.remote.matchers {wrong}" in str(caught.value)
    assert "\n" not in str(caught.value)
    assert mend in caught.value.mend
