"""Structured logs: one JSON object a line on stderr.

Rule: an event's name and its `fields`; whoever logs passes no secret and no personal data.
"""

import json
import logging
import sys
import traceback
from datetime import UTC, datetime
from typing import TextIO

from models.times import format_instant


class JsonLines(logging.Formatter):
    """Format a record as one line of JSON; `extra={"fields": {…}}` stands beside the event."""

    def format(self, record: logging.LogRecord) -> str:
        """Return the line."""
        line: dict[str, object] = {
            "at": format_instant(datetime.fromtimestamp(record.created, UTC)),
            "level": record.levelname.lower(),
            "from": record.name,
            "event": record.getMessage(),
        }
        line |= getattr(record, "fields", {})
        if record.exc_info and record.exc_info[1] is not None:
            error = record.exc_info[1]
            # Where and what kind, not the message: a driver's message may hold the values of a row.
            line["error"] = type(error).__name__
            line["trace"] = [
                f"{frame.filename}:{frame.lineno} {frame.name}" for frame in traceback.extract_tb(error.__traceback__)
            ]
        return json.dumps(line, ensure_ascii=False, default=str)


def set_up(level: str, stream: TextIO | None = None) -> None:
    """Send every log of this process to `stream` (stderr)."""
    handler = logging.StreamHandler(stream or sys.stderr)
    handler.setFormatter(JsonLines())
    logging.basicConfig(handlers=[handler], level=level.upper(), force=True)
    logging.captureWarnings(capture=True)
