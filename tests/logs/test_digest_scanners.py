"""Scanners: what is a probe and of which kind, from where, and what was answered."""

from __future__ import annotations

import pytest

from cockpit.logs.digest import scanners
from tests.logs.digested import CANARY, STABLE, digest_of, request

KINDS = {
    "/.env": ".env",
    "/.env.production": ".env",
    "/api/.env": ".env",
    "/.git/config": "Git",
    "/.git/HEAD": "Git",
    "/.svn/entries": "Git",
    "/.aws/credentials": "secrets",
    "/.ssh/id_rsa": "secrets",
    "/backup.sql": "secrets",
    "/server.key": "secrets",
    "/wp-login.php": "WordPress",
    "/blog/wp-admin/setup-config.php": "WordPress",
    "/xmlrpc.php": "WordPress",
    "/phpinfo.php": "PHP",
    "/index.php?lang=en": "PHP",
    "/vendor/phpunit/phpunit/src/Util/PHP/eval-stdin.php": "known exploits",
    "/index.php?s=/Index/\\think\\app/invokefunction&function=call_user_func_array": "known exploits",
    "/?x=${jndi:ldap://example.org/a}": "known exploits",
    "/cgi-bin/luci": "CGI",
    "/actuator/env": "actuator",
    "/phpMyAdmin/index.php": "admin panels",
    "/admin/config.php": "admin panels",
    "/manager/html": "admin panels",
    "/static/../../etc/passwd": "path traversal",
    "/static/%2e%2e%2f%2e%2e/etc/hosts": "path traversal",
    "/static/%252e%252e/x": "path traversal",
    "/download?file=../../secret": "path traversal",
    "/": "",
    "/api/health": "",
    "/api/environment": "",
    "/api/users/{id}/env": "",
    "/gitlab/projects": "",
    "/api/search?q=php": "",
    "/api/search?q=what...": "",
    "/admin": "",
    "/assets/app.js": "",
    "/docs/wp": "",
    "/.well-known/security.txt": "",
    "/config.json": "",
}


@pytest.mark.parametrize("url", KINDS)
def test_kinds(url: str) -> None:
    kinds = [each.kind for each in digest_of([request(url, 404)]).probes]
    assert kinds == [KINDS[url]] * bool(KINDS[url])


def test_probes_are_counted_by_kind_status_origin_and_revision() -> None:
    rows = [
        request("/.env", 404, origin="203.0.113.1"),
        request("/.env", 404, origin="203.0.113.1", revision=CANARY),
        request("/.env.bak", 405, origin="203.0.113.2", method="POST"),
        request("/wp-login.php", 404),
        request("/api/health", 404),
    ]
    env, wordpress = digest_of(rows).probes
    assert (env.kind, env.count, env.statuses) == (".env", 3, ((404, 2), (405, 1)))
    assert (env.origins, env.origin_count) == ((("203.0.113.1", 2), ("203.0.113.2", 1)), 2)
    assert env.by_revision == ((STABLE, 2), (CANARY, 1))
    assert (env.answered, env.answered_count) == ((), 0)
    assert (wordpress.kind, wordpress.count) == ("WordPress", 1)


def test_probes_that_were_answered_stand_out_with_an_example() -> None:
    rows = [
        request("/.git/config", 404),
        request("/.git/config", 200),
        request("/.git/config", 200),
        request("/.git/HEAD", 301),
        request("/.git/index", 0),
    ]
    [git] = digest_of(rows).probes
    assert git.answered_count == 3
    assert [(each.path, each.status, each.count, each.example) for each in git.answered] == [
        ("/.git/config", 200, 2, 2),
        ("/.git/HEAD", 301, 1, 3),
    ]


def test_what_a_query_asks_for_counts_too() -> None:
    [probes] = digest_of([request("/download?file=../../etc/passwd"), request("/download?file=a.pdf")]).probes
    assert (probes.kind, probes.count) == ("path traversal", 1)
    assert [each.path for each in probes.answered] == ["/download"]


def test_origins_and_answered_paths_are_bounded(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(scanners, "_MOST_ORIGINS", 10)
    monkeypatch.setattr(scanners, "_MOST_ANSWERED", 10)
    words = [f"/{chr(97 + at // 26)}{chr(97 + at % 26)}.php" for at in range(100)]
    [php] = digest_of(request(path, origin=f"203.0.113.{at}") for at, path in enumerate(words)).probes
    assert (php.count, php.answered_count, php.origin_count, len(php.answered)) == (100, 100, 10, 10)
