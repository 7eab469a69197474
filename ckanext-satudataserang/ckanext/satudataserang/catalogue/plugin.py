"""Plugin `satudata`: SDI metadata of datasets and OPDs, reference codes, the region profile, seeding.

List it before `scheming_datasets`, `scheming_organizations` and `dcat` in `ckan.plugins`: its templates extend theirs.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import ckan.plugins as p
import ckan.plugins.toolkit as tk
from ckan import model
from ckan.exceptions import CkanConfigurationException
from ckan.lib.plugins import DefaultPermissionLabels

from ckanext.satudataserang.catalogue import attachments, index, labels, region

if TYPE_CHECKING:
    from ckan.common import CKANConfig


@tk.blanket.actions
@tk.blanket.auth_functions
@tk.blanket.blueprints
@tk.blanket.cli
@tk.blanket.config_declarations
@tk.blanket.helpers
@tk.blanket.validators
class SatudataPlugin(p.SingletonPlugin, DefaultPermissionLabels):
    """Plugin `satudata`."""

    p.implements(p.IConfigurer)
    p.implements(p.IConfigurable)
    p.implements(p.IPackageController, inherit=True)
    p.implements(p.IPermissionLabels)
    p.implements(p.IUploader, inherit=True)

    def update_config(self, config: CKANConfig) -> None:
        tk.add_template_directory(config, "templates")
        tk.add_resource("assets", "satudata-catalogue")

    def configure(self, config: CKANConfig) -> None:
        # A wrong region profile is found when the portal starts, not on the first page that needs it.
        try:
            region.get_region()
        except region.RegionError as err:
            raise CkanConfigurationException(str(err)) from err

    def get_user_dataset_labels(self, user_obj: model.User) -> list[str]:
        return labels.of_user(super().get_user_dataset_labels(user_obj), user_obj)

    def get_resource_uploader(self, data_dict: dict[str, Any]) -> None:
        """Look at what is uploaded; storing it stays CKAN's."""
        attachments.inspect(data_dict)

    def before_dataset_index(self, pkg_dict: dict[str, Any]) -> dict[str, Any]:
        return index.indexable(pkg_dict)
