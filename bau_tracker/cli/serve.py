"""`bau-tracker serve`: the web application under gunicorn."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import click
from flask import Flask
from gunicorn.app.base import BaseApplication
from sqlmodel import Session

from bau_tracker.cli.database import check_schema, reachable
from bau_tracker.cli.printing import say
from bau_tracker.services.people import first_code
from bau_tracker.settings import DEFAULT_BASE_URL, Settings, read_settings
from bau_tracker.storage.people import is_empty
from bau_tracker.web.app import create_app

THREADS = 8


class Server(BaseApplication):  # type: ignore[misc]  # gunicorn has no types
    """Gunicorn with these options; each worker makes its own application, and so its own connections."""

    def __init__(self, settings: Settings, options: dict[str, Any]) -> None:
        self._settings, self._options = settings, options
        super().__init__()

    def load_config(self) -> None:
        """Hand the options over."""
        for name, value in self._options.items():
            self.cfg.set(name, value)

    def load(self) -> Flask:
        """Make a worker's application."""
        return create_app(self._settings)


@click.command("serve")
@click.option("--host", default="127.0.0.1", show_default=True)
@click.option("--port", type=click.IntRange(1, 65535), default=8000, show_default=True)
@click.option(
    "--workers", type=click.IntRange(1, 64), default=2, show_default=True, help="Processes of 8 threads each."
)
def command(host: str, port: int, workers: int) -> None:
    """Serve the web pages."""
    settings = read_settings()
    if settings.base_url == DEFAULT_BASE_URL:
        settings = replace(settings, base_url=address_of(host, port))
    with reachable(settings.database_url) as engine, Session(engine) as session:
        check_schema(engine)
        if is_empty(session):
            code = first_code(settings.secret_key)
            say(f"Nobody is here yet. Open {settings.base_url}/first and give the code {code}")
    serve(settings, host, port, workers)


def address_of(host: str, port: int) -> str:
    """Give the address at which pages are served here."""
    return f"http://[{host}]:{port}" if ":" in host else f"http://{host}:{port}"


def serve(settings: Settings, host: str, port: int, workers: int) -> None:
    """Serve until interrupted."""
    options = {
        "bind": f"[{host}]:{port}" if ":" in host else f"{host}:{port}",
        "workers": workers,
        "worker_class": "gthread",
        "threads": THREADS,
        "accesslog": None,
        "loglevel": "warning",
    }
    Server(settings, options).run()
