"""Configuration of the chase: one typed function per key of `config_declaration.yaml`."""

from __future__ import annotations

import ckan.plugins.toolkit as tk

from ckanext.satudataserang.catalogue.region import get_region
from ckanext.satudataserang.core.reminders import Step, parse_steps

ENABLED = "ckanext.satudataserang.chase.enabled"
STEPS = "ckanext.satudataserang.chase.steps"
SEKDA = "ckanext.satudataserang.chase.sekda"
HOUR = "ckanext.satudataserang.chase.hour"
SIGNATURE = "ckanext.satudataserang.chase.signature"
MAX_ATTEMPTS = "ckanext.satudataserang.chase.max_attempts"
_HOURS = range(24)


def enabled() -> bool:
    """Whether reminders go out every day by themselves."""
    return tk.config[ENABLED]


def steps() -> tuple[Step, ...]:
    """When who is reminded. Raises ValueError with an Indonesian sentence where the key cannot be read."""
    return parse_steps(tk.config[STEPS])


def sekda() -> str:
    """Address of the Sekretaris Daerah; empty where none is set."""
    return (tk.config.get(SEKDA) or "").strip()


def hour() -> int:
    """The hour of the day (WIB) at which reminders go out. Raises ValueError where it is none."""
    value = tk.config[HOUR]
    if value not in _HOURS:
        message = f"{HOUR} = {value}: tulis jam 0 sampai 23."
        raise ValueError(message)
    return value


def signature() -> str:
    """Who signs."""
    return tk.config.get(SIGNATURE) or f"Walidata {get_region().nama}"


def max_attempts() -> int:
    """How many attempts a letter has, at least one."""
    return max(1, tk.config[MAX_ATTEMPTS])


def smtp_problem() -> str:
    """What the operator has to set before anything can be sent, in a sentence; empty where nothing is missing."""
    missing = [key for key in ("smtp.server", "smtp.mail_from") if not tk.config.get(key)]
    if not missing:
        return ""
    return tk._("Surel belum dapat dikirim: isi {keys} di konfigurasi portal.").format(keys=" dan ".join(missing))
