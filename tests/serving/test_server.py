"""The server, asked over HTTP as browsers and others would. No app is started but where that is the question."""

from __future__ import annotations

import sys
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import urlsplit

import aiohttp
import pytest

from cockpit.serving.app_process import within
from cockpit.serving.server import serving

NO_APP = (sys.executable, "-c", "raise SystemExit('no app was to be started')")


@dataclass(frozen=True, slots=True)
class Caller:
    """Somebody who talks to the server; nobody's cookies are kept but those that are said."""

    client: aiohttp.ClientSession
    base: str
    token: str

    @property
    def socket(self) -> str:
        """The websocket's address."""
        return f"{self.base}/socket"

    @property
    def cookie(self) -> dict[str, str]:
        """What a browser sends that has been let in."""
        return {"Cookie": f"cockpit-{urlsplit(self.base).port}={self.token}"}

    @property
    def own(self) -> dict[str, str]:
        """The same, from the server's own page."""
        return self.cookie | {"Origin": self.base}

    async def get(self, path: str, **headers: str) -> tuple[int, str, dict[str, str]]:
        """The status, the text and the headers of an answer; nothing is followed."""
        async with self.client.get(self.base + path, headers=headers, allow_redirects=False) as answer:
            return answer.status, (await answer.read()).decode("utf-8", "replace"), dict(answer.headers)

    async def upgrade(self, **headers: str) -> int:
        """The status that a websocket is answered with."""
        try:
            async with self.client.ws_connect(self.socket, headers=headers):
                return 101
        except aiohttp.WSServerHandshakeError as refused:
            return refused.status


@asynccontextmanager
async def calling(command: tuple[str, ...] = NO_APP, *, most: int = 1) -> AsyncIterator[Caller]:
    """A server with a caller."""
    async with (
        serving(command, 0, title="<shop> · cockpit", most=most) as url,
        aiohttp.ClientSession(cookie_jar=aiohttp.DummyCookieJar()) as client,
    ):
        base, _, token = url.partition("/?token=")
        yield Caller(client, base, token)


EVERY_PATH = ("/", "/socket", "/static/js/textual.js", "/own/cockpit.css", "/nothing/here", "/static/")


async def test_the_printed_address_lets_a_browser_in_and_leads_to_an_address_without_the_token() -> None:
    async with calling() as caller:
        status, text, headers = await caller.get(f"/?token={caller.token}")
        assert status == 200
        assert caller.token not in text
        assert 'url=/"' in text
        name, _, attributes = headers["Set-Cookie"].partition("=")
        assert name == f"cockpit-{urlsplit(caller.base).port}"
        assert attributes.startswith(caller.token)
        assert {"HttpOnly", "SameSite=Strict", "Path=/"} <= {each.strip() for each in attributes.split(";")}

        status, text, _ = await caller.get("/", **caller.cookie)
        assert status == 200
        assert "&lt;shop&gt; · cockpit" in text
        assert f'"ws://{urlsplit(caller.base).netloc}/socket"' in text
        assert caller.token not in text


@pytest.mark.parametrize("path", EVERY_PATH)
async def test_a_foreign_host_is_refused_on_every_route(path: str) -> None:
    async with calling() as caller:
        for host in ("rebound.example", f"rebound.example:{urlsplit(caller.base).port}", "127.0.0.1:1"):
            origin = {"Origin": f"http://{host}"} if path == "/socket" else {}
            status, text, _ = await caller.get(path, Host=host, **caller.cookie, **origin)
            assert status == 403
            assert "ask for 127.0.0.1" in text
        shown = await caller.get(f"/?token={caller.token}", Host="rebound.example")
        assert shown[0] == 403
        assert "Set-Cookie" not in shown[2]


@pytest.mark.parametrize("path", EVERY_PATH)
async def test_a_foreign_origin_is_refused_on_every_route(path: str) -> None:
    async with calling() as caller:
        for origin in ("http://evil.example", "null", "http://127.0.0.1:1"):
            status, text, headers = await caller.get(path, Origin=origin, **caller.cookie)
            assert status == 403
            assert "not from another page" in text
            assert "Access-Control-Allow-Origin" not in headers


async def test_a_websocket_needs_the_origin_and_the_cookie() -> None:
    async with calling() as caller:
        assert await caller.upgrade(**caller.cookie) == 403
        assert await caller.upgrade(**caller.cookie, Origin="http://evil.example") == 403
        assert await caller.upgrade(**caller.own, Host="rebound.example") == 403
        assert await caller.upgrade(Origin=caller.base) == 403
        wrong = {name: value + "x" for name, value in caller.cookie.items()}
        assert await caller.upgrade(**wrong, Origin=caller.base) == 403
        assert await caller.upgrade(**caller.own) == 101


@pytest.mark.parametrize("path", EVERY_PATH)
async def test_without_the_token_nothing_answers(path: str) -> None:
    async with calling() as caller:
        for query in ("", "?token=", "?token=wrong", f"?token={caller.token[:-1]}"):
            status, text, headers = await caller.get(path + query, Origin=caller.base)
            assert status == 403
            assert "the address that `cockpit serve` printed" in text
            assert "Set-Cookie" not in headers


@pytest.mark.parametrize("path", ["/socket", "/static/js/textual.js", "/own/cockpit.css"])
async def test_only_the_page_itself_takes_the_token_from_the_address(path: str) -> None:
    async with calling() as caller:
        assert (await caller.get(f"{path}?token={caller.token}", Origin=caller.base))[0] == 403


async def test_its_files_are_served_but_no_listing_and_nothing_beside_them() -> None:
    async with calling() as caller:
        for path in ("/static/js/textual.js", "/static/fonts/RobotoMono-VariableFont_wght.ttf", "/own/cockpit.js"):
            assert (await caller.get(path, **caller.cookie))[0] == 200
        for path in ("/static/", "/static/js/", "/own/", "/own"):
            assert (await caller.get(path, **caller.cookie))[0] in {403, 404}
        for path in ("/own/..%2fserver.py", "/own/%2e%2e/access.py", "/static/%2e%2e/server.py"):
            assert (await caller.get(path, **caller.cookie))[0] in {403, 404}


async def test_all_that_the_page_loads_is_its_own() -> None:
    async with calling() as caller:
        for path in ("/", f"/?token={caller.token}", "/nothing"):
            _, text, headers = await caller.get(path, **caller.cookie)
            policy = dict(rule.strip().split(" ", 1) for rule in headers["Content-Security-Policy"].split(";"))
            netloc = urlsplit(caller.base).netloc
            assert policy["default-src"] == "'none'"
            assert policy["script-src"] == "'self'"
            assert policy["connect-src"] == f"'self' ws://{netloc}"
            assert policy["frame-ancestors"] == "'none'"
            assert headers["Referrer-Policy"] == "no-referrer"
            assert headers["X-Content-Type-Options"] == "nosniff"
            assert "://" not in text.replace(f"ws://{netloc}", "")
            assert "<script>" not in text


async def test_an_app_that_does_not_start_is_told_in_the_page() -> None:
    async with calling() as caller, caller.client.ws_connect(caller.socket, headers=caller.own) as page:
        assert b"did not start" in (await page.receive_bytes())
        assert (await page.receive()).type is aiohttp.WSMsgType.CLOSE


@pytest.mark.slow
async def test_what_is_foreseen_to_go_wrong_is_said_in_the_page(tmp_path: Path) -> None:
    (tmp_path / "config.toml").write_text(f'[log]\nfile = "{tmp_path}/log"\n', encoding="utf-8")
    gone = (sys.executable, "-m", "cockpit.cli.served", "--config", f"{tmp_path}/config.toml", "gone.cockpit")
    async with calling(gone) as caller, caller.client.ws_connect(caller.socket, headers=caller.own) as page:
        assert b"gone.cockpit" in (await page.receive_bytes())
        assert (await page.receive()).type is aiohttp.WSMsgType.CLOSE


@pytest.mark.parametrize(
    "said", ["no JSON", "{}", "[]", '["stdin", 7]', '["resize", {"width": "wide"}]', '["other"]']
)
async def test_a_page_that_speaks_otherwise_is_closed(said: str) -> None:
    silent = (sys.executable, "-c", "import sys; sys.stdin.read()")
    async with calling(silent) as caller, caller.client.ws_connect(caller.socket, headers=caller.own) as page:
        await page.send_str(said)
        assert (await page.receive()).type is aiohttp.WSMsgType.CLOSE
        assert page.close_code == aiohttp.WSCloseCode.POLICY_VIOLATION


def test_a_size_that_is_asked_for_stays_within_reason() -> None:
    assert within(120, 40) == (120, 40)
    assert within(10**9, 10**9) == (500, 300)
    assert within(-5, 0) == (1, 1)
