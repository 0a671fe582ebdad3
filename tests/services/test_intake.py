from datetime import UTC, datetime

from sqlmodel import Session

from bau_tracker.domain.importing import ItemRecord
from bau_tracker.domain.taxonomy import Origin
from bau_tracker.services.intake import item_of
from tests.factories import make_team


def test_what_a_tracker_says_of_times_and_incidents_decides_where_an_item_came_from(session: Session) -> None:
    team = make_team(session)
    sprint, added = datetime(2026, 11, 16, 9, tzinfo=UTC), datetime(2026, 11, 18, 9, tzinfo=UTC)
    late = ItemRecord(2, "jira", "A-1", "Sort by price", created=added, sprint_started=sprint)
    taken_up = ItemRecord(3, "github", "a/b#1", "Sort by name", created=added, started=added)
    incident = ItemRecord(4, "gitlab", "a/b#2", "Sort by colour", item_type="incident", incident=True)
    planned = ItemRecord(5, "jira", "A-2", "Sort by size", item_type="Story", created=added, sprint_started=sprint)

    items = [item_of(record, team, None)[0] for record in (late, taken_up, incident, planned)]

    assert [item.origin for item in items] == [Origin.UNPLANNED] * 3 + [Origin.PLANNED]
    assert ["sprint" in items[0].origin_reason, "same week" in items[1].origin_reason] == [True, True]
    assert "incident" in items[2].origin_reason
