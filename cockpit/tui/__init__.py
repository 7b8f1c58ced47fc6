"""The terminal app."""

import os

# Textual reads it once, when it is imported. Panes pace themselves, so all that this changes is that a key press
# is painted at once instead of at the next of 60 frames a second.
os.environ.setdefault("TEXTUAL_FPS", "240")
