"""Rules that hold for every page, post, template and response, so that a new one can't forget them."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Final

import click
import pytest
import sqlalchemy as sa
from click.testing import CliRunner
from flask import Flask
from flask.testing import FlaskClient
from sqlmodel import Session
from werkzeug.routing import Rule

from bau_tracker.cli.main import program
from bau_tracker.domain.permissions import Action, Role
from bau_tracker.settings import PREFIX, VARIABLES
from bau_tracker.storage.tables import Person
from bau_tracker.web.auth import GUARD, PUBLIC
from bau_tracker.web.security import HEADERS, csrf
from tests.conftest import Clock
from tests.factories import OPEN_WEEK, give_answer, make_member, make_person, make_team_of

ROOT: Final = Path(__file__).parents[2]
FILES_OF_LIBRARIES: Final = {"static", "bootstrap.static"}
OPEN_TO_ALL: Final = {
    "assets.plotly", "health.healthz", "method.show",
    "people.first", "people.link", "people.sign_in", "people.sign_out",
    "links.form", "links.answer", "links.revoked", "links.sent", "links.revoke",
    "messages.unsubscribe", "messages.change", "people.mail_link",
    "messages.alert_mail", "messages.change_alert_mail",
}  # fmt: skip
TOKEN_IS_THE_AUTHORITY: Final = {
    "links.answer", "links.revoke", "messages.change", "messages.change_alert_mail",
}  # fmt: skip
"""Posts that need no token of a form: the one in their address is what allows them, and no cookie is, so no other page
can borrow it. A browser without cookies can answer, and a mail program can leave a list."""
VALUES: Final[dict[str, str | int]] = {
    "slug": "payments",
    "week": str(OPEN_WEEK),
    "token": "0" * 32,
    "run_id": 1,
    "starts_on": "2026-12-24",
    "person_id": 1,
    "number": 1,
    "version": "0",
    "filename": "app.css",
}
TEMPLATES: Final = sorted(path.relative_to(ROOT / "templates") for path in (ROOT / "templates").rglob("*.html"))
INLINE: Final = {
    "a script without a file": re.compile(r"(?i)<script(?![^>]*\bsrc=)(?![^>]*\btype=\"application/json\")[^>]*>"),
    "a style element": re.compile(r"(?i)<style\b"),
    "a style attribute": re.compile(r"(?i)<[^>]*\sstyle\s*="),
    "a handler attribute": re.compile(r"(?i)<[^>]*\son[a-z]+\s*="),
    "a script address": re.compile(r"(?i)javascript:"),
    "a style given to a field": re.compile(r"(?i)\(.*\b(style|on[a-z]+)="),
}


def rules(app: Flask, method: str) -> list[Rule]:
    return [rule for rule in app.url_map.iter_rules() if method in (rule.methods or ())]


def address(app: Flask, rule: Rule) -> str:
    url = app.url_map.bind("localhost").build(rule.endpoint, {name: VALUES[name] for name in rule.arguments})
    return str(url)


def commands(command: click.Command, path: tuple[str, ...] = ()) -> Iterator[tuple[tuple[str, ...], click.Command]]:
    """Go through all commands, groups included, each with the words that call it."""
    yield path, command
    if isinstance(command, click.Group):
        context = click.Context(command)
        for name in command.list_commands(context):
            part = command.get_command(context, name)
            assert part is not None
            yield from commands(part, (*path, name))


def contents(engine: sa.Engine) -> dict[str, list[tuple[object, ...]]]:
    with engine.connect() as connection:
        tables = Person.metadata.sorted_tables
        return {table.name: [tuple(row) for row in connection.execute(table.select())] for table in tables}


def test_every_endpoint_says_who_may_use_it(app: Flask) -> None:
    guards = {name: getattr(view, GUARD, None) for name, view in app.view_functions.items()}
    unguarded = {name for name, guard in guards.items() if not (guard == PUBLIC or isinstance(guard, Action))}
    assert unguarded == FILES_OF_LIBRARIES
    assert {name for name, guard in guards.items() if guard == PUBLIC} == OPEN_TO_ALL


def test_nobody_gets_past_the_sign_in_page_without_signing_in(app: Flask, session: Session) -> None:
    make_person(session)
    session.commit()
    closed = [rule for rule in app.url_map.iter_rules() if rule.endpoint not in OPEN_TO_ALL | FILES_OF_LIBRARIES]
    assert len(closed) > 10
    for rule in closed:
        for method in {"GET", "POST"} & (rule.methods or set()):
            response = app.test_client().open(address(app, rule), method=method)
            assert (response.status_code, response.location.partition("?")[0]) == (302, "/sign-in"), rule


def test_every_post_needs_the_token_of_its_form_and_changes_nothing_without_it(
    app: Flask, session: Session, engine: sa.Engine, signed_in: Callable[[str], FlaskClient]
) -> None:
    team, (member, *_) = make_team_of(session, 3)
    make_member(session, team, "lead@example.org", role=Role.LEAD)
    give_answer(session, team, member)
    session.commit()
    client = signed_in("lead@example.org")
    app.config["WTF_CSRF_ENABLED"] = True
    before = contents(engine)
    posts = [rule for rule in rules(app, "POST") if rule.endpoint not in TOKEN_IS_THE_AUTHORITY]
    assert len(posts) >= 7
    for rule in posts:
        for data in ({}, {"csrf_token": "made up"}):
            typed = {"action": "away", "password": "long enough to be one", "what": "answers"}
            response = client.post(address(app, rule), data=typed | data)
            assert response.status_code == 400, rule
    assert contents(engine) == before
    assert client.get("/account").status_code == 200


def test_a_post_that_needs_no_token_of_a_form_is_listed_and_does_nothing_with_a_false_address(
    app: Flask, session: Session, engine: sa.Engine, client: FlaskClient
) -> None:
    make_team_of(session, 1)
    session.commit()
    exempt = csrf._exempt_views  # noqa: SLF001  (flask-wtf tells it nowhere else)
    names = {name for name, view in app.view_functions.items() if f"{view.__module__}.{view.__name__}" in exempt}
    assert names == TOKEN_IS_THE_AUTHORITY
    before = contents(engine)
    for rule in rules(app, "POST"):
        if rule.endpoint in TOKEN_IS_THE_AUTHORITY:
            assert client.post(address(app, rule), data={"action": "away"}).status_code in {400, 404}, rule
    assert contents(engine) == before


def test_every_response_carries_the_headers_that_protect_it(
    app: Flask, session: Session, signed_in: Callable[[str], FlaskClient]
) -> None:
    make_team_of(session, 1)
    session.commit()
    client = signed_in("member0@payments.example")
    statuses = set()
    addresses = [address(app, rule) for rule in rules(app, "GET") if rule.endpoint != "bootstrap.static"]
    for url in [*addresses, "/bootstrap/static/css/bootstrap.min.css", "/static/nothing.css", "/nothing", "/%00"]:
        for send in (client.get, client.post, client.head):
            response = send(url)
            statuses.add(response.status_code)
            missing = {name for name, value in HEADERS.items() if response.headers.get(name) != value}
            assert missing == set(), (url, send.__name__)
            assert response.headers["Cache-Control"], url
            response.close()
    assert {200, 302, 400, 403, 404, 405} <= statuses


def test_a_fault_of_the_program_shows_a_page_with_the_headers_too(app: Flask, client: FlaskClient) -> None:
    def broken() -> str:
        raise RuntimeError("a secret of the inside")

    app.add_url_rule("/broken", view_func=broken)
    app.config["PROPAGATE_EXCEPTIONS"] = False
    response = client.get("/broken")
    assert response.status_code == 500
    assert "Nothing was changed" in response.text
    assert "a secret of the inside" not in response.text
    assert response.headers["Content-Security-Policy"] == HEADERS["Content-Security-Policy"]


def test_what_is_personal_is_kept_by_no_cache(
    app: Flask, session: Session, signed_in: Callable[[str], FlaskClient]
) -> None:
    team, _ = make_team_of(session, 1)
    make_member(session, team, "lead@example.org", role=Role.LEAD)
    session.commit()
    client = signed_in("lead@example.org")
    open_to_all = FILES_OF_LIBRARIES | {"assets.plotly"}
    for rule in rules(app, "GET"):
        if rule.endpoint not in open_to_all:
            assert client.get(address(app, rule)).headers["Cache-Control"] == "no-store", rule


@pytest.mark.parametrize("name", TEMPLATES, ids=str)
def test_a_template_compiles(app: Flask, name: Path) -> None:
    app.jinja_env.get_template(name.as_posix())


@pytest.mark.parametrize("name", TEMPLATES, ids=str)
def test_a_template_holds_nothing_that_the_policy_would_block(name: Path) -> None:
    source = (ROOT / "templates" / name).read_text(encoding="utf-8")
    found = {what: pattern.findall(source) for what, pattern in INLINE.items() if pattern.search(source)}
    assert found == {}


@pytest.mark.parametrize(
    "markup",
    [
        "<script>alert(1)</script>",
        '<p class="a" style="color: red">',
        "<style>p {}</style>",
        '<a href="/" onclick="x()">',
        '<a href="javascript:x()">',
        '{{ form.send(class="btn", onclick="x()") }}',
    ],
)
def test_what_the_policy_would_block_is_found(markup: str) -> None:
    assert any(pattern.search(markup) for pattern in INLINE.values())


def test_every_setting_is_in_the_readme() -> None:
    readme = (ROOT / "README.md").read_text(encoding="utf-8")
    assert [name for name in VARIABLES if f"{PREFIX}{name}" not in readme] == []


def test_every_command_and_option_is_in_the_readme() -> None:
    lines = (ROOT / "README.md").read_text(encoding="utf-8").splitlines()
    missing = []
    found = [(" ".join(path), command) for path, command in commands(program) if not isinstance(command, click.Group)]
    assert len(found) > 8
    for name, command in found:
        (line, *_) = [*(line for line in lines if re.match(rf"\| `{name}[ `]", line)), ""]
        options = [option.opts for option in command.params if isinstance(option, click.Option)]
        missing += [name] if not line else [f"{name} {opts[0]}" for opts in options if not stands_in(line, opts)]
    assert missing == []


def stands_in(line: str, names: list[str]) -> bool:
    return any(re.search(rf"(?<![\w-]){name}(?![\w-])", line) for name in names)


@pytest.mark.parametrize(
    ("path", "command"), list(commands(program)), ids=[" ".join(path) or "program" for path, _ in commands(program)]
)
def test_every_command_explains_itself(path: tuple[str, ...], command: click.Command) -> None:
    result = CliRunner().invoke(program, [*path, "--help"])
    assert result.exit_code == 0
    assert command.help
    assert command.help.splitlines()[0] in " ".join(result.stdout.split())
    for option in command.params:
        if isinstance(option, click.Option):
            assert max(option.opts, key=len) in result.stdout


def test_the_clock_of_a_test_is_the_clock_of_the_pages(
    clock: Clock, session: Session, signed_in: Callable[[str], FlaskClient]
) -> None:
    make_team_of(session, 1)
    session.commit()
    client = signed_in("member0@payments.example")
    assert OPEN_WEEK.label in client.get("/my-week").text
    clock.advance(days=4)
    assert OPEN_WEEK.shift(1).label in client.get("/my-week").text
