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

MAILS = (6, 24)
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
        is_due = "company_id = %s AND status_next_date <= %s"
        # What was written by the same transaction costs the database more: foreign keys are checked anew.
        cr.commit()

        def timed(action):
            start = time.perf_counter()
            action()
            return time.perf_counter() - start

        def count():
            cr.execute(f"SELECT count(*) FROM account_move WHERE {is_due}", [company.id, today])
            cr.fetchone()

        def update():
            cr.execute(
                "UPDATE account_move SET tracking_status = 'overdue', status_next_date = NULL "
                f"WHERE {is_due}",
                [company.id, today],
            )

        def job():
            for due_company in moves._get_companies_due():
                moves._move_statuses(due_company)

        def undone(action):
            seconds = timed(action)
            cr.rollback()
            env.invalidate_all()
            return seconds

        job()
        floor = statistics.median(timed(count) for _n in range(99))
        idle = statistics.median(timed(job) for _n in range(99))
        figures.append(Figure("hourly job, nothing due: against a count", idle / floor, "x", 2.0))
        for due in (10, ledger // 100):
            cr.execute(
                """
                WITH chosen AS (
                    UPDATE account_move SET status_next_date = %s, tracking_status = 'due_soon'
                     WHERE id IN (SELECT id FROM account_move WHERE name LIKE 'BENCH/%%' LIMIT %s)
                 RETURNING id)
                UPDATE account_move_line SET date_maturity = %s WHERE move_id IN (SELECT id FROM chosen)
                """,
                [today, due, today - datetime.timedelta(days=1)],
            )
            cr.commit()
            undone(job)
            counted_in = min(undone(count) for _n in range(RUNS))
            updated_in = min(undone(update) for _n in range(RUNS))
            seconds = min(undone(job) for _n in range(RUNS))
            figures += [
                Figure(f"hourly job, {due} become overdue: against a count", seconds / counted_in, "x", 2.0),
                # Nothing that writes can come near a count: each row is in some thirty indexes.
                Figure("  against a bare UPDATE of these rows", seconds / updated_in, "x"),
                Figure("  the bare UPDATE against a count", updated_in / counted_in, "x"),
                Figure("  time", seconds * 1e3, "ms"),
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
    """The slope between a small and a larger sending: what any sending costs at all is told apart."""
    results = {name: _send(template) for name, template in _templates().items()}

    def split(name):
        (few, cost_of_few), (many, cost_of_many) = results[name]
        per_mail = (cost_of_many - cost_of_few) / (many - few)
        return per_mail, cost_of_few - per_mail * few

    (ours, ours_fixed), (odoo, odoo_fixed) = split("ours"), split("odoo")
    return [
        Figure("sending: queries per mail of Odoo alone", odoo),
        Figure("  queries more per mail", ours - odoo, "", 2.0),
        Figure("  queries more per sending, whatever its size", ours_fixed - odoo_fixed),
    ]


def _send(template):
    """[(number of mails, queries)] for the two sizes."""
    with odoo_database(f"i2c_bench_mail_{template}", template) as env:
        from odoo.addons.base.models.ir_mail_server import IrMail_Server

        # A person, as in life: who is inactive like the superuser is looked up once more by Odoo.
        user = env.ref("base.user_admin")
        user.email = "accountant@seller.example"
        env = env(user=user.id, su=False)
        partner = prepare(env)
        if "tracking_pixel" in env.company._fields:
            env.company.write({"tracking_pixel": True, "invoice_form": "kind"})

        def to_send(number):
            """Posted invoices with their PDF: what is measured is the sending."""
            invoices = drafts(env, partner, number)
            invoices.action_post()
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
            env.flush_all()
            invoices.invalidate_recordset()
            return invoices

        class Session:
            def send_message(self, *_args):
                pass

            def quit(self):
                pass

        def go(moves):
            env["account.move.send"]._generate_and_send_invoices(
                moves, sending_methods=["email"], allow_raising=False
            )
            env.flush_all()
            env["mail.mail"].sudo().search([("state", "=", "outgoing")]).send()

        def prepared(_self, message, _smtp):
            return "a@b.example", ["c@d.example"], message

        figures = []
        with (
            patch.object(IrMail_Server, "_connect__", lambda *_args, **_kwargs: Session()),
            patch.object(IrMail_Server, "_prepare_email_message__", prepared),
        ):
            go(to_send(2))
            for number in MAILS:
                moves = to_send(number)
                with counted(env) as result:
                    go(moves)
                figures.append((number, result[0]))
        return figures


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
