"""Which Cloud Run is meant, and what cannot be one."""

from __future__ import annotations

import pytest

from cockpit.sources.errors import InvalidError
from cockpit.sources.target import Api, Target


def test_the_cloud_is_reached_by_region() -> None:
    target = Target("emergence-469005", "europe-west1")
    assert not target.local
    assert target.address(Api.RUN) == "europe-west1-run.googleapis.com"
    assert target.address(Api.LOGGING) == "logging.googleapis.com"


@pytest.mark.parametrize("endpoint", ["127.0.0.1:8080", "localhost:1", "[::1]:65535", "127.9.9.9:80"])
def test_a_local_endpoint_serves_every_api(endpoint: str) -> None:
    target = Target("emergence-469005", "europe-west1", endpoint)
    assert target.local
    assert target.address(Api.RUN) == target.address(Api.LOGGING) == endpoint


@pytest.mark.parametrize(
    "endpoint", ["10.0.0.1:8080", "example.com:443", "[2001:db8::1]:80", "localhost.evil.com:1"]
)
def test_plaintext_goes_nowhere_else(endpoint: str) -> None:
    with pytest.raises(InvalidError, match="not on this machine") as caught:
        Target("emergence-469005", "europe-west1", endpoint)
    assert "127.0.0.1:PORT" in caught.value.mend


@pytest.mark.parametrize(
    "endpoint",
    ["127.0.0.1", "http://127.0.0.1:80", ":80", "127.0.0.1:0", "127.0.0.1:65536", "127.0.0.1:80/x", "::1:80"],
)
def test_what_is_no_endpoint_is_said_so(endpoint: str) -> None:
    with pytest.raises(InvalidError, match="not an endpoint") as caught:
        Target("emergence-469005", "europe-west1", endpoint)
    assert "HOST:PORT" in caught.value.mend


@pytest.mark.parametrize(
    "region", ["", "europe", "evil.com/", "europe-west1.evil.com", "europe-west1:443", "-", "*"]
)
def test_a_region_cannot_lead_credentials_to_another_host(region: str) -> None:
    with pytest.raises(InvalidError, match="not a region"):
        Target("emergence-469005", region)


@pytest.mark.parametrize("project", ["", "My Project", "123456", "a/b", "a\nb"])
def test_a_project_is_named_by_its_id(project: str) -> None:
    with pytest.raises(InvalidError, match="not a project ID"):
        Target(project, "europe-west1")


def test_projects_of_a_domain_have_its_name_in_front() -> None:
    assert Target("example.com:my-project", "europe-west1").project == "example.com:my-project"
