"""Running the alembic migrations of one plugin: the part that every plugin's `env.py` shares."""

from __future__ import annotations

from typing import Any

import sqlalchemy as sa
from alembic.runtime.environment import EnvironmentContext

from ckan.model.meta import metadata


def run(context: EnvironmentContext, plugin: str, tables: set[str]) -> None:
    """Apply the migrations of `plugin`, which owns `tables`; its version is kept in `<plugin>_alembic_version`."""

    def owned(_object: Any, name: str | None, kind: str, _reflected: bool, _compare_to: Any) -> bool:
        return kind != "table" or name in tables

    options: dict[str, Any] = {
        "target_metadata": metadata,
        "version_table": f"{plugin}_alembic_version",
        "include_object": owned,
    }
    url = context.config.get_main_option("sqlalchemy.url")
    if context.is_offline_mode():
        context.configure(url=url, literal_binds=True, **options)
        with context.begin_transaction():
            context.run_migrations()
        return
    engine = sa.create_engine(url or "", poolclass=sa.pool.NullPool)
    with engine.connect() as connection:
        context.configure(connection=connection, **options)
        with context.begin_transaction():
            context.run_migrations()
