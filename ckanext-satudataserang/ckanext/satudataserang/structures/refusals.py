"""How a change of a structure is refused: by its place in the content, or because somebody else was faster."""

from __future__ import annotations

from typing import Any

import ckan.plugins.toolkit as tk

from ckanext.satudataserang.core.structures.problems import Problem, StructureError


class StaleError(tk.ValidationError):
    """What was changed is no longer the newest: the sentence says what to do. CKAN's API answers 409.

    `error_dict` holds `message`, the sentence, `code` (``basi``), and `current`, the number that holds now.
    """

    def __init__(self, message: str, current: int | None) -> None:
        super().__init__({"message": [message], "code": ["basi"], "current": [str(current or "")]}, {"": message})
        self.sentence = message
        self.current = current

    def __str__(self) -> str:
        """The sentence."""
        return self.sentence


def said(problem: Problem) -> str:
    """A problem as the sentence a user reads."""
    return tk._(problem.template).format(**problem.params)


def refused(error: StructureError) -> tk.ValidationError:
    """What is wrong with a content, by place: ``{"content": {"columns[2].minimum": [sentence]}}``."""
    found: dict[str, list[str]] = {}
    for problem in error.problems:
        found.setdefault(problem.path or ".", []).append(said(problem))
    # Beside the tree there is a flat list for people: the place is part of the sentence.
    flat = [f"{place}: {sentence}" for place, sentences in found.items() for sentence in sentences]
    errors: Any = {"content": flat, "places": found}
    return tk.ValidationError(errors, {str(tk._("Isi struktur")): " ".join(flat)})


def invalid(field: str, message: str) -> tk.ValidationError:
    """Wrong input: one sentence for one field."""
    return tk.ValidationError({field: [message]})
