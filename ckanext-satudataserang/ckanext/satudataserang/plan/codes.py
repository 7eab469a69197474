"""Codes of entries: one that is asked for, or the next one of an OPD's urusan."""

from __future__ import annotations

import sqlalchemy as sa

import ckan.plugins.toolkit as tk
from ckan import model

from ckanext.satudataserang.core.plan import kode_problem, next_kodes
from ckanext.satudataserang.plan import entries
from ckanext.satudataserang.plan.model import PlanEntry


def taken_or_proposed(asked: str, urusan: str, opd: model.Group) -> str:
    """The kode asked for, where it is free, or the next one. Raises ValidationError."""
    hold()
    if not asked:
        return next_kodes(urusan, str(opd.name), beginning_with(f"{urusan}.{opd.name}."))[0]
    entries.refuse(kode_problem(asked))
    if PlanEntry.by_kode(asked):
        message = tk._("Kode “{kode}” sudah dipakai entri lain. Pilih kode lain, atau kosongkan.")
        raise tk.ValidationError({"kode": [message.format(kode=asked)]})
    return asked


def beginning_with(prefix: str) -> set[str]:
    """The codes in use that begin like this."""
    return set(
        model.Session.scalars(sa.select(PlanEntry.kode).where(PlanEntry.kode.startswith(prefix, autoescape=True)))
    )


def hold() -> None:
    """Let nobody else give codes until the transaction ends: numbers are counted from those in use."""
    model.Session.execute(sa.text("SELECT pg_advisory_xact_lock(hashtext('satudata_plan_kode'))"))
