"""Structured logs: one JSON object a line on stderr, for Django's loggers and ours alike."""

import logging
import sys
from typing import Any

import structlog


def configure(*, level: str) -> None:
    """Routes structlog and the standard library's loggers to stderr as JSON; `level` as in logging, any case."""
    shared: list[Any] = [
        structlog.contextvars.merge_contextvars,
        structlog.stdlib.add_log_level,
        structlog.stdlib.add_logger_name,
        structlog.processors.TimeStamper(fmt="iso", utc=True),
        structlog.processors.format_exc_info,
    ]
    structlog.configure(
        processors=[*shared, structlog.stdlib.ProcessorFormatter.wrap_for_formatter],
        logger_factory=structlog.stdlib.LoggerFactory(),
        cache_logger_on_first_use=True,
    )
    handler = logging.StreamHandler(sys.stderr)
    handler.setFormatter(
        structlog.stdlib.ProcessorFormatter(
            foreign_pre_chain=shared,
            processors=[
                structlog.stdlib.ProcessorFormatter.remove_processors_meta,
                structlog.processors.JSONRenderer(ensure_ascii=False, default=str),
            ],
        )
    )
    root = logging.getLogger()
    root.handlers = [handler]
    root.setLevel(level.upper())
    for name in ["axes", "procrastinate.blueprints", "procrastinate.periodic", "asyncio", "django.request"]:
        logging.getLogger(name).setLevel(logging.WARNING if name != "django.request" else logging.ERROR)


def logger(name: str) -> structlog.stdlib.BoundLogger:
    """A module's own logger, named after it. Events are words, facts are keywords: `log.info("step", rows=3)`."""
    return structlog.stdlib.get_logger(name)
