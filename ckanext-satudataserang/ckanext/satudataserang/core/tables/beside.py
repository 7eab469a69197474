"""Two tables side by side on one sheet: told as such, for their columns cannot be read as those of one."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence


def next_table(titles: Sequence[str], used: Mapping[int, int], apart: Collection[int]) -> tuple[int, str] | None:
    """Where another table begins behind an empty column: its first place and title ("" where it has none there).

    :param titles: by place, "" where none stands
    :param used: places without a title in which something stands
    :param apart: places such that some rows hold nothing to their left and several cells to their right
    """
    named = [place for place, title in enumerate(titles) if title]
    for gap in (place for place, title in enumerate(titles) if not title and place not in used):
        left = {_plain(titles[place]) for place in named if place < gap}
        right = [place for place in named if place > gap]
        if left and right and (_plain(titles[right[0]]) in left or (gap in apart and len(right) > 1)):
            return right[0], titles[right[0]]
    behind = sorted(place for place in used if place > len(titles))
    if len(behind) > 1 and len(behind) == len(used):
        # Its titles stand in another row.
        return behind[0], ""
    return None


def second_table(titles: Sequence[str]) -> int | None:
    """The place at which the titles begin anew without an empty column between; None where they do not."""
    plain = [_plain(title) for title in titles]
    again = next((place for place in range(2, len(plain) - 1) if plain[place] == plain[0]), None)
    return again if plain and plain[0] else None


def _plain(title: str) -> str:
    return " ".join(title.casefold().split())
