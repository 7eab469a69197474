"""How a step is refused: who may not gets NotAuthorized (403), what does not fit the moment a `ConflictError` (409).

CKAN's API answers 409 to every ValidationError, so a `ConflictError` is one: its `error_dict` holds `message`, the
sentence, and `code`, by which a program tells what happened. Input that is wrong is a ValidationError with the field's
name instead.
"""

from __future__ import annotations

from datetime import datetime

import ckan.plugins.toolkit as tk
from ckan import model

from ckanext.satudataserang.catalogue.answers import BUSY
from ckanext.satudataserang.core.deadlines import WIB
from ckanext.satudataserang.core.lifecycle import INPUT, ROLE, Refusal
from ckanext.satudataserang.submission.model import Submission

__all__ = ["BUSY", "ConflictError", "invalid", "moment", "overtaken", "person", "refuse"]


class ConflictError(tk.ValidationError):
    """The step does not fit the state of things; the sentence says what to do. The API answers 409."""

    def __init__(self, message: str, code: str, **more: str) -> None:
        super().__init__(
            {"message": [message], "code": [code], **{key: [value] for key, value in more.items()}},
            {str(tk._("Kiriman")): message},
        )
        self.message = message
        self.code = code

    def __str__(self) -> str:
        """The sentence."""
        return str(self.message)


def refuse(refusal: Refusal | None, field: str = "to") -> None:
    """Raise what a refusal of the lifecycle means; nothing happens where there is none."""
    if refusal is None:
        return
    message = tk._(refusal.message).format(**refusal.values)
    if refusal.kind == ROLE:
        raise tk.NotAuthorized(message)
    if refusal.kind == INPUT:
        raise tk.ValidationError({"note" if refusal.code == "tanpa-catatan" else field: [message]})
    raise ConflictError(message, refusal.code)


def invalid(field: str, message: str) -> tk.ValidationError:
    """Wrong input: one sentence for one field."""
    return tk.ValidationError({field: [message]})


def person(user_id: str | None) -> str:
    """The name of an account as people read it."""
    user = model.User.get(user_id) if user_id else None
    return str(user.display_name) if user is not None else tk._("akun yang sudah dihapus")


def moment(at: datetime | None) -> str:
    """A moment as people read it, in WIB."""
    return f"{at.astimezone(WIB):%d-%m-%Y %H:%M} WIB" if at else "-"


def overtaken(row: Submission) -> ConflictError:
    """Somebody else delivered for this cell meanwhile."""
    message = tk._(
        "{who} sudah mengirim data periode ini pada {when}. Muat ulang halaman, lihat kirimannya, "
        "lalu kirim lagi bila memang perlu diganti."
    )
    return ConflictError(
        message.format(who=person(row.created_by), when=moment(row.delivered_at)), "didahului", id=row.id
    )
