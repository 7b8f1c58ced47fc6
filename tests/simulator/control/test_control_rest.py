"""The control plane over REST v2: Google's own REST client, and plain HTTP where that client would not go."""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING, Any

import httpx
import pytest
from google.api_core import exceptions
from google.api_core.client_options import ClientOptions
from google.auth.credentials import AnonymousCredentials
from google.cloud import run_v2

from cockpit.simulator.seams import Share
from tests.simulator.plane import APP, CANARY, PARENT, PATIENCE, STABLE, Plane, latest, template, to

if TYPE_CHECKING:
    from collections.abc import AsyncIterator


def options(plane: Plane) -> dict[str, Any]:
    endpoint = ClientOptions(api_endpoint=f"http://{plane.target}")
    return {"transport": "rest", "credentials": AnonymousCredentials(), "client_options": endpoint}  # type: ignore[no-untyped-call]


@pytest.fixture
def services(plane: Plane) -> run_v2.ServicesClient:
    return run_v2.ServicesClient(**options(plane))


@pytest.fixture
async def http(plane: Plane) -> AsyncIterator[httpx.AsyncClient]:
    async with httpx.AsyncClient(base_url=f"http://{plane.target}/v2/", trust_env=False) as client:
        yield client


async def test_the_stock_client_reads(plane: Plane, services: run_v2.ServicesClient) -> None:
    listed = await asyncio.to_thread(lambda: list(services.list_services(parent=PARENT)))
    got = await asyncio.to_thread(services.get_service, name=APP)
    assert [got] == listed
    assert got == run_v2.Service.wrap(plane.world.get_service("app"))
    revisions = run_v2.RevisionsClient(**options(plane))
    pager = await asyncio.to_thread(revisions.list_revisions, request={"parent": APP, "page_size": 1})
    names = await asyncio.to_thread(lambda: [each.name.rpartition("/")[2] for each in pager])
    assert names == [CANARY, STABLE]


async def test_the_stock_client_shifts_and_waits(plane: Plane, services: run_v2.ServicesClient) -> None:
    def shift() -> run_v2.Service:
        request = run_v2.UpdateServiceRequest(
            service=run_v2.Service(name=APP, traffic=[to(STABLE, 75), latest(25, "canary")]),
            update_mask={"paths": ["traffic"]},
        )
        return services.update_service(request).result(timeout=PATIENCE)  # type: ignore[no-any-return, no-untyped-call]

    service = await asyncio.to_thread(shift)
    assert [each.percent for each in service.traffic_statuses] == [75, 25]
    assert plane.world.serving("app") == (Share(STABLE, 75, ""), Share(CANARY, 25, "canary"))


async def test_the_stock_client_creates_and_deletes(plane: Plane, services: run_v2.ServicesClient) -> None:
    def live() -> None:
        fresh = run_v2.Service(template=template("x:1"))
        created = services.create_service(parent=PARENT, service_id="fresh", service=fresh)
        name = created.result(timeout=PATIENCE).name  # type: ignore[no-untyped-call]
        services.delete_service(name=name).result(timeout=PATIENCE)  # type: ignore[no-untyped-call]
        with pytest.raises(exceptions.NotFound, match="services/fresh"):
            services.get_service(name=name)

    await asyncio.to_thread(live)
    assert [each.containers[0].image for each in plane.launches.seen] == ["x:1"]


async def test_a_stale_etag_is_a_conflict(plane: Plane, services: run_v2.ServicesClient) -> None:
    stale = run_v2.Service(name=APP, traffic=[to(STABLE, 100)], etag=plane.world.get_service("app").etag)
    request = run_v2.UpdateServiceRequest(service=stale, update_mask={"paths": ["traffic"]})
    await asyncio.to_thread(services.update_service, request)
    with pytest.raises(exceptions.Conflict, match="Conflict for resource 'app'"):
        await asyncio.to_thread(services.update_service, request)


async def test_an_error_is_what_google_apis_answer(http: httpx.AsyncClient) -> None:
    response = await http.get(f"{PARENT}/services/nope")
    assert response.status_code == 404
    message = f"Resource '{PARENT}/services/nope' was not found"
    assert response.json() == {"error": {"code": 404, "message": message, "status": "NOT_FOUND"}}


@pytest.mark.parametrize(
    ("verb", "path", "body", "said"),
    [
        ("PATCH", f"{APP}?updateMask=traffic", '{"traffic": [{"percentage": 3}]}', "percentage"),
        ("PATCH", f"{APP}?updateMask=trafic", "{}", "'trafic' is not a field"),
        ("PATCH", APP, "{", "is not JSON"),
        ("PATCH", APP, "[]", "is not a JSON object"),
        ("GET", f"{PARENT}/services?pageSize=many", "", "pageSize"),
        ("GET", f"{PARENT}/services?nonsense=1", "", "nonsense"),
    ],
)
async def test_bad_input_is_a_400_that_says_where(
    http: httpx.AsyncClient, verb: str, path: str, body: str, said: str
) -> None:
    response = await http.request(verb, path, content=body)
    assert response.status_code == 400
    assert response.json()["error"]["status"] == "INVALID_ARGUMENT"
    assert said in response.json()["error"]["message"]


async def test_a_dry_run_and_system_parameters_travel_in_the_query(plane: Plane, http: httpx.AsyncClient) -> None:
    body = {"traffic": [{"type": "TRAFFIC_TARGET_ALLOCATION_TYPE_REVISION", "revision": CANARY, "percent": 100}]}
    query = "updateMask=traffic&validateOnly=true&prettyPrint=false&$.xgafv=2&alt=json"
    answer = (await http.patch(f"{APP}?{query}", json=body)).json()
    assert answer["done"]
    assert answer["response"]["@type"] == "type.googleapis.com/google.cloud.run.v2.Service"
    assert answer["response"]["traffic"][0]["revision"] == CANARY
    assert plane.world.get_service("app").traffic[0].revision == STABLE


async def test_an_operation_is_waited_for(plane: Plane, http: httpx.AsyncClient) -> None:
    plane.launches.held = asyncio.Event()
    body = {"template": {"containers": [{"image": "x:3"}]}}
    name = (await http.patch(f"{APP}?updateMask=template", json=body)).json()["name"]
    assert "done" not in (await http.post(f"{name}:wait", json={"timeout": "0.05s"})).json()
    plane.launches.held.set()
    assert (await http.post(f"{name}:wait", json={"timeout": "5s"})).json()["done"]
    assert (await http.get(f"{PARENT}/operations")).json()["operations"][0]["name"] == name


async def test_enums_are_numbers_where_the_caller_asks(http: httpx.AsyncClient) -> None:
    words = (await http.get(APP)).json()["ingress"]
    numbers = (await http.get(f"{APP}?$alt=json;enum-encoding=int")).json()["ingress"]
    assert (words, numbers) == ("INGRESS_TRAFFIC_ALL", 1)


async def test_permissions_are_tested(plane: Plane, http: httpx.AsyncClient) -> None:
    plane.faults.withheld.add("run.services.update")
    wanted = {"permissions": ["run.services.get", "run.services.update"]}
    answer = await http.post(f"{APP}:testIamPermissions", json=wanted)
    assert answer.json() == {"permissions": ["run.services.get"]}
    refused = await http.patch(f"{APP}?updateMask=traffic", json={})
    assert refused.status_code == 403
    assert refused.json()["error"]["details"][0]["reason"] == "IAM_PERMISSION_DENIED"


@pytest.mark.parametrize(
    ("verb", "path"), [("PUT", APP), ("GET", f"{PARENT}/jobs"), ("GET", f"{APP}/revisions/a/b")]
)
async def test_other_paths_are_not_found(http: httpx.AsyncClient, verb: str, path: str) -> None:
    response = await http.request(verb, path)
    assert response.status_code in (404, 405)
    assert response.json()["error"]["code"] == response.status_code
