"""The fixed wording of payment-plan agreements and of the folder of evidence; see ``texts``."""

#: key -> (Russian, Kazakh, English)
AGREEMENTS: dict[str, tuple[str, str, str]] = {
    # -- payment plan
    "plan_title": (
        "Соглашение о рассрочке погашения задолженности № {number} от {date}",
        "Берешекті бөліп төлеу туралы № {number} келісім, {date}",
        "Payment-plan agreement No. {number} of {date}",
    ),
    "plan_draft": (
        "Проект соглашения о рассрочке погашения задолженности",
        "Берешекті бөліп төлеу туралы келісімнің жобасы",
        "Draft of a payment-plan agreement",
    ),
    "plan_creditor": ("Кредитор", "Кредитор", "Creditor"),
    "plan_debtor": ("Должник", "Борышкер", "Debtor"),
    "plan_intro": (
        "{seller} и {buyer} договорились, что задолженность {buyer} по перечисленным ниже счетам в сумме {amount} {currency} "
        "({words}) погашается частями в указанные сроки.",
        "{seller} мен {buyer} төменде көрсетілген шоттар бойынша {buyer} берешегі {amount} {currency} ({words}) көрсетілген "
        "мерзімдерде бөліп төленетіні туралы келісті.",
        "{seller} and {buyer} agree that the debt of {buyer} for the invoices below, {amount} {currency} ({words}), is paid in "
        "instalments on the days given.",
    ),
    "plan_invoices": ("Счета, по которым возникла задолженность", "Берешек туындаған шоттар", "Invoices concerned"),
    "plan_invoice": ("Счёт", "Шот", "Invoice"),
    "plan_schedule": ("График платежей", "Төлем кестесі", "Schedule of payments"),
    "plan_until": ("Срок", "Мерзімі", "Payable until"),
    "plan_terms": ("Условия", "Талаптар", "Terms"),
    "plan_term_early": (
        "Досрочная оплата допускается в любое время; поступившие суммы засчитываются в счёт ближайших платежей.",
        "Мерзімінен бұрын төлеуге кез келген уақытта болады; түскен сомалар ең жақын төлемдерге есептеледі.",
        "Payment in advance is possible at any time; what is received counts for the earliest instalments.",
    ),
    "plan_term_silent": (
        "Пока график соблюдается, Кредитор не направляет требований об оплате этих счетов.",
        "Кесте сақталған кезде Кредитор бұл шоттарды төлеу туралы талап жібермейді.",
        "While the schedule is kept, the Creditor sends no demands for these invoices.",
    ),
    "plan_term_broken": (
        "Если платёж не поступил в течение {grace} дн. после срока, Кредитор вправе потребовать всю непогашенную сумму.",
        "Егер төлем мерзімінен кейін {grace} күн ішінде түспесе, Кредитор барлық өтелмеген соманы талап етуге құқылы.",
        "If an instalment has not arrived within {grace} days after its day, the Creditor may demand all that is open.",
    ),
    "plan_term_code": (
        "В назначении платежа просим указывать код оплаты счёта.",
        "Төлем мақсатында шоттың төлем кодын көрсетуіңізді сұраймыз.",
        "Please quote the payment code of the invoice in your transfer.",
    ),
    "plan_account": ("Реквизиты для оплаты", "Төлем деректемелері", "Account to pay to"),
    # -- evidence
    "evidence_title": ("Материалы по задолженности", "Берешек бойынша материалдар", "Evidence of a debt"),
    "evidence_as_of": ("по состоянию на {date}", "{date} жағдай бойынша", "as of {date}"),
    "evidence_owner": ("Ответственный", "Жауапты", "Responsible"),
    "evidence_since": ("В работе с", "Жұмысқа алынған күні", "In work since"),
    "evidence_lawyer": ("Юрист", "Заңгер", "Lawyer"),
    "evidence_debt": ("Непогашенные счета", "Өтелмеген шоттар", "Open invoices"),
    "evidence_due": ("Срок оплаты", "Төлем мерзімі", "Due"),
    "evidence_late": ("Дней просрочки", "Кешіктірілген күн", "Days late"),
    "evidence_letters": ("Направленные напоминания", "Жіберілген ескертулер", "Reminders sent"),
    "evidence_letter": ("Письмо", "Хат", "Letter"),
    "evidence_recipient": ("Получатель", "Алушы", "Recipient"),
    "evidence_promises": ("Обещания оплаты", "Төлеу туралы уәделер", "Promises to pay"),
    "evidence_given": ("Дано", "Берілді", "Given"),
    "evidence_until": ("Обещано до", "Уәде мерзімі", "Promised until"),
    "evidence_result": ("Результат", "Нәтижесі", "Outcome"),
    "evidence_paid": ("Оплачено в срок", "Мерзімінде төленді", "Paid in time"),
    "evidence_plans": ("Соглашения о рассрочке", "Бөліп төлеу туралы келісімдер", "Payment plans"),
    "evidence_disputes": ("Разногласия", "Келіспеушіліктер", "Disputes"),
    "evidence_reason": ("Причина", "Себебі", "Reason"),
    "evidence_words": ("Слова покупателя, решение", "Сатып алушының сөзі, шешім", "Customer's words, outcome"),
    "evidence_replies": ("Ответы покупателя", "Сатып алушының жауаптары", "Answers of the customer"),
    "evidence_deliveries": ("Отгрузки", "Жөнелтулер", "Deliveries"),
    "evidence_content": ("Содержание папки", "Папка мазмұны", "Contents of the folder"),
    "evidence_none": ("нет", "жоқ", "none"),
    "evidence_state_open": ("не наступил", "мерзімі жетпеген", "not due yet"),
    "evidence_state_kept": ("выполнено", "орындалды", "kept"),
    "evidence_state_broken": ("нарушено", "бұзылды", "broken"),
    "evidence_state_void": ("погашено иначе", "басқаша өтелген", "settled otherwise"),
    "evidence_state_replaced": ("заменено новым", "жаңасымен ауыстырылды", "replaced"),
    "evidence_state_cancelled": ("отозвано", "қайтарып алынды", "withdrawn"),
    "evidence_state_active": ("действует", "күшінде", "in force"),
    "evidence_state_done": ("исполнено", "орындалды", "paid"),
    "folder_letters": ("Письма", "Хаттар", "Letters"),
    "folder_invoices": ("Счета", "Шоттар", "Invoices"),
    "folder_closing": ("Закрывающие документы и отгрузки", "Жабу құжаттары мен жөнелтулер", "Closing documents and deliveries"),
    "folder_plans": ("Соглашения", "Келісімдер", "Agreements"),
}  # fmt: skip
