"""What every test may ask for; the fixtures that need a server or a browser are in tests/plugins/."""

from __future__ import annotations

pytest_plugins = ["tests.plugins.no_skips", "tests.plugins.postgresql", "tests.plugins.browser"]
