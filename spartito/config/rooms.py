"""The rooms in the order they stand on each other, lowest first."""

TENANT_ROOMS = [
    "access",
    "reference",
    "journal",
    "archive",
    "portfolio",
    "actions",
    "ingest",
    "strategies",
    "worklist",
    "communications",
    "cycle",
]
