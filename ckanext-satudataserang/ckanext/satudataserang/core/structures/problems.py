"""What is wrong with a structure as it was written: all of it at once, each with its place."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field


@dataclass(frozen=True)
class Problem:
    """One problem: `path` is its place in the data (``columns[2].minimum``), `template` an Indonesian sentence.

    The template holds ``{names}`` of `params`, so that a page can translate it before they are put in.
    """

    path: str
    template: str
    params: Mapping[str, str] = field(default_factory=dict)

    @property
    def message(self) -> str:
        """The sentence, in Indonesian."""
        return self.template.format(**self.params)


class StructureError(ValueError):
    """A structure that cannot be used. `problems` are all that were found, in the order of the data."""

    def __init__(self, problems: Iterable[Problem]) -> None:
        self.problems: tuple[Problem, ...] = tuple(problems)
        super().__init__("; ".join(f"{one.path}: {one.message}" for one in self.problems))

    @property
    def messages(self) -> list[tuple[str, str]]:
        """The problems as (path, Indonesian sentence)."""
        return [(one.path, one.message) for one in self.problems]
