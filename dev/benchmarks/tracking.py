"""Statuses, sending truth and openings: their cost on top of Odoo alone; the hourly job on a big ledger.

dev/bench tracking [--invoices 100000] [--batch 200] [--only job|batch|mail|picture]
"""

import argparse
import datetime
import os
import statistics
import sys
import time
from contextlib import contextmanager
from pathlib import Path
from unittest.mock import patch

from .common import Figure, odoo_database, report

MAILS = 40
RUNS = 3


def main(arguments) -> int:
    parser = argparse.ArgumentParser(prog="dev/bench tracking")
    parser.add_argument("--invoices", type=int, default=100_000)
    parser.add_argument("--batch", type=int, default=200)
    parser.add_argument("--only", choices=PARTS)
    options = parser.parse_args(arguments)
    status = 0
    for name, part in PARTS.items():
        if options.only in (None, name):
            status |= report(f"tracking: {name}", part(options))
            sys.stdout.flush()
    return status


@contextmanager
def counted(env):
    """Yields a list that gets (queries, seconds) when the block ends."""
    result = []
    env.flush_all()
    env.cr.precommit.run()
    queries, start = env.cr.sql_log_count, time.perf_counter()
    yield result
    env.flush_all()
    env.cr.precommit.run()
    result += [env.cr.sql_log_count - queries, time.perf_counter() - start]


def prepare(env):
    """A company with accounts and a customer with an address."""
    company = env.company
    if not company.chart_template:
        env["account.chart.template"].try_loading("generic_coa", company=company, install_demo=False)
    company.email = "office@seller.example"
    return env["res.partner"].create(
        {
            "name": "Customer",
            "email": "customer@buyer.example",
            "is_company": True,
            "country_id": company.country_id.id,
        }
    )


def drafts(env, partner, number):
    today = datetime.date.today()
    return env["account.move"].create(
        [
            {
                "move_type": "out_invoice",
                "partner_id": partner.id,
                "invoice_date": today,
                "invoice_date_due": today + datetime.timedelta(days=30),
                "invoice_payment_term_id": False,
                "invoice_line_ids": [(0, 0, {"name": "Goods", "price_unit": 1000.0 + n, "tax_ids": False})],
            }
            for n in range(number)
        ]
    )


# --- the hourly job -------------------------------------------------------------
def _copy_invoice(env, invoice, number):
    """`number` copies of a posted invoice and of its lines, by SQL."""
    cr = env.cr
    env.flush_all()

    def columns(table, without):
        cr.execute(
            "SELECT column_name FROM information_schema.columns "
            "WHERE table_name = %s AND is_generated = 'NEVER'",
            [table],
        )
        return ", ".join(f'"{name}"' for (name,) in cr.fetchall() if name not in without)

    moves = columns("account_move", {"id", "name", "payment_code", "access_token", "status_next_date"})
    cr.execute(
        f"""
        INSERT INTO account_move (name, status_next_date, {moves})
        SELECT 'BENCH/' || n, CURRENT_DATE + (n %% 400) + 1, {moves}
          FROM account_move, generate_series(1, %s) n
         WHERE account_move.id = %s
        """,
        [number, invoice.id],
    )
    lines = columns("account_move_line", {"id", "move_id", "move_name"})
    cr.execute(
        f"""
        INSERT INTO account_move_line (move_id, move_name, {lines})
        SELECT copy.id, copy.name, {", ".join("line." + name for name in lines.split(", "))}
          FROM account_move_line line, account_move copy
         WHERE line.move_id = %s AND copy.name LIKE 'BENCH/%%'
        """,
        [invoice.id],
    )
    cr.execute("ANALYZE account_move; ANALYZE account_move_line")


def _hourly_job(options):
    ledger = options.invoices
    figures = []
    with odoo_database() as env:
        from odoo.tools import SQL

        from odoo.addons.invoice_to_cash.models.tracking.status_job import MOVE_STATUSES

        invoice = drafts(env, prepare(env), 1)
        invoice.action_post()
        _copy_invoice(env, invoice, ledger)
        moves, company, cr = env["account.move"], env.company, env.cr
        today = company._receivables_today()

        def count():
            start = time.perf_counter()
            cr.execute(
                "SELECT count(*) FROM account_move WHERE company_id = %s AND status_next_date <= %s",
                [company.id, today],
            )
            number = cr.fetchone()[0]
            return number, time.perf_counter() - start

        def job():
            start = time.perf_counter()
            moves._move_statuses(company)
            return time.perf_counter() - start

        def idle_job():
            start = time.perf_counter()
            for due_company in moves._get_companies_due():
                moves._move_statuses(due_company)
            return time.perf_counter() - start

        job(), idle_job()
        floor = statistics.median(count()[1] for _n in range(9))
        idle = statistics.median(idle_job() for _n in range(9))
        figures.append(Figure("hourly job, nothing due: against a count", idle / floor, "x", 2.0))
        for due in (10, ledger // 100):
            times = []
            for _n in range(RUNS):
                cr.execute("SAVEPOINT bench")
                cr.execute(
                    "UPDATE account_move SET status_next_date = %s, tracking_status = 'created' "
                    "WHERE id IN (SELECT id FROM account_move WHERE name LIKE 'BENCH/%%' LIMIT %s)",
                    [today, due],
                )
                _number, floor = count()
                times.append((job(), floor))
                cr.execute("ROLLBACK TO SAVEPOINT bench")
                env.invalidate_all()
            seconds = min(one for one, _floor in times)
            floor = min(floor for _one, floor in times)
            figures += [
                Figure(f"hourly job, {due} due: against a count", seconds / floor, "x", 2.0),
                Figure(f"hourly job, {due} due", seconds * 1e3, "ms"),
            ]
        query = SQL(
            MOVE_STATUSES, company=company.id, today=today, soon=3, now=datetime.datetime.now(), uid=1
        )
        cr.execute(SQL("EXPLAIN (FORMAT JSON) %s", query))
        nodes = list(_nodes(cr.fetchone()[0][0]["Plan"]))
        uses = any(node.get("Index Name") == "account_move__status_next_date_index" for node in nodes)
        scans = sum(
            node["Node Type"] == "Seq Scan" and node["Relation Name"] == "account_move" for node in nodes
        )
        figures += [
            Figure("EXPLAIN: index on status_next_date used", float(uses), "", 1, at_least=True),
            Figure("EXPLAIN: scans of the whole table", scans, "", 0),
        ]
    return figures


def _nodes(plan):
    yield plan
    for child in plan.get("Plans", ()):
        yield from _nodes(child)


# --- posting and paying -----------------------------------------------------------
def _batches(options):
    results = {name: _post_and_pay(template, options.batch) for name, template in _templates().items()}
    ours, odoo = results["ours"], results["odoo"]
    return [
        Figure(f"posting and paying {options.batch}: queries of Odoo alone", odoo[0]),
        Figure("  queries more", ours[0] - odoo[0], "", 15),
        Figure("  time against Odoo alone", ours[1] / odoo[1], "x", 1.10),
    ]


def _templates():
    """The databases to compare. Each copy needs a name of its own: Odoo keeps a registry per name."""
    base = (Path(os.environ["ODOO_RC"]).parent / "base_db").read_text().strip()
    return {"odoo": base, "ours": "i2c_template"}


def _post_and_pay(template, batch):
    with odoo_database(f"i2c_bench_post_{template}", template) as env:
        partner = prepare(env)
        drafts(env, partner, 2).action_post()
        results = []
        for _n in range(RUNS):
            invoices = drafts(env, partner, batch)
            env.flush_all()
            with counted(env) as result:
                invoices.action_post()
                env["account.payment.register"].with_context(
                    active_model="account.move", active_ids=invoices.ids
                ).create({"group_payment": False})._create_payments()
            results.append(result)
        return min(queries for queries, _time in results), min(time for _queries, time in results)


# --- sending -----------------------------------------------------------------------
def _mails(_options):
    results = {name: _send(template) for name, template in _templates().items()}
    return [
        Figure("sending: queries per mail of Odoo alone", results["odoo"]),
        Figure("  queries more per mail", results["ours"] - results["odoo"], "", 2.0),
    ]


def _send(template):
    with odoo_database(f"i2c_bench_mail_{template}", template) as env:
        from odoo.addons.base.models.ir_mail_server import IrMail_Server

        partner = prepare(env)
        invoices = drafts(env, partner, MAILS + 2)
        invoices.action_post()
        if "tracking_pixel" in env.company._fields:
            env.company.tracking_pixel = True
        # The PDF is there: what is measured is the sending.
        for move in invoices:
            env["ir.attachment"].create(
                {
                    "name": "invoice.pdf",
                    "raw": b"%PDF-1.4",
                    "res_model": "account.move",
                    "res_id": move.id,
                    "res_field": "invoice_pdf_report_file",
                    "mimetype": "application/pdf",
                }
            )
        invoices.invalidate_recordset()

        class Session:
            def send_message(self, *_args):
                pass

            def quit(self):
                pass

        send = env["account.move.send"]

        def go(moves):
            send._generate_and_send_invoices(moves, sending_methods=["email"], allow_raising=False)
            env.flush_all()
            env["mail.mail"].search([("state", "=", "outgoing")]).send()

        def prepared(_self, message, _smtp):
            return "a@b.example", ["c@d.example"], message

        with (
            patch.object(IrMail_Server, "_connect__", lambda *_args, **_kwargs: Session()),
            patch.object(IrMail_Server, "_prepare_email_message__", prepared),
        ):
            go(invoices[:2])
            with counted(env) as result:
                go(invoices[2:])
        return result[0] / MAILS


# --- the picture ----------------------------------------------------------------------
def _pixel(_options):
    with odoo_database("i2c_bench_pixel") as env:
        partner = prepare(env)
        env.company.tracking_pixel = True
        invoices = drafts(env, partner, 50)
        invoices.action_post()
        env.flush_all()
        moves = env["account.move"]
        tokens = [move._get_pixel_url(partner).rsplit("/", 1)[1].removesuffix(".gif") for move in invoices]
        moves._open_pixel_token(tokens[0])

        def open_all(kept):
            for token in kept:
                if opened := moves._open_pixel_token(token):
                    moves.browse(opened[0])._note_opening("viewed", "mail", None, opened[1], "desktop", True)

        figures = []
        for name, kept, bound in (
            ("a bad token", [token[:-4] + "AAAA" for token in tokens], 0),
            ("the first opening (status, chatter)", tokens, None),
            ("a new opening later", tokens, 1),
            ("again within the hour", tokens, 1),
        ):
            with counted(env) as result:
                open_all(kept)
            figures.append(Figure(f"picture, {name}: queries", result[0] / len(tokens), "", bound))
            if name.startswith("the first"):
                # Two hours later.
                env.cr.execute(
                    "UPDATE invoice_tracking_event SET moment = moment - interval '2 hours', "
                    "opening_hour = opening_hour - interval '2 hours'"
                )
        return figures


PARTS = {"job": _hourly_job, "batch": _batches, "mail": _mails, "picture": _pixel}

if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
