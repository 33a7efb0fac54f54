"""Log lines: one event name in snake_case and key=value; JSON when asked. No caller's number in clear, ever."""

from __future__ import annotations

import logging
import sys
from typing import Literal

import structlog


def mask_number(number: str) -> str:
    """A phone number fit for a log line: the middle digits hidden.

    >>> mask_number("13800138000")
    '138****8000'
    >>> mask_number("1001")
    '1001'
    """
    if len(number) <= 5:
        return number
    return f"{number[:3]}****{number[-4:]}" if len(number) >= 9 else f"{number[:2]}***{number[-2:]}"


def set_up_logging(form: Literal["console", "json"] = "console", level: str = "INFO") -> None:
    """Configures structlog for the process; to standard error, so that standard output stays for results."""
    renderer: structlog.types.Processor = (
        structlog.processors.JSONRenderer(ensure_ascii=False)
        if form == "json"
        else structlog.dev.ConsoleRenderer(
            colors=sys.stderr.isatty(),
            pad_event_to=0,
            exception_formatter=structlog.dev.plain_traceback,  # the rich one prints variables: numbers, tokens
        )
    )
    structlog.configure(
        processors=[
            structlog.contextvars.merge_contextvars,
            structlog.processors.add_log_level,
            structlog.processors.TimeStamper(fmt="iso", utc=True),
            *([structlog.processors.format_exc_info] if form == "json" else []),
            renderer,
        ],
        wrapper_class=structlog.make_filtering_bound_logger(logging.getLevelNamesMapping()[level]),
        logger_factory=structlog.PrintLoggerFactory(sys.stderr),
        cache_logger_on_first_use=True,
    )
    logging.basicConfig(stream=sys.stderr, level=logging.WARNING, format="%(levelname)s %(name)s %(message)s")
