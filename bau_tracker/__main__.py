"""Runs the command line: `python -m bau_tracker`."""

from bau_tracker.cli.main import main

if __name__ == "__main__":
    main()
