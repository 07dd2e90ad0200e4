from markupsafe import Markup

from odoo import api, fields, models

STATES = [
    ("manual", "To decide"),
    ("suggested", "Suggested"),
    ("applied", "Applied"),
    ("undone", "Undone"),
    ("dismissed", "Not a customer payment"),
]
# Reason codes of core.matching, then those that arise when a decision is carried out.
REASONS = [
    ("code", "Quotes our payment code"),
    ("number", "Quotes the full invoice number"),
    ("number_payer", "Quotes the number in short, the amount agrees"),
    ("several", "Quotes several invoices, the sum agrees"),
    ("instalment", "Quotes the invoice, the amount is its instalment"),
    ("third_party", "Quotes the invoice, but somebody else pays"),
    ("partial", "Quotes the invoice, pays less"),
    ("partial_several", "Quotes several invoices, pays less"),
    ("amount_elsewhere", "Quotes one invoice, pays exactly another"),
    ("overpaid", "Quotes the invoice, pays more"),
    ("tolerance", "Quotes the invoice, small difference"),
    ("refund", "Speaks of a refund"),
    ("credit_refund", "Pays a credit back"),
    ("number_unclear", "Also quotes a number that is not open"),
    ("date_differs", "Number agrees, its date does not"),
    ("credit_note", "Names a credit note"),
    ("several_customers", "Names invoices of several customers"),
    ("partner_missing", "The open item has no customer"),
    ("sum_with_named", "With other open items the amount agrees"),
    ("number_short", "Short number of the invoice"),
    ("short_alone", "Short number and amount agree, unknown payer"),
    ("number_typo", "Number with one wrong character, payer and amount agree"),
    ("number_amount", "Several documents have this number, one has the amount"),
    ("order", "Quotes the order"),
    ("reference_ambiguous", "Several documents have this number"),
    ("date_unique", "Quotes the date, one invoice of it has the amount"),
    ("amount_unique", "Known payer, only one invoice of this amount"),
    ("amount_ambiguous", "Known payer, several ways to make this amount"),
    ("sum_unique", "Known payer, one sum of invoices makes the amount"),
    ("amount_by_name", "Payer known by name only, one invoice of this amount"),
    ("sum_by_name", "Payer known by name only, one sum makes the amount"),
    ("customer_named", "The text names the customer, one invoice of this amount"),
    ("only_open", "Known payer, the only open invoice, another amount"),
    ("sum_ambiguous", "Known payer, several sums make the amount"),
    ("sum_unproven", "Known payer, a sum makes the amount, others may too"),
    ("reference_closed", "Quotes a number that is not open"),
    ("already_paid", "Quotes an invoice that another payment has paid"),
    ("amount_differs", "Known payer, no invoice of this amount"),
    ("oldest_first", "Oldest invoices first"),
    ("amount_only", "Only the amount agrees"),
    ("no_open_items", "Known payer, nothing is open"),
    ("payer_ambiguous", "Several customers have this identity"),
    ("payer_unknown", "Unknown payer, no reference"),
    ("currency", "Quotes an invoice in another currency"),
    ("outgoing", "Outgoing payment"),
    ("own_transfer", "Transfer between own accounts"),
    ("by_hand", "Chosen by hand"),
    ("advance", "Advance, no invoice yet"),
    ("reco_model", "Booked by a model, no customer payment"),
    ("changed", "Has changed since it was proposed"),
    ("locked", "The period is locked"),
    ("refused", "Could not be booked"),
]
# Kinds of evidence that speak against the proposal.
CONTRARY = {"number_closed", "number_taken"}


class PaymentMatch(models.Model):
    """Which open items a bank line pays: the decision, its reasons and what came of it."""

    _name = "payment.match"
    _description = "Payment Match"
    _order = "date desc, id desc"
    _rec_name = "statement_line_id"

    statement_line_id = fields.Many2one(
        "account.bank.statement.line",
        "Bank Line",
        required=True,
        readonly=True,
        ondelete="cascade",
        index=True,
    )
    company_id = fields.Many2one(related="statement_line_id.company_id", store=True, index=True)
    journal_id = fields.Many2one(related="statement_line_id.journal_id", store=True)
    currency_id = fields.Many2one("res.currency", required=True, readonly=True)
    date = fields.Date(required=True, readonly=True, index=True)
    amount = fields.Monetary(readonly=True, aggregator="sum")
    payer_name = fields.Char("Payer", readonly=True)
    purpose = fields.Text(readonly=True)
    purpose_html = fields.Html(
        "Purpose (proof marked)",
        readonly=True,
        sanitize=False,  # written by the matching only, from escaped text
        help="The text of the payment; what proved the match is marked.",
    )
    state = fields.Selection(STATES, "Decision", required=True, readonly=True, index=True, default="manual")
    reason = fields.Selection(REASONS, readonly=True, index=True)
    note = fields.Char(
        readonly=True, help="Why the decision could not be carried out, in the words of the accounting."
    )
    score = fields.Integer(readonly=True, aggregator="avg", help="How sure the proposal is, from 0 to 100.")
    evidence = fields.Char(readonly=True, help="What in the bank's data speaks for the proposal.")
    partner_id = fields.Many2one(
        "res.partner",
        "Customer",
        index="btree_not_null",
        help="Whose invoices to look for when choosing by hand.",
    )
    previous_partner_id = fields.Many2one("res.partner", readonly=True)
    candidate_ids = fields.One2many("payment.match.candidate", "match_id", "Candidates", readonly=True)
    candidate_id = fields.Many2one(
        "payment.match.candidate", "Chosen Candidate", readonly=True, ondelete="set null"
    )
    line_ids = fields.One2many("payment.match.line", "match_id", "Allocations", readonly=True)
    move_ids = fields.Many2many(
        "account.move", string="Invoices", compute="_compute_proposed", help="The documents of the proposal."
    )
    proposal = fields.Char(compute="_compute_proposed", help="What is paid, or how many ways there are.")
    matched_amount = fields.Monetary("To Apply", compute="_compute_proposed")
    rest_amount = fields.Monetary(
        "Left",
        compute="_compute_proposed",
        help="Stays as the customer's open credit when the proposal is applied.",
    )
    hand_line_ids = fields.Many2many(
        "account.move.line",
        "payment_match_hand_rel",
        string="Open Items",
        help="Choose what the payment pays; it is spread over them in the order of their due dates.",
    )
    hand_residual = fields.Monetary("Chosen", compute="_compute_hand_residual")
    is_automatic = fields.Boolean("Without a Touch", readonly=True, help="Applied without anybody looking.")
    decided_by_id = fields.Many2one("res.users", "Decided by", readonly=True)
    decided_at = fields.Datetime("Decided on", readonly=True)
    decision_key = fields.Char(readonly=True)
    outcome = fields.Selection(related="candidate_id.outcome", store=True)
    comment = fields.Text(help="A note of whoever decides, for colleagues.")

    _line_unique = models.UniqueIndex(
        "(statement_line_id)", "This bank line already has a decision; open that one instead."
    )
    # Serves the question of the reminders: does money of this customer wait?
    _waiting_partner = models.Index("(company_id, partner_id) WHERE state IN ('suggested', 'manual')")

    @api.depends(
        "candidate_id.line_ids.move_id",
        "candidate_id.line_ids.amount",
        "candidate_id.order_names",
        "candidate_ids",
        "amount",
    )
    def _compute_proposed(self):
        for match in self:
            lines = match.candidate_id.line_ids
            match.move_ids = lines.move_id
            match.matched_amount = sum(lines.mapped("amount"))
            match.rest_amount = match.amount - match.matched_amount if lines else 0.0
            count = len(match.candidate_ids)
            if lines:
                names = [*lines.move_id.mapped("name"), match.candidate_id.order_names]
                match.proposal = ", ".join(filter(None, names))
            else:
                match.proposal = self.env._("%s candidates, open to choose", count) if count > 1 else False

    @api.depends("hand_line_ids.amount_residual_currency")
    def _compute_hand_residual(self):
        for match in self:
            match.hand_residual = sum(match.hand_line_ids.mapped("amount_residual_currency"))

    @api.depends("payer_name", "amount", "currency_id", "date")
    def _compute_display_name(self):
        for match in self:
            amount = match.currency_id.format(match.amount) if match.currency_id else match.amount
            match.display_name = " · ".join(filter(None, [match.payer_name, amount]))

    @api.model
    def _mark_evidence(self, purpose: str, evidence) -> Markup:
        """The purpose with the proving pieces marked green, the contrary ones amber; all of it escaped."""
        marks = {item.span: item.kind for item in evidence if item.field == "purpose" and item.span}
        result, place = Markup(), 0
        for (start, end), kind in sorted(marks.items()):
            if start < place:
                continue
            colour = "warning" if kind in CONTRARY else "success"
            result += purpose[place:start]
            result += Markup(
                '<span class="bg-%(colour)s-subtle text-%(colour)s-emphasis fw-bold rounded px-1">'
                "%(text)s</span>"
            ) % {"colour": colour, "text": purpose[start:end]}
            place = end
        return result + purpose[place:]

    @api.model
    def _describe_evidence(self, evidence) -> str:
        """The evidence of core.matching in words."""
        _ = self.env._
        words = {
            "code": _("our code %s", "{text}"),
            "number": _("invoice number %s", "{text}"),
            "number_short": _("short number %s", "{text}"),
            "number_closed": _("%s is not open", "{text}"),
            "number_taken": _("%s was paid by another payment", "{text}"),
            "number_typo": _("%s, nearly a number of ours", "{text}"),
            "date": _("date %s", "{text}"),
            "customer_named": _("names %s", "{text}"),
            "order": _("order %s", "{text}"),
            "payer_tax_id": _("BIN/IIN %s", "{text}"),
            "payer_account": _("account %s", "{text}"),
            "payer_alias": _("learned name %s", "{text}"),
            "payer_fuzzy": _("name like %s", "{text}"),
            "payer_name": _("name %s", "{text}"),
            "amount": _("amount agrees"),
        }
        texts = (words.get(item.kind, item.kind).replace("{text}", item.text) for item in evidence)
        return ", ".join(dict.fromkeys(texts))
