"""The box at the top of every page."""
