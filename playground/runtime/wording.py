"""Refusals in the words of a page: they name Python's keywords, and a page has labels."""

from __future__ import annotations

import re
from collections.abc import Mapping


def in_labels(sentence: str, labels: Mapping[str, str]) -> str:
    """A sentence with labels in place of keywords.

    Keywords of several words (``batch_size``) are replaced wherever they stand, others (``loss``) only where the
    sentence begins with them: elsewhere they may be plain English. What stands in quotes is a person's own and stays.
    The sentence begins with a capital letter.
    """
    found = re.sub(r"(?<!['\"])\b[a-z]\w*_\w+\b", lambda word: labels.get(word[0], word[0]), sentence)
    first, space, rest = found.partition(" ")
    return labels.get(first, first[:1].upper() + first[1:]) + space + rest
