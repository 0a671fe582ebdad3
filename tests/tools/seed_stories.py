"""The six invented teams of the example data and what happens to them. All names, teams and words are invented."""

from __future__ import annotations

from typing import Final

from tests.tools.seed_model import Member, Phase, Story

CHECKOUT: Final = Story(
    name="Checkout",
    key="CHK",
    timezone="Europe/London",
    holidays="GB-ENG",
    agreed=(
        (-16, -9, "Nobody deploys on a Friday afternoon until the pipeline goes back by itself."),
        (-3, None, "One person a day takes interruptions; the others don't answer pings."),
    ),
    hours=37.5,
    story="slides for months while releases by hand pile up, and its members say so",
    share=((-51, 0.83), (-18, 0.82), (-13, 0.80), (-8, 0.75), (-4, 0.62), (0, 0.52), (1, 0.51)),
    phases=(
        Phase(
            -20,
            {"defect": 6, "minor_change": 5, "support": 4, "capacity": 2,
             "security": 2, "telemetry": 2, "other_bau": 1},
            {"approvals": 2, "environments": 2, "interruptions": 2, "deployments": 1, "alerts": 1},
            complaining=0.10, deferring=0.12, callouts=0.25,
        ),
        Phase(
            -9,
            {"defect": 9, "support": 6, "minor_change": 4, "capacity": 2,
             "security": 1, "telemetry": 1, "other_bau": 3},
            {"deployments": 4, "environments": 3, "approvals": 2, "interruptions": 1},
            complaining=0.26, deferring=0.30, callouts=0.35,
        ),
        Phase(
            1,
            {"defect": 12, "support": 9, "minor_change": 3, "capacity": 2,
             "security": 1, "telemetry": 1, "other_bau": 4},
            {"deployments": 7, "environments": 4, "approvals": 3, "interruptions": 2, "incidents": 1},
            complaining=0.58, deferring=0.50, callouts=0.55,
        ),
    ),
    members=(
        Member("Amara Okafor", lead=True, overhead=13, level=0.04, habit="Mon 9", on_call=False, away=(-47, -17, -16)),
        Member("Priya Raman", step=0.5, habit="Fri 16", complains=1.3, away=(-47, -13), last_minute=True),
        Member("Callum Fraser", step=2, overhead=4, level=-0.04, away=(-47, -46, -15, -14)),
        Member("Mei-Ling Zhou", step=0.5, level=0.05, habit="Fri 14", away=(-41, -40, -12)),
        Member("Owen Pritchard", hours=22.5, step=1.5, overhead=3, habit="Mon 10", away=(-47, -46, -28), on_call=False),
        Member("Jonah Whitlock", end=-31, step=4, overhead=4, answers=0.85, away=(-47,)),
        Member("Sofia Marchetti", start=-25, overhead=6, complains=1.2, away=(-16, -15)),
        Member("Zainab Yusuf", start=-14, step=0.5, level=-0.02, habit="Mon 11"),
    ),
    incidents={-37: 0.16, -3: 0.05},
    comments={
        -44: ("Quiet week, got a lot of the new basket done.",),
        -37: ("Half the week went into the address lookup outage.",),
        -33: ("Quarter end: everybody wanted their release out on the same day.",),
        -26: ("Good week.",),
        -18: ("Second release this month that we had to take back.",),
        -12: ("Test environment was down two mornings in a row.",),
        -9: ("Waited a day and a half for somebody to approve a one-line change.",),
        -6: ("I copied config by hand again. It went wrong again.",),
        -4: ("Three tries to get one fix live.", "The promo feature hasn't moved since last sprint."),
        -3: ("Release night ran until eleven.", "Spent more time on the test environment than on the feature."),
        -2: ("Same deployment problem as last week, same workaround.",),
        -1: ("We fix forward because going back takes even longer.", "Never know whether red means broken or flaky."),
        0: ("Can we stop and automate this?", "Planned work is what I do on Friday afternoon now."),
    },
)  # fmt: skip

SEARCH: Final = Story(
    name="Search and Browse",
    key="SRC",
    timezone="Europe/Berlin",
    holidays="DE-BE",
    hours=40,
    story="stays healthy through a change of lead and one bad week",
    share=((-51, 0.79), (-36, 0.81), (-20, 0.80), (-8, 0.83), (1, 0.83)),
    phases=(
        Phase(
            1,
            {"defect": 5, "minor_change": 6, "telemetry": 4, "support": 3,
             "capacity": 3, "security": 2, "other_bau": 1},
            {"interruptions": 4, "alerts": 2, "approvals": 1, "environments": 1},
            complaining=0.08, deferring=0.10, callouts=0.18,
        ),
    ),
    members=(
        Member("Lukas Brandt", end=-21, lead=True, overhead=12, on_call=False, away=(-47, -46)),
        Member("Katrin Vogel", lead_from=-20, step=0.5, overhead=7, level=0.02, habit="Mon 9", away=(-47, -15, -14)),
        Member("Emre Gökçe", step=1, away=(-46, -13, -12)),
        Member("Anouk de Vries", step=0.5, level=0.03, habit="Fri 11", away=(-47, -30, -17)),
        Member("Piotr Wiśniewski", step=4, overhead=4, level=-0.03, away=(-47, -46, -16)),
        Member("Hanna Lindqvist", hours=32, step=2, overhead=4, habit="Mon 14", away=(-47, -18, -17, -16)),
        Member("Rafael Teixeira", start=-33, step=1, level=-0.01, habit="Tue 9", answers=0.88, away=(-11,)),
        Member("Sofia Marchetti", end=-26, overhead=6, away=(-46,)),
    ),
    incidents={-29: 0.20},
    comments={
        -42: ("Turned off eleven alerts nobody had read for months.",),
        -35: ("The daily BAU person works well, the rest of us had long mornings.",),
        -29: ("Index rebuild went wrong on Tuesday, two days gone.",),
        -28: ("Wrote up last week and fixed the cause.",),
        -21: ("Handover week for the lead, not much else.",),
        -13: ("Nothing special.",),
        -5: ("Suggestions went live for everybody, hardly any questions.",),
        -2: ("Calm on-call week.",),
        0: ("Two synonyms requests out of nowhere, otherwise fine.",),
    },
)  # fmt: skip

DELIVERIES: Final = Story(
    name="Deliveries",
    key="DLV",
    timezone="America/New_York",
    holidays="US",
    agreed=(
        (-3, None, "Write down what the gateway does before anybody changes it."),
    ),
    hours=40,
    story="drops within a week after it took over the old carrier gateway, and nobody complains yet",
    share=((-51, 0.75), (-28, 0.78), (-5, 0.78), (-4, 0.61), (0, 0.59), (1, 0.59)),
    phases=(
        Phase(
            -5,
            {"support": 7, "defect": 4, "minor_change": 3, "capacity": 2,
             "telemetry": 2, "security": 2, "other_bau": 1},
            {"dependencies": 3, "interruptions": 3, "alerts": 2, "incidents": 2},
            complaining=0.15, deferring=0.15, callouts=0.30,
        ),
        Phase(
            1,
            {"support": 9, "defect": 8, "capacity": 7, "security": 4,
             "telemetry": 3, "minor_change": 2, "other_bau": 3},
            {"dependencies": 3, "incidents": 2, "interruptions": 2},
            complaining=0.12, deferring=0.42, callouts=0.50,
        ),
    ),
    members=(
        Member("Denise Calloway", lead=True, hours=0),
        Member("Marcus Bell", step=1, habit="Fri 14", away=(-47, -19)),
        Member("Rosa Delgado", step=0.5, level=0.04, habit="Fri 16", away=(-46, -14)),
        Member("Kevin Tran", step=2, overhead=4, level=-0.03, away=(-40, -39, -38)),
        Member("Aisha Rahimi", step=0.5, overhead=7, habit="Mon 10", away=(-29, -28, -9)),
        Member("Ben Abramowitz", step=4, overhead=4, answers=0.85, habit="Tue 11", away=(-47, -46, -12)),
        Member("Chloe Fontaine", step=1, level=0.03, habit="Fri 12", away=(-25, -24)),
        Member("Tyrone Baptiste", step=1, level=-0.05, away=(-47, -15)),
        Member("Grace Kim", start=-18, step=0.5, habit="Mon 9", away=(-10,)),
    ),
    incidents={-43: 0.14, -22: 0.18},
    comments={
        -43: ("A storm closed two depots; most of us rebooked parcels by hand.",),
        -34: ("Route planner is live in the south. No drama.",),
        -22: ("Carrier API gave us nonsense for two days.",),
        -17: ("Pairing our newcomer in took a day, well spent.",),
        -8: ("Steady week.",),
        -4: ("The carrier gateway is ours now. Lots of reading.",),
        -3: ("Found servers nobody told us about.",),
        -2: ("Patched the gateway, it hadn't been restarted in two years.",),
        -1: ("Getting to know the gateway. It will calm down, I think.",),
    },
)  # fmt: skip

PRICING: Final = Story(
    name="Pricing",
    key="PRC",
    timezone="Asia/Kolkata",
    holidays="IN",
    agreed=(
        (-14, -8, "Delete every alert that nobody acted on in a month."),
        (-10, None, "A quarter of each week goes into telemetry."),
    ),
    hours=40,
    story="spent half its time on noise and failures, gave its alerts and telemetry a quarter, and recovers",
    share=(
        (-51, 0.71),
        (-42, 0.64),
        (-33, 0.50),
        (-26, 0.45),
        (-15, 0.45),
        (-11, 0.50),
        (-6, 0.55),
        (0, 0.61),
        (1, 0.61),
    ),
    phases=(
        Phase(
            -34,
            {"defect": 5, "support": 5, "telemetry": 3, "minor_change": 4,
             "capacity": 3, "security": 2, "other_bau": 1},
            {"alerts": 4, "diagnosis": 3, "interruptions": 2, "incidents": 1},
            complaining=0.24, deferring=0.20, callouts=0.35,
        ),
        Phase(
            -13,
            {"support": 9, "defect": 6, "telemetry": 6, "capacity": 4,
             "minor_change": 2, "security": 1, "other_bau": 3},
            {"alerts": 7, "diagnosis": 5, "incidents": 3, "interruptions": 1},
            complaining=0.52, deferring=0.45, callouts=0.65,
        ),
        Phase(
            1,
            {"support": 4, "defect": 4, "telemetry": 2, "minor_change": 4,
             "capacity": 2, "security": 2, "other_bau": 1},
            {"diagnosis": 2, "alerts": 2, "interruptions": 2},
            complaining=0.16, deferring=0.18, callouts=0.25,
        ),
    ),
    members=(
        Member("Anil Deshmukh", lead=True, overhead=12, habit="Fri 17", on_call=False, away=(-31, -2)),
        Member("Kavya Nair", step=0.5, level=0.04, habit="Fri 16", away=(-47, -24)),
        Member("Rohan Kulkarni", step=1, level=-0.04, complains=1.2, away=(-28,)),
        Member("Sneha Patil", step=2, overhead=4, habit="Mon 10", away=(-36, -35, -2)),
        Member("Farhan Siddiqui", step=0.5, level=0.02, away=(-33, -19)),
        Member("Meera Iyer", hours=24, step=1, overhead=3, habit="Mon 11", on_call=False, away=(-29, -28, -8)),
        Member("Vikram Joshi", end=-28, step=4, overhead=4, level=-0.06, complains=1.4, away=(-47,)),
        Member("Tanvi Bhatt", start=-24, step=1, habit="Tue 10", away=(-12,)),
    ),
    incidents={-38: 0.12, -21: 0.10},
    comments={
        -45: ("Pager went off nine times, twice for something real.",),
        -38: ("Prices were stale for six hours and no dashboard showed it.",),
        -32: ("I no longer open the alert channel.",),
        -27: ("Guessing from logs again because there is no metric.",),
        -21: ("Whole team on the stuck price feed.",),
        -16: ("We agreed: a quarter for alerts and dashboards as code.",),
        -13: ("First hundred alerts deleted. Slept through.",),
        -10: ("New dashboards told us the cause in ten minutes.",),
        -6: ("On-call was almost boring.",),
        -3: ("Finished a feature in the week we planned it for.",),
        0: ("Bundles started, at last.",),
    },
)  # fmt: skip

GIFT_CARDS: Final = Story(
    name="Gift Cards",
    key="GFT",
    timezone="Australia/Sydney",
    holidays="AU-NSW",
    hours=38,
    story="is tiny, so that some weeks can't be shown; steady, but low",
    share=((-51, 0.63), (-25, 0.61), (1, 0.62)),
    phases=(
        Phase(
            1,
            {"support": 8, "minor_change": 6, "defect": 4, "security": 3,
             "capacity": 1, "telemetry": 1, "other_bau": 2},
            {"interruptions": 6, "approvals": 2, "dependencies": 1},
            complaining=0.22, deferring=0.25, callouts=0.15,
        ),
    ),
    members=(
        Member("Nicola Harding", lead=True, hours=0),
        Member("Liam O'Connor", step=1, level=-0.03, habit="Fri 15", away=(-48, -47, -20)),
        Member("Thi Hoa Nguyen", step=0.5, level=0.02, habit="Fri 13", away=(-41, -40, -16)),
        Member("Samuel Tuilagi", step=2, overhead=4, habit="Mon 9", away=(-47, -46, -30, -6)),
        Member("Erin Walsh", start=-30, hours=19, step=0.5, overhead=2, habit="Mon 13", away=(-22, -21, -13)),
    ),
    noise=0.04,
    comments={
        -39: ("Shops call us directly. Nice people, but it adds up.",),
        -24: ("Fraud team needed lists again.",),
        -11: ("Two of three days went to cards that wouldn't activate.",),
        -1: ("Usual mix.",),
    },
)  # fmt: skip

STORE_SYSTEMS: Final = Story(
    name="Store Systems",
    key="STS",
    timezone="Europe/Lisbon",
    holidays="PT",
    agreed=(
        (-2, None, "Ask for a fourth person before the season starts."),
    ),
    hours=40,
    story="fights fires all week, and half of it doesn't find the time to answer",
    share=((-51, 0.53), (-38, 0.48), (-24, 0.45), (1, 0.42)),
    phases=(
        Phase(
            -24,
            {"support": 8, "capacity": 6, "defect": 5, "minor_change": 2,
             "security": 2, "telemetry": 2, "other_bau": 3},
            {"infrastructure": 5, "incidents": 4, "dependencies": 3, "interruptions": 3},
            complaining=0.34, deferring=0.45, callouts=0.60,
        ),
        Phase(
            1,
            {"support": 9, "capacity": 8, "defect": 6, "security": 2,
             "telemetry": 2, "minor_change": 1, "other_bau": 4},
            {"infrastructure": 6, "incidents": 5, "dependencies": 4, "interruptions": 2},
            complaining=0.40, deferring=0.60, callouts=0.75,
        ),
    ),
    members=(
        Member("Teresa Carvalho", lead=True, hours=0),
        Member("Duarte Pinto", step=4, overhead=4, level=-0.02, answers=0.55, habit="Mon 12", away=(-47, -15)),
        Member("Inês Moreira", step=0.5, level=0.04, answers=0.82, habit="Fri 17", away=(-46, -14, -13)),
        Member("Bruno Saldanha", step=2, answers=0.40, habit="Tue 10", away=(-16,)),
        Member("Kwame Mensah", step=1, level=0.01, answers=0.70, habit="Mon 9", away=(-27, -26)),
        Member("Olga Petrenko", step=0.5, level=-0.04, answers=0.60, habit="Fri 16", away=(-45, -17)),
        Member("Miguel Rocha", step=4, overhead=4, answers=0.25, habit="Tue 16", away=(-15, -14)),
        Member("Yara Nascimento", step=1, level=0.02, answers=0.48, habit="Mon 10", away=(-38,)),
        Member("Filipe Antunes", start=-22, step=1, level=-0.02, answers=0.38, habit="Tue 9"),
    ),
    incidents={-40: 0.12, -18: 0.10},
    logging=0.4,
    noise=0.06,
    comments={
        -40: ("Tills in the north were offline for a morning.",),
        -31: ("Disk full again, third store this month.",),
        -18: ("Two nights on the stock service.",),
        -9: ("Sorry, no time for more than this line.",),
        -3: ("Everything is urgent.",),
        0: ("We grow servers by hand that should grow by themselves.",),
    },
)  # fmt: skip

STORIES: Final = (CHECKOUT, SEARCH, DELIVERIES, PRICING, GIFT_CARDS, STORE_SYSTEMS)
ORGANISATION: Final = "Hazel & Rook, an invented retailer"
HEAD: Final = "Ingrid Solheim"
SIGN_IN: Final = (
    ("Head of delivery (sees every team)", HEAD),
    ("Lead of Checkout", "Amara Okafor"),
    ("Member of Checkout", "Priya Raman"),
)
