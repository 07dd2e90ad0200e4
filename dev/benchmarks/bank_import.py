"""Import of bank files: what it costs beside a plain `create` of the same bank lines, and how it grows.

The floor creates the same values in batches of the same size, in the same database; import adds reading,
the look-up of what is there, the log, the statement and the protection against other imports. Matching has a
benchmark of its own and is switched off here. Both are measured in turns, CPU time of this process.

    dev/bench bank_import [lines [rounds]]      10,000 lines as the large file, 2 rounds of the comparison
"""

import gc
import resource
import sys
import time
from dataclasses import replace
from pathlib import Path
from unittest.mock import patch

from odoo.tools import split_every

from core.bank_formats import parse_statement

from .bank_formats import statement
from .common import Figure, odoo_database, report

sys.path.insert(0, str(Path(__file__).resolve().parents[2] / "tests" / "core"))
from writers import client_bank_1c

SMALL, MEDIUM, LARGE, ROUNDS = 1_000, 2_000, 10_000, 2
ACCOUNTS = iter(f"KZ{number:018}" for number in range(10**17, 10**18))


def cost(action) -> float:
    """Seconds of CPU of one run; setting up for a second one would cost more than it tells."""
    gc.collect()
    start = time.process_time()
    action()
    return time.process_time() - start


def memory() -> float:
    """The most that this process has held so far, in MB."""
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024


class Bank:
    """A company's bank, a new journal for each run so that none finds lines of another."""

    def __init__(self, env):
        self.env = env
        self.currency = env.ref("base.KZT")
        self.currency.active = True

    def journal(self):
        account = next(ACCOUNTS)
        journal = self.env["account.journal"].create(
            {"name": account, "type": "bank", "code": account[-5:], "currency_id": self.currency.id}
        )
        journal.set_bank_account(account)
        return journal, account

    def create(self, number) -> float:
        """The floor: reading is not in it, the values are those of the import."""
        journal, account = self.journal()
        lines = parse_statement(self.file(account, number))[0].transactions
        module = sys.modules["odoo.addons.invoice_to_cash.models.cash_application.bank_file_import"]
        Line = self.env["account.bank.statement.line"].with_context(tracking_disable=True)

        def plain():
            for batch in split_every(module.BATCH, lines):
                Line.create(
                    [{**journal._prepare_bank_line(line), "journal_id": journal.id} for line in batch]
                )
                self.env.flush_all()

        return cost(plain)

    def load(self, number) -> float:
        journal, account = self.journal()
        data = self.file(account, number)

        def run():
            result = journal._import_bank_data("bench.txt", data)
            self.env.flush_all()
            assert result["new"] == number, result

        with patch.object(self.env.registry["account.journal"], "_match_imported", lambda *_args: {}):
            return cost(run)

    @staticmethod
    def file(account, number) -> bytes:
        return client_bank_1c.write([replace(statement(number), account=account)])


def main(arguments) -> int:
    large, rounds_wanted = (*map(int, arguments), *(LARGE, ROUNDS)[len(arguments) :])
    with odoo_database() as env:
        bank = Bank(env)
        bank.create(50), bank.load(50)  # caches that live as long as the process
        rounds = [(bank.create(MEDIUM), bank.load(MEDIUM)) for _round in range(rounds_wanted)]
        floor, taken = (min(column) for column in zip(*rounds, strict=True))
        figures = [
            Figure(f"plain create, {MEDIUM} lines", floor / MEDIUM * 1000, "ms/line"),
            Figure(f"import, {MEDIUM} lines", taken / MEDIUM * 1000, "ms/line"),
            Figure("import against plain create", taken / floor, "x", 1.15),
        ]
        # Told at once: the rest takes minutes.
        report("import of bank files", figures)
        small, before = bank.load(SMALL), memory()
        much = bank.load(large)
        growth = [
            Figure(f"time a line, {large} against {SMALL}", (much / large) / (small / SMALL), "x", 1.2),
            Figure(f"more memory for {large} lines", memory() - before, "MB", 400),
        ]
    return report("import of large bank files", growth) or int(not all(figure.holds for figure in figures))


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
