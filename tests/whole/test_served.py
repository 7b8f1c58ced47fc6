"""`cockpit serve` over a local Cloud Run: spoken to as its page does, and opened in a real browser."""

from __future__ import annotations

import asyncio
import base64
import io
import os
import signal
import subprocess
import sys
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager, contextmanager
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import parse_qs, urlsplit

import aiohttp
import psutil
import pytest
from PIL import Image

from tests.chromium import MISSING, PROGRAM, Tab, open_tab
from tests.simulated import Local, running_simulator
from tests.terminal import Emulator

pytestmark = pytest.mark.slow

PAINTED = 120.0
ENDED = 60.0


@pytest.fixture(scope="module")
def local() -> Iterator[Local]:
    """A local Cloud Run."""
    with running_simulator("healthy", "--load", "2") as running:
        yield running


@dataclass(frozen=True, slots=True)
class Served:
    """A running `cockpit serve`, and the address it printed."""

    process: subprocess.Popen[str]
    url: str

    def apps(self) -> list[psutil.Process]:
        """The processes of its pages."""
        return psutil.Process(self.process.pid).children(recursive=True)


@contextmanager
def serving(local: Local, folder: Path) -> Iterator[Served]:
    """`cockpit serve`, one page at a time; it is gone at the end, however it went."""
    config = folder / "config.toml"
    config.write_text(f'[log]\nfile = "{folder}/log"\n[journal]\npath = "{folder}/journal"\n', encoding="utf-8")
    command = [sys.executable, "-m", "cockpit", "serve", "--config", str(config), "--pages", "1"]
    command += ["--endpoint", local.endpoint, "--service", local.service]
    with subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True) as process:
        try:
            assert process.stdout is not None
            yield Served(process, process.stdout.readline().strip())
        finally:
            process.kill()


class Page:
    """What textual.js does, without a browser: keys go in, and what comes is drawn."""

    def __init__(self, socket: aiohttp.ClientWebSocketResponse) -> None:
        self._socket = socket
        self._drawn = Emulator(120, 40)

    async def press(self, keys: str) -> None:
        """Type something."""
        await self._socket.send_json(["stdin", keys])

    async def shows(self, text: str) -> None:
        """Draw what comes until a text is on the screen. Raises TimeoutError with the screen as it then is."""
        try:
            async with asyncio.timeout(PAINTED):
                while not any(text in line for line in self._drawn.lines):
                    message = await self._socket.receive()
                    assert message.type in {aiohttp.WSMsgType.BINARY, aiohttp.WSMsgType.TEXT}, self._drawn.lines
                    if message.type is aiohttp.WSMsgType.BINARY:
                        self._drawn.feed(message.data)
        except TimeoutError:
            raise TimeoutError(f"no {text!r}; the screen is:\n" + "\n".join(self._drawn.lines)) from None


@asynccontextmanager
async def opened(url: str) -> AsyncIterator[Page]:
    """The page behind the printed address, let in as a browser is: by the cookie of the first answer."""
    base = url.partition("/?")[0]
    jar = aiohttp.CookieJar(unsafe=True)  # cookies of an address without a name, too
    async with aiohttp.ClientSession(cookie_jar=jar) as client:
        assert (await client.get(url)).status == 200
        address = f"{base}/socket?width=120&height=40"
        async with client.ws_connect(address, headers={"Origin": base}) as socket:
            yield Page(socket)


async def test_a_page_shows_the_service_changes_nothing_writes_nothing_and_leaves_nothing(
    local: Local, tmp_path: Path
) -> None:
    with serving(local, tmp_path) as served:
        async with opened(served.url) as page:
            await page.shows("serving what was asked")
            await page.shows("READ-ONLY")
            await page.press("a")
            await page.shows("a browser only looks on")
            await page.press("l")
            await page.shows("following")
            await page.press("w")
            await page.shows("files are written from the terminal")
            async with opened(served.url) as second:
                await second.shows("a page is open already")
            apps = served.apps()
            assert len(apps) == 1
        assert not psutil.wait_procs(apps, timeout=ENDED)[1]
        assert {each for each in os.listdir(tmp_path) if "journal" not in each} == {"config.toml", "log"}

        async with opened(served.url) as page:
            await page.shows("serving what was asked")
            apps = served.apps()
            served.process.send_signal(signal.SIGTERM)
            assert await asyncio.to_thread(served.process.wait, ENDED) == 0
        assert apps
        assert not psutil.wait_procs(apps, timeout=ENDED)[1]


@pytest.mark.skipif(PROGRAM is None, reason=MISSING)
async def test_a_browser_paints_it_and_asks_nobody_else(local: Local, tmp_path: Path) -> None:
    with serving(local, tmp_path) as served:
        async with open_tab(1280, 800) as tab, asyncio.timeout(2 * PAINTED):
            await tab.call("Page.navigate", url=served.url)
            seen = await painted(tab, "serving what was asked")
            base = served.url.partition("/?")[0]
            assert {url for url in seen.asked if not url.startswith("data:")} == {
                url for url in seen.asked if url.startswith((f"{base}/", base.replace("http", "ws")))
            }
            assert seen.complaints == []
            assert await tab.evaluate("[location.href, document.cookie]") == [f"{base}/", ""]
            await drawn(tab, seen, "serving what was asked")
            apps = served.apps()
            served.process.kill()  # nobody is left to tell them
            assert not (await asyncio.to_thread(psutil.wait_procs, apps, ENDED))[1]


@dataclass(frozen=True, slots=True)
class Seen:
    """What a browser was given to draw, whom it asked, and what it complained of."""

    screen: Emulator
    asked: list[str]
    complaints: list[str]


async def painted(tab: Tab, text: str) -> Seen:
    """Draw what a tab's websocket brings beside it, until the screen shows a text."""
    seen = Seen(Emulator(1, 1), [], [])
    while not any(text in line for line in seen.screen.lines):
        name, told = await tab.events.get()
        match name:
            case "Network.requestWillBeSent":
                seen.asked.append(told["request"]["url"])
            case "Network.webSocketCreated":
                seen.asked.append(told["url"])
                size = parse_qs(urlsplit(told["url"]).query)
                seen.screen.screen.resize(int(size["height"][0]), int(size["width"][0]))
            case "Network.webSocketFrameReceived" if told["response"]["opcode"] == 2:
                seen.screen.feed(base64.b64decode(told["response"]["payloadData"]))
            case "Log.entryAdded" if told["entry"]["level"] == "error":
                seen.complaints.append(str(told))
            case "Runtime.exceptionThrown":
                seen.complaints.append(str(told))
    return seen


async def drawn(tab: Tab, seen: Seen, text: str) -> None:
    """Take pictures until one has ink in every cell where the text has a letter, and none in those beyond it."""
    lines, screen = seen.screen.lines, seen.screen.screen
    row = next(number for number, line in enumerate(lines) if text in line)
    start = lines[row].index(text)
    assert not lines[row][start + len(text) :].strip()
    box = await tab.evaluate(
        "(({width, height}) => [width, height])(document.querySelector('.xterm-screen').getBoundingClientRect())"
    )
    wide, high = box[0] / screen.columns, box[1] / screen.lines

    def inked(picture: Image.Image, column: int) -> bool:
        cell = (column * wide + 1, row * high + 1, (column + 1) * wide - 1, (row + 1) * high - 1)
        return len(picture.crop(tuple(map(round, cell))).getcolors() or []) > 1

    wanted = [not letter.isspace() for letter in text] + [False] * 10
    while True:
        picture = Image.open(io.BytesIO(await tab.picture())).convert("RGB")
        if [inked(picture, start + column) for column in range(len(wanted))] == wanted:
            return
