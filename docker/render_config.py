"""Fill the places `${name}` of CKAN's configuration template from the environment (`NAME`), for containers.

A place without its variable is an error: no secret and no address has a default.
"""

from __future__ import annotations

import os
import re
import sys
from collections.abc import Mapping
from pathlib import Path

_PLACE = re.compile(r"\$\{([a-z_]+)\}")


def render(template: str, environment: Mapping[str, str]) -> str:
    """The template with every place filled. Raises KeyError naming all variables that are not set."""
    missing = sorted({name.upper() for name in _PLACE.findall(template)} - set(environment))
    if missing:
        raise KeyError(", ".join(missing))
    return _PLACE.sub(lambda place: environment[place[1].upper()].replace("%", "%%"), template)


def main(source: Path, target: Path) -> int:
    """Write `target`, readable by its owner alone."""
    try:
        text = render(source.read_text(encoding="utf-8"), os.environ)
    except KeyError as error:
        sys.stderr.write(f"Variabel lingkungan belum diisi: {error.args[0]}. Isi di docker/.env, lalu ulangi.\n")
        return 1
    # Web and worker share the folder: whoever reads sees a whole file, the old or the new one.
    fresh = target.with_name(f"{target.name}.{os.getpid()}")
    fresh.touch(mode=0o600)
    fresh.write_text(text, encoding="utf-8")
    fresh.replace(target)
    return 0


if __name__ == "__main__":
    sys.exit(main(Path(sys.argv[1]), Path(sys.argv[2])))
