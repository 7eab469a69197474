"""The structures, code lists and variables that come with the project, read from a folder of YAML."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from typing import Any, Protocol, TypeVar

import yaml

from .model import CodeList, Structure
from .parse import code_lists, structure
from .problems import Problem, StructureError
from .reading import MAX_DEPTH, MAX_TEXT
from .variables import Variable, variables

T = TypeVar("T")

LISTS_FILE = "_daftar_kode.yaml"
VARIABLES_FILE = "_variabel.yaml"
MAX_BYTES = 1_000_000
#: Signs of a text (a value, a key, a bracket); what has more is taken in by nobody, and takes long to read.
MAX_TOKENS = 500_000
_REFERENCES = (yaml.AliasToken, yaml.AnchorToken)
_BEGIN = (
    yaml.BlockMappingStartToken,
    yaml.BlockSequenceStartToken,
    yaml.FlowMappingStartToken,
    yaml.FlowSequenceStartToken,
)
_END = (yaml.BlockEndToken, yaml.FlowMappingEndToken, yaml.FlowSequenceEndToken)
#: The reader in C, where there is one, is ten times as fast.
_Loader: Any = getattr(yaml, "CSafeLoader", yaml.SafeLoader)


class Place(Protocol):
    """A file or folder, on disk or within an installed package."""

    @property
    def name(self) -> str: ...
    def iterdir(self) -> Iterator[Place]: ...
    def joinpath(self, name: str, /) -> Place: ...
    def read_text(self, encoding: str | None = None) -> str: ...


@dataclass(frozen=True)
class Shipped:
    """What a folder holds: structures by kode, shared code lists by id, variables by kode."""

    structures: dict[str, Structure]
    lists: dict[str, CodeList]
    variables: dict[str, Variable]


def load(folder: Place) -> Shipped:
    """Read `folder` (``schemas/struktur``): every ``<kode>.yaml`` and the two files whose names begin with ``_``.

    :raises StructureError: with the problems of all files, each path beginning with the file's name
    """
    problems: list[Problem] = []
    lists = _read(folder.joinpath(LISTS_FILE), code_lists, problems)
    register = _read(folder.joinpath(VARIABLES_FILE), variables, problems)
    structures: list[Structure] = []
    for file in sorted(folder.iterdir(), key=lambda one: one.name):
        if file.name.endswith(".yaml") and not file.name.startswith("_"):
            for one in _read(file, lambda data: [structure(data)], problems):
                structures.append(one)
                if one.kode != file.name.removesuffix(".yaml"):
                    problems.append(Problem(f"{file.name}: kode", "Nama berkas dan kode struktur harus sama."))
    if problems:
        raise StructureError(problems)
    return Shipped(
        {one.kode: one for one in structures}, {one.id: one for one in lists}, {one.kode: one for one in register}
    )


def from_yaml(text: str) -> Any:
    """The plain values of a YAML text of unknown origin.

    References within the text (``&``, ``*``) are refused: a small text can say millions of values with them.

    :raises StructureError: for a text that is no YAML or too large
    """
    if len(text.encode()) > MAX_BYTES:
        raise StructureError([Problem(".", "Teksnya terlalu besar; paling banyak 1 MB.")])
    try:
        _refuse_costly(text)
        return yaml.load(text, Loader=_Loader)  # noqa: S506 (a safe one)
    except (yaml.YAMLError, RecursionError, ValueError) as problem:
        if isinstance(problem, StructureError):
            raise
        raise StructureError(
            [Problem(".", "Teks ini bukan YAML yang utuh. Periksa lekuk baris dan tanda kutipnya.")]
        ) from None


def _refuse_costly(text: str) -> None:
    """Look at the signs of a text before it becomes values. Raises StructureError, YAMLError."""
    depth = 0
    for number, token in enumerate(yaml.scan(text, Loader=_Loader)):
        if isinstance(token, _REFERENCES):
            raise StructureError([Problem(".", "Rujukan (& dan *) dalam YAML tidak diterima; tulis isinya langsung.")])
        depth += isinstance(token, _BEGIN) - isinstance(token, _END)
        if depth > 2 * MAX_DEPTH:
            raise StructureError([Problem(".", "Isinya bertingkat terlalu dalam untuk sebuah struktur data.")])
        # Numbers without quotes are reckoned, and long ones for very long (1:2:3:… is one of base sixty).
        is_long = isinstance(token, yaml.ScalarToken) and token.plain and len(token.value) > MAX_TEXT
        if number > MAX_TOKENS or is_long:
            raise StructureError([Problem(".", "Isinya terlalu banyak untuk sebuah struktur data.")])


def _read(file: Place, reader: Callable[[Any], Iterable[T]], problems: list[Problem]) -> Iterable[T]:
    try:
        return reader(from_yaml(file.read_text(encoding="utf-8")))
    except StructureError as found:
        problems.extend(Problem(f"{file.name}: {one.path}", one.template, one.params) for one in found.problems)
        return ()
