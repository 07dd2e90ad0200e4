"""The company of the demo ledger: chart, VAT, banks, terms, users, customers, before anything is posted."""

from odoo import Command
from odoo.exceptions import UserError

from .customers import COLLECTOR, SALESPEOPLE
from .identifiers import BANKS
from .plan import TERMS

#: bulk loading: no chatter, no mails to new users, no events dated today for what happened last year
QUIET = {
    "tracking_disable": True,
    "mail_create_nolog": True,
    "mail_create_nosubscribe": True,
    "mail_notrack": True,
    "no_reset_password": True,
    "i2c_no_events": True,
}
#: what follows the address of the demo company in its payment QR
PAYMENT_PAGE = "/pay?sum={amount}&code={code}"
KAZAKH = frozenset("әіңғүұқөһӘІҢҒҮҰҚӨҺ")
TERM_NAMES = {
    "7": "7 дней",
    "14": "14 дней",
    "30": "30 дней",
    "45": "45 дней",
    "30/70": "30 % сразу, 70 % через 30 дней",
}


def get_company(env, facts, company=None):
    """The given company, the one that an earlier load made, or a new one; in its own environment."""
    if "kz" not in {
        code
        for code, chart in env["account.chart.template"]._get_chart_template_mapping().items()
        if chart["installed"]
    }:
        raise UserError(
            env._(
                "The demo company needs the Kazakhstan chart of accounts. Install the module l10n_kz first."
            )
        )
    kzt = env.ref("base.KZT")
    kzt.active = True
    if not company:
        company = env["res.company"].search(
            [("name", "=", facts.name), ("vat", "=", facts.tax_id)], limit=1
        ) or env["res.company"].create(
            {
                # The address is made up: nobody is to be asked about it.
                **(
                    {"iap_enrich_auto_done": True}
                    if "iap_enrich_auto_done" in env["res.company"]._fields
                    else {}
                ),
                "name": facts.name,
                "currency_id": kzt.id,
                "country_id": env.ref("base.kz").id,
                "vat": facts.tax_id,
                "street": facts.street,
                "city": facts.city,
                "zip": facts.zip,
                "phone": facts.phone,
                "email": facts.email,
                "website": facts.website,
            }
        )
        (env.user | env.ref("base.user_admin")).write({"company_ids": [Command.link(company.id)]})
    return _in_own_env(company.with_env(env))


def _in_own_env(company):
    return company.with_context(allowed_company_ids=company.ids).with_company(company)


def is_loaded(company, plan):
    """True when the customers of the plan are there: everything is written in one transaction."""
    return bool(
        company.env["res.partner"].search_count(
            [("company_id", "=", company.id), ("ref", "=", _reference(0))], limit=1
        )
    )


def _reference(index):
    return f"DEMO-{index + 1:03d}"


def prepare(company, plan):
    """Country, currency, chart and default taxes of a company that has no journal entries."""
    env = company.env
    kz, kzt = env.ref("base.kz"), env.ref("base.KZT")
    if env["account.move"].search_count([("company_id", "=", company.id)], limit=1):
        raise UserError(
            env._(
                "The company %s has journal entries already: the demo data goes into an empty company.",
                company.name,
            )
        )
    if "ru_RU" in dict(env["res.lang"].get_installed()):
        company.partner_id.lang = "ru_RU"
    if company.chart_template not in (False, "kz"):
        raise UserError(
            env._(
                "The company %(name)s has the chart of accounts “%(chart)s”; the demo data needs “kz”.",
                name=company.name,
                chart=company.chart_template,
            )
        )
    if company.country_id != kz or company.currency_id != kzt:
        company.write({"country_id": kz.id, "currency_id": kzt.id})
    if not company.chart_template:
        # In English: the codes of the journals are translated texts, and they begin the numbers.
        env["account.chart.template"].with_context(lang="en_US").try_loading(
            "kz", company, install_demo=False
        )
    # The chart gives the journal a code in the user's language; our numbers begin with INV everywhere.
    journal = env["account.journal"].search([("type", "=", "sale"), ("company_id", "=", company.id)], limit=1)
    journal.write({"code": "INV", "invoice_reference_model": "i2c"})
    taxes = vat_taxes(company)
    company.write(
        {"account_sale_tax_id": taxes[16, "sale"].id, "account_purchase_tax_id": taxes[16, "purchase"].id}
    )
    if not company.vat:
        company.vat = plan.company.tax_id
    company.write(
        {
            "kbe_code": "17",
            "knp_code": "710",
            "director_name": "Ахметов Д. К.",
            "accountant_name": "Ли С. В.",
        }
    )
    company.account_opening_date = plan.today.replace(month=1, day=1, year=plan.today.year - 1)
    return company


def vat_taxes(company):
    """{(rate, "sale" or "purchase"): tax} for 12 and 16 %; 16 % is modelled on the chart's 12 %."""
    env, result = company.env, {}
    for kind in ("sale", "purchase"):
        old = env["account.chart.template"].with_company(company).ref(f"l10n_kz_tax_vat_12_{kind}")
        new = env["account.tax"].search(
            [
                ("company_id", "=", company.id),
                ("type_tax_use", "=", kind),
                ("amount_type", "=", "percent"),
                ("amount", "=", 16),
                ("name", "=", "16%"),
            ],
            limit=1,
        )
        if not new:
            group = env["account.tax.group"].search(
                [("company_id", "=", company.id), ("name", "=", "VAT 16%")], limit=1
            ) or old.tax_group_id.copy({"name": "VAT 16%"})
            new = old.copy(
                {
                    "name": "16%",
                    "amount": 16,
                    "invoice_label": "VAT 16%",
                    "tax_group_id": group.id,
                    "sequence": 0,
                }
            )
            new.with_context(lang="ru_RU").name = "16%"
        result[12, kind], result[16, kind] = old, new
    return result


def receivable_account(company):
    """The account that customers of the company owe on by default."""
    return (
        company.env["res.partner"]
        .with_company(company)
        ._fields["property_account_receivable_id"]
        .get_company_dependent_fallback(company.env["res.partner"].with_company(company))
    )


def bank_journals(company, facts):
    """{"kaspi": journal, "halyk": journal} with our accounts; an unused bank journal is taken."""
    env, result = company.env, {}
    used = env["account.journal"].search([("company_id", "=", company.id), ("type", "=", "bank")])
    free = used.filtered(lambda journal: not journal.bank_account_id)
    for key, name, iban in (("kaspi", "Kaspi", facts.kaspi_iban), ("halyk", "Halyk", facts.halyk_iban)):
        journal = used.filtered(
            lambda journal, iban=iban: journal.bank_account_id.sanitized_acc_number == iban
        )
        if not journal:
            account = _bank_accounts(env, [(company.partner_id, iban)], company)
            # A page of the made-up company, as a bank or its payment service would give one.
            account.write({"payment_qr": "template", "payment_qr_template": facts.website + PAYMENT_PAGE})
            values = {"name": name, "code": name.upper(), "bank_account_id": account.id}
            if free:
                journal, free = free[0], free[1:]
                journal.write(values)
                languages = env["res.lang"].get_installed()
                journal.update_field_translations("name", {code: name for code, _language in languages})
            else:
                journal = env["account.journal"].create({**values, "type": "bank", "company_id": company.id})
        result[key] = journal
    return result


def _bank_accounts(env, owners, company):
    """Create the bank accounts [(partner, IBAN)] with their banks."""
    codes = {iban[4:7] for _partner, iban in owners}
    banks = {
        bank.bic: bank for bank in env["res.bank"].search([("bic", "in", [BANKS[code][0] for code in codes])])
    }
    for code in sorted(codes):
        bic, name = BANKS[code]
        if bic not in banks:
            banks[bic] = env["res.bank"].create({"name": name, "bic": bic, "country": env.ref("base.kz").id})
    return env["res.partner.bank"].create(
        [
            {
                "partner_id": partner.id,
                "acc_number": iban,
                "bank_id": banks[BANKS[iban[4:7]][0]].id,
                "company_id": company.id,
            }
            for partner, iban in owners
        ]
    )


def payment_terms(company):
    """{key of plan.TERMS: account.payment.term}."""
    rows = [
        {
            "name": TERM_NAMES[key],
            "company_id": company.id,
            "line_ids": [
                Command.create(
                    {
                        "value": "percent",
                        "value_amount": percent or 100 - sum(done or 0 for done, _days in instalments),
                        "delay_type": "days_after",
                        "nb_days": days,
                    }
                )
                for percent, days in instalments
            ],
        }
        for key, instalments in TERMS.items()
    ]
    return dict(zip(TERMS, company.env["account.payment.term"].create(rows), strict=True))


def users(company):
    """{login: user}: a collector and two salespeople.

    Their password is "demo", but only where no other company has posted anything: such a password must not
    reach a database that somebody works with.
    """
    env = company.env
    in_use = (
        env["account.move"]
        .sudo()
        .search_count([("company_id", "!=", company.id), ("state", "=", "posted")], limit=1)
    )
    sales, collect = env.ref("sales_team.group_sale_salesman"), env.ref("invoice_to_cash.group_collector")
    result = {}
    for login, name, groups in [
        *[(login, name, sales) for login, name in SALESPEOPLE],
        (*COLLECTOR, collect | sales),
    ]:
        user = env["res.users"].with_context(active_test=False).search([("login", "=", login)])
        if user:
            user.company_ids |= company
        else:
            user = env["res.users"].create(
                {
                    "login": login,
                    "name": name,
                    "email": f"{login}@alatau-snab.example",
                    "tz": "Asia/Almaty",
                    "company_id": company.id,
                    "company_ids": [Command.set(company.ids)],
                    "group_ids": [
                        Command.link(env.ref("base.group_user").id),
                        *map(Command.link, groups.ids),
                    ],
                    **({} if in_use else {"password": "demo"}),
                }
            )
        result[login] = user
    return result


class Partners(dict):
    """{customer key: res.partner}, and in `planned` {customer key: plan.Customer}."""

    def __init__(self, plan, records):
        super().__init__(zip([customer.key for customer in plan.customers], records, strict=True))
        self.planned = {customer.key: customer for customer in plan.customers}


def partners(company, plan, terms, salespeople):
    """The customers with requisites, terms, salesperson and bank account."""
    env = company.env
    fields = env["res.partner"]._fields
    languages = dict(env["res.lang"].get_installed())
    rows = []
    for index, customer in enumerate(plan.customers):
        values = {
            "name": customer.name,
            "ref": _reference(index),
            "is_company": customer.form != "person",
            "company_id": company.id,
            "vat": customer.tax_id,
            "email": customer.email,
            "phone": customer.phone,
            "street": customer.street,
            "city": customer.city,
            "zip": customer.zip,
            "country_id": env.ref("base.kz").id,
            "lang": "ru_RU" if "ru_RU" in languages else env.user.lang,
            "tz": "Asia/Almaty",
            "user_id": salespeople[customer.salesperson].id,
            "property_payment_term_id": terms[customer.terms].id,
            "customer_rank": 1,
            "customer_kind": customer.kind,
            # Who writes its name in Kazakh gets its documents in Kazakh.
            "document_lang": "kk" if KAZAKH & set(customer.name) else False,
        }
        rows.append({name: value for name, value in values.items() if name in fields})
    records = env["res.partner"].create(rows)
    by_key = Partners(plan, records)
    _bank_accounts(env, [(by_key[customer.key], customer.iban) for customer in plan.customers], company)
    return by_key
