"""What pyproject.toml cannot say: packages that lie in several places of the repository.

Everything else is declared in pyproject.toml. Every folder is a package, so that templates, assets, schemas,
migrations and catalogues travel in the wheel as the data of the folder they lie in.
"""

from setuptools import find_namespace_packages, setup

#: Packages whose source lies outside the source root, by their name.
OUTSIDE = {"ckanext.satudataserang.schemas": "schemas", "ckanext.satudataserang.daerah": "config/daerah"}
SOURCE_ROOT = "ckanext-satudataserang"
IGNORED = ["*__pycache__*", "*egg-info*"]


def packages() -> list[str]:
    """All packages: those under the source root and those that are mapped into it."""
    found = find_namespace_packages(SOURCE_ROOT, exclude=IGNORED)
    for name, folder in OUTSIDE.items():
        found.append(name)
        found.extend(f"{name}.{inner}" for inner in find_namespace_packages(folder, exclude=IGNORED))
    return found


setup(packages=packages(), package_dir={"": SOURCE_ROOT, **OUTSIDE}, package_data={"": ["*"]})
