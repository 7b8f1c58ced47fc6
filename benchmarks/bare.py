"""The least a Textual app can be: what the cockpit's first paint is measured against."""

from textual.app import App, ComposeResult
from textual.widgets import Static


class Bare(App[None]):
    """One line of text."""

    def compose(self) -> ComposeResult:
        """Say that it is here."""
        yield Static("READY")


if __name__ == "__main__":
    Bare().run()
