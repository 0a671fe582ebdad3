"""Decides how scripts and styles reach the browser: versioned addresses that are kept for a year, packed once.

Open to all: nothing here tells anything about a team.
"""

from __future__ import annotations

import gzip
import hashlib
from functools import cache, lru_cache
from http import HTTPStatus
from pathlib import Path
from typing import Any, Final

from flask import Blueprint, Response, abort, current_app, request

from bau_tracker.charts import stylesheet
from bau_tracker.web.auth import public

assets = Blueprint("assets", __name__, url_prefix="/assets")

_LENGTH: Final = 10
_YEAR_SECONDS: Final = 365 * 24 * 3600
_FILES: Final = {"static", "bootstrap.static"}
_TEXTS: Final = {"text/css", "text/javascript", "image/svg+xml"}


@assets.get("/plotly-<version>.min.js")
@public
def plotly(version: str) -> Response:
    """Send Plotly's script, packed when the browser takes gzip."""
    if version != plotly_version():
        abort(404)
    packed = _takes_gzip()
    response = Response(_packed() if packed else stylesheet.bundle(), mimetype="text/javascript")
    if packed:
        response.content_encoding = "gzip"
    response.vary.add("Accept-Encoding")
    response.set_etag(f"{version}-gzip" if packed else version)
    _keep(response)
    response.make_conditional(request)
    return response


@assets.app_url_defaults
def add_version(endpoint: str, values: dict[str, Any]) -> None:
    """Put the version of the content into the address, so that a browser fetches again what changed, and only that."""
    if endpoint == "assets.plotly":
        values.setdefault("version", plotly_version())
    elif endpoint == "static" and current_app.static_folder:
        version = _file_version(Path(current_app.static_folder, str(values["filename"])))
        if version:
            values.setdefault("v", version)


@assets.after_app_request
def keep_versioned(response: Response) -> Response:
    """Let browsers keep a file of ours for as long as its address names its content."""
    if request.endpoint == "static" and request.args.get("v") and response.status_code in {200, 206, 304}:
        _keep(response)
    return response


@assets.after_app_request
def pack(response: Response) -> Response:
    """Send scripts and styles packed, when the browser takes gzip: most of a page's weight is Bootstrap's rules.

    Pages themselves are sent as they are: packed beside what somebody else may have put in, a secret can be guessed.
    """
    if request.endpoint not in _FILES or response.mimetype not in _TEXTS:
        return response
    response.vary.add("Accept-Encoding")
    if response.status_code == HTTPStatus.OK and request.method == "GET" and _takes_gzip():
        response.direct_passthrough = False
        tag = response.get_etag()[0] or ""
        response.set_data(_packed_text(response.get_data()))
        response.content_encoding = "gzip"
        response.set_etag(f"{tag}-gzip")
        response.accept_ranges = "none"
        response.make_conditional(request)
    return response


@assets.app_template_global()
@cache
def plotly_map_style_id() -> str:
    """Give the id an element needs so that Plotly leaves out its style for maps, which the policy would refuse."""
    return stylesheet.map_style_id()


@cache
def plotly_version() -> str:
    """Name the content of the installed Plotly script."""
    return hashlib.sha256(stylesheet.bundle()).hexdigest()[:_LENGTH]


@cache
def _packed() -> bytes:
    return gzip.compress(stylesheet.bundle(), compresslevel=6, mtime=0)


@lru_cache(maxsize=64)
def _packed_text(content: bytes) -> bytes:
    return gzip.compress(content, compresslevel=6, mtime=0)


def _takes_gzip() -> bool:
    return request.accept_encodings.quality("gzip") > 0


def _file_version(path: Path) -> str:
    try:
        changed = path.stat().st_mtime_ns
    except OSError:
        return ""
    return _hash_of(path, changed)


@cache
def _hash_of(path: Path, changed: int) -> str:  # noqa: ARG001  (a changed file is read again)
    return hashlib.sha256(path.read_bytes()).hexdigest()[:_LENGTH]


def _keep(response: Response) -> None:
    response.cache_control.no_cache = None
    response.cache_control.public = True
    response.cache_control.max_age = _YEAR_SECONDS
    response.cache_control.immutable = True
