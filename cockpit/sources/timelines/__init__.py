"""Timelines as applications answer them: JSON lists of rows, read without believing any of it."""
