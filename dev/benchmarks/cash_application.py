"""Import, match and post of bank lines, against the least that posting them takes in Odoo.

The floor: the lines created with the right final ``line_ids`` in batches, then one ``_reconcile_plan``
for each batch; no file is read, nothing is looked for, no decision is kept.

    dev/bench cash_application            2,000 lines; 1,000 lines of 5,000 items to 10,000 of 50,000
    dev/bench cash_application 10         a tenth of each
"""

from __future__ import annotations

import base64
import datetime
import itertools
import logging
import time

from odoo.fields import Command
from odoo.tools import split_every

from core.references import make

from .common import Figure, clock, odoo_database, report

BATCH = 250
OWN = "KZ79722S000001674774"
CODES = 3_000_000  # codes of the benchmark begin here


def load(env, customers: int = 500):
    """A company with a chart, a bank account and customers; a model invoice to copy."""
    company = env.company
    company.write({"country_id": env.ref("base.us").id, "currency_id": env.ref("base.USD").id})
    env["account.chart.template"].try_loading("generic_coa", company, install_demo=False)
    journal = env["account.journal"].search([("type", "=", "bank"), ("company_id", "=", company.id)], limit=1)
    journal.bank_account_id = env["res.partner.bank"].create(
        {"acc_number": OWN, "partner_id": company.partner_id.id}
    )
    partners = env["res.partner"].create(
        [
            {"name": f"ТОО Покупатель {number}", "is_company": True, "vat": f"{190640000000 + number}"}
            for number in range(customers)
        ]
    )
    model = env["account.move"].create(
        {
            "move_type": "out_invoice",
            "partner_id": partners[0].id,
            "invoice_date": company._receivables_today() - datetime.timedelta(days=30),
            "invoice_line_ids": [Command.create({"name": "Cement", "price_unit": 1000, "tax_ids": False})],
        }
    )
    model.action_post()
    env.flush_all()
    return company, journal, partners, model


def copy_invoices(env, model, partners, number: int, start: int) -> list[tuple[int, int, str, str]]:
    """Copies of a posted invoice, made by SQL: (receivable item, partner, number, payment code) of each."""
    codes = [make(CODES + start + place) for place in range(number)]

    def columns(table):
        env.cr.execute(
            "SELECT column_name FROM information_schema.columns WHERE table_name = %s AND column_name != 'id'"
            " AND is_generated = 'NEVER'",
            [table],
        )
        return [name for (name,) in env.cr.fetchall()]

    def copy(table, source, overrides, extra, returning):
        names = columns(table)
        chosen = ", ".join(overrides.get(name, f'source."{name}"') for name in names)
        quoted = ", ".join(f'"{name}"' for name in names)
        env.cr.execute(
            f"INSERT INTO {table} ({quoted}) SELECT {chosen} FROM {table} source {source}"
            f" RETURNING {returning}",
            extra,
        )
        return env.cr.fetchall()

    env.flush_all()
    extra = {
        "model": model.id,
        "codes": codes,
        "start": start,
        "first": min(partners.ids),
        "number": len(partners),
    }
    partner = "%(first)s + (made.place %% %(number)s)::int"
    moves = copy(
        "account_move",
        "CROSS JOIN unnest(%(codes)s) WITH ORDINALITY made(code, place) WHERE source.id = %(model)s",
        {
            "name": "'BENCH/2026/' || (%(start)s + made.place)",
            "payment_code": "made.code",
            "payment_reference": "made.code",
            "access_token": "NULL",
            "sequence_prefix": "'BENCH/2026/'",
            "sequence_number": "%(start)s + made.place",
            "partner_id": partner,
            "commercial_partner_id": partner,
        },
        extra,
        "id, partner_id, name, payment_code",
    )
    items = copy(
        "account_move_line",
        "CROSS JOIN unnest(%(moves)s, %(partners)s, %(names)s) made(move, partner, name)"
        " WHERE source.move_id = %(model)s",
        {"move_id": "made.move", "partner_id": "made.partner", "move_name": "made.name"},
        {
            "model": model.id,
            "moves": [row[0] for row in moves],
            "partners": [row[1] for row in moves],
            "names": [row[2] for row in moves],
        },
        "id, move_id, display_type",
    )
    env.invalidate_all()
    receivable = {move: item for item, move, kind in items if kind == "payment_term"}
    return [(receivable[move], partner_id, name, code) for move, partner_id, name, code in moves]


def bank_file(date, invoices, partners) -> bytes:
    """A 1C file that pays them, by code and by number in turn, in the words of payers."""
    day = f"{date:%d.%m.%Y}"
    total = 1000 * len(invoices)
    rows = [
        "1CClientBankExchange",
        "ВерсияФормата=1.01",
        "Кодировка=Windows",
        f"РасчСчет={OWN}",
        "СекцияРасчСчет",
        f"ДатаНачала={day}",
        f"ДатаКонца={day}",
        f"РасчСчет={OWN}",
        "НачальныйОстаток=0.00",
        f"ВсегоПоступило={total:.2f}",
        "ВсегоСписано=0.00",
        f"КонечныйОстаток={total:.2f}",
        "КонецРасчСчет",
    ]
    for place, (_item, partner_id, name, code) in enumerate(invoices, 1):
        text = (
            f"Оплата по реф. {code} за цемент" if place % 2 else f"Оплата по счету № {name}, в т.ч. НДС 16%"
        )
        rows += [
            "СекцияДокумент=выписка",
            f"НомерДокумента={place}",
            f"ДатаДокумента={day}",
            f"ПлательщикНаименование={partners[partner_id].name}",
            f"ПлательщикБИН_ИИН={partners[partner_id].vat}",
            f"ПолучательИИК={OWN}",
            "СуммаПриход=1000.00",
            f"ДатаОперации={day}",
            f"НазначениеПлатежа={text}",
            "КонецДокумента",
        ]
    return "\r\n".join([*rows, "КонецФайла"]).encode("cp1251")


def post_plainly(env, company, day, journal, invoices):
    """The floor."""
    Line = env["account.bank.statement.line"].with_context(tracking_disable=True)
    Item = env["account.move.line"]
    currency = company.currency_id.id
    receivable = Item.browse(invoices[0][0]).account_id.id
    for batch in split_every(BATCH, invoices):
        lines = Line.create(
            [
                {
                    "journal_id": journal.id,
                    "date": day,
                    "amount": 1000,
                    "payment_ref": f"Оплата по реф. {code}",
                    "partner_id": partner_id,
                    "line_ids": [
                        Command.create(
                            {
                                "name": code,
                                "account_id": account_id,
                                "partner_id": partner_id,
                                "currency_id": currency,
                                "amount_currency": amount,
                                "balance": amount,
                            }
                        )
                        for account_id, amount in ((journal.default_account_id.id, 1000), (receivable, -1000))
                    ],
                }
                for _item, partner_id, _name, code in batch
            ]
        )
        plan = []
        for line, (item_id, *_rest) in zip(lines, batch, strict=True):
            paying = line.move_id.line_ids.filtered(lambda item: item.account_id.id == receivable)
            plan.append(paying + Item.browse(item_id))
        Item._reconcile_plan(plan)
    env.flush_all()


def both(action) -> tuple[float, float]:
    """CPU time of this process, and time on the clock."""
    start = time.process_time()
    on_clock = clock(action)
    return time.process_time() - start, on_clock


def main(arguments) -> int:
    divide = int(arguments[0]) if arguments else 1
    number = 2000 // divide
    logging.disable(logging.WARNING)
    with odoo_database() as env:
        company, journal, partners, model = load(env)
        by_id = {partner.id: partner for partner in partners}
        made = 0
        today = company._receivables_today()
        # Each set has a day of its own: equal sums of one day may be duplicates.
        days = (today - datetime.timedelta(days=back) for back in itertools.count())

        def invoices(count):
            nonlocal made
            made += count
            return copy_invoices(env, model, partners, count, made - count)

        def take_in(chosen):
            result = journal.import_statement_file(
                f"{made}.txt", base64.b64encode(bank_file(next(days), chosen, by_id))
            )
            env.cr.flush()
            if result["matching"]["applied"] != len(chosen):
                matches = env["payment.match"].search([("statement_line_id", "in", result["line_ids"])])
                left = {
                    (match.reason, match.note, match.evidence)
                    for match in matches
                    if match.state != "applied"
                }
                raise AssertionError(f"{result['matching']}: {list(left)[:3]}")

        def decide(chosen):
            values = [
                {
                    "i2c_fingerprint": str(place),
                    "date": today,
                    "amount": 1000.0,
                    "payment_purpose": f"Оплата по реф. {code} за цемент",
                    "payer_tax_id": by_id[partner_id].vat,
                }
                for place, (_item, partner_id, _name, code) in enumerate(chosen)
            ]
            decisions, _positions = journal._decide_before_posting(values)
            assert all(decision.outcome == "applied" for decision in decisions.values())

        post_plainly(env, company, next(days), journal, invoices(20))
        env.cr.flush()
        take_in(invoices(20))
        first, second = invoices(number), invoices(number)
        matching = both(lambda: decide(second))
        floor = both(lambda: post_plainly(env, company, next(days), journal, first))
        # Odoo notes in each chatter that it is paid when it commits. The floor goes without; those notes
        # must not fall into the time of the import, which has its own in it.
        env.cr.flush()
        whole = both(lambda: take_in(second))
        figures = [
            Figure("floor: time a line", floor[1] / number * 1000, "ms"),
            Figure(f"import, match, post of {number} lines", whole[0] / floor[0], "x", 1.1),
            Figure("the same on the clock", whole[1] / floor[1], "x"),
            Figure("matching alone", matching[0] / floor[0], "x", 0.1),
            Figure("the same on the clock", matching[1] / floor[1], "x"),
        ]
        times = []
        for lines, items in ((1000 // divide, 5000 // divide), (10_000 // divide, 50_000 // divide)):
            chosen = invoices(items)[:lines]
            env.cr.execute("ANALYZE account_move, account_move_line")
            times.append([value / lines for value in both(lambda chosen=chosen: take_in(chosen))])
        (small, small_clock), (large, large_clock) = times
        figures += [
            Figure("time a line, ten times as many lines and items", large / small, "x", 1.2),
            Figure("the same on the clock", large_clock / small_clock, "x"),
        ]
        return report("cash application", figures)


if __name__ == "__main__":
    import sys

    sys.exit(main(sys.argv[1:]))
