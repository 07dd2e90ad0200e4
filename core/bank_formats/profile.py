"""How to read a delimited file of one bank: which title stands for what.

A profile only adds to the general dictionary of titles; a file whose titles are all in
that dictionary needs none.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

# Role -> titles in the order of preference, lower case, as `delimited.title` leaves them.
TITLES: dict[str, tuple[str, ...]] = {
    "date": (
        "дата операции",
        "дата проводки",
        "дата",
        "дата документа",
        "күні",
        "booking date",
        "posting date",
        "transaction date",
        "date",
    ),
    "value_date": ("дата валютирования", "value date"),
    "number": (
        "номер документа",
        "документа",
        "номер",
        "құжат",
        "",
        "document number",
        "number",
        "reference",
        "id",
        "transaction id",
        "checknumber",
    ),
    "debit": (
        "дебет",
        "расход",
        "списание",
        "сумма расход",
        "сумма по дебету",
        "по дебету",
        "обороты дебет",
        "debit",
        "debit amount",
        "withdrawal",
        "money out",
    ),
    "credit": (
        "кредит",
        "приход",
        "поступление",
        "зачисление",
        "сумма приход",
        "сумма по кредиту",
        "по кредиту",
        "обороты кредит",
        "credit",
        "credit amount",
        "deposit",
        "money in",
    ),
    "amount": (
        "сумма операции",
        "сумма в валюте счета",
        "сумма платежа",
        "сумма документа",
        "сумма",
        "amount",
        "value",
    ),
    "direction": (
        "д/к",
        "дт/кт",
        "приход/расход",
        "направление",
        "тип операции",
        "тип",
        "operation type",
        "direction",
    ),
    "party": (
        "контрагент",
        "наименование контрагента",
        "наименование бенефициара / отправителя денег",
        "бенефициар",
        "отправитель",
        "плательщик",
        "получатель",
        "counterparty",
        "payee",
        "name",
    ),
    "tax_id": ("иин/бин", "бин/иин", "бин контрагента", "бин", "иин", "инн"),
    "account": (
        "счет контрагента",
        "иик бенефициара / отправителя денег",
        "иик",
        "р/с",
        "счет",
        "iban",
        "account",
    ),
    "bank": ("бик банка", "бик", "мфо", "bic"),
    "purpose_code": ("кнп", "код назначения платежа", "код назначения"),
    "purpose": (
        "назначение платежа",
        "назначение",
        "детали платежа",
        "описание",
        "details",
        "description",
        "memo",
    ),
    "balance": ("исходящий остаток", "остаток", "баланс", "running balance", "runningbalance", "balance"),
    "currency": ("валюта", "ccy", "currency"),
}
ROLES = tuple(TITLES)


@dataclass(frozen=True, slots=True)
class Profile:
    """Columns and habits of one bank's delimited file.

    `columns` maps a role of `ROLES` to its titles in this file. `delimiter` "" is found by
    content; `decimal` "" and `date_order` "" are decided by the file. `unsigned_amount`
    says what a single amount column without signs means: "credit", "debit", or "" to refuse.
    """

    name: str = ""
    columns: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    delimiter: str = ""
    decimal: str = ""
    date_order: str = ""
    unsigned_amount: str = ""


KASPI = Profile(
    name="Kaspi",
    date_order="dmy",
    columns={
        "number": ("№ документа",),
        "date": ("Дата операции",),
        "debit": ("Дебет",),
        "credit": ("Кредит",),
        "party": ("Наименование бенефициара / отправителя денег", "Бенефициар"),
        "account": ("ИИК бенефициара / отправителя денег", "ИИК"),
        "bank": ("БИК банка бенефициара (отправителя денег)", "БИК"),
        "purpose_code": ("КНП",),
        "purpose": ("Назначение платежа", "Назначение"),
    },
)
HALYK = Profile(
    name="Halyk",
    date_order="dmy",
    columns={
        "date": ("Дата",),
        "number": ("Номер документа",),
        "debit": ("Дебет",),
        "credit": ("Кредит",),
        "party": ("Контрагент",),
        "purpose": ("Детали платежа",),
    },
)
