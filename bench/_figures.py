"""What the benches share: medians, the closing line, and the configuration they run under."""

from __future__ import annotations

import os
import statistics
import sys
import time
from collections.abc import Callable, Sequence
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]


def required(name: str) -> str:
    """An environment variable that `make bench` sets; ends the script with a sentence when it is missing."""
    value = os.environ.get(name)
    if not value:
        sys.exit(f"{name} is not set: run this through `make bench`")
    return value


def seconds(work: Callable[[], object]) -> float:
    """How long one call takes."""
    begun = time.perf_counter()
    work()
    return time.perf_counter() - begun


def percentile(values: Sequence[float], share: float) -> float:
    """The value below which `share` (0 to 1) of the values lie, by the nearest rank."""
    ordered = sorted(values)
    return ordered[min(len(ordered) - 1, max(0, round(share * len(ordered)) - 1))]


def median(values: Sequence[float]) -> float:
    """The middle of several runs: one noisy run does not move it."""
    return statistics.median(values)


def close(name: str, ratio: float, budget: float) -> None:
    """Print the line that every bench ends with. A miss is a figure, not a failure."""
    verdict = "OK" if ratio <= budget else "MISS"
    print(f"bench {name} ratio={ratio:.3f} budget={budget:g} {verdict}")
