"""Tests across rooms. A room's own tests live in `spartito/<room>/tests/`."""
