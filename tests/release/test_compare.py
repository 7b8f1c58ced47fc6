from __future__ import annotations

from dataclasses import replace

import pytest

from cockpit.release.compare import HIDDEN, Difference, Kind, compare, is_secret_name, shown, shown_arguments
from cockpit.release.service import EnvVar, Template

BASE = Template(
    image="repo/app:1",
    env=(EnvVar("LOG_LEVEL", "INFO"), EnvVar("API_KEY", "hunter2"), EnvVar("DB", secret="db:latest")),
    cpu="2",
    memory="4Gi",
    concurrency=80,
    timeout=600,
    max_instances=10,
    service_account="run@p.iam.gserviceaccount.com",
)


def test_equal_templates_have_no_difference() -> None:
    assert compare(BASE, BASE) == ()
    assert compare(BASE, replace(BASE, env=tuple(reversed(BASE.env)))) == ()


def test_every_field_is_compared() -> None:
    other = replace(
        BASE,
        image="repo/app:2",
        cpu="4",
        memory="8Gi",
        concurrency=1,
        timeout=5.5,
        min_instances=1,
        max_instances=0,
        service_account="",
        command=("run",),
        args=("--fast",),
    )
    assert compare(BASE, other) == (
        Difference("image", "", Kind.CHANGED, "repo/app:1", "repo/app:2"),
        Difference("cpu", "", Kind.CHANGED, "2", "4"),
        Difference("memory", "", Kind.CHANGED, "4Gi", "8Gi"),
        Difference("concurrency", "", Kind.CHANGED, "80", "1"),
        Difference("timeout", "", Kind.CHANGED, "600 s", "5.5 s"),
        Difference("min instances", "", Kind.CHANGED, "0", "1"),
        Difference("max instances", "", Kind.REMOVED, "10", ""),
        Difference("service account", "", Kind.REMOVED, "run@p.iam.gserviceaccount.com", ""),
        Difference("command", "", Kind.ADDED, "", "run"),
        Difference("args", "", Kind.ADDED, "", "--fast"),
    )


def test_the_environment_by_name() -> None:
    other = replace(
        BASE, env=(EnvVar("LOG_LEVEL", "DEBUG"), EnvVar("API_KEY", "hunter3"), EnvVar("PYTHONPATH", "/app"))
    )
    assert compare(BASE, other) == (
        Difference("env", "API_KEY", Kind.CHANGED, HIDDEN, HIDDEN),
        Difference("env", "DB", Kind.REMOVED, "secret db:latest", ""),
        Difference("env", "LOG_LEVEL", Kind.CHANGED, "INFO", "DEBUG"),
        Difference("env", "PYTHONPATH", Kind.ADDED, "", "/app"),
    )


@pytest.mark.parametrize(
    "name",
    ["API_KEY", "KEY", "apikey", "GITHUB_TOKEN", "JWT_SECRET", "SecretThing", "DB_PASSWORD", "DB_PASS", "PGPASSWD",
     "GOOGLE_CREDENTIALS", "AWS_CREDS", "SENTRY_DSN", "PRIVATE_PEM", "BASIC_AUTH", "smtp.password"],
)  # fmt: skip
def test_secret_names(name: str) -> None:
    assert is_secret_name(name)
    assert shown(EnvVar(name, "hunter2")) == HIDDEN
    assert shown(EnvVar(name, "")) == ""


@pytest.mark.parametrize("name", ["LOG_LEVEL", "PORT", "KEYBOARD", "MONKEY", "AUTHOR", "COMPASS", "PYTHONPATH"])
def test_plain_names(name: str) -> None:
    assert not is_secret_name(name)
    assert shown(EnvVar(name, "value")) == "value"


def test_a_password_inside_a_url_is_hidden_whatever_the_name() -> None:
    assert shown(EnvVar("DATABASE", "postgres://me:hunter2@db/x")) == HIDDEN
    assert shown(EnvVar("HOME_PAGE", "https://example.com:8080/a@b")) == "https://example.com:8080/a@b"


def test_secrets_on_the_command_line_are_hidden() -> None:
    words = (
        "serve",
        "--port",
        "80",
        "--api-key=hunter2",
        "--token",
        "hunter2",
        "--password",
        "--fast",
        "x://a:b@c",
    )
    assert shown_arguments(words) == (
        f"serve --port 80 --api-key={HIDDEN} --token {HIDDEN} --password --fast {HIDDEN}"
    )
