"""Charts: series over time as lines of braille, with axes, events and a cursor. Nothing here knows a widget."""
