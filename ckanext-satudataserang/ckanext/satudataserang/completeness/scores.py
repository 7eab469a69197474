"""Scores of dataset descriptions: read what is asked about many datasets at once, score by `core`, write at once."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import sqlalchemy as sa

from ckanext.satudataserang.completeness.rules import metadata_rules, rules
from ckanext.satudataserang.completeness.types import Database
from ckanext.satudataserang.core.metadata import possible, score

#: Formats from the most to the least useful to a machine; the best one of a dataset counts.
_BEST_FORMATS = (
    "csv",
    "parquet",
    "json",
    "geojson",
    "gpkg",
    "xml",
    "xlsx",
    "ods",
    "tsv",
    "rdf",
    "kml",
    "gml",
    "shp",
    "xls",
)

_DATASETS = """
    SELECT p.id, p.title, p.notes, p.license_id, p.owner_org, p.metadata_created::text AS metadata_created,
           p.metadata_modified::text AS metadata_modified, p.extras, t.tags, r.*
    FROM package p
    LEFT JOIN (
        SELECT pt.package_id, array_agg(tag.name) AS tags
        FROM package_tag pt JOIN tag ON tag.id = pt.tag_id WHERE pt.state = 'active' GROUP BY 1
    ) t ON t.package_id = p.id
    LEFT JOIN (
        SELECT package_id, array_agg(url) AS file_url, array_agg(lower(format)) AS formats,
               array_agg(mimetype) AS mimetypes, array_agg(size::text) AS sizes,
               array_agg(id) FILTER (WHERE url_type IN ('upload', 'datastore')
                                     OR (extras::json ->> 'datastore_active') = 'true') AS file_answers
        FROM resource WHERE state = 'active' GROUP BY 1
    ) r ON r.package_id = p.id
    WHERE p.state = 'active' AND (CAST(:ids AS text[]) IS NULL OR p.id = ANY(:ids))
"""

_WRITE = """
    WITH fresh AS (
        SELECT * FROM unnest(CAST(:dataset_id AS text[]), CAST(:points AS integer[]), CAST(:lost AS text[]))
            AS f(dataset_id, points, lost)
    ),
    gone AS (
        DELETE FROM satudata_metadata_score old
        WHERE (CAST(:ids AS text[]) IS NULL OR old.dataset_id = ANY(:ids))
          AND NOT EXISTS (SELECT 1 FROM fresh f WHERE f.dataset_id = old.dataset_id)
    )
    INSERT INTO satudata_metadata_score (dataset_id, points, possible, lost, rule_version)
    SELECT dataset_id, points, CAST(:possible AS integer), string_to_array(lost, ' '), CAST(:rule_version AS text)
    FROM fresh
    ON CONFLICT (dataset_id) DO UPDATE SET (points, possible, lost, rule_version) =
        ROW(excluded.points, excluded.possible, excluded.lost, excluded.rule_version)
"""


def refresh(session: Database, dataset_ids: Sequence[str] | None) -> None:
    """Score the given datasets, or all of them for None; scores of datasets that are not active go."""
    ids = None if dataset_ids is None else list(dataset_ids)
    scored: dict[str, list[Any]] = {"dataset_id": [], "points": [], "lost": []}
    for row in session.execute(sa.text(_DATASETS), {"ids": ids}).mappings():
        result = score(_fields(row), metadata_rules())
        scored["dataset_id"].append(row["id"])
        scored["points"].append(result.points)
        scored["lost"].append(" ".join(result.lost))
    session.execute(
        sa.text(_WRITE),
        {**scored, "ids": ids, "possible": possible(metadata_rules()), "rule_version": rules().version},
    )


def _fields(row: Any) -> dict[str, Any]:
    """A dataset as the rules read it: columns and extras side by side, and its best file format."""
    formats = [one for one in row["formats"] or () if one]
    best = next((one for one in _BEST_FORMATS if one in formats), formats[0] if formats else None)
    return {**(row["extras"] or {}), **row, "best_format": best}
