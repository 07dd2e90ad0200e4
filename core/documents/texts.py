"""The fixed wording of the documents in Russian, Kazakh and English.

Here and not in .po files: the wording of Р-1, З-2 and the счёт-фактура is prescribed, a translator must not change
it by accident; Odoo has no Kazakh interface, and a document in Kazakh must not wait for one to be installed; and
the document follows the customer, whatever language the person who prints it works in.
"""

from collections.abc import Mapping

from .texts_agreements import AGREEMENTS

LANGUAGES = ("ru", "kk", "en")

#: key -> (Russian, Kazakh, English)
_TEXTS: dict[str, tuple[str, str, str]] = {
    # -- parties and requisites
    "seller": ("Поставщик", "Өнім беруші", "Supplier"),
    "buyer": ("Покупатель", "Сатып алушы", "Customer"),
    "bin": ("БИН", "БСН", "BIN"),
    "iin": ("ИИН", "ЖСН", "IIN"),
    "inn": ("ИНН", "СТН", "INN"),
    "tax_id": ("Налоговый номер", "Салық нөмірі", "Tax ID"),
    "iik": ("ИИК", "ЖСК", "IBAN"),
    "account": ("Счёт", "Шот", "Account"),
    "bik": ("БИК", "БСК", "BIC"),
    "kbe": ("Кбе", "Кбе", "KBe"),
    "knp": ("Код назначения платежа", "Төлем мақсатының коды", "Payment purpose code (KNP)"),
    "corr": ("Корр. счёт", "Корр. шот", "Correspondent account"),
    "beneficiary": ("Бенефициар", "Бенефициар", "Beneficiary"),
    "beneficiary_bank": ("Банк бенефициара", "Бенефициардың банкі", "Beneficiary's bank"),
    "bank": ("Банк", "Банк", "Bank"),
    "address": ("Адрес", "Мекенжайы", "Address"),
    "phone": ("тел.", "тел.", "tel."),
    "contract": ("Договор", "Шарт", "Contract"),
    "no_contract": ("Без договора", "Шартсыз", "Without a contract"),
    "order_basis": ("Заказ", "Тапсырыс", "Order"),
    "code": ("Код оплаты", "Төлем коды", "Payment code"),
    "code_hint": (
        "Укажите код оплаты в назначении платежа: так деньги сразу найдут этот счёт.",
        "Төлем мақсатында төлем кодын көрсетіңіз: сонда ақша осы шотты бірден табады.",
        "Please quote the payment code in your transfer: the money then finds this invoice at once.",
    ),
    "stamp": ("М.П.", "М.О.", "Stamp"),
    "page_continued": ("Продолжение", "Жалғасы", "Continued"),
    # -- columns
    "no": ("№", "№", "No."),
    "item_code": ("Код", "Коды", "Code"),
    "item": ("Наименование", "Атауы", "Description"),
    "qty": ("Кол-во", "Саны", "Qty"),
    "unit": ("Ед.", "Өлш. бірл.", "Unit"),
    "price": ("Цена", "Бағасы", "Price"),
    "amount": ("Сумма", "Сомасы", "Amount"),
    # -- sums
    "total": ("Итого", "Барлығы", "Total"),
    "subtotal": ("Итого без НДС", "ҚҚС-сыз барлығы", "Total without VAT"),
    "vat": ("НДС {rate}", "ҚҚС {rate}", "VAT {rate}"),
    "vat_inside": ("В том числе НДС {rate}", "Оның ішінде ҚҚС {rate}", "Including VAT {rate}"),
    "no_vat": ("Без НДС", "ҚҚС-сыз", "Without VAT"),
    "to_pay": ("Всего к оплате", "Төлеуге барлығы", "Total to pay"),
    "paid": ("Уже оплачено", "Төленген", "Already paid"),
    "open": ("Осталось оплатить", "Төлеуге қалды", "Left to pay"),
    "advance": ("Зачтённый аванс", "Есепке алынған аванс", "Advance taken over"),
    "count_and_sum": (
        "Всего наименований {count}, на сумму {amount} {currency}",
        "Атаулар саны {count}, сомасы {amount} {currency}",
        "Items: {count}, amounting to {amount} {currency}",
    ),
    # -- счёт на оплату
    "bill_title": ("Счёт на оплату № {number} от {date}", "Төлеуге арналған № {number} шот, {date}", "Payment invoice No. {number} of {date}"),
    "bill_notice": (
        "Внимание! Оплата данного счёта означает согласие с условиями поставки товара. Уведомление об оплате "
        "обязательно, в противном случае не гарантируется наличие товара на складе. Товар отпускается по факту прихода "
        "денег на р/с Поставщика, самовывозом, при наличии доверенности и документов, удостоверяющих личность.",
        "Назар аударыңыз! Осы шотты төлеу тауарды жеткізу шарттарымен келісуді білдіреді. Төлем туралы хабарлау міндетті, "
        "әйтпесе қоймада тауардың болуына кепілдік берілмейді. Тауар ақша Өнім берушінің есеп шотына түскен соң, сенімхат "
        "пен жеке басты куәландыратын құжаттар болған кезде, өзі алып кету арқылы босатылады.",
        "Please note: payment of this invoice means that the terms of delivery are accepted. Please tell us of the payment, "
        "otherwise we cannot guarantee that the goods are in stock. Goods are handed over at our warehouse after the money has "
        "reached the Supplier's account, against a power of attorney and an identity document.",
    ),
    "bill_notice_service": (
        "Внимание! Оплата данного счёта означает согласие с условиями договора.",
        "Назар аударыңыз! Осы шотты төлеу шарт талаптарымен келісуді білдіреді.",
        "Please note: payment of this invoice means that the terms of the contract are accepted.",
    ),
    "sample_order": ("Образец платёжного поручения", "Төлем тапсырмасының үлгісі", "Specimen of the payment order"),
    "valid_until": ("Счёт действителен до {date}", "Шот {date} дейін жарамды", "This invoice is good until {date}"),
    "pay_until": ("Оплатить до {date}", "Төлеу мерзімі: {date} дейін", "Payable until {date}"),
    "executor": ("Исполнитель", "Орындаушы", "Prepared by"),
    "accountant": ("бухгалтер", "бухгалтер", "accountant"),
    # -- retail
    "retail_title": ("Счёт № {number}", "№ {number} шот", "Invoice {number}"),
    "retail_from": ("от {date}", "{date}", "{date}"),
    "retail_for": ("Покупатель", "Сатып алушы", "Customer"),
    "retail_thanks": ("Спасибо за покупку!", "Сатып алғаныңызға рахмет!", "Thank you for your purchase!"),
    "scan": ("Наведите камеру телефона, чтобы оплатить", "Төлеу үшін телефон камерасын бағыттаңыз", "Point your phone's camera here to pay"),
    "transfer": ("Или банковским переводом", "Немесе банк аударымымен", "Or by bank transfer"),
    "transfer_only": ("Оплата банковским переводом", "Банк аударымымен төлеу", "Pay by bank transfer"),
    # -- счёт-фактура
    "tax_title": ("Счёт-фактура № {number} от {date}", "№ {number} шот-фактура, {date}", "Tax invoice (schet-faktura) No. {number} of {date}"),
    "tax_paper": (
        "Бумажная форма. Не является электронным счётом-фактурой (ЭСФ).",
        "Қағаз нысаны. Электрондық шот-фактура (ЭШФ) болып табылмайды.",
        "Paper form. This is not the electronic tax invoice (ESF).",
    ),
    "tax_esf": (
        "ЭСФ выписан в ИС ЭСФ: № {number}{date}",
        "ЭШФ АЖ-да жазылған ЭШФ: № {number}{date}",
        "The ESF was issued in the state system: No. {number}{date}",
    ),
    "tax_address": ("БИН/ИИН и адрес поставщика", "Өнім берушінің БСН/ЖСН және мекенжайы", "Supplier's BIN/IIN and address"),
    "tax_account": ("ИИК, банк, БИК поставщика", "Өнім берушінің ЖСК, банкі, БСК", "Supplier's account, bank, BIC"),
    "tax_contract": ("Договор (контракт) на поставку", "Жеткізу шарты (келісімшарты)", "Contract of supply"),
    "tax_terms": ("Условия оплаты по договору", "Шарт бойынша төлем талаптары", "Terms of payment"),
    "tax_destination": ("Пункт назначения поставляемых товаров", "Жеткізілетін тауарлардың межелі пункті", "Destination of the goods"),
    "tax_proxy": ("Поставка товаров осуществлена по доверенности", "Тауар сенімхат бойынша жеткізілді", "Delivered under power of attorney"),
    "tax_way": ("Способ отправления", "Жөнелту тәсілі", "Way of dispatch"),
    "tax_waybill": ("Товарно-транспортная накладная", "Тауар-көлік жүкқұжаты", "Waybill"),
    "tax_consignor": ("Грузоотправитель", "Жүк жөнелтуші", "Consignor"),
    "tax_consignee": ("Грузополучатель", "Жүк алушы", "Consignee"),
    "tax_receiver": ("Получатель", "Алушы", "Recipient"),
    "tax_receiver_address": ("БИН/ИИН и адрес получателя", "Алушының БСН/ЖСН және мекенжайы", "Recipient's BIN/IIN and address"),
    "tax_receiver_account": ("ИИК, банк, БИК получателя", "Алушының ЖСК, банкі, БСК", "Recipient's account, bank, BIC"),
    "tax_item": ("Наименование товаров (работ, услуг)", "Тауарлардың (жұмыстардың, қызметтердің) атауы", "Goods (works, services)"),
    "tax_qty": ("Кол-во (объём)", "Саны (көлемі)", "Quantity"),
    "tax_price": ("Цена (тариф) за единицу", "Бірлік бағасы (тарифі)", "Price per unit"),
    "tax_net": ("Стоимость без НДС", "ҚҚС-сыз құны", "Value without VAT"),
    "tax_vat": ("НДС", "ҚҚС", "VAT"),
    "tax_rate": ("ставка", "мөлшері", "rate"),
    "tax_sum": ("сумма", "сомасы", "amount"),
    "tax_total": ("Всего стоимость реализации", "Өткізудің барлық құны", "Total value of the supply"),
    "tax_excise": ("Акциз", "Акциз", "Excise"),
    "tax_all": ("Всего по счёту", "Шот бойынша барлығы", "Total of the invoice"),
    "head": ("Руководитель организации", "Ұйым басшысы", "Head of the organisation"),
    "chief_accountant": ("Главный бухгалтер", "Бас бухгалтер", "Chief accountant"),
    "issued_by": ("Выдал (ответственное лицо поставщика)", "Берген (өнім берушінің жауапты тұлғасы)", "Issued by (for the supplier)"),
    "tax_note": (
        "Примечание. Без печати недействительно. Оригинал (первый экземпляр) – покупателю. Копия (второй экземпляр) – поставщику.",
        "Ескертпе. Мөрсіз жарамсыз. Түпнұсқа (бірінші дана) – сатып алушыға. Көшірме (екінші дана) – өнім берушіге.",
        "Note. Not valid without a stamp. Original (first copy) to the customer, second copy to the supplier.",
    ),
    # -- акт Р-1
    "act_annex": (
        "Приложение 50 к приказу Министра финансов Республики Казахстан от 20 декабря 2012 года № 562",
        "Қазақстан Республикасы Қаржы министрінің 2012 жылғы 20 желтоқсандағы № 562 бұйрығына 50-қосымша",
        "Annex 50 to order No. 562 of the Minister of Finance of the Republic of Kazakhstan of 20 December 2012",
    ),
    "act_form": ("Форма Р-1", "Р-1 нысаны", "Form R-1"),
    "act_title": (
        "Акт выполненных работ (оказанных услуг)",
        "Орындалған жұмыстардың (көрсетілген қызметтердің) актісі",
        "Act of works performed (services rendered)",
    ),
    "act_customer": ("Заказчик", "Тапсырыс беруші", "Customer"),
    "act_executor": ("Исполнитель", "Орындаушы", "Contractor"),
    "act_contract": ("Договор (контракт)", "Шарт (келісімшарт)", "Contract"),
    "doc_number": ("Номер документа", "Құжат нөмірі", "Document number"),
    "doc_date": ("Дата составления", "Жасалған күні", "Date"),
    "act_item": (
        "Наименование работ (услуг) (в разрезе их подвидов в соответствии с технической спецификацией, заданием, графиком выполнения при их наличии)",
        "Жұмыстардың (қызметтердің) атауы (техникалық ерекшелікке, тапсырмаға, орындау кестесіне сәйкес кіші түрлері бойынша, олар болған кезде)",
        "Works (services), by kind according to the specification, task or schedule, where there is one",
    ),
    "act_day": ("Дата выполнения работ (оказания услуг)", "Жұмыстар орындалған (қызметтер көрсетілген) күн", "Date of performance"),
    "act_report": (
        "Сведения об отчёте о научных исследованиях, маркетинговых, консультационных и прочих услугах (дата, номер, количество страниц) (при их наличии)",
        "Ғылыми зерттеулер, маркетингтік, консультациялық және өзге қызметтер туралы есеп жөніндегі мәліметтер (күні, нөмірі, беттер саны) (олар болған кезде)",
        "Report on research, marketing, consulting and other services (date, number, pages), where there is one",
    ),
    "act_unit": ("Единица измерения", "Өлшем бірлігі", "Unit"),
    "act_done": ("Выполнено работ (оказано услуг)", "Орындалған жұмыстар (көрсетілген қызметтер)", "Performed"),
    "act_qty": ("количество", "саны", "quantity"),
    "act_price": ("цена за единицу", "бірлік бағасы", "price per unit"),
    "act_cost": ("стоимость", "құны", "value"),
    "act_stock": (
        "Сведения об использовании запасов, полученных от заказчика",
        "Тапсырыс берушіден алынған қорларды пайдалану туралы мәліметтер",
        "Use of stock received from the customer",
    ),
    "act_stock_hint": ("наименование, количество, стоимость", "атауы, саны, құны", "name, quantity, value"),
    "act_enclosure": (
        "Приложение: перечень документации, в том числе отчёт(ы) о маркетинговых, научных исследованиях, консультационных и прочих услугах (обязательны при их наличии) на ____ страниц",
        "Қосымша: құжаттама тізбесі, оның ішінде маркетингтік, ғылыми зерттеулер, консультациялық және өзге қызметтер туралы есеп(тер) (олар болған кезде міндетті) ____ бет",
        "Enclosed: list of documents, including reports on marketing, research, consulting and other services (required where they exist), ____ pages",
    ),
    "handed": ("Сдал (Исполнитель)", "Тапсырды (Орындаушы)", "Handed over (Contractor)"),
    "accepted": ("Принял (Заказчик)", "Қабылдады (Тапсырыс беруші)", "Accepted (Customer)"),
    "position": ("должность", "лауазымы", "position"),
    "signature": ("подпись", "қолы", "signature"),
    "full_name": ("расшифровка подписи", "Т.А.Ә.", "name in full"),
    "act_signed": (
        "Дата подписания (принятия) работ (услуг)",
        "Жұмыстарға (қызметтерге) қол қойылған (қабылданған) күн",
        "Date of signature (acceptance)",
    ),
    # -- накладная З-2
    "waybill_annex": (
        "Приложение 26 к приказу Министра финансов Республики Казахстан от 20 декабря 2012 года № 562",
        "Қазақстан Республикасы Қаржы министрінің 2012 жылғы 20 желтоқсандағы № 562 бұйрығына 26-қосымша",
        "Annex 26 to order No. 562 of the Minister of Finance of the Republic of Kazakhstan of 20 December 2012",
    ),
    "waybill_form": ("Форма З-2", "З-2 нысаны", "Form Z-2"),
    "waybill_title": (
        "Накладная на отпуск запасов на сторону",
        "Қорларды тысқа босатуға арналған жүкқұжат",
        "Delivery note (release of stock)",
    ),
    "organisation": ("Организация (индивидуальный предприниматель)", "Ұйым (дара кәсіпкер)", "Organisation (sole proprietor)"),
    "sender": ("Организация (ИП) – отправитель", "Жөнелтуші ұйым (ДК)", "Sender"),
    "receiver": ("Организация (ИП) – получатель", "Алушы ұйым (ДК)", "Recipient"),
    "in_charge": ("Ответственный за поставку (Ф.И.О.)", "Жеткізуге жауапты (Т.А.Ә.)", "In charge of the delivery"),
    "carrier": ("Транспортная организация", "Көлік ұйымы", "Carrier"),
    "ttn": ("Товарно-транспортная накладная (номер, дата)", "Тауар-көлік жүкқұжаты (нөмірі, күні)", "Transport waybill (number, date)"),
    "stock_item": ("Наименование, характеристика", "Атауы, сипаттамасы", "Name, characteristics"),
    "stock_code": ("Номенклатурный номер", "Номенклатуралық нөмірі", "Item number"),
    "stock_qty": ("Количество", "Саны", "Quantity"),
    "to_release": ("подлежит отпуску", "босатылуы тиіс", "to release"),
    "released": ("отпущено", "босатылды", "released"),
    "unit_price": ("Цена за единицу, в {currency}", "Бірлік бағасы, {currency}", "Price per unit, {currency}"),
    "gross": ("Сумма с НДС, в {currency}", "ҚҚС-пен сомасы, {currency}", "Amount with VAT, {currency}"),
    "vat_sum": ("Сумма НДС, в {currency}", "ҚҚС сомасы, {currency}", "VAT, {currency}"),
    "released_words": (
        "Всего отпущено количество запасов (прописью)",
        "Босатылған қорлардың барлық саны (жазумен)",
        "Total quantity released (in words)",
    ),
    "sum_words": ("на сумму (прописью)", "сомасы (жазумен)", "amounting to (in words)"),
    "allowed_by": ("Отпуск разрешил", "Босатуға рұқсат берген", "Release allowed by"),
    "released_by": ("Отпустил", "Босатқан", "Released by"),
    "by_proxy": ("По доверенности № ________ от «___» __________ 20___ г., выданной", "20___ ж. «___» __________ № ________ сенімхат бойынша, берген", "Under power of attorney No. ________ of __________ 20___, issued by"),
    "received_by": ("Запасы получил", "Қорларды алған", "Stock received by"),
    # -- акт сверки
    "recon_title": ("Акт сверки взаимных расчётов", "Өзара есеп айырысуларды салыстыру актісі", "Act of reconciliation"),
    "recon_period": ("за период с {start} по {end}", "{start} – {end} кезеңі үшін", "for the period from {start} to {end}"),
    "recon_between": ("между {seller} и {buyer}", "{seller} мен {buyer} арасында", "between {seller} and {buyer}"),
    "recon_intro": (
        "Мы, нижеподписавшиеся, {seller}, с одной стороны, и {buyer}, с другой стороны, составили настоящий акт в том, что "
        "за период с {start} по {end} произведена сверка взаимных расчётов.",
        "Біз, төменде қол қоюшылар, бір тараптан {seller} және екінші тараптан {buyer}, {start} – {end} кезеңі үшін өзара "
        "есеп айырысулар салыстырылғаны туралы осы актіні жасадық.",
        "We, the undersigned, {seller} on the one side and {buyer} on the other side, have drawn up this act: mutual settlements "
        "for the period from {start} to {end} were reconciled as follows.",
    ),
    "recon_our": ("По данным {name}, {currency}", "{name} деректері бойынша, {currency}", "According to {name}, {currency}"),
    "day": ("Дата", "Күні", "Date"),
    "document": ("Документ", "Құжат", "Document"),
    "debit": ("Дебет", "Дебет", "Debit"),
    "credit": ("Кредит", "Кредит", "Credit"),
    "recon_opening": ("Сальдо начальное", "Бастапқы сальдо", "Opening balance"),
    "recon_turnover": ("Обороты за период", "Кезең айналымы", "Turnover of the period"),
    "recon_closing": ("Сальдо конечное", "Соңғы сальдо", "Closing balance"),
    "recon_debt": (
        "По состоянию на {date} задолженность {debtor} в пользу {creditor} составляет {amount} {currency} ({words}).",
        "{date} жағдай бойынша {debtor} берешегі {creditor} пайдасына {amount} {currency} ({words}) құрайды.",
        "As of {date}, {debtor} owes {creditor} {amount} {currency} ({words}).",
    ),
    "recon_even": ("По состоянию на {date} задолженность отсутствует.", "{date} жағдай бойынша берешек жоқ.", "As of {date} nothing is owed by either side."),
    "recon_none": ("Операций за период нет, задолженность отсутствует.", "Кезең ішінде операциялар жоқ, берешек жоқ.", "No movements in the period, nothing is owed."),
    "from_side": ("От {name}", "{name} атынан", "For {name}"),
    "sale": ("Реализация, счёт № {name}", "Өткізу, № {name} шот", "Sale, invoice {name}"),
    "refund": ("Корректировка (возврат) № {name}", "Түзету (қайтару) № {name}", "Credit note {name}"),
    "payment": ("Оплата {name}", "Төлем {name}", "Payment {name}"),
    "payment_order": ("Оплата, п/п № {name}", "Төлем, т/т № {name}", "Payment, order {name}"),
    "with_act": (", акт № {number}", ", № {number} акт", ", act {number}"),
    "with_waybill": (", накладная № {number}", ", № {number} жүкқұжат", ", waybill {number}"),
    "other": ("Операция {name}", "Операция {name}", "Entry {name}"),
}  # fmt: skip

_TEXTS.update(AGREEMENTS)


class Texts(Mapping):
    """The texts of one language: ``texts["seller"]``, ``texts.say("bill_title", number=…, date=…)``."""

    def __init__(self, lang: str):
        self.lang = lang
        self._place = LANGUAGES.index(lang)

    def __getitem__(self, key: str) -> str:
        return _TEXTS[key][self._place]

    def __iter__(self):
        return iter(_TEXTS)

    def __len__(self):
        return len(_TEXTS)

    def say(self, key: str, **values: str) -> str:
        """The text with its placeholders filled."""
        return self[key].format(**values)


def language_of(code: str | None, default: str = "ru") -> str:
    """Our language for a code of Odoo's (``kk_KZ`` → ``kk``); English for one we do not print in."""
    if not code:
        return default
    short = code.replace("-", "_").split("_")[0].lower()
    return {"ru": "ru", "kk": "kk", "kz": "kk"}.get(short, "en")
