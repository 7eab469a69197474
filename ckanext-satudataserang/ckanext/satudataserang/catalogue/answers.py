"""Pages that cannot be shown: a sentence that says why, in the dress of the capability that was asked."""

from __future__ import annotations

from collections.abc import Callable
from functools import wraps
from typing import Any

import ckan.plugins.toolkit as tk

from ckanext.satudataserang.catalogue.pdf import PdfError

View = Callable[..., Any]

#: The code by which an action says that others are being served first: the page asks to come again.
BUSY = "sibuk"
_COME_AGAIN = 503


class PageError(Exception):
    """What was asked for cannot be shown or done; `sentence` says what is wrong and what to do, `status` is HTTP's."""

    def __init__(self, sentence: str, *, status: int = 400) -> None:
        super().__init__(sentence)
        self.sentence = sentence
        self.status = status


def kindly(
    problem: Callable[[str, int], Any], *, members_only: bool = False, invalid: int = 400
) -> Callable[[View], View]:
    """Let a view answer what it raises with a page that says why; send who is not logged in to do so, and back here.

    :param problem: makes the page of a sentence and an HTTP status
    :param members_only: ask for the login before anything else
    :param invalid: the status for what an action refuses as invalid: 404 where it can only be the address
    """

    def decorated(view: View) -> View:
        @wraps(view)
        def answered(*args: Any, **kwargs: Any) -> Any:
            if members_only and not tk.current_user.is_authenticated:
                return _login()
            try:
                # PostgreSQL knows no NUL; such a name can only match nothing.
                return view(*args, **{key: value.replace("\0", "\ufffd") for key, value in kwargs.items()})
            except tk.NotAuthorized as refused:
                if not tk.current_user.is_authenticated:
                    return _login()
                return problem(str(refused.message or tk._("Peran Anda tidak berhak melakukan ini.")), 403)
            except (PageError, tk.ObjectNotFound, tk.ValidationError, PdfError) as raised:
                return problem(*_told(raised, invalid))

        return answered

    return decorated


def _login() -> Any:
    return tk.redirect_to("user.login", next=tk.request.full_path.rstrip("?"))


def _told(raised: Exception, invalid: int) -> tuple[str, int]:
    """The sentence and the HTTP status for what went wrong."""
    if isinstance(raised, PageError):
        return raised.sentence, raised.status
    if isinstance(raised, tk.ObjectNotFound):
        return str(raised.message or tk._("Halaman ini tidak ditemukan.")), 404
    if isinstance(raised, tk.ValidationError):
        is_busy = raised.error_dict.get("code") == [BUSY]
        return " ".join(map(str, raised.error_summary.values())), _COME_AGAIN if is_busy else invalid
    return str(raised), _COME_AGAIN
