"""Proves that the fixtures which watch over other tests are able to fail."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest
from flask import Flask
from playwright.sync_api import Page

from bau_tracker.storage.engine import make_engine
from bau_tracker.storage.migrate import is_current
from tests.chromium import NoChromium, axe_violations, chromium_path

ROOT = Path(__file__).parent.parent
LiveServer = Callable[[Flask], str]


def app_with(body: str) -> Flask:
    app = Flask("one page")

    @app.get("/")
    def home() -> tuple[str, dict[str, str]]:
        html = f"<!doctype html><html lang=en><title>One page</title><main><h1>Hello</h1>{body}</main>"
        return html, {"Content-Security-Policy": "default-src 'self'"}

    @app.get("/favicon.ico")
    def icon() -> str:
        return ""

    return app


@pytest.mark.parametrize(
    "source",
    [
        "import pytest\ndef test_one(): pytest.skip('no time')",
        "import pytest\n@pytest.mark.xfail\ndef test_one(): assert False",
        "import pytest\npytest.importorskip('not_installed')\ndef test_one(): pass",
    ],
)
def test_a_skipped_test_fails_the_run(tmp_path: Path, source: str) -> None:
    (tmp_path / "test_it.py").write_text(source, encoding="utf-8")
    command = [sys.executable, "-m", "pytest", "-q", "-p", "tests.plugins.no_skips", "-p", "no:cacheprovider"]
    result = subprocess.run(
        command, cwd=tmp_path, env=os.environ | {"PYTHONPATH": str(ROOT)}, capture_output=True, text=True, check=False
    )
    assert result.returncode != 0
    assert "Nothing is skipped here" in result.stdout


def test_a_test_has_an_empty_and_a_migrated_postgresql(postgresql_url: str, migrated_postgresql_url: str) -> None:
    answers = []
    for url in (postgresql_url, migrated_postgresql_url):
        engine = make_engine(url)
        answers.append((engine.dialect.name, is_current(engine)))
        engine.dispose()
    assert answers == [("postgresql", False), ("postgresql", True)]


def test_a_clean_page_is_without_faults(page: Page, live_server: LiveServer) -> None:
    page.goto(live_server(app_with("<p>Nothing wrong.</p>")))
    assert page.inner_text("h1") == "Hello"
    assert axe_violations(page) == []


@pytest.mark.parametrize(
    ("body", "fault"),
    [
        ("<p style='color: red'>Red</p>", "style"),
        ("<script>document.title = 'Changed'</script>", "script"),
        ("<img alt='' src='/missing.png'>", "404"),
    ],
)
def test_what_a_page_does_wrong_is_noticed(
    page: Page, page_faults: list[str], live_server: LiveServer, body: str, fault: str
) -> None:
    page.goto(live_server(app_with(body)))
    page.wait_for_load_state("networkidle")
    assert any(fault in noticed for noticed in page_faults)
    page_faults.clear()


def test_a_page_that_not_everybody_can_use_is_noticed(page: Page, live_server: LiveServer) -> None:
    page.goto(live_server(app_with("<button></button>")))
    (violation,) = axe_violations(page)
    assert violation.startswith("button-name (critical)")


def test_without_a_browser_the_message_says_what_to_install(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PATH", "")
    monkeypatch.delenv("BAU_TRACKER_TEST_CHROMIUM", raising=False)
    with pytest.raises(NoChromium, match="apt-get install -y chromium"):
        chromium_path()
