"""Decides how much is remembered of what cells mean: the same few texts come again and again in a file.

What a text means is worked out by whoever remembers it; here it is only held, up to a bound, so that a hostile file
can't fill the memory.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Final, TypeVar

MOST: Final = 5_000
LONGEST: Final = 500
"""Characters, all cells of a key together, over which a text is worked out anew each time."""

_Key = TypeVar("_Key", str, tuple[str, ...])
_Value = TypeVar("_Value")


class Remembered(dict[_Key, _Value]):
    """What texts mean, worked out by `parse` when first asked for; what `parse` raises is not remembered."""

    def __init__(self, parse: Callable[[_Key], _Value]) -> None:
        super().__init__()
        self._parse: Callable[[_Key], _Value] = parse

    def __missing__(self, key: _Key) -> _Value:
        value = self._parse(key)
        if len(self) < MOST and len("".join(key)) <= LONGEST:
            self[key] = value
        return value
