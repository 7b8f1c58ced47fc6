"""How the cockpit was left: kept in a file, and read at the next start.

It holds how things are looked at and nothing of what is done: neither arming nor plans nor a moment of the past.
"""

from __future__ import annotations

import os
from pathlib import Path

import msgspec

VERSION = 1
LARGEST = 1 << 20
"""Bytes of a file from which on it is none of ours."""

MOST_SERVICES = 200
"""Services that are remembered; those that were left last stay."""


class ServiceLook(msgspec.Struct, frozen=True):
    """How one service was looked at: the charted signal, the chart's span in seconds, the dashboard's title."""

    signal: str = ""
    seconds: float | None = None
    dashboard: str = ""


class LogStyle(msgspec.Struct, frozen=True):
    """How lines of the log were written; "" and None where nothing is known."""

    columns: tuple[str, ...] | None = None
    time: str = ""
    wrap: bool = False


class SavedLayout(msgspec.Struct, frozen=True):
    """How the cockpit was left; "" and 0 where nothing is known.

    `screen` is the action that opens it. `services` are by their resource names, the one left last at the end.
    """

    version: int = VERSION
    preset: str = ""
    pane: int = 0
    zoomed: bool = False
    screen: str = ""
    theme: str = ""
    unfolded: bool = False
    log: LogStyle = LogStyle()
    services: dict[str, ServiceLook] = {}

    def with_service(self, path: str, look: ServiceLook) -> SavedLayout:
        """The same, with one service as it is looked at now."""
        others = {name: kept for name, kept in self.services.items() if name != path}
        kept = list(others.items())[-(MOST_SERVICES - 1) :]
        return msgspec.structs.replace(self, services=dict([*kept, (path, look)]))


class _Version(msgspec.Struct):
    version: int


class LayoutFile:
    """Reads the file once, and writes it whole or not at all.

    `saved` is what it said, `notice` what stood in the way, one line. What is damaged is put aside before anything
    is written; what a newer cockpit wrote is left alone, and nothing is written at all.
    """

    def __init__(self, path: Path, *, fresh: bool = False) -> None:
        self.saved = SavedLayout()
        self.notice = ""
        self._path = path
        self._shut = False
        self._read(ignored=fresh)

    def write(self, layout: SavedLayout) -> None:
        """Keep a layout. A failure is a notice, and the end of trying."""
        if self._shut or layout == self.saved:
            return
        import secrets  # which hashes: nothing for the first paint

        new = self._path.with_name(f".{self._path.name}.{secrets.token_hex(4)}")
        try:
            self._path.parent.mkdir(parents=True, exist_ok=True)
            try:
                with new.open("xb") as file:
                    file.write(msgspec.json.format(msgspec.json.encode(layout), indent=1))
                    file.flush()
                    os.fsync(file.fileno())
                new.replace(self._path)
            finally:
                new.unlink(missing_ok=True)
        except OSError as error:
            self._shut = True
            self.notice = f"the layout cannot be kept in {self._path}: {error.strerror or error}"
        else:
            self.saved = layout

    def _read(self, *, ignored: bool) -> None:
        try:
            with self._path.open("rb") as file:
                data = file.read(LARGEST + 1)
        except FileNotFoundError:
            return
        except OSError as error:
            self.notice = f"the layout in {self._path} cannot be read: {error.strerror or error}"
            return
        try:
            if len(data) > LARGEST:
                raise msgspec.ValidationError("it is too large")
            if msgspec.json.decode(data, type=_Version).version > VERSION:
                self._shut = True
                self.notice = f"a newer cockpit wrote {self._path}: it is left alone, and no layout is kept"
                return
            saved = msgspec.json.decode(data, type=SavedLayout)
        except (msgspec.DecodeError, UnicodeDecodeError, RecursionError):
            self._put_aside()
        else:
            # Read all the same, so that other services stay remembered.
            self.saved = SavedLayout(services=saved.services) if ignored else saved

    def _put_aside(self) -> None:
        aside = self._path.with_name(f"{self._path.name}.damaged")
        try:
            self._path.replace(aside)
        except OSError as error:
            self._shut = True
            self.notice = f"{self._path} is damaged, and cannot be put aside: {error.strerror or error}"
        else:
            self.notice = f"the saved layout is damaged: it is kept as {aside}, and all is as at first"
