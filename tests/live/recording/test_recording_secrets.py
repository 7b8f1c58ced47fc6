"""What may be a secret is not in a recording."""

from __future__ import annotations

from dataclasses import replace

import pytest

from cockpit.live.app.picture import ProbePicture
from cockpit.live.recording.frames import Framer
from cockpit.live.recording.secrets import Redactor, is_suspicious
from cockpit.live.snapshot import Feed
from cockpit.metrics.signals.signal import Kind, Signal
from cockpit.release.service import EnvVar, Template
from tests.tui import staged

SECRET = "hunter2-and-more"


@pytest.mark.parametrize(
    "name",
    [
        "API_KEY",
        "OPENAI_API_KEY",
        "apiKey",
        "dbPassword",
        "DB_PASS",
        "PGPASSWORD",
        "GITHUB_TOKEN",
        "JWT_SIGNING_SECRET",
        "SENTRY_DSN",
        "AZURE_CONNECTION_STRING",
        "GOOGLE_CREDENTIALS",
        "SESSION_COOKIE",
        "PRIVATE_PEM",
        "SLACK_WEBHOOK",
        "BASIC_AUTH",
        "SLACK_HOOK",
        "MAIL_OTP",
    ],
)
def test_names_that_are_suspicious(name: str) -> None:
    assert is_suspicious(name)


@pytest.mark.parametrize(
    "name", ["PYTHONPATH", "KEYBOARD_LAYOUT", "AUTHOR", "MONKEYS", "PORT", "LOG_LEVEL", "COMPASS", "PINNED", ""]
)
def test_names_that_are_not(name: str) -> None:
    assert not is_suspicious(name)


def redacted(*env: EnvVar, args: tuple[str, ...] = (), command: tuple[str, ...] = ()) -> Template:
    """A template as it is recorded."""
    service = replace(staged.service(staged.split()), template=Template(env=env, args=args, command=command))
    found: Template = Redactor().redacted(service).template
    return found


def test_values_are_hidden_and_what_is_no_secret_stays() -> None:
    template = redacted(
        EnvVar("PORT", "8080"),
        EnvVar("API_KEY", SECRET),
        EnvVar("DB_PASSWORD", secret="db-password:latest"),
        EnvVar("EMPTY_TOKEN", ""),
    )
    assert template.env == (
        EnvVar("PORT", "8080"),
        EnvVar("API_KEY", "(not recorded, 1)"),
        EnvVar("DB_PASSWORD", secret="db-password:latest"),
        EnvVar("EMPTY_TOKEN", ""),
    )


def test_equal_values_are_told_from_different_ones() -> None:
    first, same, other = redacted(EnvVar("A_KEY", "x"), EnvVar("B_KEY", "x"), EnvVar("C_KEY", "y")).env
    assert first.value == same.value != other.value


@pytest.mark.parametrize(
    ("name", "value", "kept"),
    [
        ("DATABASE_URL", f"postgres://app:{SECRET}@db/app", "postgres://(not recorded, 1)@db/app"),
        ("REDIS", f"redis://:{SECRET}@cache:6379", "redis://(not recorded, 1)@cache:6379"),
        ("INPUT", f"https://x.test/in?token={SECRET}&n=1", "https://x.test/in?token=(not recorded, 1)&n=1"),
        ("DB", f"Server=db;Password={SECRET};Timeout=5", "Server=db;Password=(not recorded, 1);Timeout=5"),
        ("BLOBS", f"https://x.test/a?sv=1&sig={SECRET}", "https://x.test/a?sv=1&sig=(not recorded, 1)"),
        ("HEADER", f"Bearer {SECRET}", "(not recorded, 1)"),
        ("CHAT", f"https://hooks.slack.com/services/{SECRET}", "(not recorded, 1)"),
        ("PLAIN", "https://x.test/in?page=2", "https://x.test/in?page=2"),
        ("BLOB", "-----BEGIN RSA PRIVATE KEY-----\nabc", "(not recorded, 1)"),
        ("BLOB", "eyJhbGciOiJIUzI1NiJ9.eyJzdWIiOiIxIn0.abc", "(not recorded, 1)"),
    ],
)
def test_values_that_tell_of_themselves(name: str, value: str, kept: str) -> None:
    assert redacted(EnvVar(name, value)).env == (EnvVar(name, kept),)


@pytest.mark.parametrize(
    ("words", "kept"),
    [
        (("--api-key", SECRET, "--port", "80"), ("--api-key", "(not recorded, 1)", "--port", "80")),
        ((f"--token={SECRET}", "serve"), ("--token=(not recorded, 1)", "serve")),
        (("--verbose", "serve"), ("--verbose", "serve")),
    ],
)
def test_words_of_a_command_line(words: tuple[str, ...], kept: tuple[str, ...]) -> None:
    template = redacted(args=words, command=words)
    assert (template.args, template.command) == (kept, kept)


def test_paths_of_probes_keep_no_token() -> None:
    probe = ProbePicture("https://x.test", "", "", f"/health?key={SECRET}", Feed("probe"))
    assert Redactor().redacted((probe,)) == (replace(probe, path="/health?key=(not recorded, 1)"),)


def test_nothing_of_a_secret_is_in_any_frame() -> None:
    env = (EnvVar("API_KEY", SECRET), EnvVar("DB", f"mysql://u:{SECRET}@h/d"))
    template = Template(env=env, args=(f"--secret={SECRET}",))
    calm = staged.healthy()
    assert calm.service is not None
    snapshot = replace(
        calm,
        service=replace(calm.service, template=template),
        revisions=tuple(replace(each, template=template) for each in calm.revisions),
    )
    parts = Framer().frame(snapshot).parts
    assert SECRET.encode() not in b"".join(parts.values())
    assert b"(not recorded, 1)" in parts["revisions"]


def test_the_rest_of_a_snapshot_is_as_it_is() -> None:
    signal = Signal("a", "Token rate", Kind.RATE, ("token_total",))
    assert Redactor().redacted(signal) is signal
