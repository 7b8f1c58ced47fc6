"""`cockpit fleet`, as users run it: one project that answers and one that denies."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from cockpit.cli.exits import Exit
from tests.cli.commands import CommandLine
from tests.simulated import running_simulator

if TYPE_CHECKING:
    from pathlib import Path


@pytest.mark.slow
def test_the_fleet_is_read_and_a_project_that_denies_is_said(tmp_path: Path) -> None:
    with running_simulator("busy-fleet") as local:
        cockpit = CommandLine(tmp_path, local.endpoint)
        cockpit.config(
            f'[service]\nproject = "{local.project}"\nregion = "{local.region}"\n'
            f'[fleet]\nprojects = ["{local.project}", "another-project"]\n'
        )
        ended = cockpit.run("fleet", "--json")
        assert ended.code == Exit.FAILED
        services, areas = ended.json["services"], ended.json["areas"]
        assert len(services) == areas[0]["services"] == 301
        assert {service["state"] for service in services} == {"succeeded"}
        assert all(service["requests"]["total"] >= 0 for service in services)
        assert areas[0]["problem"] is None
        assert areas[1]["project"] == "another-project"
        assert areas[1]["problem"]["kind"] == "denied"
        assert "run.services.list" in ended.err
        alone = cockpit.run("fleet", "--config", str(tmp_path / "cockpit.toml"), "--project", local.project)
        assert "SERVICE" in alone.out


@pytest.mark.slow
def test_a_fleet_that_cannot_be_reached_is_an_error_of_its_own(tmp_path: Path) -> None:
    cockpit = CommandLine(tmp_path, "127.0.0.1:1")
    ended = cockpit.run("fleet")
    assert ended.code == Exit.UNREACHABLE
    assert ended.out == ""
    assert "127.0.0.1:1" in ended.err
