"""Search words of a text in which words aren't separated: pairs of Chinese characters, and words and numbers as such.

    水表漏水 2 号楼 Room  →  水表 表漏 漏水 2 号楼 room

Postgres keeps them as a tsvector ("simple"), so that a search needs no extension. A single character is found as the
beginning of a pair, or as itself.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

_RUN = re.compile(r"[\u3400-\u9fff\uf900-\ufaff]+|[0-9a-z]+")
LONGEST_WORD = 64
MOST_QUERY_WORDS = 24


def index_words(*texts: str) -> str:
    """All search words of the texts, once each, separated by spaces: what the tsvector is made of."""
    words: dict[str, None] = {}
    for text in texts:
        for run in _runs(text):
            if _is_chinese(run):
                words.update(dict.fromkeys(_pairs(run)))
                words[run[-1]] = None  # so that the last character alone is found as well
            else:
                words[run[:LONGEST_WORD]] = None
    return " ".join(words)


def query(text: str) -> str:
    """For to_tsquery('simple', …): every pair must be there; words, numbers and single characters match as beginnings.

    Empty for a text without anything to search for.
    """
    terms: dict[str, None] = {}
    for run in _runs(text):
        if _is_chinese(run) and len(run) > 1:
            terms.update(dict.fromkeys(_pairs(run)))
        else:
            terms[f"{run[:LONGEST_WORD]}:*"] = None
    return " & ".join(list(terms)[:MOST_QUERY_WORDS])


def _runs(text: str) -> Iterator[str]:
    return (match.group() for match in _RUN.finditer(text.lower()))


def _is_chinese(run: str) -> bool:
    return run[0] >= "\u3400"


def _pairs(run: str) -> Iterator[str]:
    return (run[at : at + 2] for at in range(len(run) - 1)) if len(run) > 1 else iter((run,))
