"""What the tests of the plan share: two OPDs, people in every role, entries."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
import sqlalchemy as sa

import ckan.plugins.toolkit as tk
from ckan import model
from ckan.tests import factories

from ckanext.satudataserang.catalogue import roles
from ckanext.satudataserang.plan import entries
from ckanext.satudataserang.plan.model import PlanEntry, PlanEvent, PlanTerms


def act(action, user, /, **data):
    """Call an action as a user, with authorization; None is a visitor."""
    account = model.User.get(user) if user else None
    return tk.get_action(action)({"user": user or "", "auth_user_obj": account, "ignore_auth": False}, data)


def errors(action, user, /, **data):
    """The errors by field that an action answers with."""
    with pytest.raises(tk.ValidationError) as refused:
        act(action, user, **data)
    assert all(refused.value.error_dict.values())
    return refused.value.error_dict


def day(offset):
    """A day relative to today (WIB), in ISO 8601."""
    return (entries.today() + timedelta(days=offset)).isoformat()


def this_year():
    """The year of today (WIB)."""
    return entries.today().year


def facts(**changes):
    """A proposal of the OPD `dinas-pasar`."""
    return {
        "judul": "Jumlah kios pasar",
        "opd": "dinas-pasar",
        "urusan": "3.30",
        "frequency": "tahunan",
        "deadline_days": 90,
        "grace_days": 14,
        **changes,
    }


class City:
    """Names of the users of a small city, by role, and what tests do with it often."""

    def __init__(self):
        self.pasar = factories.Organization(name="dinas-pasar", title="Dinas Pasar", singkatan="Disar", jenis="dinas")
        self.gizi = factories.Organization(name="dinas-gizi", title="Dinas Gizi", singkatan="Dizi", jenis="dinas")
        self.sysadmin = factories.Sysadmin()["name"]
        self.produsen = self._member("dinas-pasar", "editor")
        self.pendukung = self._member("dinas-pasar", "admin")
        self.other = self._member("dinas-gizi", "editor")
        self.walidata = self._holder("walidata")
        self.pembina = self._holder("pembina")
        self.nobody = factories.User()["name"]

    def _member(self, opd, capacity):
        name = factories.User()["name"]
        tk.get_action("organization_member_create")(
            {"user": self.sysadmin}, {"id": opd, "username": name, "role": capacity}
        )
        return name

    def _holder(self, role):
        user = factories.User()
        roles.grant(user["id"], role, "")
        model.Session.commit()
        return user["name"]

    def stands(self):
        """Whether the database still holds this city: another test may have emptied it."""
        model.Session.rollback()
        return model.User.get(self.sysadmin) is not None and model.Group.get(self.pasar["id"]) is not None

    def tidy(self):
        """Empty the plan and the catalogue, and make the OPDs what they were."""
        model.Session.rollback()
        for name in model.Session.scalars(sa.select(model.Package.id)).all():
            tk.get_action("dataset_purge")({"user": self.sysadmin, "ignore_auth": True}, {"id": name})
        for table in (PlanTerms, PlanEvent, PlanEntry):
            model.Session.execute(sa.delete(table))
        for opd in (self.pasar, self.gizi):
            group = model.Group.get(opd["id"])
            group.name, group.title = opd["name"], opd["title"]
            group.extras = {key: value for key, value in group.extras.items() if key != "berlaku_sampai"}
        model.Session.commit()
        model.Session.remove()

    def propose(self, **changes):
        """A proposal of the OPD's editor."""
        return act("satudata_plan_entry_create", self.produsen, **facts(similar_ok=True, **changes))

    def agree(self, **changes):
        """An entry in force since two years ago, open-ended."""
        entry = {
            "kode": "P-1", "state": "berlaku", "berlaku_dari": date(this_year() - 2, 1, 1).isoformat(), **changes
        }  # fmt: skip
        done = act("satudata_plan_import", self.walidata, entries=[facts(**entry)])
        return done["created"][0]
