"""The bank lines of "this morning" for the demo company, made from what its customers owe today.

Each line knows what matching should make of it. Customers who are needed for the reminders of today (a few
per tone) do not pay.
"""

import random
from dataclasses import replace
from decimal import Decimal

from ..core import dunning
from .bank_files import BankLine, BankStatement
from .identifiers import make_bin, make_iban
from .plan import CENT, vat_rate

SEED = 40
LINES = 40
#: customers of each tone who get their letter this morning, and for it keep their debt
KEPT_PER_TONE = 3
TO_CYRILLIC = str.maketrans("ABCEHKMPTXY", "АВСЕНКМРТХУ")
BY_CODE = [
    "Оплата по референсу {code}",
    "За товары. {code} за строительные материалы, в т.ч. НДС {rate}% - {vat}",
    "оплата {code}",
    "Оплата за стройматериалы, код платежа {code}, НДС {rate}% в т.ч.",
]
BY_NUMBER = [
    "Оплата по счету № {number} от {date} за стройматериалы, в т.ч. НДС {rate}% - {vat}",
    "За товары. Оплата по сч.№ {number} от {date}г. строительные материалы",
    "Оплата по счету на оплату {number} от {date} согласно договору поставки, НДС {rate}% {vat}",
    "ОПЛАТА ПО СЧЕТУ {number} ОТ {date} ЗА СТРОЙМАТЕРИАЛЫ",
]
KBE = {"corporate": "17", "government": "11", "retail": "9"}


def morning_payments(env, company, today):
    """All lines of this morning on both accounts, as `BankLine`; the same ledger gives the same list.

    :param company: a company that `loader.load` has filled
    :param today: booking date of the lines
    """
    return _Morning(company.with_env(env).sudo(), today).lines()


def morning_statements(env, company, today):
    """{"kaspi": BankStatement, "halyk": BankStatement} with the lines of `morning_payments`.

    The opening balance is what the ledger says, so that the file agrees with it.
    """
    company = company.with_env(env).sudo()
    lines = morning_payments(env, company, today)
    journals = company.env["account.journal"].search([("type", "=", "bank"), ("company_id", "=", company.id)])
    statements = {}
    for journal in journals.filtered("bank_account_id"):
        key = "halyk" if journal.bank_account_id.sanitized_acc_number[4:7] == "601" else "kaspi"
        [[balance]] = company.env["account.move.line"]._read_group(
            [("account_id", "=", journal.default_account_id.id), ("parent_state", "=", "posted")],
            aggregates=["balance:sum"],
        )
        statements[key] = BankStatement(
            account=journal.bank_account_id.sanitized_acc_number,
            owner=company.name,
            owner_tax_id=company.vat,
            date_from=today,
            date_to=today,
            opening=Decimal(str(balance or 0)).quantize(CENT),
            lines=tuple(line for line in lines if line.journal == key),
        )
    return statements


class _Morning:
    def __init__(self, company, today):
        self.company, self.today = company, today
        self.rng = random.Random(SEED)
        self.result = []
        positions = [
            position
            for position in company._get_receivable_positions()
            if position.currency == "KZT" and position.partner_id
        ]
        positions.sort(key=lambda position: (position.name, position.position))
        self.partners = company.env["res.partner"].browse({position.partner_id for position in positions})
        self.by_id = {partner.id: partner for partner in self.partners}
        kept = self._kept(positions)
        self.documents = {}
        for position in positions:
            if position.kind == "invoice" and position.partner_id not in kept:
                self.documents.setdefault(position.move_id, []).append(position)
        self.free = list(self.documents.values())

    def _kept(self, positions):
        """Partners who are left for today's reminders, and those who have not paid for three months."""
        kept = {
            position.partner_id
            for position in positions
            if position.kind == "invoice" and (position.due_date - self.today).days < -90
        }
        per_tone = {}
        for account, ladder in self.company._get_dunning_accounts(self.today):
            # Whom the day's quiet keeps from getting a letter keeps his debt too: the file is the same.
            speaking = replace(ladder, silent_weekdays=frozenset(), holidays=frozenset())
            decision = dunning.decide(account, speaking, self.today)
            if decision.kind in (dunning.Kind.SEND, dunning.Kind.HAND_OVER):
                per_tone.setdefault(decision.step.tone, []).append(account.partner)
        for partners in per_tone.values():
            kept.update(partners[:KEPT_PER_TONE])
        return kept

    def lines(self):
        self._ambiguous_pair()
        self._instalment()
        self._several()
        self._similar_name()
        self._without_reference()
        self._doubtful()
        self._not_customers()
        self._unknown()
        rest = max(0, LINES - len(self.result))
        for number in range(rest):
            self._certain(number)
        # As they came during the night, not by kind.
        self.rng.shuffle(self.result)
        return self.result

    # -- certain -----------------------------------------------------------
    def _certain(self, number):
        group = self._take(lambda group: len(group) == 1)
        if not group:
            return
        way = number % 5
        if way in (0, 2):
            text, case = self.rng.choice(BY_CODE), "code"
            purpose = self._text(group, text)
        elif way == 4:
            purpose = self._text(group, self.rng.choice(BY_CODE), cyrillic=True)
            case = "code typed with Cyrillic letters"
        else:
            purpose, case = self._text(group, BY_NUMBER[number % len(BY_NUMBER)]), "number in a sentence"
        self._add(self._partner(group), _sum(group), purpose, "applied", case)

    def _instalment(self):
        group = self._take(lambda group: len(group) > 1)
        if group:
            purpose = self._text(group, "Оплата 30% по счету, референс {code}, за стройматериалы")
            self._add(self._partner(group), group[0].residual, purpose, "applied", "first instalment")

    def _several(self):
        """Two customers pay two invoices each in one line: once by number, once by code."""
        for by_code in (False, True):
            by_partner = {}
            for group in self.free:
                if len(group) == 1:
                    by_partner.setdefault(group[0].partner_id, []).append(group)
            pairs = sorted(
                (rows[:2] for rows in by_partner.values() if len(rows) > 1), key=lambda r: r[0][0].name
            )
            if not pairs:
                return
            first, second = self.rng.choice(pairs)
            self.free.remove(first)
            self.free.remove(second)
            if by_code:
                purpose = f"Оплата {first[0].payment_code}, {second[0].payment_code} за стройматериалы"
            else:
                purpose = "Оплата по счетам № {} от {}, № {} от {} за материалы, НДС в т.ч.".format(
                    first[0].name,
                    first[0].invoice_date.strftime("%d.%m.%Y"),
                    second[0].name,
                    second[0].invoice_date.strftime("%d.%m.%Y"),
                )
            self._add(
                self._partner(first), _sum(first) + _sum(second), purpose, "applied", "several in one line"
            )

    # -- to be looked at -----------------------------------------------------
    def _ambiguous_pair(self):
        """Two open invoices of one amount and no word of which one is meant."""
        seen = {}
        for group in self.free:
            key = group[0].partner_id, _sum(group)
            if key in seen:
                self.free.remove(group)
                self.free.remove(seen[key])
                self._add(self._partner(group), key[1], "Оплата за материалы", "suggested", "ambiguous pair")
                return
            seen[key] = group

    def _similar_name(self):
        """A namesake: the amount of one customer's invoice, the name of another, no BIN."""
        names = sorted(self.partners, key=lambda partner: partner.name)
        for partner in names:
            longer = [
                other for other in names if other.name.startswith(partner.name[:-1]) and other != partner
            ]
            open_groups = [group for group in self.free if longer and group[0].partner_id == longer[0].id]
            if open_groups:
                group = open_groups[0]
                self.free.remove(group)
                self._add(
                    partner,
                    _sum(group),
                    "Оплата за стройматериалы по договору",
                    "unsure",
                    "name of one customer, amount of another",
                    tax_id="",
                    account="",
                )
                return

    def _without_reference(self):
        for text in ("за товар", "Оплата за строительные материалы, НДС в т.ч.", "оплата по договору"):
            group = self._take(lambda group: len(group) == 1)
            if group:
                self._add(self._partner(group), _sum(group), text, "suggested", "exact amount, known BIN")
        group = self._take(lambda group: len(group) == 1)
        if group:
            code = group[0].payment_code
            typo = code[:-1] + next(char for char in "23456789" if char != code[-1])
            purpose = f"Оплата по референсу {typo}"
            self._add(self._partner(group), _sum(group), purpose, "suggested", "code with a typing error")

    def _doubtful(self):
        """Third party, part payment, overpayment."""
        rng = self.rng
        group = self._take(lambda group: len(group) == 1)
        if group:
            payer = self._partner(group).name
            self._add(
                None,
                _sum(group),
                self._text(group, "Оплата за " + payer.replace("{", "") + " референс {code}"),
                "suggested",
                "third-party payer",
                name="ТОО «Финанс Холдинг Тараз»",
                tax_id=make_bin(rng, 2016),
                account=make_iban(rng, "965"),
            )
        group = self._take(lambda group: len(group) == 1 and _sum(group) > 200_000)
        if group:
            part = (_sum(group) * 2 / 5).quantize(Decimal(1000))
            purpose = self._text(group, "Частичная оплата по счету № {number} от {date}, референс {code}")
            self._add(self._partner(group), part, purpose, "suggested", "part payment")
        group = self._take(lambda group: len(group) == 1)
        if group:
            purpose = self._text(group, "Оплата по счету № {number} от {date} за стройматериалы")
            self._add(self._partner(group), _sum(group) + 15_000, purpose, "suggested", "overpayment")

    def _unknown(self):
        """An advance of a customer, and money of somebody whom nobody knows."""
        rng = self.rng
        owing = sorted({group[0].partner_id for group in self.free})
        if owing:
            self._add(
                self.by_id[rng.choice(owing)],
                Decimal("1000000.00"),
                "Аванс за строительные материалы по договору поставки",
                "unsure",
                "advance without invoice",
            )
        self._add(
            None,
            Decimal("187500.00"),
            "Оплата за материалы",
            "manual",
            "unknown payer",
            name="ИП Жумабеков С. Т.",
            tax_id=make_bin(rng, 2021),
            account=make_iban(rng, "722"),
        )

    def _not_customers(self):
        rng, company = self.rng, self.company
        accounts = {
            journal.bank_account_id.sanitized_acc_number[4:7]: journal.bank_account_id.sanitized_acc_number
            for journal in company.env["account.journal"].search(
                [("type", "=", "bank"), ("company_id", "=", company.id), ("bank_account_id", "!=", False)]
            )
        }
        kaspi, halyk = accounts.get("722", ""), accounts.get("601", "")
        bank_tax_id, account = "971240001315", make_iban(rng, "722")
        for amount, name, tax_id, iban, knp, text, case in (
            ("-1250.00", "АО «Kaspi Bank»", bank_tax_id, account, "840",
             "Комиссия за переводы, НДС не облагается", "bank fee"),
            ("-2148300.00", "УГД по Турксибскому району", make_bin(rng, 2002), make_iban(rng, "070"), "911",
             "НДС за отчетный период, КБК 105101", "tax"),
            ("-6940000.00", "ТОО «КазСтальПрокат»", make_bin(rng, 2009), make_iban(rng, "856"), "710",
             "Оплата по счету № 1187 от " + self.today.strftime("%d.%m.%Y") + " за арматуру", "supplier"),
            ("-5000000.00", company.name, company.vat, halyk, "343",
             "Перевод собственных средств на свой счет в другом банке", "own transfer"),
        ):  # fmt: skip
            self._add(
                None, Decimal(amount), text, "manual", case, name=name, tax_id=tax_id, account=iban, knp=knp
            )
        self._add(
            None,
            Decimal("5000000.00"),
            "Перевод собственных средств на свой счет в другом банке",
            "manual",
            "own transfer",
            name=company.name,
            tax_id=company.vat,
            account=kaspi,
            knp="343",
            journal="halyk",
        )

    # -- helpers -----------------------------------------------------------
    def _take(self, fits):
        """Some open document that nobody has paid yet this morning, or None."""
        fitting = [group for group in self.free if fits(group)]
        if not fitting:
            return None
        group = self.rng.choice(fitting)
        self.free.remove(group)
        return group

    def _partner(self, group):
        return self.by_id[group[0].partner_id]

    def _text(self, group, pattern, cyrillic=False):
        position = group[0]
        rate = vat_rate(position.invoice_date)
        vat = (_sum(group) * rate / (100 + rate)).quantize(CENT)
        code = position.payment_code
        return pattern.format(
            code=code.translate(TO_CYRILLIC) if cyrillic else code,
            number=position.name,
            date=position.invoice_date.strftime("%d.%m.%Y"),
            rate=rate,
            vat=f"{vat:,.2f}".replace(",", " "),
        )

    def _add(self, partner, amount, purpose, expected, case, **facts):
        journal = facts.pop("journal", None)
        if partner:
            facts.setdefault("name", partner.name)
            facts.setdefault("tax_id", partner.vat or "")
            facts.setdefault("account", partner.bank_ids[:1].sanitized_acc_number or "")
            if journal is None and facts["tax_id"]:
                # A quarter of the customers pays to the account at Halyk.
                journal = "halyk" if int(facts["tax_id"][9:11]) % 4 == 0 else "kaspi"
        kind = partner.customer_kind if partner else "corporate"
        self.result.append(
            BankLine(
                number=str(self.rng.randint(1, 999)),
                date=self.today,
                amount=Decimal(amount).quantize(CENT),
                kbe=KBE.get(kind, "17"),
                knp=facts.pop("knp", "710"),
                purpose=purpose,
                expected=expected,
                case=case,
                journal=journal or "kaspi",
                **facts,
            )
        )


def _sum(group):
    return sum((position.residual for position in group), Decimal(0))
