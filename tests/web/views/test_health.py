from __future__ import annotations

import sqlalchemy as sa
from flask.testing import FlaskClient

from bau_tracker.storage.migrate import downgrade


def test_a_program_that_can_serve_says_so_to_anybody(client: FlaskClient) -> None:
    response = client.get("/healthz")
    assert (response.status_code, response.json) == (200, {"status": "ok"})


def test_a_database_of_an_older_version_is_named(client: FlaskClient, engine: sa.Engine) -> None:
    downgrade(engine, "base")
    response = client.get("/healthz")
    assert response.status_code == 503
    assert response.json == {"status": "migrate", "message": "Run bau-tracker migrate."}
