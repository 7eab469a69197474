"""What a check says: its code, its name, its sentences."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from ckanext.satudataserang.core.findings import Finding, Severity, filled, shown


@dataclass(frozen=True)
class Check:
    """One rule: its code, what it is called, what it says and what is to be done.

    `message`, `advice` and those of `variants` (the same rule said for another cause) are gettext messages with named
    placeholders; `title` names the rule in lists.
    """

    code: str
    severity: Severity
    title: str
    message: str
    advice: str = ""
    variants: Mapping[str, str] = field(default_factory=dict, hash=False)

    def found(
        self,
        variant: str = "",
        *,
        row: int | None = None,
        column: str = "",
        value: object = None,
        **params: object,
    ) -> Finding:
        """Say it of one place; `row`, `column` and `value` fill placeholders of these names too."""
        told = {"row": row, "column": column, "value": value, **params}
        said = {name: shown(one) for name, one in told.items() if one is not None}
        template = self.variants[variant] if variant else self.message
        return Finding(
            self.code,
            self.severity,
            filled(template, said),
            filled(self.advice, said),
            row=row,
            column=column,
            value="" if value is None else shown(value),
            template=template,
            advice_template=self.advice,
            params=said,
        )
