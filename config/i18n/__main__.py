"""`python -m i18n update|check|gap [--core]`, with `config` on the path."""

from __future__ import annotations

import argparse
import sys

import polib

from .catalogues import FOLDER, PLURAL_FORMS, core_indonesian, po_path, update
from .checks import problems
from .gap import coverage, gaps
from .sources import ROOT, core_messages


def main(arguments: list[str] | None = None) -> int:
    """Run one command; returns the exit status: 1 when the catalogues lack something."""
    parser = argparse.ArgumentParser(prog="python -m i18n", description=__doc__)
    commands = parser.add_subparsers(dest="command", required=True)
    commands.add_parser("update", help="extract, bring the catalogues in step, compile")
    commands.add_parser("check", help="say what is missing or wrong, change nothing")
    gap = commands.add_parser("gap", help="core messages an Indonesian reader still sees in English")
    gap.add_argument("--core", action="store_true", help="as CKAN alone leaves it, without our catalogue")
    chosen = parser.parse_args(arguments)
    if chosen.command == "gap":
        return _gap(core_only=chosen.core)
    if chosen.command == "update":
        _update()
    found = problems(FOLDER)
    for problem in found:
        _say(problem)
    return 1 if found and chosen.command == "check" else 0


def _update() -> None:
    for path in update():
        _say(f"changed {path.relative_to(ROOT)}")
    for locale in PLURAL_FORMS:
        catalogue = polib.pofile(str(po_path(locale)))
        _say(f"{locale}: {len(catalogue)} messages, {len(catalogue.untranslated_entries())} without translation")


def _gap(*, core_only: bool) -> int:
    messages = core_messages()
    catalogues = [core_indonesian()] + ([] if core_only else [polib.pofile(str(po_path("id")))])
    found = gaps(messages, *catalogues)
    for item in found:
        _say(f"{item.kind}\t{item.files[0]}\t{item.msgid!r}")
    for kind, (translated, total) in coverage(messages, *catalogues).items():
        _say(f"{kind}: {translated} of {total} translated")
    return 1 if any(item.visible for item in found) and not core_only else 0


def _say(line: str) -> None:
    sys.stdout.write(f"{line}\n")


if __name__ == "__main__":
    sys.exit(main())
