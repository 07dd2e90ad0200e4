"""A company whose bank lines a person has to decide: what the wizard and its benchmark are shown."""

from __future__ import annotations

from datetime import timedelta

# One turn of the wheel.
KINDS = (
    "amount",  # known payer, one invoice of this amount
    "twins",  # known payer, two invoices of the same amount
    "short_dispute",
    "short_fee",
    "short_write_off",
    "overpaid",
    "unknown",  # unknown payer, to be found by name and remembered
    "split",  # two invoices and a half, nothing quoted
    "advance",
    "model",
    "dismiss",
    "skip",
)


def make_company(env):
    """A Kazakh company with a bank, an accountant who may do nothing but apply cash, and models for fees."""
    company = env.company
    company.write({"name": "ТОО Алтын Дала", "country_id": env.ref("base.kz").id, "vat": "050340001236"})
    env["account.chart.template"].try_loading("kz", company=company, install_demo=False)
    env["res.lang"]._activate_lang("ru_RU")
    env["ir.module.module"].search([("state", "=", "installed")])._update_translations(["ru_RU"])
    env["res.users"].create(
        {
            "name": "Айгуль Бухгалтер",
            "login": "accountant",
            "password": "accountant",
            "tz": "Asia/Almaty",
            "group_ids": [
                (4, env.ref("base.group_user").id),
                (4, env.ref("invoice_to_cash.group_cash_application").id),
            ],
        }
    )
    expense = env["account.account"].search(
        [("account_type", "=", "expense"), ("company_ids", "in", company.ids)], limit=1
    )
    for name in ("match_write_off_account_id", "match_fee_account_id"):
        if name in company._fields:
            company[name] = expense
    if "match_tolerance" in company._fields:
        company.match_tolerance = 500
    for name in ("Комиссия банка", "Перевод между счетами"):
        env["account.reconcile.model"].create(
            {
                "name": name,
                "line_ids": [(0, 0, {"account_id": expense.id, "amount_string": "100", "label": name})],
            }
        )
    return env["account.journal"].search([("type", "=", "bank"), ("company_id", "=", company.id)], limit=1)


def make_lines(env, journal, number: int) -> list[tuple[int, str, str]]:
    """Bank lines that the matching leaves to a person.

    :return: the id of each decision, its kind, and the number of the invoice to look for by hand
    """
    company = env.company
    today = company._receivables_today()
    products = ["цемент М500", "кирпич", "арматура", "доставка", "щебень"]
    names = ["СтройСервис", "Асыл Жол", "Береке", "Тау Самал", "Жетісу Агро", "Нұр-Құрылыс", "Восток Плюс"]
    rows, invoices = [], env["account.move"]
    for index in range(number):
        kind = KINDS[index % len(KINDS)]
        partner = env["res.partner"].create(
            {
                "name": f"ТОО {names[index % len(names)]} {index + 1}",
                "is_company": True,
                "vat": f"{190640000000 + index:012d}",
            }
        )
        sums = [12_000 + 37 * index]
        if kind == "twins":
            sums *= 2
        elif kind in ("split", "unknown"):
            sums = [41_000 + 41 * index, 29_000 + 13 * index, 77_000]
        elif kind in ("advance", "model", "dismiss"):
            sums = []
        made = env["account.move"].create(
            [
                {
                    "move_type": "out_invoice",
                    "partner_id": partner.id,
                    "invoice_date": today - timedelta(days=30 + place),
                    "invoice_date_due": today - timedelta(days=5 - 7 * place),
                    "invoice_line_ids": [
                        (0, 0, {"name": products[index % 5], "price_unit": amount, "tax_ids": False})
                    ],
                }
                for place, amount in enumerate(sums)
            ]
        )
        invoices |= made
        rows.append((kind, partner, made))
    invoices.action_post()
    values = []
    for index, (kind, partner, made) in enumerate(rows):
        total = sum(made.mapped("amount_total"))
        first = made[:1]
        purpose, amount = f"Оплата за {products[index % 5]} по договору 17/{index}", total
        payer = {"payer_name": partner.name, "payer_tax_id": partner.vat}
        if kind == "twins":
            amount = total / 2
        elif kind.startswith("short"):
            amount = total - (4_000 if kind == "short_dispute" else 150)
            purpose = f"Оплата по реф. {first.payment_code} за {products[index % 5]}, в т.ч. НДС 16%"
        elif kind in ("overpaid", "skip"):
            amount = total + 300
            purpose = f"Оплата по счету № {first.name} от {first.invoice_date:%d.%m.%Y}"
        elif kind == "unknown":
            amount, payer = made[1].amount_total, {"payer_name": f"Иванов Петр {index}"}
        elif kind == "split":
            amount = made[0].amount_total + made[1].amount_total / 2
        elif kind == "advance":
            amount, purpose = 50_000, "Предоплата за материалы"
        elif kind in ("model", "dismiss"):
            amount, payer = 1_000 + index, {"payer_name": "АО Банк"}
            purpose = "Возврат комиссии банка" if kind == "model" else "Возмещение по акту"
        values.append(
            {
                "journal_id": journal.id,
                "date": today - timedelta(days=index % 3),
                "amount": amount,
                "payment_ref": purpose,
                "payment_purpose": purpose,
                **payer,
            }
        )
    lines = env["account.bank.statement.line"].create(values)
    lines.match_payments()
    matches = env["payment.match"].search([("statement_line_id", "in", lines.ids)])
    by_line = {match.statement_line_id: match for match in matches}
    return [
        (by_line[line].id, kind, made[1:2].name or "")
        for line, (kind, _partner, made) in zip(lines, rows, strict=True)
    ]
