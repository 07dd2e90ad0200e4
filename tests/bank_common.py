"""Bank files as banks write them, and a company with a bank journal to import them into."""

import base64

from odoo import Command
from odoo.tests import Form, new_test_user

from odoo.addons.account.tests.common import AccountTestInvoicingCommon

OWN = "KZ79722S000001674774"
PAYER = "KZ698562203124676325"
OTHER = "KZ356017121000001925"


def kaspi(*amounts, account=OWN, opening=100.0, first=1, day=15, end=True, closing=None):
    """A 1C file as Kaspi Business writes it; negative amounts are outgoing."""
    credited = sum(amount for amount in amounts if amount > 0)
    debited = -sum(amount for amount in amounts if amount < 0)
    closing = opening + credited - debited if closing is None else closing
    lines = [
        "1CClientBankExchange",
        "ВерсияФормата=1.01",
        "Кодировка=Windows",
        f"РасчСчет={account}",
        "СекцияРасчСчет",
        "ДатаНачала=01.09.2026",
        f"ДатаКонца={day}.09.2026",
        f"РасчСчет={account}",
        f"НачальныйОстаток={opening:.2f}",
        f"ВсегоПоступило={credited:.2f}",
        f"ВсегоСписано={debited:.2f}",
        f"КонечныйОстаток={closing:.2f}",
        "КонецРасчСчет",
    ]
    for number, amount in enumerate(amounts, first):
        ours, theirs = ("Получатель", "Плательщик") if amount > 0 else ("Плательщик", "Получатель")
        lines += [
            "СекцияДокумент=выписка",
            f"НомерДокумента={number}",
            f"ДатаДокумента={day}.09.2026",
            f'{theirs}Наименование=ТОО "Альфа"',
            f"{theirs}БИН_ИИН=200940008138",
            f"{theirs}ИИК={PAYER}",
            f"{theirs}БанкБИК=KCJBKZKX",
            f'{ours}Наименование=ТОО "Строймир"',
            f"{ours}ИИК={account}",
            f"{'СуммаПриход' if amount > 0 else 'СуммаРасход'}={abs(amount):.2f}",
            f"ДатаОперации={day}.09.2026",
            f"НазначениеПлатежа=Оплата по счету {number}",
            "КодНазначенияПлатежа=710",
            "КонецДокумента",
        ]
    return "\r\n".join([*lines, *(["КонецФайла"] if end else [])]).encode("cp1251")


def mt940(*amounts, account=OWN, opening=100.0, day=15, name="ТОО АЛЬФА"):
    """The same operations as `kaspi` writes them, in the words of MT940; negative amounts are outgoing."""
    text = f":20:START\r\n:25:{account}\r\n:28C:1/1\r\n:60F:C260901KZT{_comma(opening)}\r\n"
    for number, amount in enumerate(amounts, 1):
        mark = "C" if amount > 0 else "D"
        text += f":61:2609{day}09{day}{mark}{_comma(abs(amount))}NTRFNONREF//B{day}{number}\r\n"
        text += f":86:Payment {number} {name}\r\n"
    return f"{text}:62F:C2609{day}KZT{_comma(opening + sum(amounts))}\r\n-\r\n".encode()


def _comma(amount):
    return f"{amount:.2f}".replace(".", ",")


CSV = """\
Текущий счет: ;;{account}
Валюта счета:;;KZT
№ документа;Дата операции;Дебет;Кредит;Контрагент;ИИК;КНП;Назначение платежа
7;16.09.2026;;1 500,50;ТОО Бета ИИН/БИН 190540007001;KZ19563D350000091934;851;Оплата INV/2026/00012
8;16.09.2026;40,00;;Kaspi Bank;;841;Комиссия
"""


class BankFileCommon(AccountTestInvoicingCommon):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.kzt = cls.env.ref("base.KZT")
        cls.kzt.active = True
        cls.bank = cls._journal("Kaspi", "KSP", OWN)
        cls.clerk = new_test_user(
            cls.env,
            login="i2c_bank_clerk",
            groups="base.group_user,invoice_to_cash.group_cash_application",
            company_id=cls.env.company.id,
            company_ids=[Command.set(cls.env.company.ids)],
        )

    @classmethod
    def _journal(cls, name, code, account):
        journal = cls.env["account.journal"].create(
            {"name": name, "code": code, "type": "bank", "currency_id": cls.kzt.id}
        )
        if account:
            journal.set_bank_account(account)
        return journal

    def load(self, data, name="kaspi.txt", journal=None, user=None):
        journal = (journal or self.bank).with_user(user or self.env.user)
        return journal.import_statement_file(name, base64.b64encode(data))

    def lines(self, journal=None):
        return self.env["account.bank.statement.line"].search(
            [("journal_id", "=", (journal or self.bank).id)], order="id"
        )

    def wizard(self, *files, journal=None, user=None):
        env = self.env(user=user) if user else self.env
        attachments = env["ir.attachment"].create([{"name": name, "raw": data} for name, data in files])
        form = Form(env["bank.import.wizard"])
        if journal:
            form.journal_id = journal
        for attachment in attachments:
            form.attachment_ids.add(attachment)
        return form.save()
