"""Cloud Run's messages as release types: what the local Cloud Run does not send, the real one may."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

import pytest
from google.cloud import run_v2

from cockpit.release.service import ConditionState, EnvVar
from cockpit.release.traffic import LATEST, ServingTarget, Target
from cockpit.sources.messages import fill_traffic, revision_of, service_of

NAME = "projects/emergence-469005/locations/europe-west1/services/emergence-app"


def service(**fields: Any) -> Any:
    return run_v2.Service.pb(run_v2.Service(name=NAME, **fields))


def test_a_service_that_says_nothing_is_read_nonetheless() -> None:
    read = service_of(service())
    assert read.ref.path == NAME
    assert (read.spec, read.serving, read.conditions) == ((), (), ())
    assert read.created is read.updated is None
    assert read.client == ""
    assert read.template.image == ""


def test_latest_is_resolved_where_it_serves_and_kept_where_it_is_asked() -> None:
    latest = run_v2.TrafficTargetAllocationType.TRAFFIC_TARGET_ALLOCATION_TYPE_LATEST
    read = service_of(
        service(
            traffic=[run_v2.TrafficTarget(type_=latest, percent=100)],
            traffic_statuses=[run_v2.TrafficTargetStatus(type_=latest, percent=100, uri="https://x")],
            latest_ready_revision=f"{NAME}/revisions/emergence-app-00279-kub",
        )
    )
    assert read.spec == (Target(LATEST, 100),)
    assert read.serving == (ServingTarget("emergence-app-00279-kub", 100, uri="https://x", latest=True),)


def test_a_split_goes_out_as_it_came_in() -> None:
    split = (
        Target("emergence-app-00275-2jb", 90),
        Target(LATEST, 10, "next"),
        Target("emergence-app-00279-kub", 0, "c"),
    )
    message = service()
    fill_traffic(message.traffic, split)
    assert service_of(message).spec == split


def test_scaling_of_the_service_is_told_apart_from_that_of_its_revisions() -> None:
    read = service_of(
        service(
            scaling=run_v2.ServiceScaling(min_instance_count=2, max_instance_count=20),
            template=run_v2.RevisionTemplate(scaling=run_v2.RevisionScaling(max_instance_count=5)),
        )
    )
    assert (read.min_instances, read.max_instances) == (2, 20)
    assert (read.template.min_instances, read.template.max_instances) == (0, 5)


def test_the_container_that_requests_reach_is_the_one_with_a_port() -> None:
    sidecar = run_v2.Container(image="proxy:1")
    main = run_v2.Container(image="app:1", ports=[run_v2.ContainerPort(container_port=8080)], command=["serve"])
    read = service_of(service(template=run_v2.RevisionTemplate(containers=[sidecar, main])))
    assert (read.template.image, read.template.command) == ("app:1", ("serve",))
    alone = service_of(service(template=run_v2.RevisionTemplate(containers=[sidecar])))
    assert alone.template.image == "proxy:1"


def test_a_secret_is_a_reference() -> None:
    newest = run_v2.EnvVarSource(secret_key_ref=run_v2.SecretKeySelector(secret="projects/p/secrets/key"))
    container = run_v2.Container(env=[run_v2.EnvVar(name="KEY", value_source=newest), run_v2.EnvVar(name="EMPTY")])
    read = service_of(service(template=run_v2.RevisionTemplate(containers=[container])))
    assert read.template.env == (EnvVar("KEY", secret="projects/p/secrets/key:latest"), EnvVar("EMPTY"))


REASONS = [
    ({"reason": run_v2.Condition.CommonReason.REVISION_FAILED}, "REVISION_FAILED"),
    (
        {"revision_reason": run_v2.Condition.RevisionReason.HEALTH_CHECK_CONTAINER_ERROR},
        "HEALTH_CHECK_CONTAINER_ERROR",
    ),
    ({"execution_reason": run_v2.Condition.ExecutionReason.CANCELLED}, "CANCELLED"),
    ({}, ""),
]


@pytest.mark.parametrize(("reason", "name"), REASONS, ids=[name for _, name in REASONS])
def test_a_conditions_reason_is_one_of_three_kinds(reason: dict[str, Any], name: str) -> None:
    condition = run_v2.Condition(
        type_="Ready",
        state=run_v2.Condition.State.CONDITION_FAILED,
        message="No module named 'backend'",
        last_transition_time=datetime(2025, 10, 10, 2, 12, 27, tzinfo=UTC),
        **reason,
    )
    revision = run_v2.Revision(name=f"{NAME}/revisions/emergence-app-00276-jvb", conditions=[condition])
    read = revision_of(run_v2.Revision.pb(revision))
    assert read.name == "emergence-app-00276-jvb"
    assert read.conditions[0].reason == name
    assert read.conditions[0].state is ConditionState.FAILED
    assert read.conditions[0].since == datetime(2025, 10, 10, 2, 12, 27, tzinfo=UTC)


def test_a_value_newer_than_this_client_is_a_number_and_no_crash() -> None:
    message = service(terminal_condition=run_v2.Condition(type_="Ready"))
    message.terminal_condition.state = 99
    message.terminal_condition.revision_reason = 1234
    message.ingress = 77
    read = service_of(message)
    assert read.conditions[0].state is ConditionState.UNKNOWN
    assert read.conditions[0].reason == "1234"
    assert read.ingress == "77"


def test_a_condition_that_is_not_set_is_left_out() -> None:
    assert service_of(service(terminal_condition=run_v2.Condition())).conditions == ()


def test_the_tool_that_wrote_a_service_is_told_with_its_version() -> None:
    assert service_of(service(client="gcloud", client_version="541.0.0")).client == "gcloud 541.0.0"
    assert service_of(service(client="terraform")).client == "terraform"
