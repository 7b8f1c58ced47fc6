"""What `cockpit logs` writes: entries as lines or JSON, and on standard error what is missing of them."""

from __future__ import annotations

from typing import TYPE_CHECKING

from cockpit.cli.as_json_logs import entry
from cockpit.cli.log_lines import LogLines
from cockpit.logs.entry import Flag

if TYPE_CHECKING:
    from collections.abc import Sequence

    from cockpit.cli.output import Output
    from cockpit.logs.entry import Record


class LogWriter:
    """Writes records as they are handed to it, each batch at once; `written` counts them."""

    def __init__(self, output: Output) -> None:
        self.written = 0
        self._output = output
        self._lines = LogLines()

    def shorten_names_of(self, service: str) -> None:
        """Call revisions of this service by their short names from now on."""
        self._lines = LogLines(service)

    @property
    def done(self) -> bool:
        """Whether nobody reads on."""
        return self._output.reader_left

    def write(self, records: Sequence[Record]) -> None:
        """Write entries; a row that stands for missing ones is a note."""
        entries = []
        for record in records:
            if Flag.GAP in Flag(record.flags):
                self.note(record.text)
            else:
                entries.append(record)
        if entries:
            self._output.answers(map(entry, entries))
            self._output.lines(self._lines.of(entries))
            self.written += len(entries)

    def note(self, text: str, mend: str = "") -> None:
        """Say on standard error what is amiss."""
        self._output.warn(text, mend)
