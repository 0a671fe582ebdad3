from __future__ import annotations

import gzip
from pathlib import Path

import pytest
from flask import Flask, url_for
from flask.testing import FlaskClient

from bau_tracker.charts import stylesheet
from bau_tracker.web.assets import assets, plotly_map_style_id


@pytest.fixture
def app() -> Flask:
    application = Flask("bau_tracker.web")
    application.register_blueprint(assets)
    return application


@pytest.fixture
def client(app: Flask) -> FlaskClient:
    return app.test_client()


def address(app: Flask, endpoint: str, filename: str | None = None) -> str:
    with app.test_request_context():
        return url_for(endpoint, filename=filename) if filename else url_for(endpoint)


def test_plotly_is_sent_packed_and_kept_for_a_year(app: Flask, client: FlaskClient) -> None:
    response = client.get(address(app, "assets.plotly"), headers={"Accept-Encoding": "br, gzip"})
    assert response.status_code == 200
    assert response.headers["Content-Encoding"] == "gzip"
    assert response.mimetype == "text/javascript"
    assert gzip.decompress(response.data) == stylesheet.bundle()
    assert len(response.data) < 1_600_000
    assert "Accept-Encoding" in response.headers["Vary"]
    assert response.headers["Cache-Control"] == "public, max-age=31536000, immutable"


@pytest.mark.parametrize("accepted", ["", "br", "gzip;q=0"])
def test_plotly_is_sent_plain_to_who_cannot_unpack_it(app: Flask, client: FlaskClient, accepted: str) -> None:
    response = client.get(address(app, "assets.plotly"), headers={"Accept-Encoding": accepted})
    assert "Content-Encoding" not in response.headers
    assert response.data == stylesheet.bundle()
    assert "Accept-Encoding" in response.headers["Vary"]


def test_a_browser_that_has_plotly_is_not_sent_it_again(app: Flask, client: FlaskClient) -> None:
    path = address(app, "assets.plotly")
    tag = client.get(path, headers={"Accept-Encoding": "gzip"}).headers["ETag"]
    again = client.get(path, headers={"Accept-Encoding": "gzip", "If-None-Match": tag})
    assert again.status_code == 304
    assert again.data == b""


def test_another_version_of_plotly_is_not_found(client: FlaskClient) -> None:
    assert client.get("/assets/plotly-0000000000.min.js").status_code == 404


def test_the_address_of_a_static_file_names_its_content(tmp_path: Path) -> None:
    (tmp_path / "app.css").write_text("a {}")
    application = Flask("bau_tracker.web", static_folder=str(tmp_path))
    application.register_blueprint(assets)
    before = address(application, "static", "app.css")
    (tmp_path / "app.css").write_text("b { color: red }")
    assert "?v=" in before
    assert address(application, "static", "app.css") != before


def test_a_missing_static_file_has_a_plain_address(app: Flask) -> None:
    assert address(app, "static", "nothing.css") == "/static/nothing.css"


def test_a_static_file_is_kept_for_a_year_only_by_its_versioned_address(app: Flask, client: FlaskClient) -> None:
    kept = client.get(address(app, "static", "app.css"))
    assert kept.headers["Cache-Control"] == "public, max-age=31536000, immutable"
    kept.close()
    asked_again = client.get("/static/app.css")
    assert "immutable" not in asked_again.headers["Cache-Control"]
    asked_again.close()


def test_styles_and_scripts_are_sent_packed_to_who_can_unpack_them(app: Flask, client: FlaskClient) -> None:
    plain = client.get(address(app, "static", "app.css"), headers={"Accept-Encoding": "identity"}, buffered=True)
    packed = client.get(address(app, "static", "app.css"), headers={"Accept-Encoding": "gzip, br"}, buffered=True)
    assert "Content-Encoding" not in plain.headers
    assert packed.headers["Content-Encoding"] == "gzip"
    assert gzip.decompress(packed.data) == plain.data
    assert int(packed.headers["Content-Length"]) == len(packed.data) < len(plain.data) / 2
    assert {"Accept-Encoding"} == {*packed.vary, *plain.vary}
    assert packed.headers["ETag"] != plain.headers["ETag"]
    assert packed.headers["Cache-Control"] == plain.headers["Cache-Control"]


def test_a_browser_that_has_a_packed_style_is_not_sent_it_again(app: Flask, client: FlaskClient) -> None:
    path, gzip_only = address(app, "static", "app.css"), {"Accept-Encoding": "gzip"}
    tag = client.get(path, headers=gzip_only, buffered=True).headers["ETag"]
    again = client.get(path, headers=gzip_only | {"If-None-Match": tag}, buffered=True)
    assert (again.status_code, again.data) == (304, b"")


def test_a_part_of_a_file_is_a_part_of_the_plain_file(app: Flask, client: FlaskClient) -> None:
    path = address(app, "static", "app.css")
    part = client.get(path, headers={"Accept-Encoding": "gzip", "Range": "bytes=0-9"}, buffered=True)
    assert part.status_code == 206
    assert "Content-Encoding" not in part.headers
    assert len(part.data) == 10


def test_templates_learn_the_id_that_keeps_the_style_for_maps_out(app: Flask) -> None:
    assert app.jinja_env.globals["plotly_map_style_id"] is plotly_map_style_id
    assert plotly_map_style_id() in stylesheet.bundle().decode()
