"""The fixed wording around a reminder in Russian, Kazakh and English: table, statement, notices, call script.

Here and not in .po files for the same reasons as in ``core.documents.texts``: the letter follows the customer,
and Odoo has no Kazakh. The words of the letters themselves are mail templates, which everybody may edit.
"""

from __future__ import annotations

from collections.abc import Mapping

from ..documents.texts import LANGUAGES

#: key -> (Russian, Kazakh, English)
_WORDS: dict[str, tuple[str, str, str]] = {
    # -- the table of what is open
    "customer": ("Клиент", "Клиент", "Customer"),
    "invoice": ("Счёт", "Шот", "Invoice"),
    "due": ("Срок оплаты", "Төлеу мерзімі", "Due date"),
    "due_small": ("срок оплаты", "төлеу мерзімі", "due date"),
    "of_it_overdue": ("из них просрочено", "оның ішінде мерзімі өткені", "of it overdue"),
    "open": ("К оплате", "Төленетін сома", "Open amount"),
    "code": ("Код", "Коды", "Code"),
    "days_overdue": ("просрочка {days}", "{days} кешіктірілді", "{days} overdue"),
    "due_today": ("срок сегодня", "мерзімі бүгін", "due today"),
    "days_left": ("осталось {days}", "{days} қалды", "{days} left"),
    "subtotal": ("По счетам", "Шоттар бойынша", "Invoices"),
    "disputed": ("Из них не запрашивается", "Оның ішінде талап етілмейді", "Not asked for: in dispute"),
    "credit": ("Ваша переплата", "Артық төлеміңіз", "Your open credit"),
    "interest": ("Пеня на {date}", "{date} күнгі өсімпұл", "Late charges as of {date}"),
    "total": ("Итого к оплате", "Барлығы төлеуге", "Total to pay"),
    "overdue_short": ("Просрочено", "Мерзімі өткен", "Overdue"),
    "and_more": ("{number} и ещё {count}", "{number} және тағы {count}", "{number} and {count} more"),
    "greeting": ("Здравствуйте!", "Құрметті әріптестер!", "Good day,"),
    "greeting_name": ("Здравствуйте, {name}!", "Құрметті {name}!", "Dear {name},"),
    "regards": ("С уважением,", "Құрметпен,", "Kind regards,"),
    # -- buttons
    "pay": ("Оплатить", "Төлеу", "Pay"),
    "pay_number": ("Оплатить {number}", "{number} төлеу", "Pay {number}"),
    "view": ("Открыть счёт", "Шотты ашу", "View the invoice"),
    # -- bank transfer
    "transfer": ("Оплата банковским переводом", "Банк аударымымен төлеу", "Paying by bank transfer"),
    "payee": ("Получатель", "Алушы", "Payee"),
    "account": ("Счёт получателя", "Алушының шоты", "Account"),
    "bank": ("Банк", "Банк", "Bank"),
    "purpose": ("Укажите в назначении", "Төлем мақсатында көрсетіңіз", "Please quote"),
    "quote": (
        "С кодом в назначении платежа деньги сразу найдут ваши счета.",
        "Төлем мақсатында код көрсетілсе, ақша шоттарыңызды бірден табады.",
        "With the code in your transfer the money finds your invoices at once.",
    ),
    "scan": (
        "Оплата по QR-коду счёта {number}",
        "{number} шотын QR-код арқылы төлеу",
        "Pay {number} with this QR code",
    ),
    # -- running statement
    "statement": (
        "Взаиморасчёты по {date}",
        "{date} дейінгі өзара есеп айырысу",
        "Your account with us up to {date}",
    ),
    "opening": ("Остаток на {date}", "{date} қалдық", "Balance on {date}"),
    "closing": ("Ваш долг на {date}", "{date} қарызыңыз", "You owe on {date}"),
    "closing_credit": ("Наш долг на {date}", "{date} біздің қарызымыз", "We owe you on {date}"),
    "sale": ("Счёт {name}", "{name} шоты", "Invoice {name}"),
    "refund": ("Возврат {name}", "{name} қайтару", "Credit note {name}"),
    "payment": ("Оплата", "Төлем", "Payment"),
    "other": ("Операция {name}", "{name} операциясы", "Entry {name}"),
    # -- payment plan
    "instalment": ("Платёж по графику", "Кесте бойынша төлем", "Instalment"),
    "amount": ("Сумма", "Сомасы", "Amount"),
    "instalment_paid": ("оплачен", "төленді", "paid"),
    # -- attachments
    "attached_all": ("Счета приложены к письму.", "Шоттар хатқа тіркелген.", "The invoices are attached."),
    "attached_one": ("Счёт приложен к письму.", "Шот хатқа тіркелген.", "The invoice is attached."),
    "attached_some": (
        "К письму приложены старейшие счета ({count} из {total}); остальные открываются по ссылкам в таблице.",
        "Хатқа ең ескі шоттар тіркелген ({total} ішінен {count}); қалғандары кестедегі сілтемелер арқылы ашылады.",
        "The oldest {count} of {total} invoices are attached; the others open by their links in the table.",
    ),
    # -- the letter on paper
    "paper_to": ("Кому", "Кімге", "To"),
    "paper_number": ("Исх. № {number} от {date}", "Шығ. № {number}, {date}", "Ref. {number}, {date}"),
    "paper_about": ("О задолженности", "Берешек туралы", "Outstanding payment"),
    "paper_about_soon": ("О сроке оплаты", "Төлеу мерзімі туралы", "Payment due"),
    "paper_table": (
        "Неоплаченные счета на {date}",
        "{date} төленбеген шоттар",
        "Open invoices as of {date}",
    ),
    "paper_issued": ("Дата", "Күні", "Date"),
    "paper_late": ("Просрочка", "Кешіктіру", "Overdue"),
    "paper_words": ("Сумма прописью", "Сомасы жазумен", "In words"),
    "paper_enclosed": ("Приложения", "Қосымшалар", "Enclosed"),
    "paper_enclosed_invoices": ("счета, {count} шт.", "шоттар, {count} дана", "invoices: {count}"),
    "paper_sign": ("Подпись", "Қолы", "Signature"),
    "paper_statement": ("Взаиморасчёты", "Өзара есеп айырысу", "Statement of account"),
    "debit": ("Начислено", "Есептелді", "Charged"),
    "credit_side": ("Оплачено", "Төленді", "Paid"),
    "day": ("Дата", "Күні", "Date"),
    "document": ("Документ", "Құжат", "Document"),
    # -- portal notice: per tone, kept factual
    "notice_soft": (
        "Срок оплаты счёта — {due}. Будем рады получить оплату вовремя.",
        "Шотты төлеу мерзімі — {due}. Төлемді уақытында алсақ, қуаныштымыз.",
        "This invoice is due on {due}. We would be glad to receive the payment in time.",
    ),
    "notice_neutral": (
        "Срок оплаты счёта — {due}. Если вы уже оплатили, ничего делать не нужно.",
        "Шотты төлеу мерзімі — {due}. Егер төлеп қойсаңыз, ештеңе істеудің қажеті жоқ.",
        "This invoice is due on {due}. If you have paid already, there is nothing else to do.",
    ),
    "notice_business": (
        "Срок оплаты был {due}: просрочка {days}. Оплатите счёт или напишите нам, если что-то не так.",
        "Төлеу мерзімі {due} болған: {days} кешіктірілді. Шотты төлеңіз немесе бір нәрсе дұрыс болмаса, бізге жазыңыз.",
        "This invoice was due on {due}, {days} ago. Please pay it, or write to us if something is wrong with it.",
    ),
    "notice_official": (
        "Срок оплаты был {due}: просрочка {days}. Мы отправили вам официальное письмо; "
        "если нужен график платежей, свяжитесь с нами.",
        "Төлеу мерзімі {due} болған: {days} кешіктірілді. Сізге ресми хат жібердік; "
        "төлем кестесі қажет болса, бізге хабарласыңыз.",
        "This invoice was due on {due}, {days} ago. We have sent you a formal letter about it; "
        "if you need a payment schedule, please contact us.",
    ),
    "notice_escalation": (
        "Срок оплаты был {due}: просрочка {days}. Просим оплатить счёт или связаться с нами, как сказано в письме.",
        "Төлеу мерзімі {due} болған: {days} кешіктірілді. Шотты төлеуді немесе хатта айтылғандай бізге хабарласуды сұраймыз.",
        "This invoice was due on {due}, {days} ago. Please pay it or contact us as our letter says.",
    ),
    "notice_thread": (
        "Письмо от {date}",
        "{date} хат",
        "Letter of {date}",
    ),
    # -- SMS: short, no threat, no link that looks like fraud
    "sms": (
        "{company}: к оплате {amount} {currency}, счёт {number}, срок {due}. {url}",
        "{company}: төлеуге {amount} {currency}, {number} шоты, мерзімі {due}. {url}",
        "{company}: {amount} {currency} to pay, invoice {number}, due {due}. {url}",
    ),
    # -- call script: what the collector says, in the customer's language
    "call_hello": (
        "Здравствуйте! {company}, {caller}. Удобно поговорить об оплате счетов?",
        "Сәлеметсіз бе! {company}, {caller}. Шоттарды төлеу туралы сөйлесуге ыңғайлы ма?",
        "Hello, this is {caller} from {company}. Is it a good moment to talk about open invoices?",
    ),
    "call_fact": (
        "По нашим данным, открыто {amount} {currency}, старейший счёт {number} со сроком {due}.",
        "Біздің дерегіміз бойынша {amount} {currency} ашық, ең ескісі — мерзімі {due} болған {number} шоты.",
        "According to our books {amount} {currency} is open; the oldest invoice is {number}, due {due}.",
    ),
    "call_ask": (
        "Счета у вас есть, всё ли в них верно?",
        "Шоттар сізде бар ма, бәрі дұрыс па?",
        "Do you have the invoices, and is everything right with them?",
    ),
    "call_when": (
        "Когда нам ждать оплату? На какую сумму?",
        "Төлемді қашан күтейік? Қандай сомаға?",
        "When may we expect the payment, and how much?",
    ),
}


class Words(Mapping):
    """The words of one language: ``words["pay"]``, ``words.say("opening", date=…)``."""

    def __init__(self, lang: str):
        self.lang = lang
        self._place = LANGUAGES.index(lang)

    def __getitem__(self, key: str) -> str:
        return _WORDS[key][self._place]

    def __iter__(self):
        return iter(_WORDS)

    def __len__(self):
        return len(_WORDS)

    def say(self, key: str, **values: str) -> str:
        """The text with its placeholders filled."""
        return self[key].format(**values)

    def days(self, number: int) -> str:
        """``1 день``, ``3 дня``, ``5 дней``, ``21 день``; ``3 күн``; ``1 day``, ``3 days``.

        The Russian form serves "просрочен на …" as well: nominative and accusative are the same here.
        """
        return f"{number}\u00a0{_day_word(number, self.lang)}"


def _day_word(number: int, lang: str) -> str:
    if lang == "kk":
        return "күн"
    if lang == "en":
        return "day" if number == 1 else "days"
    last, teens = number % 10, number % 100 in range(11, 15)
    if last == 1 and not teens:
        return "день"
    return "дня" if last in (2, 3, 4) and not teens else "дней"
