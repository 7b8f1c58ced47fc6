"""Words of `cockpit logs` as people write them, put so that a query can be told from the flags around it."""

from __future__ import annotations

COMMAND, DIGEST = "logs", "digest"

_VALUED = frozenset(
    {"--revision", "--since", "--last", "--file", "--config", "--project", "--region", "--service", "--endpoint"}
)
"""Flags whose value is the next word."""


def sorted_out(words: list[str]) -> tuple[list[str], str]:
    """A command line that begins with flags and `logs`: its words with the query at their end, and the command.

    A query's words may stand anywhere between flags, and one that leaves something out begins with a dash:
    `-timeout`. `logs digest` is a command of its own, unless the digest stands in quotes or behind "--".
    """
    before, _, rest = _split(words, until_word=True)
    flags, query, literal = _split(rest)
    command = COMMAND
    if query[:1] == [DIGEST]:
        command, query = f"{COMMAND} {DIGEST}", query[1:]
    behind = ["--", *query, *literal] if query or literal else []
    return [*before, command, *flags, *behind], command


def _split(words: list[str], *, until_word: bool = False) -> tuple[list[str], list[str], list[str]]:
    """Flags with their values, the words between them, and what stands behind "--"; or up to the first word, that
    word, and all that follows it."""
    flags: list[str] = []
    others: list[str] = []
    rest = iter(words)
    for word in rest:
        if word == "--":
            break
        if word.startswith("--") or word == "-h":
            flags.append(word)
            flags += [value for value in (next(rest, None),) if value is not None] if word in _VALUED else []
        else:
            others.append(word)
            if until_word:
                break
    return flags, others, list(rest)
