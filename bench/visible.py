"""How long after its commit a delivery shows on the dashboard, through the portal's own job worker.

A synthetic city of 72,000 cells is written into the bench portal's database and counted. Then deliveries are recorded
one by one, as a capability does it: noted and committed, then the refresh. The clock runs from the commit until the
served portal's `satudata_completeness_show` tells of it, through the refresh and the web process. Budget: one second,
for the slowest round. Then the same while the refresh right after the commit is kept from its turn, as a long one would
do it: through Redis and the worker. That way is the safety net; it is shown, not judged. What was written is removed at
the end.
"""

from __future__ import annotations

import json
import time
import urllib.request
from collections.abc import Callable
from datetime import datetime, timezone

import sqlalchemy as sa
from _figures import close, median, required
from recompute import PERIODS, SEED

from ckanext.satudataserang.completeness.types import Database

CELLS = 72_000
ROUNDS, ROUNDS_BY_JOB = 7, 3
BUDGET_SECONDS = 1.0
#: The worker looks for new jobs all the time; whoever waits longer than this waits in vain.
PATIENCE_SECONDS = 60.0
OPD, YEAR = "bench-o2", 2025
CLEAN = (
    "DELETE FROM satudata_comparison WHERE rule = 'bench'",
    "DELETE FROM satudata_conflict WHERE rule = 'bench'",
    "DELETE FROM satudata_submission WHERE entry_id LIKE 'bench-%'",
    "DELETE FROM satudata_plan_entry WHERE id LIKE 'bench-%'",
    "DELETE FROM package WHERE id LIKE 'bench-%'",
    """DELETE FROM "group" WHERE id LIKE 'bench-%'""",
)


def shown(url: str) -> int:
    """Complete cells of the OPD as the served portal tells them now."""
    address = f"{url}/api/3/action/satudata_completeness_show?year={YEAR}&opd={OPD}&limit=1"
    with urllib.request.urlopen(address, timeout=30) as answer:
        group = json.load(answer)["result"]["groups"][0]
    return group["measures"]["kelengkapan"]["numerator"]


def missing(session: Database, rounds: int) -> list[tuple[str, str]]:
    """Cells of the OPD in which nothing was delivered yet: entry and period."""
    rows = session.execute(
        sa.text(
            "SELECT entry_id, period FROM satudata_cell WHERE opd_id = :opd AND year = :year AND NOT delivered "
            "ORDER BY period, entry_id LIMIT :rounds"
        ),
        {"opd": OPD, "year": YEAR, "rounds": rounds},
    )
    return [(row.entry_id, row.period) for row in rows]


def deliver(entry_id: str, period: str) -> float:
    """Record a whole delivery; gives the moment after its commit."""
    from ckan import model  # noqa: PLC0415

    from ckanext.satudataserang.submission.facts import SubmissionRow, announce, record_submissions  # noqa: PLC0415

    row = SubmissionRow(
        period=period,
        dataset_id=entry_id.replace("bench-e", "bench-p"),
        entry_id=entry_id,
        delivered_at=datetime.now(timezone.utc),
        content_sha256=f"{entry_id}{period}",
        expected_values=6,
        filled_values=6,
    )
    record_submissions([row], commit=False)
    model.Session.commit()
    committed = time.perf_counter()
    announce([row])
    return committed


def deliver_by_job(entry_id: str, period: str) -> float:
    """The same, while somebody else has the turn to refresh; the job gets it once the delivery is announced."""
    from ckan import model  # noqa: PLC0415

    from ckanext.satudataserang.completeness.refresh import lock  # noqa: PLC0415

    with model.ensure_engine().connect() as other:
        lock(other)  # type: ignore[arg-type]  # a connection answers as a session does
        return deliver(entry_id, period)


def measure(url: str, by: Callable[[str, str], float], rounds: int) -> list[float]:
    """Seconds from commit to sight, for each of the rounds."""
    from ckan import model  # noqa: PLC0415

    taken = []
    for entry_id, period in missing(model.Session, rounds):
        before = shown(url)
        committed = by(entry_id, period)
        while shown(url) == before:
            if time.perf_counter() - committed > PATIENCE_SECONDS:
                message = "the delivery did not show: is the worker running?"
                raise TimeoutError(message)
            time.sleep(0.02)
        taken.append(time.perf_counter() - committed)
        print(f"  {entry_id} {period}: {taken[-1]:.2f} s")
    return taken


def main() -> None:
    ini, url = required("SATUDATA_TEST_PORTAL_INI"), required("SATUDATA_TEST_URL")
    from ckan.cli import CKANConfigLoader  # noqa: PLC0415
    from ckan.config.middleware import make_app  # noqa: PLC0415

    app = make_app(CKANConfigLoader(ini).get_config())
    with app._wsgi_app.test_request_context():  # type: ignore[attr-defined]  # as CKAN's own commands do
        from ckan import model  # noqa: PLC0415

        from ckanext.satudataserang.catalogue.holidays import holidays  # noqa: PLC0415
        from ckanext.satudataserang.completeness.refresh import refresh  # noqa: PLC0415

        def renew() -> None:
            refresh(model.Session, datetime.now(timezone.utc), holidays=holidays())
            model.Session.commit()

        for statement in CLEAN:  # what a run that was killed has left
            model.Session.execute(sa.text(statement))
        try:
            for statement in SEED:
                parameters = {"entries": CELLS // PERIODS} if ":entries" in statement else {}
                model.Session.execute(sa.text(statement), parameters)
            model.Session.commit()
            renew()
            taken = measure(url.rstrip("/"), deliver, ROUNDS)
            by_job = measure(url.rstrip("/"), deliver_by_job, ROUNDS_BY_JOB)
        finally:
            model.Session.rollback()
            for statement in CLEAN:
                model.Session.execute(sa.text(statement))
            model.Session.commit()
            renew()
    print(f"median {median(taken):.2f} s, slowest {max(taken):.2f} s of {len(taken)} at {CELLS:,} cells")
    print(f"by the job alone: median {median(by_job):.2f} s, slowest {max(by_job):.2f} s of {len(by_job)}")
    close("visible", max(taken) / BUDGET_SECONDS, 1)


if __name__ == "__main__":
    main()
