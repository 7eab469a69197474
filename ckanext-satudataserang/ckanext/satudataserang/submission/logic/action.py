"""All actions of deliveries, as the plugin offers them."""

from __future__ import annotations

from ckanext.satudataserang.submission.logic.checking import satudata_submission_check
from ckanext.satudataserang.submission.logic.deliveries import (
    satudata_submission_create,
    satudata_submission_discard,
    satudata_submission_recheck,
    satudata_submission_transition,
    satudata_submission_update,
)
from ckanext.satudataserang.submission.logic.excuses import (
    satudata_exemption_create,
    satudata_exemption_decide,
    satudata_exemption_list,
    satudata_exemption_revoke,
    satudata_extension_create,
    satudata_extension_list,
    satudata_extension_revoke,
)
from ckanext.satudataserang.submission.logic.kept import package_update
from ckanext.satudataserang.submission.logic.loads import satudata_load_show, satudata_load_submit
from ckanext.satudataserang.submission.logic.privacy import satudata_submission_privacy
from ckanext.satudataserang.submission.logic.reading import (
    satudata_submission_diff,
    satudata_submission_file,
    satudata_submission_form,
    satudata_submission_history,
    satudata_submission_list,
    satudata_submission_show,
)
from ckanext.satudataserang.submission.logic.templates import satudata_submission_annotated, satudata_template_show

__all__ = [
    "package_update",
    "satudata_exemption_create",
    "satudata_exemption_decide",
    "satudata_exemption_list",
    "satudata_exemption_revoke",
    "satudata_extension_create",
    "satudata_extension_list",
    "satudata_extension_revoke",
    "satudata_load_show",
    "satudata_load_submit",
    "satudata_submission_annotated",
    "satudata_submission_check",
    "satudata_submission_create",
    "satudata_submission_diff",
    "satudata_submission_discard",
    "satudata_submission_file",
    "satudata_submission_form",
    "satudata_submission_history",
    "satudata_submission_list",
    "satudata_submission_privacy",
    "satudata_submission_recheck",
    "satudata_submission_show",
    "satudata_submission_transition",
    "satudata_submission_update",
    "satudata_template_show",
]
