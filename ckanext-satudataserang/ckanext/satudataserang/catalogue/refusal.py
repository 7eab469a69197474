"""How a command says no."""

from __future__ import annotations

from typing import IO, Any

import click


class CommandRefusedError(click.ClickException):
    """A command that ends with one sentence for the operator and exit status 1, without click's English prefix."""

    def show(self, file: IO[Any] | None = None) -> None:
        click.echo(self.format_message(), file=file, err=file is None)
