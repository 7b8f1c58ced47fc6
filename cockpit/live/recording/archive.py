"""The recordings of a folder: what they are of, and what happened in them, without unpacking any."""

from __future__ import annotations

import logging
from contextlib import suppress
from dataclasses import dataclass
from typing import TYPE_CHECKING, TypeVar

from cockpit.live.recording.errors import RecordingError
from cockpit.live.recording.pruning import is_written
from cockpit.live.recording.reading import EVER, About, Recording
from cockpit.live.recording.schema import SUFFIX

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path

    from cockpit.live.timeline import Shares
    from cockpit.release.events import Event
    from cockpit.release.service import ServiceRef

T = TypeVar("T")

logger = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Shelved:
    """One file that is a recording by its name. `about` is None for one that cannot be read, for this `problem`.

    `size` in bytes; `running` is whether a cockpit still writes it.
    """

    path: Path
    size: int
    about: About | None
    running: bool = False
    problem: RecordingError | None = None


class Archive:
    """The recordings in a folder, as they are at each call. Everything here blocks."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder

    def all(self) -> list[Shelved]:
        """Every recording, the newest first, those that cannot be read at the end.

        Raises RecordingError where the folder itself cannot be read; one that is not there is empty.
        """
        try:
            paths = [path for path in self.folder.iterdir() if path.name.endswith(SUFFIX)]
        except FileNotFoundError:
            return []
        except OSError as error:
            raise RecordingError(
                f"{self.folder} cannot be read: {error.strerror or error}", "check [recording] folder"
            ) from error
        found = (_shelved(path) for path in paths)
        return sorted((each for each in found if each is not None), key=_newest_first)

    def of(self, ref: ServiceRef) -> list[Shelved]:
        """The recordings of one service that can be read, the newest first."""
        return [each for each in self.all() if each.about is not None and each.about.ref == ref]

    def events(self, ref: ServiceRef, since: float = 0.0, until: float = EVER) -> list[Event]:
        """What happened to a service, oldest first; what several recordings have of one thing is one event."""
        found: dict[str, Event] = {}
        for event in self._each(ref, since, lambda recording: recording.events(since, until)):
            found.setdefault(event.key, event)
        return sorted(found.values(), key=lambda event: (event.at, event.key))

    def shares(self, ref: ServiceRef, since: float = 0.0, until: float = EVER) -> list[Shares]:
        """What served, oldest first; where two cockpits looked at once, there are both."""
        return sorted(self._each(ref, since, lambda recording: recording.shares(since, until)))

    def _each(self, ref: ServiceRef, since: float, read: Callable[[Recording], list[T]]) -> Iterator[T]:
        """The newest first: what it says of an event is best, and it may know of some from before it began.

        One that is damaged takes no other along.
        """
        for shelved in self.of(ref):
            about = shelved.about
            if about is None or about.ended < since:
                continue
            try:
                with Recording.open(shelved.path) as recording:
                    found = read(recording)
            except RecordingError as error:
                logger.warning("%s", error)
                continue
            yield from found


def _shelved(path: Path) -> Shelved | None:
    """A file as it stands; None for one that was removed just now."""
    try:
        size = path.stat().st_size
        # What was recorded last is beside the file while it is written, and after a cockpit was killed.
        with suppress(FileNotFoundError):
            size += path.with_name(f"{path.name}-wal").stat().st_size
    except FileNotFoundError:
        return None
    running = is_written(path)
    try:
        with Recording.open(path) as recording:
            return Shelved(path, size, recording.about, running)
    except RecordingError as error:
        return Shelved(path, size, None, running, error)


def _newest_first(shelved: Shelved) -> tuple[float, str]:
    return (-shelved.about.begun if shelved.about else EVER, shelved.path.name)
