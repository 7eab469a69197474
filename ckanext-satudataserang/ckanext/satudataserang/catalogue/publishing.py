"""The publish rule: a draft may be poor, a published dataset may not.

`satudata_publishable` runs after all fields of a dataset were validated (`after_validators` in the schema), whichever
way it was saved: page, API or job. When the dataset would be public (`state` active) every field of the SDI set
(`wajib_terbit` in the schema) has to say something, or saving is refused with the full list of what is missing.

Datasets taken over from an older application have no such metadata, and inventing it would be worse. Trusted code of a
sysadmin may publish them with the context key `satudata_impor_warisan`:

    tk.get_action("package_create")({"user": site_user, "satudata_impor_warisan": True}, dataset)

The dataset then carries `metadata_warisan: true` until nothing is missing any more. The key is ignored for anyone who
is not a sysadmin, and it cannot be sent through the API. Such a dataset can be mended step by step: an edit may leave
missing what was missing before, but it may not lose what was there.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

import ckan.plugins.toolkit as tk
from ckan import authz
from ckan.lib.navl.dictization_functions import unflatten
from ckan.types import Context, FlattenDataDict, FlattenErrorDict, FlattenKey

from ckanext.satudataserang.catalogue import language, region, uris
from ckanext.satudataserang.core.publishing import Missing, missing_to_publish

__all__ = ["LEGACY_KEY", "advice", "label_of", "missing_of", "satudata_derive", "satudata_publishable"]

LEGACY_KEY = "satudata_impor_warisan"
_MARK = "metadata_warisan"


def missing_of(dataset: Mapping[str, Any]) -> list[Missing]:
    """What a dataset, as shown by `package_show`, still lacks for publication."""
    return missing_to_publish(dataset, _fields(dataset.get("type") or "dataset"))


def label_of(missing: Missing, dataset_type: str = "dataset") -> str:
    """The field's name on the form, with its part where it has parts: "Kontak: Surel"."""
    return ": ".join(str(language.text(field["label"])) for field in _path(missing, dataset_type))


def advice(missing: Missing, dataset_type: str = "dataset") -> str:
    """What to do about it, in one sentence."""
    *_, field = _path(missing, dataset_type)
    todo = language.text(field.get("saran") or tk._("Isilah."))
    if missing.reason == "isian_semu":
        return tk._("Isinya belum mengatakan apa-apa. {todo}").format(todo=todo)
    return todo


def satudata_publishable(key: FlattenKey, data: FlattenDataDict, errors: FlattenErrorDict, context: Context) -> None:
    """Refuse a published dataset that lacks any field of the SDI set; see the module's text."""
    if _state(data, context) != "active":
        return
    dataset_type = str(data.get(("type",)) or "dataset")
    missing = missing_to_publish(_dataset(data), _fields(dataset_type))
    allowed = set(missing) if _is_trusted(context) else _old_gaps(dataset_type, context)
    # What is wrong already has its own message.
    blocking = [one for one in missing if one not in allowed and not errors.get((one.field,))]
    _set_mark(data, bool(missing) and not blocking)
    for one in blocking:
        place: FlattenKey = (one.field, 0, one.subfield) if one.subfield else (one.field,)
        errors.setdefault(place, []).append(
            tk._("{label} wajib sebelum terbit. {advice}").format(
                label=label_of(one, dataset_type), advice=advice(one, dataset_type)
            )
        )
    if blocking and context.get("package") is None:
        errors.setdefault(("state",), []).append(
            tk._('Belum dapat diterbitkan. Simpan dahulu sebagai draf (state: "draft"), lengkapi, lalu terbitkan.')
        )


def satudata_derive(key: FlattenKey, data: FlattenDataDict, errors: FlattenErrorDict, context: Context) -> None:
    """Name the area covered in DCAT's own field, unless somebody described it better there."""
    code = data.get(("kode_wilayah",))
    if not isinstance(code, str) or not code or errors.get(("kode_wilayah",)):
        return
    present = {part[2]: value for part, value in data.items() if part[:2] == ("spatial_coverage", 0) and value}
    ours = str(present.get("uri") or "").startswith(uris.wilayah_uri(""))
    if present and not (ours and set(present) <= {"uri", "text"}):
        return
    area = region.get_region().wilayah.get(code)
    data[("spatial_coverage", 0, "uri")] = uris.wilayah_uri(code)
    if area:
        data[("spatial_coverage", 0, "text")] = area.name


def _fields(dataset_type: str) -> list[dict[str, Any]]:
    schema = tk.h.scheming_get_dataset_schema(dataset_type)
    return schema["dataset_fields"] if schema else []


def _path(missing: Missing, dataset_type: str) -> Iterator[dict[str, Any]]:
    field = next(field for field in _fields(dataset_type) if field["field_name"] == missing.field)
    yield field
    if missing.subfield:
        yield next(part for part in field["repeating_subfields"] if part["field_name"] == missing.subfield)


def _state(data: FlattenDataDict, context: Context) -> str:
    state = data.get(("state",))
    if isinstance(state, str) and state:
        return state
    package = context.get("package")
    return package.state if package is not None else "active"


def _dataset(data: FlattenDataDict) -> dict[str, Any]:
    return unflatten({key: value for key, value in data.items() if value is not tk.missing and key[0] != "extras"})


def _is_trusted(context: Context) -> bool:
    return bool(context.get(LEGACY_KEY)) and authz.is_sysadmin(context.get("user"))


def _old_gaps(dataset_type: str, context: Context) -> set[Missing]:
    """What a dataset published with the mark lacked before this edit; nothing for any other dataset."""
    package = context.get("package")
    if package is None or package.state != "active" or not tk.asbool(package.extras.get(_MARK) or False):
        return set()
    stored = {"title": package.title, "notes": package.notes, "license_id": package.license_id}
    stored |= {"owner_org": package.owner_org, **package.extras}
    return {
        Missing(one.field, one.subfield, reason)
        for one in missing_to_publish(stored, _fields(dataset_type))
        for reason in ("kosong", "isian_semu")
    }


def _set_mark(data: FlattenDataDict, marked: bool) -> None:
    """Write the mark where fields of the schema end up: among the extras."""
    value = "true" if marked else "false"
    index = next(
        (key[1] for key, name in data.items() if key[0] == "extras" and key[-1] == "key" and name == _MARK), None
    )
    if index is None:
        if not marked:
            return
        index = 1 + max((key[1] for key in data if key[0] == "extras" and len(key) > 1), default=-1)
        data[("extras", index, "key")] = _MARK
    data[("extras", index, "value")] = value
    data[(_MARK,)] = value
