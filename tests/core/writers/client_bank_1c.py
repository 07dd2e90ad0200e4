"""1CClientBankExchange with Russian or with Kazakh keys."""

COMMON = (
    "date",
    "amount",
    "counterparty_name",
    "counterparty_tax_id",
    "counterparty_account",
    "counterparty_bank",
    "purpose",
    "purpose_code",
    "document_number",
)
RU_FIELDS = COMMON
KZ_FIELDS = (*COMMON, "value_date", "currency", "ultimate_name", "ultimate_tax_id")

# role -> endings of the keys
RU = {"name": "", "tax_id": "ИНН", "account": "Счет", "bank": "БИК"}
KZ = {"name": "Наименование", "tax_id": "БИН_ИИН", "account": "ИИК", "bank": "БанкБИК"}


def day(value):
    return f"{value:%d.%m.%Y}" if value else ""


def sides(line, own, endings):
    """Keys of both sides: ours has only its account."""
    other, mine = ("Плательщик", "Получатель") if line.amount > 0 else ("Получатель", "Плательщик")
    values = {
        f"{other}{endings['name']}": line.counterparty_name,
        f"{other}{endings['tax_id']}": line.counterparty_tax_id,
        f"{other}{endings['account']}": line.counterparty_account,
        f"{other}{endings['bank']}": line.counterparty_bank,
        f"{mine}{endings['account']}": own,
    }
    if line.ultimate_name or line.ultimate_tax_id:
        values[f"Фактический{other}Наименование"] = line.ultimate_name
        values[f"Фактический{other}БИН_ИИН"] = line.ultimate_tax_id
    return values


def russian(line, own):
    moved = "ДатаПоступило" if line.amount > 0 else "ДатаСписано"
    values = {"Номер": line.document_number, "Дата": day(line.date), "Сумма": abs(line.amount)}
    values |= sides(line, own, RU) | {moved: day(line.date)}
    values |= {"НазначениеПлатежа": line.purpose, "КодНазПлатежа": line.purpose_code}
    return "Платежное поручение", values


def kazakh(line, own):
    values = {"НомерДокумента": line.document_number, "ДатаОперации": day(line.date)}
    values |= {"ДатаВалютирования": day(line.value_date), "Валюта": line.currency}
    values |= sides(line, own, KZ)
    values |= {"СуммаПриход" if line.amount > 0 else "СуммаРасход": abs(line.amount)}
    values |= {"НазначениеПлатежа": line.purpose, "КодНазначенияПлатежа": line.purpose_code}
    return "выписка", values


END = {"РасчСчет": "КонецРасчСчет", "Документ": "КонецДокумента"}


def section(kind, values, title=""):
    head = f"Секция{kind}={title}" if title else f"Секция{kind}"
    return [head, *(f"{key}={value}" for key, value in values.items()), END[kind]]


def write(statements, keys=kazakh, encoding="utf-8", end="\r\n", version="1.01"):
    """One file of all the statements; `keys` is `russian` or `kazakh`."""
    lines = ["1CClientBankExchange", f"ВерсияФормата={version}", "Кодировка=Windows"]
    lines += [f"РасчСчет={statement.account}" for statement in statements]
    for statement in statements:
        values = {"ДатаНачала": day(statement.date_from), "ДатаКонца": day(statement.date_to)}
        values |= {"РасчСчет": statement.account}
        if statement.opening is not None:
            values |= {"НачальныйОстаток": statement.opening, "ВсегоПоступило": statement.credited}
            values |= {"ВсегоСписано": statement.debited, "КонечныйОстаток": statement.closing}
        lines += section("РасчСчет", values)
    for statement in statements:
        for line in statement.transactions:
            title, values = keys(line, statement.account)
            lines += section("Документ", values, title)
    return (end.join([*lines, "КонецФайла"]) + end).encode(encoding)
