"""The clock. Only doors (web, api, cli, jobs) and this module read it; rooms are handed a date or an instant."""

from datetime import UTC, datetime


def now() -> datetime:
    """This instant, in UTC."""
    return datetime.now(UTC)
