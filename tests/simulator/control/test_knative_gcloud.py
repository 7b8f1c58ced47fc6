"""The real gcloud against the simulator: it works unchanged, and it and v2 clients see each other's writes."""

from __future__ import annotations

import asyncio
import json
import os
import shutil
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import pytest

from cockpit.simulator.seams import Share
from tests.simulator.plane import APP, CANARY, DEAD, STABLE, Plane, service, template

if TYPE_CHECKING:
    from pathlib import Path

GCLOUD = shutil.which("gcloud")
SECONDS = 100.0

pytestmark = [
    pytest.mark.slow,
    pytest.mark.skipif(GCLOUD is None, reason="gcloud is not installed"),
]


@dataclass(frozen=True, slots=True)
class Ran:
    code: int
    out: str
    err: str


@dataclass(frozen=True, slots=True)
class Gcloud:
    """gcloud with a configuration of its own, pointed at a plane through its proxy settings."""

    plane: Plane
    config: Path

    async def run(self, *arguments: str) -> Ran:
        """One command of the `gcloud run` group."""
        assert GCLOUD is not None
        process = await asyncio.create_subprocess_exec(
            GCLOUD,
            "run",
            *arguments,
            env=self._environment(),
            stdout=asyncio.subprocess.PIPE,
            stderr=asyncio.subprocess.PIPE,
        )
        try:
            out, err = await asyncio.wait_for(process.communicate(), SECONDS)
        except BaseException:
            process.kill()
            await process.wait()
            raise
        return Ran(process.returncode or 0, out.decode(), err.decode())

    async def value(self, *arguments: str) -> Any:
        """What a command that succeeds says in JSON."""
        ran = await self.run(*arguments, "--format=json")
        assert ran.code == 0, ran.err
        return json.loads(ran.out)

    def _environment(self) -> dict[str, str]:
        inherited = {name: os.environ[name] for name in ("HOME", "PATH") if name in os.environ}
        return inherited | {
            "CLOUDSDK_API_ENDPOINT_OVERRIDES_RUN": f"http://run.sim:{self.plane.port}/",
            "CLOUDSDK_AUTH_DISABLE_CREDENTIALS": "true",
            "CLOUDSDK_COMPONENT_MANAGER_DISABLE_UPDATE_CHECK": "true",
            "CLOUDSDK_CONFIG": str(self.config),
            "CLOUDSDK_CORE_DISABLE_PROMPTS": "1",
            "CLOUDSDK_CORE_DISABLE_USAGE_REPORTING": "true",
            "CLOUDSDK_CORE_PROJECT": "emergence-469005",
            "CLOUDSDK_RUN_REGION": "europe-west1",
            "http_proxy": f"http://{self.plane.target}",
        }


@pytest.fixture
def gcloud(plane: Plane, tmp_path: Path) -> Gcloud:
    return Gcloud(plane, tmp_path)


async def test_gcloud_lists_and_describes(plane: Plane, gcloud: Gcloud) -> None:
    [listed] = await gcloud.value("services", "list")
    assert listed["metadata"]["name"] == "app"
    described = await gcloud.value("services", "describe", "app")
    assert described["status"]["url"] == f"http://app.localhost:{plane.port}"
    revisions = await gcloud.value("revisions", "list", "--service=app")
    assert {each["metadata"]["name"] for each in revisions} == {STABLE, CANARY}
    told = await gcloud.run("revisions", "describe", STABLE)
    assert told.code == 0
    assert "Deploying revision succeeded in 50.00s." in told.out


async def test_gcloud_and_v2_see_each_others_shifts(plane: Plane, gcloud: Gcloud) -> None:
    shifted = await gcloud.run("services", "update-traffic", "app", f"--to-revisions={CANARY}=25")
    assert shifted.code == 0, shifted.err
    seen = await plane.services.get_service(name=APP)
    assert {each.revision: each.percent for each in seen.traffic_statuses if each.percent} == {
        STABLE: 75,
        CANARY: 25,
    }
    assert Share(CANARY, 0, "canary") in plane.world.serving("app")

    traffic = [{"type_": 2, "revision": STABLE, "percent": 100}]
    await plane.services.update_service(
        {"service": {"name": APP, "traffic": traffic}, "update_mask": {"paths": ["traffic"]}}
    )
    described = await gcloud.value("services", "describe", "app")
    assert described["spec"]["traffic"] == [{"percent": 100, "revisionName": STABLE}]


async def test_gcloud_moves_tags_and_follows_latest(plane: Plane, gcloud: Gcloud) -> None:
    tagged = await gcloud.run("services", "update-traffic", "app", f"--set-tags=blue={STABLE}")
    assert tagged.code == 0, tagged.err
    assert f"http://blue---app.localhost:{plane.port}" in tagged.out + tagged.err
    assert {share.tag for share in plane.world.serving("app")} == {"", "blue"}
    assert (await gcloud.run("services", "update-traffic", "app", "--to-latest")).code == 0
    assert Share(CANARY, 100, "") in plane.world.serving("app")


async def test_gcloud_deploys_an_image_without_traffic(plane: Plane, gcloud: Gcloud) -> None:
    ran = await gcloud.run("services", "update", "app", "--image=x:3", "--no-traffic", "--tag=next")
    assert ran.code == 0, ran.err
    [launched] = plane.launches.seen
    assert launched.containers[0].image == "x:3"
    [share] = [each for each in plane.world.serving("app") if each.tag == "next"]
    assert (share.revision, share.percent) == (launched.name.rpartition("/")[2], 0)


async def test_gcloud_tells_of_a_revision_that_does_not_exist(plane: Plane, gcloud: Gcloud) -> None:
    ran = await gcloud.run("services", "update-traffic", "app", "--to-revisions=app-00009-zzz=100")
    assert ran.code == 1
    assert "Revision 'app-00009-zzz' does not exist or is deleted." in ran.err
    assert plane.world.serving("app")[0] == Share(STABLE, 100, "")


async def test_gcloud_tells_of_a_revision_that_died_and_rolls_back(plane: Plane, gcloud: Gcloud) -> None:
    plane.launches.outcome = DEAD
    plane.world.update_service("app", service(template=template("x:3"), traffic=[{"type_": 1, "percent": 100}]))
    ran = await gcloud.run("services", "update", "app", "--image=x:4")
    assert ran.code == 1
    assert "is not ready and cannot serve traffic. The container died." in ran.err
    back = await gcloud.run("services", "update-traffic", "app", f"--to-revisions={CANARY}=100")
    assert back.code == 0, back.err
    assert plane.world.serving("app") == (Share(CANARY, 100, ""),)


async def test_gcloud_meets_somebody_elses_write(plane: Plane, gcloud: Gcloud) -> None:
    held = plane.faults.hold_next("UpdateService")
    shift = asyncio.create_task(gcloud.run("services", "update-traffic", "app", "--to-latest"))
    await asyncio.wait_for(held.arrived.wait(), SECONDS)
    plane.world.update_service("app", service(labels={"x": "y"}), ["labels"])
    held.released.set()
    ran = await shift
    assert ran.code == 1
    assert "ABORTED: Conflict for resource 'app'" in ran.err


async def test_gcloud_names_the_permission_that_is_missing(plane: Plane, gcloud: Gcloud) -> None:
    plane.faults.withheld.add("run.services.update")
    ran = await gcloud.run("services", "update-traffic", "app", "--to-latest")
    assert ran.code == 1
    assert "run.services.update" in ran.err


async def test_gcloud_deletes(plane: Plane, gcloud: Gcloud) -> None:
    refused = await gcloud.run("revisions", "delete", CANARY)
    assert "it can receive traffic" in refused.err
    assert (await gcloud.run("services", "delete", "app")).code == 0
    assert plane.world.list_services()[0] == []
