"""Measures what each threshold of evidence does on made teams: the table of `bau_tracker.domain.sensitivity`.

Run by `make calibrate`, or `python -m tests.bench.calibrate --help`. Origins count alike, however many teams they have.
"""

from __future__ import annotations

import argparse
import os
import sys
from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from concurrent.futures import ProcessPoolExecutor
from itertools import chain
from pathlib import Path
from typing import Final

from bau_tracker.domain.detector import Told, judge, tell
from bau_tracker.domain.sensitivity import Calibrated
from bau_tracker.domain.weeks import Week
from bau_tracker.formats.detection import Response
from bau_tracker.services.detection import evidence_of_file
from tests.bench.cases import Case, folders_with_cases, read_cases
from tests.bench.running import Chunk, generated, given
from tests.bench.scoring import TeamScore, score_team, spread, summarise

THRESHOLDS: Final = (1.7, 1.8, 1.9, 2.0, 2.1, 2.2, 2.3, 2.4, 2.5, 2.6, 2.7)
Scores = dict[float, list[TeamScore]]


def main(arguments: Sequence[str]) -> None:
    """Print the table, as Python, and what each origin of teams says."""
    asked = _parser().parse_args(arguments)
    by_origin: dict[str, Scores] = {}
    for origin, chunks in _origins(asked):
        sys.stderr.write(f"{origin} ...\n")
        by_origin[origin] = _scores(chunks)
    for origin, scores in by_origin.items():
        sys.stdout.write(f"{origin}\n")
        for row in _rows([scores]):
            sys.stdout.write(f"    {row}\n")
    sys.stdout.write("All together\n")
    for row in _rows(list(by_origin.values())):
        sys.stdout.write(f"    Calibrated({', '.join(f'{value:.2f}' for value in row)}),\n")


def _rows(origins: Sequence[Scores]) -> Iterator[Calibrated]:
    """Give the row of each threshold: the mean of what each origin's teams say."""
    for threshold in THRESHOLDS:
        found = [summarise(scores[threshold]) for scores in origins]
        yield Calibrated(
            threshold,
            false_alarms=_mean([one.false_alarms for one in found]),
            weeks=_mean([one.changes.median for one in found]),
            within_8=_mean([one.changes.within_8 for one in found]),
        )


def _mean(values: Sequence[float]) -> float:
    return sum(values) / len(values)


def _scores(chunks: Sequence[Chunk]) -> Scores:
    scores: Scores = defaultdict(list)
    with ProcessPoolExecutor(os.cpu_count()) as pool:
        for found in pool.map(_judge, chunks):
            for threshold, some in found.items():
                scores[threshold] += some
    return scores


def _judge(chunk: Chunk) -> Scores:
    scores: Scores = defaultdict(list)
    for case in chunk():
        told = _told(case)
        for threshold in THRESHOLDS:
            states = spread(_states(told, case, threshold), case.truth.weeks)
            scores[threshold].append(score_team(case.team, states, case.truth))
    return scores


def _told(case: Case) -> Told:
    answers: dict[int, list[Response]] = defaultdict(list)
    for response in case.responses:
        answers[response.week].append(response)
    return tell(list(evidence_of_file(answers, case.roster, Week(case.truth.start), max(answers))))


def _states(told: Told, case: Case, threshold: float) -> Mapping[int, str]:
    verdicts = judge(told, needed=threshold)
    return {(verdict.week.monday - case.truth.start).days // 7: verdict.state.value for verdict in verdicts}


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="calibrate", description=__doc__)
    parser.add_argument("--seeds", type=int, nargs="*", default=[1, 2, 3], help="of our own generator")
    parser.add_argument("--teams", type=int, default=60, help="of each scenario, for each seed")
    parser.add_argument("--data", type=Path, nargs="*", default=[], help="folders with teams, or with such folders")
    return parser


def _origins(asked: argparse.Namespace) -> Iterator[tuple[str, list[Chunk]]]:
    if asked.seeds:
        yield "Our own generator", list(chain(*(generated(seed, asked.teams) for seed in asked.seeds)))
    for folder in asked.data:
        yield str(folder), list(chain(*(given(read_cases(path)) for path in folders_with_cases(folder))))


if __name__ == "__main__":
    main(sys.argv[1:])
