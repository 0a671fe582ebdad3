"""Words for the invented work items: what each team owns, and how people write about trouble with it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final


@dataclass(frozen=True)
class Words:
    """What a team's items speak of; `epics` come one after the other over the year.

    `inherited` is a service that becomes the team's in week `inherited_in`, and keeps it busy from then on.
    """

    parts: tuple[str, ...]
    services: tuple[str, ...]
    stores: tuple[str, ...]
    outside: tuple[str, ...]
    users: tuple[str, ...]
    things: tuple[str, ...]
    epics: tuple[str, ...]
    inherited: tuple[str, ...] = ()
    inherited_in: int = 0

    def services_in(self, week: int) -> tuple[str, ...]:
        """Give the services that are the team's in a week; an inherited one more than once, for the work it makes."""
        return self.services + self.inherited * 3 if week >= self.inherited_in else self.services


WORDS: Final[dict[str, Words]] = {
    "Checkout": Words(
        parts=("basket", "slot picker", "address form", "promo code box", "order summary", "saved cards", "receipt"),
        services=("basket-api", "order-api", "card-adapter", "tax-service", "checkout-web"),
        stores=("order database", "basket cache", "payment event log"),
        outside=("card processor", "address lookup", "fraud check", "tax table feed"),
        users=("guest customers", "call centre staff", "customers abroad", "members"),
        things=("orders", "refunds", "vouchers", "baskets"),
        epics=(
            "Guest checkout in two steps", "Pay in three parts", "Collect from locker", "One-tap reorder",
            "Order for someone else", "Shared family basket", "Checkout in the shop app", "Greener delivery choice",
        ),
    ),
    "Search and Browse": Words(
        parts=("result list", "filter bar", "category page", "suggestion box", "product tile", "size guide"),
        services=("query-api", "indexer", "suggest-service", "catalogue-web"),
        stores=("product index", "click store", "synonym table"),
        outside=("catalogue feed", "image host", "translation service"),
        users=("shoppers on phones", "merchandisers", "screen reader users", "editors"),
        things=("products", "synonyms", "landing pages", "banners"),
        epics=(
            "Search by photo", "Typing suggestions", "Compare side by side", "Filter by skin type", "Browse by room",
            "Recently seen shelf", "Similar in stock", "Seasonal landing pages",
        ),
    ),
    "Deliveries": Words(
        parts=("route planner", "driver app", "tracking page", "slot calendar", "parcel label", "depot board"),
        services=("route-solver", "tracking-api", "label-printer-hub", "slot-service"),
        stores=("parcel database", "route cache", "scan event store"),
        outside=("map provider", "parcel carrier", "text message sender", "weather feed"),
        users=("drivers", "depot planners", "customers waiting at home", "the night shift"),
        things=("parcels", "routes", "labels", "time slots"),
        epics=(
            "Live map of the van", "Choose a neighbour", "Route planner for bikes", "Photo at the door",
            "Same-day slots", "Returns picked up at home", "Driver breaks in the plan", "Carrier choice by cost",
        ),
        inherited=("carrier-gateway",),
        inherited_in=-4,
    ),
    "Pricing": Words(
        parts=("price list", "markdown planner", "competitor view", "approval queue", "margin chart", "label preview"),
        services=("price-engine", "feed-loader", "rules-api", "markdown-jobs"),
        stores=("price database", "rules store", "feed archive"),
        outside=("competitor feed", "currency feed", "shelf label supplier", "stock service"),
        users=("buyers", "category managers", "store staff", "analysts"),
        things=("prices", "markdowns", "price files", "offers"),
        epics=(
            "Bundle prices", "Price tests by region", "Markdown suggestions", "Clearance calendar",
            "Weight-based offers", "Price history for buyers", "Offer planner", "Member prices",
        ),
    ),
    "Gift Cards": Words(
        parts=("balance page", "card designer", "activation screen", "bulk order form", "greeting mail"),
        services=("card-ledger", "activation-api", "mail-merge"),
        stores=("ledger database", "card number vault"),
        outside=("card printer", "till network", "bank transfer file"),
        users=("shop staff", "corporate buyers", "people who got a card", "the fraud team"),
        things=("gift cards", "activations", "bulk orders", "refunds"),
        epics=(
            "Send a card later", "Cards with a photo", "Top up a card", "Corporate portal", "Split a balance",
            "Paperless cards", "Card in the phone wallet", "Thank-you replies",
        ),
    ),
    "Store Systems": Words(
        parts=("till screen", "stock count", "price label printout", "shift planner", "returns desk", "hand scanner"),
        services=("till-sync", "stock-service", "label-spooler", "shift-api", "store-proxy"),
        stores=("stock database", "till journal", "store file server"),
        outside=("payment terminal", "warehouse link", "head office network", "scale maker's driver"),
        users=("shop staff", "store managers", "the warehouse", "till supervisors"),
        things=("tills", "stock counts", "returns", "labels"),
        epics=(
            "Self-service till", "Stock count by handheld", "Click and reserve", "Digital shelf labels",
            "Shift swaps by phone", "Returns without receipt", "Queue display", "Store opening checklist",
        ),
    ),
}  # fmt: skip

TROUBLE: Final[dict[str, tuple[str, ...]]] = {
    "capacity": (
        "Raise memory of {service}",
        "Disk of the {store} is nearly full",
        "Scale {service} up before the sale",
        "Increase the connection limit of the {store}",
        "Move the {store} to a bigger instance",
        "{service}: out of memory under load",
        "Add two nodes to the {service} cluster",
        "Double the storage of the {store}",
        "{service} workers at 100 % CPU since noon",
        "Raise the queue quota of {service}",
    ),
    "defect": (
        "{part} loses what was typed after going back",
        "{part} is empty for some of {users}",
        "Fix rounding in the {part}",
        "{service} crashes on an empty answer from the {outside}",
        "{part} shows the wrong number of {things}",
        "Fix double {things} after a retry in {service}",
        "{part} doesn't sort by date correctly",
        "{service} fails on names with an apostrophe",
        "Fix regression in the {part} since the last release",
        "{part} ignores the time zone of {users}",
        "Wrong currency in the {part}",
        "Null pointer in {service} when {things} are missing",
    ),
    "security": (
        "Patch vulnerable XML library in {service}",
        "Rotate leaked API key of the {outside}",
        "Renew TLS certificate of {service}",
        "Block password guessing on the {part}",
        "Emergency security patch for {service}",
        "Remove secret from the configuration of {service}",
        "Restrict access of old accounts to the {store}",
        "Close vulnerability found by the scanner in {service}",
    ),
    "telemetry": (
        "Night alert of {service} is too noisy",
        "Add a missing alert for the {outside}",
        "Dashboard of {service} shows no metrics",
        "Log the request id in {service}",
        "Raise the alert threshold of the {store}",
        "Add metrics for retries in {service}",
        "Monitor the age of {things} in {service}",
        "Mute duplicate alerts of {service}",
    ),
    "support": (
        "{outside} is down, {part} unavailable",
        "Incident: {service} not responding",
        "{users} can't open the {part}",
        "Help {users} with stuck {things}",
        "Rerun the failed night load of {things}",
        "Outage: {part} degraded, {outside} slow to answer",
        "Please correct {things} entered twice by {users}",
        "Incident: no {things} since this morning",
        "Unable to find {things} in production, please help",
        "Question of {users}: where are my {things}?",
    ),
    "minor_change": (
        "Change wording of the {part}",
        "Make the button in the {part} bigger",
        "Hint text in the {part} for {users}",
        "Show a clearer label in the {part}",
        "Adjust colours of the {part}",
        "Rename a column heading in the {part}",
        "Improve the error message of the {part}",
        "New banner text above the {part}",
        "Sort the {part} by name by default",
    ),
    "other_bau": (
        "Clean up stuck builds of {service}",
        "Flaky tests of {service} block the pipeline",
        "Rebuild the test environment of {service}",
        "Update the runbook document of {service}",
        "Answer the auditors' document request on {service}",
        "Release {service} by hand, pipeline broken",
        "Remove stale branches and fixtures of {service}",
    ),
}

STEPS: Final = (
    "prototype for a user test",
    "first version behind a flag",
    "API for {users}",
    "store choices of {users}",
    "new view in the {part}",
    "support several {things}",
    "import from the {outside}",
    "notification to {users}",
    "export for {users}",
    "allow {users} to undo",
    "release to a tenth of {users}",
    "feature open to everybody",
)
"""How a planned feature grows; each title is an epic and a step."""

UPKEEP: Final = (
    "Scheduled version upgrade of the {store}",
    "Quarterly security patches of {service}",
    "Refactor {service} as agreed for this quarter",
    "Automate the deployment of {service}",
    "Dashboards of {service} as code",
    "Load test of {service} before the season",
)
"""Operational work that the product manager planned."""
