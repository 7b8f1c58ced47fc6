"""Recordings: all that a session saw of one service, in a file of its own, to be looked at again.

A recording holds the snapshots, the bodies of scrapes, the log's entries, the events and what served, each with
its time. It is another thing than the journal (`live/journal.py`), which has the changes that were made and the
splits that stood, is shared by every cockpit and is never thrown away by age.
"""
