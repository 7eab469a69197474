"""Warnings that the sender's note answers: a figure far from its history may be right, and the note says why."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace

from ckanext.satudataserang.core.checks.outliers import MENCOLOK
from ckanext.satudataserang.core.findings import Finding, Severity, info

__all__ = ["explained", "unexplained"]


def explained(finding: Finding, note: str) -> Finding:
    """The finding as it stands beside a sender's note: an outlier is no warning any more, and tells the note."""
    if finding.severity is not Severity.WARNING or unexplained([finding.code], note):
        return finding
    said = info(finding.code, finding.message, "Dijelaskan pengirim: “{note}”.", params={"note": note.strip()})
    return replace(
        finding,
        severity=Severity.INFO,
        advice=said.advice,
        advice_template=said.advice_template,
        params={**finding.params, **said.params},
    )


def unexplained(codes: Iterable[str], note: str) -> list[str]:
    """The codes of errors and warnings that a sender's note does not answer."""
    return [code for code in codes if code != MENCOLOK.code or not note.strip()]
