"""What two messages of one kind have in common: what usually differs is replaced by marks like <num>."""

from __future__ import annotations

import re
from functools import lru_cache

from cockpit.text import uncoloured

MOST_CHARACTERS = 400
"""What lies beyond says nothing new of an error's kind."""

_LEVELS = r"DEBUG|INFO|NOTICE|WARN(?:ING)?|ERROR|CRITICAL|FATAL|SEVERE|PANIC|EMERG(?:ENCY)?|ALERT"
_PREFIX = re.compile(
    rf"""\s*(?:
        \[?\d{{4}}[-/]\d\d[-/]\d\d[T\ _]\d\d:\d\d(?::\d\d(?:[.,]\d+)?)?(?:\ ?Z|\ ?[+-]\d\d:?\d\d)?\]?   # a moment
      | [EWIF]\d{{4}}\ \d\d:\d\d:\d\d(?:\.\d+)?\ +\d+\ [\w./-]+:\d+\]                                   # glog
      | \[(?i:{_LEVELS})\] | (?i:{_LEVELS}): | (?:{_LEVELS})(?=[\s|-])                             # a level
      | \[\d+\]                                                                                       # a process
      | [|-](?=\s)
    )[\ \t]*""",
    re.VERBOSE,
)
_MOST_PREFIXES = 6

# Each begins where no word goes on, so that a long run of letters is looked at once and not from each of them.
_MASKS = re.compile(
    r"""
    (?P<time>(?<![\w.])\d{4}-\d\d-\d\d(?:T\d\d:\d\d(?::\d\d)?(?:[.,]\d+)?(?:Z|[+-]\d\d:?\d\d)?)?(?!\w)
        |(?<![\w.])\d{1,2}:\d\d:\d\d(?:[.,]\d+)?(?!\w))
  | (?P<uuid>(?<![\w-])[0-9a-fA-F]{8}-(?:[0-9a-fA-F]{4}-){3}[0-9a-fA-F]{12}(?![\w-]))
  | (?P<ip>(?<![\w.])(?:\d{1,3}\.){3}\d{1,3}(?::\d{1,5})?(?![\w.])
        |(?<![\w:])(?:[0-9a-fA-F]{1,4}:){4,7}[0-9a-fA-F]{1,4}(?![\w:]))
  | (?P<email>(?<![\w.+-])[\w.+-]{1,64}@[\w-]{1,64}\.[\w.-]{1,64})
  | (?P<hash>(?<![\w/+=-])(?=[A-Za-z/+_=-]*\d)[\w/+=-]{40,})
  | (?P<hex>(?<!\w)(?:0[xX][0-9a-fA-F]+|(?=[a-f]*\d)(?=\d*[a-f])[0-9a-f]{8,}
        |(?=[A-F]*\d)(?=\d*[A-F])[0-9A-F]{8,})(?!\w))
  | (?P<num>(?<![^\W\d_])\d+(?:[.,]\d+)*|(?<=[^\W\d_])\d{3,})
    """,
    re.VERBOSE,
)


def message_of(text: str) -> str:
    """A line without what stands before its message: its moment, its level, its process."""
    text = uncoloured(text[: 2 * MOST_CHARACTERS])
    start = 0
    for _ in range(_MOST_PREFIXES):
        found = _PREFIX.match(text, start)
        if found is None or found.end() >= len(text):
            break
        start = found.end()
    return text[start : start + MOST_CHARACTERS].strip()


def masked(message: str) -> str:
    """A message with marks in place of what usually differs: moments, addresses, hashes, numbers, ids."""
    return " ".join(map(_masked_word, message.split()))


@lru_cache(maxsize=1 << 14)
def _masked_word(word: str) -> str:
    return word if word.isalpha() else _MASKS.sub(_mark, word)


def _mark(found: re.Match[str]) -> str:
    return f"<{found.lastgroup}>"
