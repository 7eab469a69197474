"""What the templates of the portal ask for."""

from __future__ import annotations

import datetime
from typing import Any

from dominate import tags

import ckan.plugins as p
import ckan.plugins.toolkit as tk
from ckan.lib.search import SearchError
from ckan.types import Context

from . import config, facets, headers, table

_LIST_LENGTH = 5
_RECENT_DAYS = 7


def satudata_portal_is_plain_page(resource: dict[str, Any] | None = None) -> bool:
    """Whether this page goes without CKAN's scripts and icon font.

    `resource` is the one the page is about: its table is shown without scripts, other views of it need them.
    """
    return headers.settle_plain_page(resource)


def satudata_portal_is_sample(data: dict[str, Any] | None) -> bool:
    """Whether a dataset is sample data ("data contoh"), as a field of the schema or as a free extra says."""
    if not data:
        return False
    value = data.get("data_contoh")
    if value is None:
        value = next((x.get("value") for x in data.get("extras") or [] if x.get("key") == "data_contoh"), None)
    return str(value).lower() in ("true", "1", "ya")


def satudata_portal_search_examples() -> list[str]:
    """Words offered as example searches."""
    return config.search_examples()


def satudata_portal_recent_days() -> int:
    """How many days back "recently updated" looks."""
    return _RECENT_DAYS


def satudata_portal_home() -> dict[str, Any]:
    """Figures and lists of the home page.

    Keys: `datasets`, `organizations`, `updated` (counts), `complete` (the measure of the year that the dashboard shows
    first, with `year` and `sample`, or None without the dashboard), `themes` (facet items of urusan), `newest` and
    `updated_datasets` (dataset dictionaries).
    A fixed number of queries, however many datasets there are. Where the search is down everything is empty.
    """
    try:
        newest = _search(rows=_LIST_LENGTH, sort="metadata_created desc", **{"facet.field": ["urusan"]})
        updated = _search(
            rows=_LIST_LENGTH, sort="metadata_modified desc", extras={facets.RECENT_PARAMETER: _RECENT_DAYS}
        )
    except SearchError:
        newest = updated = {"count": None, "results": [], "search_facets": {}}
    themes = newest["search_facets"].get("urusan", {}).get("items", [])
    return {
        "datasets": newest["count"],
        "organizations": len(tk.get_action("organization_list")(Context(), {})),
        "updated": updated["count"],
        "complete": _completeness(),
        "themes": sorted(themes, key=lambda item: (-item["count"], item["display_name"])),
        "newest": newest["results"],
        "updated_datasets": updated["results"],
    }


def satudata_portal_preview(resource: dict[str, Any]) -> dict[str, Any] | None:
    """The first rows of a resource's table; see `table.preview`."""
    return table.preview(resource)


def satudata_portal_table(resource: dict[str, Any]) -> dict[str, Any] | None:
    """The page of a resource's table this address asks for; see `table.page`."""
    return table.page(resource, tk.request.args.to_dict())


def satudata_portal_table_url(**changes: Any) -> str:
    """This page's address with other words, order, filters or page of the table; None takes one away."""
    names = (table.SEARCH, table.SORT, table.PAGE, table.FILTERS)
    asked = {key: value for key, value in tk.request.args.items() if key in names}
    asked.update(changes)
    kept = {key: value for key, value in asked.items() if value not in (None, "")}
    return tk.url_for(tk.request.endpoint, **{**(tk.request.view_args or {}), **kept}) + "#tabel"


def satudata_portal_may_load(url: str | None) -> bool:
    """Whether the pages' policy lets a picture at this address be shown; a forbidden one would only look broken."""
    if not url:
        return False
    origins = (tk.config["ckan.site_url"], *config.csp_image_sources())
    return (url.startswith("/") and not url.startswith("//")) or any(
        url == origin or url.startswith(f"{origin.rstrip('/')}/") for origin in origins
    )


def satudata_portal_period(dataset: dict[str, Any]) -> str:
    """The span of time a dataset covers, such as "2012–2016"; empty where it is not stated."""
    coverage = dataset.get("temporal_coverage")
    if not isinstance(coverage, list):
        return ""
    starts = sorted(str(item["start"]) for item in coverage if isinstance(item, dict) and item.get("start"))
    ends = sorted(str(item["end"]) for item in coverage if isinstance(item, dict) and item.get("end"))
    first = starts[0][:4] if starts else ""
    last = ends[-1][:4] if ends else ""
    if first and last and first != last:
        return f"{first}–{last}"
    return first or last


def satudata_portal_formats(dataset: dict[str, Any]) -> list[str]:
    """The file formats of a dataset, each once, in the order of its resources."""
    return list(dict.fromkeys(res["format"].upper() for res in dataset.get("resources") or [] if res.get("format")))


def satudata_portal_download_url(resource: dict[str, Any]) -> str:
    """Where a resource is downloaded: its file, or the table itself where the table is all there is."""
    if resource.get("url_type") == "datastore":
        return tk.url_for("datastore.dump", resource_id=resource["id"], bom="True")
    return resource.get("url") or ""


def satudata_portal_languages() -> list[dict[str, Any]]:
    """The languages offered, each with its own name, whether it is the current one, and this page in it."""
    current = tk.h.lang()
    return [
        {
            "code": tk.h.unix_locale_to_bcp47(str(locale)),
            "name": (locale.display_name or locale.english_name or str(locale)).capitalize(),
            "short": str(locale).split("_")[0].upper(),
            "active": str(locale) == current,
            "url": tk.h.url_for(tk.h.current_url(), locale=str(locale)),
        }
        for locale in tk.h.get_available_locales()
    ]


def satudata_portal_age(moment: str | datetime.datetime | None) -> str:
    """How long ago something happened, in words ("3 minggu lalu"); empty where it is unknown."""
    return tk.h.time_ago_from_timestamp(moment) if moment else ""


@tk.chained_helper
def humanize_entity_type(next_helper: Any, entity_type: str, object_type: str, purpose: str) -> str | None:
    """Say "OPD" where CKAN says "organization"."""
    if object_type == "organization":
        word = _organization_words().get(purpose)
        if word:
            return word
    return next_helper(entity_type, object_type, purpose)


def _organization_words() -> dict[str, str]:
    return {
        "page title": tk._("Organisasi Perangkat Daerah"),
        "breadcrumb": tk._("OPD"),
        "main nav": tk._("OPD"),
        "facet label": tk._("OPD"),
        "default label": tk._("OPD"),
        "add link": tk._("Tambah OPD"),
        "create label": tk._("Tambah OPD"),
        "create title": tk._("Tambah OPD"),
        "edit label": tk._("Ubah OPD"),
        "search placeholder": tk._("Cari OPD…"),
        "no description": tk._("OPD ini belum punya uraian."),
        "you not member": tk._("Anda belum menjadi anggota OPD mana pun."),
        "my label": tk._("OPD saya"),
    }


def _search(**params: Any) -> dict[str, Any]:
    return tk.get_action("package_search")(Context(), {"q": "*:*", **params})


def _completeness() -> dict[str, Any] | None:
    """The completeness of the whole region in the year that the dashboard shows first, or None without a dashboard.

    `sample` says whether sample data is counted in it.
    """
    if not p.plugin_loaded("satudata_completeness"):
        return None
    options = tk.get_action("satudata_completeness_options")(Context(), {})
    year = options["default_year"]
    shown = tk.get_action("satudata_completeness_show")(Context(), {"year": year, "limit": 0})
    sample = any(one["samples"] for one in options["years"] if one["year"] == year)
    return {"year": year, "sample": sample, **shown["city"]["measures"]["kelengkapan"]}


def satudata_portal_pager(page: Any, **parameters: Any) -> Any:
    """The page numbers of a list, with words beside the arrows for those who do not see them."""
    return page.pager(
        symbol_previous=_arrow("left", tk._("Halaman sebelumnya")),
        symbol_next=_arrow("right", tk._("Halaman berikutnya")),
        **parameters,
    )


def _arrow(side: str, word: str) -> Any:
    icon = tags.i(cls=f"fa-solid fa-chevron-{side}", aria_hidden="true")
    return tags.span(icon, tags.span(word, cls="visually-hidden"))
