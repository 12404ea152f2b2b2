"""Files of tenants, below SPARTITO_HOME: `tenants/<schema>/<kind>/…`, closed to other users of the machine."""

import hashlib
import os
import tempfile
from pathlib import Path

from spartito.platform.connection import connection
from spartito.platform.home import folder


def tenant_folder(kind: str) -> Path:
    """The folder of one kind (`archive`, `uploads`, `rejects`) of the tenant in force, made on first use."""
    if connection.schema_name == "public":
        raise RuntimeError("no tenant is in force")
    return folder(f"tenants/{connection.schema_name}/{kind}")


def write(path: Path, content: bytes) -> None:
    """Writes a whole file or none: beside it, to disk, then in its place."""
    path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    handle, beside = tempfile.mkstemp(dir=path.parent, prefix=".new-")
    try:
        with os.fdopen(handle, "wb") as file:
            file.write(content)
            file.flush()
            os.fsync(file.fileno())
        os.replace(beside, path)
    except BaseException:
        os.unlink(beside)
        raise


def digest(content: bytes) -> str:
    """SHA-256 in hexadecimal."""
    return hashlib.sha256(content).hexdigest()
