"""BAU Tracker: weekly planned-work figures of product teams, and a warning when unplanned work eats them."""
