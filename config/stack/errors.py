"""The one error of the stack: a sentence for the operator, never a traceback."""

from __future__ import annotations


class StackError(Exception):
    """Something the operator can mend.

    :param message: what is wrong and where, one Indonesian sentence.
    :param advice: what to do about it, one Indonesian sentence.
    """

    def __init__(self, message: str, advice: str = "") -> None:
        super().__init__(message)
        self.message = message
        self.advice = advice

    def __str__(self) -> str:
        return f"{self.message} {self.advice}".strip()
