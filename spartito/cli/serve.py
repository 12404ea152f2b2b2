"""`spartito serve` and `spartito worker`: the processes that stay up."""

import os
import sys

from spartito.cli.frame import Door, command, option


@command("serve", database=False)
@option("--host", default="127.0.0.1", show_default=True)
@option("--port", default=8000, show_default=True, type=int)
@option("--processes", default=1, show_default=True, type=int, help="Server processes.")
@option("--worker/--no-worker", default=False, help="Also run a worker beside the server.")
def serve(door: Door, /, host: str, port: int, processes: int, worker: bool) -> None:
    """Serves the pages until stopped."""
    _long_lived()
    _begin_anew(["serve", "--host", host, "--port", str(port), "--processes", str(processes), *(["--worker"] * worker)])
    from spartito.cli.frame import open_house

    open_house()
    beside = _start_worker() if worker else None
    import uvicorn
    from django.db import connections

    connections.close_all()
    print(f"Spartito answers at http://{host}:{port}/ (Ctrl-C stops it)", file=sys.stderr)
    try:
        uvicorn.run(
            "spartito.config.asgi:application",
            host=host,
            port=port,
            workers=processes if processes > 1 else None,
            log_config=None,
            access_log=False,
            lifespan="off",
            proxy_headers=os.environ.get("SPARTITO_HTTPS") == "1",
        )
    finally:
        if beside is not None:
            beside.terminate()
            beside.wait(timeout=30)


@command("worker", database=False)
@option("--concurrency", default=1, show_default=True, type=int, help="Jobs at a time.")
@option("--once", is_flag=True, help="Stop when the queue is empty.")
def worker(door: Door, /, concurrency: int, once: bool) -> None:
    """Carries out queued and recurring jobs until stopped."""
    os.environ["SPARTITO_WORKER"] = "1"
    _long_lived()
    from spartito.cli.frame import open_house

    open_house()
    from procrastinate.contrib.django import app

    with app.replace_connector(app.connector.get_worker_connector()) as ready:  # type: ignore[attr-defined]
        ready.run_worker(concurrency=concurrency, wait=not once, listen_notify=not once, delete_jobs="successful")


def _long_lived() -> None:
    """Settings of processes that stay: logs at info, pooled connections."""
    if os.environ.get("SPARTITO_LOG_LEVEL", "warning") == "warning":
        os.environ["SPARTITO_LOG_LEVEL"] = "info"
    os.environ.setdefault("SPARTITO_POOL", "20")


def _begin_anew(arguments: list[str]) -> None:
    """Starts over where Django was set up before (`demo`): its settings were those of a short command."""
    from django.apps import apps
    from django.db import connections

    if apps.ready:
        connections.close_all()
        sys.stdout.flush()
        os.execv(sys.executable, [sys.executable, "-m", "spartito.cli.main", *arguments])


def _start_worker():  # type: ignore[no-untyped-def]
    import subprocess

    return subprocess.Popen([sys.executable, "-m", "spartito.cli.main", "worker"], preexec_fn=_end_with_parent)  # noqa: PLW1509


def _end_with_parent() -> None:
    """Asks Linux to end the worker when the server ends, however it ends."""
    import ctypes
    import signal

    if hasattr(signal, "SIGTERM") and os.uname().sysname == "Linux":
        ctypes.CDLL(None).prctl(1, signal.SIGTERM)  # 1 = PR_SET_PDEATHSIG
