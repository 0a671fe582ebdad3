"""Writes seed/ anew: `python -m tests.tools.make_seed` from the project's root. The same files come out every time."""

from __future__ import annotations

import csv
import io
import json
import unicodedata
from collections.abc import Iterable, Sequence
from pathlib import Path
from random import Random
from typing import Any, Final

from bau_tracker.domain.people import slug_of
from bau_tracker.domain.taxonomy import KINDS
from bau_tracker.formats.seeding import ANSWER_HEADER, DAYS, ITEM_HEADER
from tests.tools.seed_answers import Given, answers_of
from tests.tools.seed_items import Made, items_of
from tests.tools.seed_model import Member, Story
from tests.tools.seed_stories import HEAD, ORGANISATION, SIGN_IN, STORIES

_FOLDER: Final = Path(__file__).parents[2] / "seed"
_NOTE: Final = (
    "All of it is invented. Week 0 is the newest whole week, -1 the one before; loading turns weeks into dates. "
    "Written by tests/tools/make_seed.py: change that, not these files."
)
_NOT_DECOMPOSED: Final = str.maketrans({"ł": "l", "ø": "o"})


def seed_files() -> dict[str, str]:
    """Give every file of seed/ by its path in it, with its text."""
    found = {"teams.json": _roster()}
    for story in STORIES:
        random = Random(story.name)  # noqa: S311  (the same example data every time)
        answers = answers_of(story, random)
        items = items_of(story, answers, random)
        slug = slug_of(story.name)
        found[f"answers/{slug}.csv"] = _table(ANSWER_HEADER, map(_answer_row, answers))
        keys = _keys(story, len(items), random)
        found[f"items/{slug}.csv"] = _table(ITEM_HEADER, map(_item_row, keys, items))
    return found


def write(folder: Path = _FOLDER) -> None:
    """Write the files, in place of what stood there."""
    for path, text in seed_files().items():
        file = folder / path
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text(text, encoding="utf-8", newline="")


def email_of(name: str) -> str:
    """Give a person's address."""
    plain = unicodedata.normalize("NFKD", name.lower().translate(_NOT_DECOMPOSED)).encode("ascii", "ignore").decode()
    return f"{plain.replace(chr(39), '').replace(' ', '.')}@example.org"


def _roster() -> str:
    names = dict.fromkeys([HEAD, *(member.name for story in STORIES for member in story.members)])
    people = [{"email": email_of(name), "name": name} | ({"admin": True} if name == HEAD else {}) for name in names]
    said = {
        "note": _NOTE,
        "organisation": ORGANISATION,
        "sign_in": [{"who": who, "email": email_of(name)} for who, name in SIGN_IN],
        "people": people,
        "teams": [_team(story) for story in STORIES],
    }
    return json.dumps(said, ensure_ascii=False, indent=2) + "\n"


def _team(story: Story) -> dict[str, Any]:
    return {
        "name": story.name,
        "story": story.story,
        "timezone": story.timezone,
        "hours_per_week": story.hours,
        "step": "hours",
        "holidays": story.holidays,
        "agreed": [_agreed(*entry) for entry in story.agreed],
        "members": [membership for member in story.members for membership in _memberships(member)],
    }


def _agreed(week: int, done: int | None, text: str) -> dict[str, Any]:
    return {"week": week, "text": text} | ({} if done is None else {"done_week": done})


def _memberships(member: Member) -> list[dict[str, Any]]:
    """Give what a person is to a team: two entries for one who became its lead."""
    hours = {} if member.hours is None else {"hours": member.hours}
    email = email_of(member.name)
    if member.lead_from is not None:
        before = {"email": email, "role": "member", "from_week": member.start, "to_week": member.lead_from - 1}
        return [before | hours, {"email": email, "role": "lead", "from_week": member.lead_from} | hours]
    until = {} if member.end is None else {"to_week": member.end}
    role = "lead" if member.lead else "member"
    return [{"email": email, "role": role, "from_week": member.start} | until | hours]


def _table(header: Sequence[str], rows: Iterable[Sequence[str]]) -> str:
    text = io.StringIO()
    writer = csv.writer(text, lineterminator="\n")
    writer.writerow(header)
    writer.writerows(rows)
    return text.getvalue()


def _answer_row(answer: Given) -> tuple[str, ...]:
    return (
        str(answer.week),
        email_of(answer.name),
        answer.answered,
        "yes" if answer.away else "",
        _number(answer.available),
        _number(answer.planned),
        *(_number(answer.bau.get(kind.value, 0.0)) for kind in KINDS),
        _number(answer.overhead),
        _number(answer.callouts),
        " ".join(answer.excessive),
        {True: "yes", False: "no", None: ""}[answer.deferred],
        answer.comment,
    )


def _item_row(key: str, item: Made) -> tuple[str, ...]:
    return (
        key,
        item.title,
        item.item_type,
        item.status,
        item.priority,
        item.labels,
        item.component,
        _moment(*item.created),
        _moment(*item.closed) if item.closed else "",
        "; ".join(f"{week} {DAYS[day]} {_number(hours)}" for (week, day), hours in item.logged.items()),
    )


def _keys(story: Story, count: int, random: Random) -> list[str]:
    """Number items as a tracker does, with gaps for those of others."""
    found, number = [], 200 + int(random.random() * 1000)
    for _ in range(count):
        number += 1 + int(random.random() * 3)
        found.append(f"{story.key}-{number}")
    return found


def _moment(week: int, day: int, minutes: int) -> str:
    return f"{week} {DAYS[day]} {minutes // 60:02}:{minutes % 60:02}"


def _number(hours: float) -> str:
    return f"{hours:g}" if hours else ""


if __name__ == "__main__":
    write()
