"""The reconciliation wizard in Chromium: 300 unresolved lines decided by the keyboard alone.

dev/bench reconciliation [lines]     300 unless given; no mouse is moved, no field is set by script

Told are seconds a line, the server's queries for a line among few and among all, and the active
time that the wizard has measured of itself. It fails when a line is left or booked otherwise than meant.
"""

import os
import subprocess
import sys
import time
from pathlib import Path

import requests
from playwright.sync_api import sync_playwright
from services import find_chromium, free_port

from ._unresolved import make_company, make_lines
from .common import Figure, odoo_database, report

DATABASE = "i2c_bench_reconciliation"
# What the hands do for each kind of line; a list is text to type, "+x" waits for the selector x.
KEYS = {
    "amount": ["Enter"],
    "twins": ["2", "Enter"],
    "short_dispute": ["d", "Enter"],
    "short_fee": ["b", "Enter"],
    "short_write_off": ["w", "Enter"],
    "overpaid": ["Enter"],
    "unknown": ["m", "f", "+.o_i2c_open_items", ["number"], "+one", "Enter", "Control+Enter"],
    "split": ["f", "+.o_i2c_row", "Enter", "ArrowDown", "Enter", "Control+Enter"],
    "advance": ["a", "+.o_i2c_row", "Enter"],
    "model": ["x", "+.o_i2c_dismiss", "1"],
    "dismiss": ["x", "+.o_i2c_dismiss", "Enter"],
    "skip": ["s"],
}
EXPECTED = {"advance": "advance", "model": "reco_model", "short_dispute": "dispute", "short_fee": "fee"}
EXPECTED |= {"short_write_off": "write_off"}
IDLE = ".o_i2c_reconciliation[aria-busy='false']"
LINE = ".o_i2c_payment"


def start_server(port: int) -> subprocess.Popen:
    command = [sys.executable, "-m", "odoo", "-c", os.environ["ODOO_RC"], "-d", DATABASE]
    command += ["--http-port", str(port), "--max-cron-threads=0", "--db-filter", f"^{DATABASE}$"]
    log = Path(os.environ["ODOO_RC"]).parent / "log" / "bench_reconciliation.log"
    server = subprocess.Popen(
        [*command, "--log-level=warn"], stdout=log.open("w", encoding="utf-8"), stderr=subprocess.STDOUT
    )
    end = time.monotonic() + 120
    while time.monotonic() < end:
        try:
            if requests.get(f"http://127.0.0.1:{port}/web/health", timeout=5).ok:
                return server
        except requests.RequestException:
            time.sleep(0.3)
    server.terminate()
    raise TimeoutError(f"Odoo does not answer; its log: {log}")


class Hands:
    """A person with a keyboard: presses keys, looks at the page, has no mouse."""

    def __init__(self, page, plan):
        self.page, self.plan = page, plan

    def current(self) -> int | None:
        self.page.wait_for_selector(f"{IDLE} {LINE}, {IDLE} .o_i2c_done", timeout=60_000)
        line = self.page.query_selector(LINE)
        return int(line.get_attribute("data-id")) if line else None

    def play(self, keys, number=""):
        for key in keys:
            if isinstance(key, list):
                self.page.keyboard.type(number)
            elif key == "+one":  # the search has answered: the only row is the one that was looked for
                self.page.wait_for_function(
                    "number => { const rows = document.querySelectorAll('.o_i2c_row');"
                    " return rows.length === 1 && rows[0].textContent.includes(number); }",
                    arg=number,
                )
            elif key.startswith("+"):
                self.page.wait_for_selector(key[1:])
            else:
                self.page.keyboard.press(key)

    def leave(self, line_id):
        """Wait until another line, or the end, is on the table."""
        self.page.wait_for_selector(
            f"{IDLE} {LINE}:not([data-id='{line_id}']), {IDLE} .o_i2c_done", timeout=60_000
        )

    def decide(self, line_id, skipping=True):
        kind, number = self.plan[line_id]
        self.play(["Enter"] if kind == "skip" and not skipping else KEYS[kind], number)
        self.leave(line_id)

    def work(self) -> int:
        decided = 0
        while (line_id := self.current()) is not None:
            if decided % 50 == 10:
                self.play(["c", "+.o_i2c_comment textarea"])
                self.page.keyboard.type("позвонить клиенту")
                self.play(["Control+Enter", "+.o_i2c_note"])
            self.decide(line_id)
            decided += self.plan[line_id][0] != "skip"
            if decided % 50 == 20 and self.plan[line_id][0] != "skip":
                self.play(["u", f"+{IDLE} {LINE}[data-id='{line_id}']"])
                self.decide_again(line_id)
        self.play(["Enter"])  # go through the skipped ones
        while (line_id := self.current()) is not None:
            self.decide(line_id, skipping=False)
            decided += 1
        return decided

    def decide_again(self, line_id):
        """What was undone stands there with the candidate of before, chosen."""
        self.page.wait_for_selector(".o_i2c_suggestion.o_active, .o_i2c_none")
        if self.page.query_selector(".o_i2c_suggestion.o_active"):
            self.play(["Enter"])
            self.leave(line_id)
        else:
            self.decide(line_id)


def queries(env, ids) -> int:
    Match = env["payment.match"]
    Match.browse(ids).board_next()
    env.invalidate_all()
    before = env.cr.sql_log_count
    Match.browse(ids).board_next()
    return env.cr.sql_log_count - before


def check(env, rows) -> list[str]:
    """What is not as the hands meant it."""
    wrong = []
    for match_id, kind, _number in rows:
        match = env["payment.match"].browse(match_id)
        state = "dismissed" if kind == "dismiss" else "applied"
        entry = match.statement_line_id.move_id.line_ids
        if match.state != state:
            wrong.append(f"{kind} {match_id}: {match.state} {match.note or ''}")
        elif state == "applied" and not match.statement_line_id.is_reconciled:
            wrong.append(f"{kind} {match_id}: not reconciled")
        elif abs(sum(entry.mapped("balance"))) > 0.001:
            wrong.append(f"{kind} {match_id}: does not balance")
        elif kind in EXPECTED and match.outcome != EXPECTED[kind]:
            wrong.append(f"{kind} {match_id}: outcome {match.outcome}")
    return wrong


def main(arguments) -> int:
    number = int(arguments[0]) if arguments else 300
    with odoo_database(DATABASE) as env:
        journal = make_company(env)
        rows = make_lines(env, journal, number)
        env.cr.commit()
        user = env["res.users"].search([("login", "=", "accountant")])
        mine = env(user=user.id, context={"allowed_company_ids": user.company_ids.ids})
        ids = [match_id for match_id, _kind, _number in rows]
        few, all_of_them = queries(mine, ids[:5]), queries(mine, ids)
        env.cr.commit()
        port = free_port()
        server = start_server(port)
        try:
            with sync_playwright() as playwright:
                browser = playwright.chromium.launch(
                    executable_path=find_chromium(),
                    args=["--no-sandbox", "--disable-gpu", "--disable-background-networking"],
                )
                page = browser.new_page(viewport={"width": 1366, "height": 800})
                page.goto(f"http://127.0.0.1:{port}/web/login")
                page.fill("input[name=login]", "accountant")
                page.fill("input[name=password]", "accountant")
                page.keyboard.press("Enter")
                page.wait_for_selector(".o_main_navbar", timeout=120_000)
                start = time.monotonic()
                page.goto(f"http://127.0.0.1:{port}/odoo/reconciliation")
                hands = Hands(page, {match_id: (kind, text) for match_id, kind, text in rows})
                hands.current()
                decided = hands.work()
                wall = time.monotonic() - start
                page.goto(f"http://127.0.0.1:{port}/odoo/match-payments")  # the wizard reports as it closes
                page.wait_for_selector(".o_list_view")
                browser.close()
        finally:
            server.terminate()
            server.wait()
        env.cr.rollback()
        env.invalidate_all()
        wrong = check(env, rows)
        for line in wrong[:20]:
            print("   ", line)
        spent = env["reconciling.time"].search([("user_id", "=", user.id)]).seconds
        # Two confirmations, or a person's word: here every payer comes once.
        aliases = env["payer.alias"].search([])
        told = len(aliases.filtered("is_told"))
        early = len(aliases.filtered(lambda alias: alias.is_known and not alias.is_told))
        disputes = env["invoice.dispute"].search_count([("reason", "=", "short_payment")])
    kinds = [kind for _id, kind, _number in rows]
    return report(
        "reconciliation by keyboard",
        [
            Figure("lines decided", decided, bound=number, at_least=True),
            Figure("wrong", len(wrong), bound=0),
            Figure("disputes", disputes, bound=kinds.count("short_dispute"), at_least=True),
            Figure(
                "payers told to remember, known at once", told, bound=kinds.count("unknown"), at_least=True
            ),
            Figure("payers known after one confirmation", early, bound=0),
            Figure("seconds a line", wall / max(decided, 1), "s"),
            Figure("queries for a line, among few", few),
            Figure("queries for a line, among all", all_of_them, bound=few),
            Figure("measured active time, of the wall time", spent / wall, "x", bound=1.0),
        ],
    )


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
