"""Log entries: what they say, millions of them kept in little room, found again at once, and summed up."""
