"""How people write: names, numbers, dates and purposes, in Russian, Kazakh and English, sloppily.

Everything is built from parts in random order, so that no two lines follow one template.
"""

from __future__ import annotations

import datetime
from decimal import Decimal
from random import Random

LOOKALIKE = str.maketrans("ABCEHKMOPTXY", "АВСЕНКМОРТХУ")
_LATIN = dict(
    zip(
        "абвгдежзийклмнопрстуфхцчшщъыьэюяёәіңғүұқөһ",
        "a b v g d e zh z i y k l m n o p r s t u f kh ts ch sh sch - y - e yu ya e a i n g u u k o h".split(),
        strict=True,
    )
)
_LATIN.update({"ъ": "", "ь": ""})
FORMS = [
    ("ТОО", "Товарищество с ограниченной ответственностью", "TOO"),
    ("ЖШС", "Жауапкершілігі шектеулі серіктестігі", "LLP"),
    ("ИП", "Индивидуальный предприниматель", "IP"),
    ("АО", "Акционерное общество", "JSC"),
    ("ООО", "Общество с ограниченной ответственностью", "OOO"),
]
FIRST = (
    "Альфа Алатау Алтын Астана Атырау Байтерек Береке Бірлік Восток Гарант Гранит Дала Достык Жетісу Заря Импульс Каспий "
    "Керуен Құрылыс Лидер Маяк Мерей Монолит Нұрлы Олжас Өрлеу Пик Рассвет Сапа Сарыарқа Север Спектр Тұлпар "
    "Тенгри Ұлытау Феникс Хан-Тенгри Центр Шаңырақ Шығыс Эталон Юг Яблоко Іскер Әлем Ғасыр Меркурий Прогресс Вектор Каркас"
).split()
SECOND = (
    "Строй Трейд Сервис Логистик Групп Азия Инвест Медиа Снаб Пром Транс Агро Фарм Маркет Дизайн Проект Энерго Құрылыс "
    "Сауда Компани Плюс Технолоджи Мебель Текстиль Ойл Металл Продукт Системс Дистрибьюшн Консалт"
).split()
THIRD = "Алматы Астана Шымкент Караганда KZ 2005 Актау Павлодар Костанай Юнион Сити Профи Центр Премиум Орталық".split()
PEOPLE = (
    "Ахметов Иванов Сейтказиева Нургалиев Петрова Оспанов Ким Жумабаев Сидоренко Абдрахманова Төлегенов Қасымов Ли Волкова"
).split()
GIVEN = "Ерлан Иван Айгуль Нурлан Мария Данияр Сергей Жанна Асет Ольга Бауыржан Гүлнар Виктор Алия".split()
PATRONYMIC = "Серикович Петрович Маратовна Болатұлы Сергеевна Қайратқызы Ивановна Ерланович".split()
VERBS = [
    "Оплата",
    "оплата",
    "Опл.",
    "опл",
    "Оплата за",
    "ОПЛАТА",
    "Платеж",
    "Перечисление",
    "За",
    "Предоплата",
    "Окончательный расчет",
] + ["Төлем", "төлем", "Payment", "Оплатa", "Расчет", "Перевод", "", "", "Аванс", "Доплата", "pmt"]
GOODS = (
    "за товар|за стройматериалы|за услуги связи|за аренду помещения|за цемент М-400|канцтовары|за ТМЦ|за кабель ВВГ 3х2,5|"
    "за сантехнику|тауар үшін|қызмет үшін|for goods|услуги спецтехники объемом 30м3|за ГСМ АИ-92|за бетон В15 12 м3|"
    "ремонт а/м гос.номер 123ABC02|за доску 50х150|за воду 19 л|за период 01.10.2026-31.10.2026|за октябрь 2026г|3 шт|"
    "за клей2000|за обслуживание 1С:8.3|құрылыс материалдары|по накладной б/н|за мебель, 2 компл.|абонплата за 11.2026"
).split("|")
KEYWORDS = (
    "по счету|по счёту|по сч.|по сч|счет|счёт|согласно счета|согл. счету|по счету на оплату|счет на оплату|по СЧЕТУ|сч.|на осн. счета|"
    "инвойс|invoice|inv.|шот|төлем шоты|по инвойсу|schet|po schetu|счетқа|оплата счета|по выставленному счету|за сч"
).split("|")
PLURALS = "по счетам|по счетам на оплату|счета|по сч.|invoices|по инвойсам|шоттар|за счета".split("|")
MARKS = ["№ ", "№", " №", "N ", "N", "# ", "#", "No.", "", "", "", "номер ", "н "]
CONTRACTS = "по договору № {0}|дог. {0}|договор поставки №{0}|согл. дог. № {0}|к договору {0}|contract {0}|келісімшарт № {0}|дог.№{0}|по договору поставки {0}".split(
    "|"
)
MONTHS = "января февраля марта апреля мая июня июля августа сентября октября ноября декабря".split()
KNP = [
    "За товары. ",
    "За услуги. ",
    "КНП 710. ",
    "(710) ",
    "За строительные услуги. ",
    "/710/ ",
    "Кбе17 КНП859 ",
]
TAILS = [
    "",
    "",
    "",
    "",
    ". Спасибо",
    ", срочно",
    " (безнал)",
    " тел. 87011234567",
    " исп. Ахметова",
    " ул. Абая, д. 12, оф. 45",
    ".",
]


def latin(text: str) -> str:
    out = "".join(_LATIN.get(char.lower(), char) for char in text)
    return out.title() if text[:1].isupper() else out


def company_name(random: Random) -> tuple[str, int]:
    """A name without its form, and which form it has."""
    form = random.choices(range(5), [55, 10, 22, 6, 7])[0]
    if form == 2:
        person = f"{random.choice(PEOPLE)} {random.choice(GIVEN)} {random.choice(PATRONYMIC)}"
        return (person if random.random() < 0.6 else f"{random.choice(FIRST)} {random.choice(SECOND)}"), form
    words = [random.choice(FIRST), random.choice(SECOND)]
    if random.random() < 0.6:
        words.append(random.choice(THIRD))
    return " ".join(words), form


def name_on_record(name: str, form: int) -> str:
    return f"{FORMS[form][0]} «{name}»" if form != 2 else f"ИП {name}"


def name_from_bank(random: Random, name: str, form: int) -> str:
    """The same name with another spelling of the form, of the quotes, in capitals or cut short."""
    short, full, english = FORMS[form]
    shown = random.choice([short, short, short, full, english])
    quoted = random.choice(["«{}»", '"{}"', "{}", "“{}”", "{}"]).format(name)
    text = random.choice(
        [f"{shown} {quoted}", f"{quoted} {shown}", f"{quoted}, {shown}", f"{shown} {quoted}"]
    )
    if random.random() < 0.35:
        text = text.upper()
    return text


def name_garbled(random: Random, name: str, form: int) -> str:
    """A name that only a fuzzy comparison finds: Latin letters, a typing error, without Kazakh letters, initials."""
    way = random.randrange(4)
    if way == 0:
        return latin(name_from_bank(random, name, form))
    if way == 1:
        return name_from_bank(random, typing_error(random, name), form)
    if way == 2:
        plain = name.translate(str.maketrans("әіңғүұқөһӘІҢҒҮҰҚӨҺ", "аинуууко" + "хАИНГУУКОХ"[0:10]))
        return name_from_bank(random, plain if plain != name else typing_error(random, name), form)
    return name_from_bank(random, typing_error(random, typing_error(random, name)), form)


def typing_error(random: Random, text: str) -> str:
    """A letter lost, doubled, changed or swapped inside the text."""
    places = [i for i in range(1, len(text) - 1) if text[i].isalpha() and text[i + 1].isalpha()]
    if not places:
        return text
    at = random.choice(places)
    way = random.randrange(4)
    if way == 0:
        return text[:at] + text[at + 1 :]
    if way == 1:
        return text[:at] + text[at] + text[at:]
    if way == 2:
        return text[:at] + random.choice("оаеинтср") + text[at + 1 :]
    return text[:at] + text[at + 1] + text[at] + text[at + 2 :]


def date(random: Random, day: datetime.date) -> str:
    way = random.randrange(12)
    text = [
        f"{day:%d.%m.%Y}", f"{day:%d.%m.%Y}г.", f"{day:%d.%m.%y}", f"{day:%d.%m.%Y} г", f"{day:%d/%m/%Y}",
        f"{day.day} {MONTHS[day.month - 1]} {day.year}", f"{day.day} {MONTHS[day.month - 1]} {day.year} г.",
        f"{day:%Y-%m-%d}", f"{day:%d-%m-%Y}", f"{day.day}.{day.month}.{day.year}", f"{day:%d.%m.%Y} ж.",
        f"{day:%d.%m.%Y}года",
    ][way]  # fmt: skip
    return random.choice([" от ", " от ", " ОТ ", " ", "от ", " от", " dated "]) + text


def money(random: Random, amount: Decimal) -> str:
    whole, cents = f"{amount:.2f}".split(".")
    grouped = f"{int(whole):,}"
    return random.choice(
        [f"{whole}.{cents}", f"{whole},{cents}", f"{whole}-{cents}", grouped.replace(",", " ") + f",{cents}"]
        + [
            f"{grouped}.{cents}",
            f"{whole} тг",
            f"{whole} тенге",
            grouped.replace(",", " ") + " KZT",
            f"{whole}=00",
        ]
    )


def spelled(random: Random, number: str) -> str:
    """A document number as it is typed: another case, Cyrillic twins, other separators, without zeros."""
    import re

    if random.random() < 0.25:
        number = number.lower()
    if random.random() < 0.25:
        number = number.translate(LOOKALIKE) if number.isupper() else number.upper().translate(LOOKALIKE)
    if random.random() < 0.2:
        number = number.replace("/", random.choice(["-", "\\", "/"]))
    if random.random() < 0.15:
        number = re.sub(r"(?<!\d)0+(?=\d)", "", number)
    return number


def purpose(
    random: Random,
    reference: str,
    *,
    amount: Decimal,
    contract: str = "",
    noise: float = 0.5,
    extra: str = "",
) -> str:
    """A whole purpose around a reference (which may be empty)."""
    parts = [reference] if reference else []
    if random.random() < noise:
        parts.append(random.choice(GOODS))
    if contract and random.random() < 0.35:
        text = random.choice(CONTRACTS).format(contract)
        if random.random() < 0.4:
            text += date(random, datetime.date(2025, random.randint(1, 12), random.randint(1, 28)))
        parts.append(text)
    if extra:
        parts.append(extra)
    random.shuffle(parts)
    text = random.choice(["", "", "", *KNP]) + random.choice(VERBS) + " "
    text += random.choice([" ", " ", ", ", ". ", "; ", "  "]).join(parts)
    if random.random() < noise * 0.4:
        text += random.choice([" на сумму ", " сумма ", ", Сумма ", " "]) + money(random, amount)
    if random.random() < noise:
        rate = random.choice([12, 16, 20])
        tax = (amount * rate / (100 + rate)).quantize(Decimal("0.01"))
        text += random.choice(
            [
                f", в т.ч. НДС {rate}% {money(random, tax)}",
                f" в том числе НДС({rate}%) - {money(random, tax)}",
            ]
            + [
                ". Без НДС",
                ", без налога (НДС)",
                " НДС не облагается",
                f" ҚҚС {rate}% {money(random, tax)}",
                " с НДС",
            ]
        )
    text += random.choice(TAILS)
    roll = random.random()
    if roll < 0.12:
        text = text.upper()
    elif roll < 0.2:
        text = text.lower()
    if random.random() < 0.1:
        text = text.replace(". ", ".").replace(", ", ",")
    return text.strip() if random.random() < 0.8 else text


def quote(random: Random, numbers: list[str], dates: list[datetime.date | None], error: bool = False) -> str:
    """A keyword, a mark and one or several numbers with their dates."""
    keyword = random.choice(KEYWORDS if len(numbers) == 1 else PLURALS)
    if error:
        keyword = typing_error(random, keyword)
    mark = random.choice(MARKS)
    every = random.random() < 0.4
    shown = []
    for place, (number, day) in enumerate(zip(numbers, dates, strict=True)):
        text = (mark if every or not place else "") + number
        if day and random.random() < 0.6:
            text += date(random, day)
        shown.append(text)
    glue = random.choice([", ", ",", " и ", ", ", "; ", " , ", " + "])
    text = glue.join(shown[:-1]) + (random.choice([" и ", glue]) if len(shown) > 1 else "") + shown[-1]
    tight = text[0] in "№#" and random.random() < 0.4
    return keyword + ("" if tight else " ") + text
