"""CKAN's configuration: the templates in `config/`, filled in for a site."""

from __future__ import annotations

import re
from collections.abc import Mapping
from pathlib import Path

from . import postgres, redis, solr
from .errors import StackError
from .instance import Instance, Site
from .vault import write_private

_PLACE = re.compile(r"\$\{([a-z_]+)\}")


def render(template: str, values: Mapping[str, str], *, name: str) -> str:
    """Replace every `${name}`; a `%` in a value is doubled, as the ini format asks.

    :param name: the template's name, for messages.
    :raises StackError: the template asks for a value that does not exist, or a value spans lines.
    """

    def value(match: re.Match[str]) -> str:
        key = match.group(1)
        if key not in values:
            message = f"Templat {name} meminta nilai {key} yang tidak dikenal."
            raise StackError(message, "Perbaiki templat itu.")
        if "\n" in values[key]:
            message = f"Nilai {key} lebih dari satu baris."
            raise StackError(message, "Perbaiki di berkas .env.")
        return values[key].replace("%", "%%")

    return _PLACE.sub(value, template)


def values(instance: Instance, site: Site) -> dict[str, str]:
    """What the templates may ask for."""
    main, write, read = postgres.site_urls(instance, site)
    address = instance.url
    settings = instance.settings
    return {
        "secret_key": instance.secrets["secret_key"],
        "database_url": main,
        "datastore_write_url": write,
        "datastore_read_url": read,
        "solr_url": solr.url(instance, site),
        "solr_user": solr.USER,
        "solr_password": instance.secrets["solr"],
        "redis_url": redis.url(instance, site),
        "site_id": site.site_id,
        "site_url": address,
        "https": "true" if address.startswith("https://") else "false",
        "site_title": settings.text("SATUDATA_JUDUL") or f"Satu Data {region_name(instance)}".strip(),
        "site_description": settings.text("SATUDATA_KETERANGAN", "Satu Data Indonesia di daerah"),
        "storage": str(site.storage),
        "upload_mb": str(settings.upload_mb),
        "profile": str(profile_path(instance)),
        "sample": "true" if settings.sample else "false",
        "smtp_server": settings.text("SATUDATA_SMTP", "localhost"),
        "smtp_from": settings.text("SATUDATA_SMTP_PENGIRIM"),
    }


def profile_path(instance: Instance) -> Path:
    """The region profile: one of the project's by its name, or any other by its path."""
    given = instance.settings.profile
    if given.endswith(".yaml"):
        return (instance.root / given).resolve()
    return instance.root / "config" / "daerah" / f"{given}.yaml"


def region_name(instance: Instance) -> str:
    """The region's name as its profile says it; empty where the profile says none."""
    found = re.search(r"^nama:\s*(.+?)\s*$", profile_path(instance).read_text(encoding="utf-8"), re.MULTILINE)
    return found.group(1).strip("\"'") if found else ""


def configure(instance: Instance) -> list[Site]:
    """Write every site's configuration (mode 600); the sites whose configuration has changed.

    That of a test site has two files: production's, and the few differences, which build on it.

    :raises StackError: the region profile of the settings does not exist.
    """
    if not profile_path(instance).is_file():
        message = f"Profil daerah {instance.settings.profile} tidak ada: {profile_path(instance)} tidak ditemukan."
        raise StackError(message, "Perbaiki SATUDATA_DAERAH di berkas .env.")
    changed = []
    for site in instance.sites:
        base = site.ini.with_name(f"{site.key}-base.ini") if site.testing else site.ini
        wanted = {base: "ckan.ini"} | ({site.ini: "test.ini"} if site.testing else {})
        filled = {**values(instance, site), "base_ini": base.name}
        for path, name in wanted.items():
            template = (instance.root / "config" / name).read_text(encoding="utf-8")
            text = render(template, filled, name=name)
            if not path.is_file() or path.read_text(encoding="utf-8") != text:
                write_private(path, text)
                changed.append(site)
    return changed
