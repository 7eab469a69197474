"""Maps in GeoJSON (RFC 7946): longitude and latitude of WGS 84, in that order.

The file is read as a whole, up to the size that attachments may have; each geometry is looked at as soon as it is read
and let go, so that memory holds one of them at a time.
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import Any, BinaryIO

from ckanext.satudataserang.core.findings import Finding, error

#: Depth of the coordinates' lists: 0 is one position.
_DEPTHS = {"Point": 0, "MultiPoint": 1, "LineString": 1, "MultiLineString": 2, "Polygon": 2, "MultiPolygon": 3}
_COLLECTION = "GeometryCollection"
_SHAPE, _RANGE = "geojson-geometri", "geojson-rentang"
_POSITION = (2, 4)
_EAST, _NORTH = 180, 90
_DIGITS = 19
_WGS84 = ("CRS84", "EPSG::4326", "EPSG:4326")


class _BrokenError(Exception):
    """The problem with a geometry."""

    def __init__(self, code: str) -> None:
        super().__init__(code)
        self.code = code


class _Geometry:
    """What is left of a geometry that was looked at: its problem, empty where there is none."""

    def __init__(self, problem: str) -> None:
        self.problem = problem


_ADVICE = "Ekspor ulang petanya sebagai GeoJSON dengan sistem koordinat WGS 84 (EPSG:4326), lalu unggah hasilnya."
_SENTENCES = {
    "geojson-json": "Isi berkas ini bukan JSON yang sah, atau terpotong.",
    "geojson-bentuk": "Isi berkas ini JSON, tetapi bukan GeoJSON: tidak ada Feature, FeatureCollection, atau geometri.",
    "geojson-geometri": "Ada geometri yang jenis atau koordinatnya tidak menurut GeoJSON.",
    "geojson-rentang": "Ada koordinat di luar bujur -180 sampai 180 dan lintang -90 sampai 90; tampaknya bukan WGS 84.",
    "geojson-crs": "Berkas ini memakai sistem koordinat lain dari WGS 84.",
}


def problems(stream: BinaryIO, size: int) -> Iterator[Finding]:
    """What speaks against a map."""
    stream.seek(0)
    try:
        text = stream.read(size).decode("utf-8-sig")
        top = json.loads(text, object_hook=_seen, parse_constant=_no_number, parse_int=_integer)
    except (ValueError, RecursionError):
        yield _finding("geojson-json")
        return
    found = dict.fromkeys(_of_top(top))
    for code in found:
        yield _finding(code)


def _seen(read: dict[str, Any]) -> Any:
    kind = read.get("type")
    if isinstance(kind, str) and kind in _DEPTHS and "coordinates" in read:
        try:
            _position(read["coordinates"], _DEPTHS[kind])
        except _BrokenError as broken:
            return _Geometry(broken.code)
        return _Geometry("")
    if kind == _COLLECTION and isinstance(read.get("geometries"), list):
        members = read["geometries"]
        if any(not isinstance(one, _Geometry) for one in members):
            return _Geometry("geojson-geometri")
        return _Geometry(next((one.problem for one in members if one.problem), ""))
    if kind == "Feature":
        # Properties are anybody's; only what makes the map is kept.
        return {"type": kind, "geometry": read.get("geometry"), "crs": read.get("crs")}
    return read


def _of_top(top: Any) -> Iterator[str]:
    if isinstance(top, _Geometry):
        if top.problem:
            yield top.problem
        return
    if not isinstance(top, dict) or top.get("type") not in ("Feature", "FeatureCollection"):
        yield "geojson-bentuk"
        return
    crs = top.get("crs")
    if crs is not None and not any(sign in json.dumps(crs, default=str) for sign in _WGS84):
        yield "geojson-crs"
    features = top.get("features") if top["type"] == "FeatureCollection" else [top]
    if not isinstance(features, list):
        yield "geojson-bentuk"
        return
    for feature in features:
        if not isinstance(feature, dict) or feature.get("type") != "Feature":
            yield "geojson-bentuk"
        elif feature.get("geometry") is not None:
            geometry = feature["geometry"]
            problem = geometry.problem if isinstance(geometry, _Geometry) else "geojson-geometri"
            if problem:
                yield problem


def _position(read: Any, depth: int) -> None:
    if not isinstance(read, list):
        raise _BrokenError(_SHAPE)
    if depth:
        for one in read:
            _position(one, depth - 1)
        return
    if not _POSITION[0] <= len(read) <= _POSITION[1] or any(
        not isinstance(one, (int, float)) or isinstance(one, bool) for one in read
    ):
        raise _BrokenError(_SHAPE)
    if not (-_EAST <= read[0] <= _EAST and -_NORTH <= read[1] <= _NORTH):
        raise _BrokenError(_RANGE)


def _integer(text: str) -> int | float:
    # Python refuses to read integers of thousands of digits, and nobody needs them.
    return int(text) if len(text) <= _DIGITS else float(text)


def _no_number(text: str) -> Any:
    raise ValueError(text)


def _finding(code: str) -> Finding:
    return error(code, _SENTENCES[code], _ADVICE)
