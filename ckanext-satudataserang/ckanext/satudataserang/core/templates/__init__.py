"""Templates: files with the agreed columns and rows, to be filled in elsewhere and handed in again."""

from ckanext.satudataserang.core.templates.build import template_of
from ckanext.satudataserang.core.templates.model import Earlier, Subject, Template, TemplateColumn
from ckanext.satudataserang.core.templates.stale import stale
from ckanext.satudataserang.core.templates.text import as_csv
from ckanext.satudataserang.core.templates.workbook import as_workbook

__all__ = ["Earlier", "Subject", "Template", "TemplateColumn", "as_csv", "as_workbook", "stale", "template_of"]
