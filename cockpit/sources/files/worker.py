"""A process of its own that reads entries: `python -m cockpit.sources.files.worker JOB`.

It imports no more than it needs. Parts of a file are asked for on standard input; that this is closed, by kill -9
of the asker, too, ends it. What it read goes to standard output.
"""

from __future__ import annotations

import gc
import os
import select
import sys
from typing import BinaryIO

import msgspec

from cockpit.sources.errors import SourceError
from cockpit.sources.files.batch import Batch, Failed, write
from cockpit.sources.files.job import REQUEST, Job
from cockpit.sources.files.opening import unreadable
from cockpit.sources.files.shape import Shape
from cockpit.sources.files.slices import Slice, batches
from cockpit.sources.files.stream import Stream

WAIT = 0.05
"""Seconds that a pipe is waited for until what came so far is handed over."""

_CYCLES = 200_000


def main(argument: str) -> None:
    """Do the job that the argument describes in JSON, until there is no one to do it for."""
    gc.set_threshold(_CYCLES)  # what is read makes none, and looking for them takes a fifth of the time
    job = msgspec.json.decode(argument, type=Job)
    out = sys.stdout.buffer
    try:
        if job.shape is None:
            _whole(job, out)
        else:
            _parts(job, job.shape, out)
    except BrokenPipeError:
        os._exit(0)  # nobody is left to tell, and closing standard output would fail again


def _parts(job: Job, shape: Shape, out: BinaryIO) -> None:
    requests = sys.stdin.buffer
    while len(request := requests.read(REQUEST.size)) == REQUEST.size:
        part = Slice(*REQUEST.unpack(request))
        try:
            for batch in batches(job.descriptor, shape, part):
                write(out, batch)
        except BrokenPipeError:
            raise
        except OSError as error:
            trouble = unreadable(job.name, error)
            write(out, Failed(str(trouble), trouble.mend))


def _whole(job: Job, out: BinaryIO) -> None:
    watched = select.poll()
    watched.register(sys.stdin.fileno(), select.POLLIN | select.POLLHUP)
    watched.register(job.descriptor, select.POLLIN | select.POLLHUP)

    def ready() -> bool:
        """Whether there is something to read, waited for a while; raises BrokenPipeError when nobody listens."""
        events = dict(watched.poll(WAIT * 1000))
        if sys.stdin.fileno() in events:
            raise BrokenPipeError
        return job.descriptor in events

    def emit(batch: Batch) -> None:
        write(out, batch)

    stream = Stream(job.descriptor, job.name, emit=emit, ready=ready, keeps=not job.seekable)
    try:
        stream.run()
    except SourceError as error:
        write(out, Failed(str(error), error.mend))


if __name__ == "__main__":
    main(sys.argv[1])
