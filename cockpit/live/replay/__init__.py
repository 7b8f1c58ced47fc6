"""A recording played: the same face as a live session, on what was recorded."""
