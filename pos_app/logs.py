"""The till's log lines: when, how bad, from where, what.

Rule: of an exception its kind and place, never its message: that may hold the values of a row or what somebody typed.
"""

import copy
import logging
import traceback
from types import TracebackType


class LogLines(logging.Formatter):
    """Format a record as a line, with the trace of an exception below it."""

    def __init__(self) -> None:
        super().__init__("%(asctime)s %(levelname)s %(name)s %(message)s")

    def format(self, record: logging.LogRecord) -> str:
        """Return the line; a trace that another handler has already written out is not taken over."""
        own = copy.copy(record)
        own.exc_text = None
        return super().format(own)

    def formatException(
        self,
        ei: tuple[type[BaseException], BaseException, TracebackType | None] | tuple[None, None, None],
    ) -> str:
        """Return kind and place of the exception and of what caused it."""
        lines: list[str] = []
        error, seen = ei[1], set[int]()
        while error is not None and id(error) not in seen:
            seen.add(id(error))
            lines.append(f"{'caused by ' if lines else ''}{type(error).__name__}")
            lines += [
                f"  {frame.filename}:{frame.lineno} {frame.name}" for frame in traceback.extract_tb(error.__traceback__)
            ]
            error = error.__cause__ or error.__context__
        return "\n".join(lines)
