"""What must stand in a conftest to win over pytest-django; all other fixtures are in `tests/fixtures.py`."""

import pytest


@pytest.fixture(scope="session")
def django_db_setup():
    """The database is made by `tests/server.py`; nothing is created or dropped here."""
