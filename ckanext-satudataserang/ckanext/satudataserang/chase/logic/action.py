"""Actions of the chase: what OPDs owe, reminding them, the log of coaching."""

from __future__ import annotations

from ckanext.satudataserang.chase.logic.coaching import (
    satudata_coaching_create,
    satudata_coaching_delete,
    satudata_coaching_effect_list,
    satudata_coaching_list,
    satudata_coaching_update,
)
from ckanext.satudataserang.chase.logic.owing import satudata_chase_list, satudata_reminder_letter, satudata_todo_list
from ckanext.satudataserang.chase.logic.reminding import (
    satudata_mail_list,
    satudata_mail_retry,
    satudata_reminder_run,
)

__all__ = [
    "satudata_chase_list",
    "satudata_coaching_create",
    "satudata_coaching_delete",
    "satudata_coaching_effect_list",
    "satudata_coaching_list",
    "satudata_coaching_update",
    "satudata_mail_list",
    "satudata_mail_retry",
    "satudata_reminder_letter",
    "satudata_reminder_run",
    "satudata_todo_list",
]
