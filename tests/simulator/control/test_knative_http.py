"""The v1 API over plain HTTP: versions, selectors, pages, and the same world as v2."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import httpx
import pytest

from cockpit.simulator.seams import Share
from tests.simulator.plane import APP, CANARY, PATIENCE, STABLE, Plane, template, two_revisions

if TYPE_CHECKING:
    from collections.abc import AsyncIterator

SERVING = "/apis/serving.knative.dev/v1/namespaces/emergence-469005"
EVERYWHERE = "/v1/projects/emergence-469005/locations/-"


@pytest.fixture
async def http(plane: Plane) -> AsyncIterator[httpx.AsyncClient]:
    async with httpx.AsyncClient(base_url=f"http://{plane.target}", trust_env=False) as client:
        yield client


async def settled(plane: Plane) -> None:
    """Wait for the newest write to be reconciled."""
    newest = plane.world.operations.all()[0]
    assert (await plane.world.operations.wait(newest.name, PATIENCE)).done


async def test_a_service_is_shown_as_a_kubernetes_object(plane: Plane, http: httpx.AsyncClient) -> None:
    shown = (await http.get(f"{SERVING}/services/app")).json()
    assert (shown["apiVersion"], shown["kind"]) == ("serving.knative.dev/v1", "Service")
    assert shown["metadata"]["labels"]["cloud.googleapis.com/location"] == "europe-west1"
    assert shown["metadata"]["annotations"]["serving.knative.dev/lastModifier"] == "sre@example.com"
    assert shown["spec"]["traffic"] == [
        {"revisionName": STABLE, "percent": 100},
        {"revisionName": CANARY, "tag": "canary"},
    ]
    status = shown["status"]
    assert status["url"] == f"http://app.localhost:{plane.port}"
    assert status["traffic"][1]["url"] == f"http://canary---app.localhost:{plane.port}"
    assert status["observedGeneration"] == shown["metadata"]["generation"]
    assert {each["type"]: each["status"] for each in status["conditions"]} == dict.fromkeys(
        ("Ready", "RoutesReady", "ConfigurationsReady"), "True"
    )


async def test_latest_is_shown_with_the_revision_it_means(plane: Plane, http: httpx.AsyncClient) -> None:
    shown = (await http.get(f"{SERVING}/services/app")).json()
    shown["spec"]["traffic"] = [{"latestRevision": True, "percent": 100}]
    assert (await http.put(f"{SERVING}/services/app", json=shown)).status_code == 200
    await settled(plane)
    [target] = (await http.get(f"{SERVING}/services/app")).json()["status"]["traffic"]
    assert target == {"revisionName": CANARY, "latestRevision": True, "percent": 100}


async def test_a_replaced_split_makes_no_revision_and_shows_in_v2(plane: Plane, http: httpx.AsyncClient) -> None:
    shown = (await http.get(f"{SERVING}/services/app")).json()
    shown["spec"]["traffic"] = [{"revisionName": STABLE, "percent": 90}, {"revisionName": CANARY, "percent": 10}]
    written = (await http.put(f"{SERVING}/services/app", json=shown)).json()
    assert written["metadata"]["generation"] == shown["metadata"]["generation"] + 1
    assert written["status"]["conditions"][0]["status"] == "Unknown"
    await settled(plane)
    assert plane.launches.seen == []
    service = await plane.services.get_service(name=APP)
    assert [each.percent for each in service.traffic_statuses] == [90, 10]
    assert plane.world.serving("app") == (Share(STABLE, 90, ""), Share(CANARY, 10, ""))


async def test_a_stale_resource_version_is_a_conflict_even_where_etags_are_ignored(
    plane: Plane, http: httpx.AsyncClient
) -> None:
    shown = (await http.get(f"{SERVING}/services/app")).json()
    await plane.services.update_service(
        {"service": {"name": APP, "labels": {"x": "y"}}, "update_mask": {"paths": ["labels"]}}
    )
    response = await http.put(f"{SERVING}/services/app", json=shown)
    assert response.status_code == 409
    assert response.json()["error"]["status"] == "ABORTED"
    assert "but current version is" in response.json()["error"]["message"]


async def test_a_dry_run_changes_nothing(plane: Plane, http: httpx.AsyncClient) -> None:
    shown = (await http.get(f"{SERVING}/services/app")).json()
    shown["spec"]["template"]["spec"]["containers"][0]["image"] = "x:9"
    answer = (await http.put(f"{SERVING}/services/app?dryRun=all", json=shown)).json()
    assert answer["spec"]["template"]["spec"]["containers"][0]["image"] == "x:9"
    assert plane.world.get_service("app").generation == 2


async def test_services_are_made_and_deleted(plane: Plane, http: httpx.AsyncClient) -> None:
    body: dict[str, Any] = {
        "apiVersion": "serving.knative.dev/v1",
        "kind": "Service",
        "metadata": {"name": "fresh", "annotations": {"run.googleapis.com/ingress": "internal"}},
        "spec": {"template": {"spec": {"containers": [{"image": "x:1"}]}}},
    }
    assert (await http.post(f"{SERVING}/services", json=body)).status_code == 200
    await settled(plane)
    shown = (await http.get(f"{SERVING}/services/fresh")).json()
    assert shown["metadata"]["annotations"]["run.googleapis.com/ingress"] == "internal"
    assert (await http.delete(f"{SERVING}/services/fresh")).json()["status"] == "Success"
    await settled(plane)
    assert (await http.get(f"{SERVING}/services/fresh")).status_code == 404


@pytest.mark.parametrize(
    ("selector", "names"),
    [
        ("serving.knative.dev/service = app", [CANARY, STABLE]),
        ("serving.knative.dev/service=other", ["other-00002-bbb", "other-00001-aaa"]),
        ("serving.knative.dev/service==app,color=blue", []),
        ("serving.knative.dev/service=nobody", []),
    ],
)
async def test_revisions_are_selected_by_label(
    plane: Plane, http: httpx.AsyncClient, selector: str, names: list[str]
) -> None:
    two_revisions(plane.world, "other")
    answer = (await http.get(f"{SERVING}/revisions", params={"labelSelector": selector})).json()
    assert answer["kind"] == "RevisionList"
    assert [each["metadata"]["name"] for each in answer["items"]] == names


async def test_lists_have_pages(plane: Plane, http: httpx.AsyncClient) -> None:
    two_revisions(plane.world, "other")
    names: list[str] = []
    token = ""
    for _ in range(4):
        params = {"limit": "1", "continue": token}
        answer = (await http.get(f"{SERVING}/revisions", params=params)).json()
        names += [each["metadata"]["name"] for each in answer["items"]]
        token = answer["metadata"]["continue"]
    assert sorted(names) == [STABLE, CANARY, "other-00001-aaa", "other-00002-bbb"]
    assert token == ""


async def test_every_region_is_the_one_there_is(http: httpx.AsyncClient) -> None:
    assert len((await http.get(f"{EVERYWHERE}/services")).json()["items"]) == 1
    elsewhere = (await http.get(f"{EVERYWHERE[:-1]}us-central1/services")).json()
    assert elsewhere["items"] == []


async def test_a_revision_is_found_without_its_service_and_deleted(plane: Plane, http: httpx.AsyncClient) -> None:
    shown = (await http.get(f"{SERVING}/revisions/{STABLE}")).json()
    assert shown["metadata"]["labels"]["serving.knative.dev/service"] == "app"
    assert shown["status"]["imageDigest"].startswith("registry.example/app@sha256:")
    refused = await http.delete(f"{SERVING}/revisions/{STABLE}")
    assert (refused.status_code, refused.json()["error"]["status"]) == (400, "FAILED_PRECONDITION")
    assert (await http.get(f"{SERVING}/revisions/nope")).status_code == 404
    assert plane.world.revision("app", STABLE) is not None


@pytest.mark.parametrize(
    ("path", "said"),
    [
        ("/revisions?labelSelector=a in (b)", "'a in (b)' is not of the form label=value"),
        ("/revisions?limit=ten", "'ten' is not a whole number"),
    ],
)
async def test_bad_questions_are_told_what_is_wrong(http: httpx.AsyncClient, path: str, said: str) -> None:
    response = await http.get(SERVING + path)
    assert response.status_code == 400
    assert said in response.json()["error"]["message"]


async def test_refusals_reach_v1_too(plane: Plane, http: httpx.AsyncClient) -> None:
    plane.faults.withheld.add("run.services.update")
    shown = (await http.get(f"{SERVING}/services/app")).json()
    response = await http.put(f"{SERVING}/services/app", json=shown)
    assert response.status_code == 403
    assert "'run.services.update' denied on resource" in response.json()["error"]["message"]
    for broken in ("[]", "{}", '{"metadata": 3}', "{"):
        assert (await http.post(f"{SERVING}/services", content=broken)).status_code == 400


async def test_templates_of_v2_survive_a_v1_replacement(plane: Plane, http: httpx.AsyncClient) -> None:
    kept = template("x:3", vpc_access={"connector": "c"}, annotations={"who": "me"})
    operation = await plane.services.update_service(
        {"service": {"name": APP, "template": kept}, "update_mask": {"paths": ["template"]}}
    )
    await operation.result(timeout=PATIENCE)  # type: ignore[no-untyped-call]
    launched = len(plane.launches.seen)
    shown = (await http.get(f"{SERVING}/services/app")).json()
    await http.put(f"{SERVING}/services/app", json=shown)
    await settled(plane)
    assert len(plane.launches.seen) == launched
    assert plane.world.get_service("app").template.vpc_access.connector == "c"
