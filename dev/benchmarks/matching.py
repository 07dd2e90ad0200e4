"""Matching: how often it is right, and how long it takes.

    dev/bench matching [--seeds 1,2,3] [--lines 1600] [--show KIND] [--quality | --speed]

Quality is measured on generated payments whose truth is known (`payments`), twice: only
the trusted rules may apply; every reason that can be earned has been earned.
"""

from __future__ import annotations

import argparse
import sys
from collections import Counter, defaultdict
from dataclasses import dataclass, field

from core.matching import APPLIED, Settings, match
from core.matching.reasons import EARNABLE

from . import payments
from ._payment_traps import make_adversarial_book
from .common import Figure, report, seconds

TRUSTED_ONLY = Settings()
ALL_EARNED = Settings(automation="earned", earned=EARNABLE)


@dataclass(slots=True)
class Score:
    """Counts over one or several books."""

    applied: int = 0
    wrong: int = 0
    quoting: int = 0
    quoting_applied: int = 0
    others: int = 0
    others_first: int = 0
    decidable: int = 0
    decidable_applied: int = 0
    kinds: dict = field(default_factory=lambda: defaultdict(Counter))
    misses: list = field(default_factory=list)

    def count(self, case, decision) -> None:
        truth = case.truth
        candidates = decision.candidates
        answer = tuple(sorted(decision.allocations)) if decision.allocations else None
        first = tuple(sorted(candidates[0].allocations)) if candidates else answer
        applied = decision.outcome == APPLIED
        right = truth.expected is not None and answer == truth.expected
        self.applied += applied
        self.wrong += applied and not right
        if truth.group == payments.TRUSTED:
            self.quoting += 1
            self.quoting_applied += applied and right
        if truth.group == payments.DECIDABLE:
            self.others += 1
            self.others_first += first == truth.expected
        if truth.group != payments.UNDECIDABLE:
            self.decidable += 1
            self.decidable_applied += applied and right
        verdict = (
            "wrong"
            if applied and not right
            else "applied"
            if applied
            else "first"
            if first == truth.expected
            else "missed"
        )
        if truth.group == payments.UNDECIDABLE and not applied:
            verdict = "left"
        self.kinds[truth.kind][verdict] += 1
        if verdict in ("wrong", "missed") or (verdict == "first" and truth.group == payments.TRUSTED):
            self.misses.append((verdict, case, decision))


def measure(settings: Settings, seeds, lines: int, make=payments.make_book) -> Score:
    score = Score()
    for seed in seeds:
        book = make(seed, lines)
        decisions = match(book.transactions, book.items, book.payers, settings)
        for case, decision in zip(book.cases, decisions, strict=True):
            score.count(case, decision)
    return score


def quality(arguments) -> int:
    seeds = [int(seed) for seed in arguments.seeds.split(",")]
    trusted = measure(TRUSTED_ONLY, seeds, arguments.lines)
    earned = measure(ALL_EARNED, seeds, arguments.lines)
    tempting = measure(ALL_EARNED, seeds, arguments.lines // 4, make_adversarial_book)
    for name, score in (("trusted", trusted), ("earned", earned), ("adversarial", tempting)):
        for verdict, case, decision in score.misses:
            if arguments.show in (case.truth.kind, "all", name, verdict):
                line = case.transaction
                print(
                    f"{name} {verdict} {case.truth.kind}: {line.amount} {line.payer_name!r} {line.purpose!r}"
                )
                shown = decision.allocations or [c.allocations for c in decision.candidates][:2]
                print(f"    {decision.outcome} {decision.reason} {shown} expected {case.truth.expected}")
    if arguments.show:
        for kind in trusted.kinds:
            print(f"  {kind:16} {dict(trusted.kinds[kind])!s:60} {dict(earned.kinds[kind])}")
        for kind in tempting.kinds:
            print(f"  {kind:16} {dict(tempting.kinds[kind])}")
    status = report(
        f"matching, trusted rules only, seeds {arguments.seeds}",
        [
            Figure("applied", trusted.applied, "lines", 3000, at_least=True),
            Figure("applied wrongly", trusted.wrong, "lines", 0),
            Figure(
                "quoting with agreeing amount, applied",
                100 * trusted.quoting_applied / trusted.quoting,
                "%",
                98,
                True,
            ),
            Figure(
                "other decidable lines, right one first",
                100 * trusted.others_first / trusted.others,
                "%",
                95,
                True,
            ),
        ],
    )
    status |= report(
        "matching, all reasons earned",
        [
            Figure("precision", 100 * (1 - earned.wrong / earned.applied), "%", 99.9, True),
            Figure(
                "decidable lines applied", 100 * earned.decidable_applied / earned.decidable, "%", 95, True
            ),
        ],
    )
    return status | report(
        "matching, lines that tempt, all reasons earned",
        [
            Figure("lines", sum(map(Counter.total, tempting.kinds.values()))),
            Figure("applied wrongly", tempting.wrong, "lines", 0),
        ],
    )


def speed(arguments) -> int:
    figures = []
    small, large = (_sized(payments.make_book(9, lines), lines) for lines in (1_000, 10_000))
    each = []
    for lines, (transactions, items, payers) in ((1_000, small), (10_000, large)):
        took = seconds(lambda t=transactions, i=items, p=payers: match(t, i, p), 3)
        each.append(took / lines)
        figures.append(Figure(f"{lines} lines, {len(items)} open items", took, "s"))
        figures.append(Figure("  a line", 1e6 * took / lines, "µs"))
    figures.append(Figure("a line of the large book against the small", each[1] / each[0], "x", 1.2))
    return report("matching, time", figures)


def _sized(book, lines: int):
    """The book with five open items a line."""
    maker = payments.Maker(10)
    maker.customers = 10**6
    while len(book.items) + len(maker.book.items) < 5 * lines:
        maker.customer()
    return (
        book.transactions[:lines],
        (book.items + maker.book.items)[: 5 * lines],
        book.payers + maker.book.payers,
    )


def main(arguments) -> int:
    parser = argparse.ArgumentParser(prog="dev/bench matching")
    parser.add_argument("--seeds", default="1,2,3")
    parser.add_argument("--lines", type=int, default=2_200)
    parser.add_argument("--show", default="")
    parser.add_argument("--quality", action="store_true")
    parser.add_argument("--speed", action="store_true")
    chosen = parser.parse_args(arguments)
    status = 0
    if chosen.quality or not chosen.speed:
        status |= quality(chosen)
    if chosen.speed or not chosen.quality:
        status |= speed(chosen)
    return status


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
