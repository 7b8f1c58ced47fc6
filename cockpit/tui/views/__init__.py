"""What the screen says, as functions of a snapshot and a size.

Widgets import these at the first snapshot and not before: they need the live room's types, and the first paint
needs neither.
"""
