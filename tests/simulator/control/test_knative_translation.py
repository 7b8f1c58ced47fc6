"""v1 and v2 say the same: what goes out as a Kubernetes object comes back as the service it was."""

from __future__ import annotations

from typing import Any

import pytest
from google.api import launch_stage_pb2
from google.cloud import run_v2
from hypothesis import given, settings
from hypothesis import strategies as st

from cockpit.simulator.control.knative import incoming, outgoing
from cockpit.simulator.world import WorldError, conditions
from cockpit.simulator.world.messages import Revision
from cockpit.simulator.world.names import Place
from cockpit.simulator.world.services import complete
from tests.simulator.plane import latest, to

PLACE = Place("emergence-469005", "europe-west1", 8080)
WORDS = st.from_regex(r"[a-z]([-a-z0-9]{0,8}[a-z0-9])?", fullmatch=True)
PAIRS = st.dictionaries(WORDS, WORDS, max_size=3)


@st.composite
def variables(draw: st.DrawFn) -> dict[str, Any]:
    if draw(st.booleans()):
        return {"name": draw(WORDS), "value": draw(WORDS)}
    source = {"secret_key_ref": {"secret": draw(WORDS), "version": draw(st.sampled_from(["latest", "7"]))}}
    return {"name": draw(WORDS), "value_source": source}


@st.composite
def containers(draw: st.DrawFn) -> run_v2.Container:
    return run_v2.Container(
        name=draw(WORDS),
        image=draw(WORDS),
        command=draw(st.lists(WORDS, max_size=2)),
        args=draw(st.lists(WORDS, max_size=2)),
        env=draw(st.lists(variables(), max_size=3)),
        resources={
            "limits": draw(st.fixed_dictionaries({"cpu": WORDS, "memory": WORDS})),
            "cpu_idle": draw(st.booleans()),
            "startup_cpu_boost": draw(st.booleans()),
        },
        ports=[{"name": "http1", "container_port": draw(st.integers(1, 65535))}],
        startup_probe={"http_get": {"path": "/" + draw(WORDS), "port": 8080}, "period_seconds": 3},
    )


@st.composite
def services(draw: st.DrawFn) -> run_v2.Service:
    return run_v2.Service(
        name=PLACE.service("app"),
        uid="uid",
        generation=draw(st.integers(1, 99)),
        etag='"etag"',
        labels=draw(PAIRS),
        annotations=draw(PAIRS),
        description=draw(WORDS),
        client=draw(WORDS),
        ingress=draw(st.integers(1, 4)),
        launch_stage=draw(st.sampled_from([launch_stage_pb2.ALPHA, launch_stage_pb2.BETA, launch_stage_pb2.GA])),
        scaling={"min_instance_count": draw(st.integers(0, 3)), "max_instance_count": draw(st.integers(0, 9))},
        invoker_iam_disabled=draw(st.booleans()),
        template=run_v2.RevisionTemplate(
            revision=draw(st.sampled_from(["", "app-blue"])),
            labels=draw(PAIRS),
            annotations=draw(PAIRS),
            scaling={"min_instance_count": draw(st.integers(0, 3)), "max_instance_count": draw(st.integers(0, 9))},
            vpc_access={"connector": draw(WORDS)},
            timeout={"seconds": draw(st.integers(1, 3600))},
            service_account=draw(WORDS),
            containers=[draw(containers())],
            max_instance_request_concurrency=draw(st.integers(1, 1000)),
            session_affinity=draw(st.booleans()),
            execution_environment=draw(st.integers(0, 2)),
        ),
        traffic=draw(
            st.sampled_from([[latest(100)], [to("app-1", 60), latest(40, "canary"), to("app-2", tag="old")]])
        ),
    )


@settings(max_examples=60, deadline=None)
@given(services())
def test_a_service_survives_the_way_out_and_back(service: run_v2.Service) -> None:
    message = run_v2.Service.pb(service)
    sent = outgoing.service(PLACE, message)
    back = incoming.service(sent, message)
    complete(back)
    back.etag = message.etag
    assert back == message


def test_only_what_is_missing_from_v1_comes_from_the_current_service() -> None:
    message = run_v2.Service.pb(
        run_v2.Service(
            name=PLACE.service("app"),
            template={"containers": [{"image": "x:1"}], "labels": {"a": "b"}, "vpc_access": {"connector": "c"}},
            labels={"a": "b"},
        )
    )
    sent = {"metadata": {"name": "app"}, "spec": {"template": {"spec": {"containers": [{"image": "x:2"}]}}}}
    back = incoming.service(sent, message)
    assert back.template.containers[0].image == "x:2"
    assert back.template.vpc_access.connector == "c"
    assert (dict(back.labels), dict(back.template.labels)) == ({}, {})


@pytest.mark.parametrize(
    "sent",
    [
        {"metadata": {}},
        {"metadata": {}, "spec": {"template": {"spec": {"containers": []}}}},
        {"metadata": {}, "spec": {"template": {"spec": {"containers": [{"imag": "x"}]}}}},
        {"metadata": {}, "spec": {"template": {"spec": {"containers": "x"}}}},
        {"metadata": {"annotations": {"run.googleapis.com/maxScale": "many"}}, "spec": {}},
        {"metadata": {"annotations": []}, "spec": {}},
    ],
)
def test_what_is_no_service_is_refused(sent: dict[str, Any]) -> None:
    with pytest.raises(WorldError):
        incoming.service(sent)


@pytest.mark.parametrize(
    ("reason", "shown"),
    [
        ("HEALTH_CHECK_CONTAINER_ERROR", "HealthCheckContainerError"),
        ("RETIRED", "Retired"),
        ("CONTAINER_MISSING", "ContainerMissing"),
        ("whatever", "Unknown"),
    ],
)
def test_reasons_are_spelt_as_v1_spells_them(reason: str, shown: str) -> None:
    message = Revision(name=PLACE.revision("app", "app-1"), service="app", containers=[{"image": "x"}])
    message.conditions.append(conditions.condition("Ready", conditions.FAILED, 0, reason=reason, message="m"))
    [condition] = outgoing.revision(PLACE, message)["status"]["conditions"]
    assert condition == {
        "type": "Ready",
        "status": "False",
        "reason": shown,
        "message": "m",
        "lastTransitionTime": "1970-01-01T00:00:00Z",
    }
