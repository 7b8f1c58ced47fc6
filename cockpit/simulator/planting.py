"""From a scenario's plain data to services and revisions in the world."""

from __future__ import annotations

from random import Random
from typing import TYPE_CHECKING

from google.cloud import run_v2
from google.protobuf.duration_pb2 import Duration

from cockpit.simulator.instances import CONTAINER_PORT, NOT_LISTENING
from cockpit.simulator.scenarios import DAY, REPOSITORY, SERVICE, Deployment, Scenario
from cockpit.simulator.seams import Launch
from cockpit.simulator.world import Planted

if TYPE_CHECKING:
    from google.longrunning.operations_pb2 import Operation

    from cockpit.simulator.world import World

COLD_START = "0.5"
TEAMS = ("billing", "search", "checkout", "identity", "media", "notify", "ledger", "catalog", "support", "growth")
PARTS = ("api", "worker", "web", "gateway", "sync", "export", "hooks", "cron", "admin", "events")
REVISIONS_EACH = 10


def plant(world: World, scenario: Scenario, *, seed: int, now: float) -> None:
    """Put a scenario's services in place. `now` is Unix seconds."""
    planted = [_planted(each, now) for each in scenario.history]
    split = [
        run_v2.TrafficTarget(
            type_=run_v2.TrafficTargetAllocationType.TRAFFIC_TARGET_ALLOCATION_TYPE_REVISION,
            revision=target.revision,
            percent=target.percent,
            tag=target.tag,
        )
        for target in scenario.split
    ]
    world.plant(SERVICE, planted, split, labels={"app": "emergence"})
    _plant_fleet(world, scenario.fleet, Random(seed), now)


def deploy(world: World, deployment: Deployment) -> Operation:
    """Really deploy a revision, the split unchanged."""
    service = run_v2.Service(template=template(deployment))
    return world.update_service(SERVICE, run_v2.Service.pb(service), ["template"])


def template(deployment: Deployment, image: str = REPOSITORY) -> run_v2.RevisionTemplate:
    """The template of the application's revision."""
    return run_v2.RevisionTemplate(
        revision=deployment.name,
        max_instance_request_concurrency=deployment.concurrency,
        timeout=Duration(seconds=600),
        service_account=f"{SERVICE}@example.iam.gserviceaccount.com",
        scaling=run_v2.RevisionScaling(
            min_instance_count=deployment.minimum, max_instance_count=deployment.maximum
        ),
        containers=[
            run_v2.Container(
                image=f"{image}:{deployment.image_tag}",
                ports=[run_v2.ContainerPort(name="http1", container_port=CONTAINER_PORT)],
                resources=run_v2.ResourceRequirements(
                    limits={"cpu": "2", "memory": "4Gi"}, startup_cpu_boost=True
                ),
                env=_environment(deployment),
            )
        ],
    )


def _environment(deployment: Deployment) -> list[run_v2.EnvVar]:
    """The container's variables. A revision that crashes is one whose PYTHONPATH was forgotten."""
    crashes = deployment.failure == "crash" or "crash-on-start" in deployment.fault
    variables = {
        "CONCEPT_RECALL_METRICS_ENABLED": "true",
        "SIM_COLD_START": COLD_START,
        **({} if crashes else {"PYTHONPATH": "/app"}),
        **({"SIM_FAULT": deployment.fault} if deployment.fault else {}),
        **dict(deployment.environment),
    }
    secret = run_v2.SecretKeySelector(secret="openai-api-key", version="latest")
    return [
        *(run_v2.EnvVar(name=name, value=value) for name, value in variables.items()),
        run_v2.EnvVar(name="OPENAI_API_KEY", value_source=run_v2.EnvVarSource(secret_key_ref=secret)),
    ]


def _planted(deployment: Deployment, now: float) -> Planted:
    return Planted(
        name=deployment.name,
        template=template(deployment),
        created=now - deployment.age,
        ready_after=deployment.ready_after,
        failure=_failure(deployment),
    )


def _failure(deployment: Deployment) -> Launch | None:
    """Why a revision of the past never served."""
    if deployment.failure == "crash":
        return Launch(False, "HealthCheckContainerError", NOT_LISTENING.format(port=CONTAINER_PORT))
    if deployment.failure == "image":
        return Launch(False, "ContainerMissing", f"Image '{REPOSITORY}:{deployment.image_tag}' not found.")
    return None


def _plant_fleet(world: World, size: int, random: Random, now: float) -> None:
    """Further services, each with a past, everything on the latest revision."""
    for number in range(size):
        team, part = TEAMS[number % len(TEAMS)], PARTS[number // len(TEAMS) % len(PARTS)]
        name = f"{team}-{part}-{number:03d}"
        revisions = [
            Deployment(
                f"{name}-{count:05d}-{random.randrange(36**3):03x}"[:63],
                f"2025{random.randint(101, 930):04d}",
                age=(REVISIONS_EACH - count + random.random()) * DAY,
                ready_after=random.uniform(5, 90),
                maximum=random.choice((4, 10, 100)),
            )
            for count in range(1, REVISIONS_EACH + 1)
        ]
        world.plant(name, [_planted(each, now) for each in revisions], labels={"team": team})
