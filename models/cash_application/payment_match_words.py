"""Why a candidate is proposed, in the words of whoever reads it.

The proofs of the matching are stored as facts (kind, field, place), one a line; the sentence
is made when it is read, because the feed that matched had no language and every reader has one.
"""

from odoo import api, fields, models

from ...core import references
from ...core.matching import Evidence

AGAINST = frozenset({"number_closed", "number_taken"})
AROUND = 24  # characters of the purpose that are quoted on either side of a proof


def encode_proof(evidence) -> str:
    """Facts as text: kind, field, start, end and the text itself, divided by tabs, one fact a line."""
    rows = []
    for item in evidence:
        start, end = item.span or ("", "")
        rows.append("\t".join([item.kind, item.field, str(start), str(end), " ".join(item.text.split())]))
    return "\n".join(rows)


def decode_proof(proof: str | bool) -> list[Evidence]:
    facts = []
    for row in (proof or "").split("\n"):
        if row.count("\t") == 4:
            kind, field, start, end, text = row.split("\t")
            facts.append(Evidence(kind, text, field, (int(start), int(end)) if start else None))
    return facts


def quote(purpose: str, span: tuple[int, int]) -> str:
    """The proof with a few words around it, cut between words.

    >>> quote("Оплата по реф. АВК7Х2М за цемент марки М500 согласно договору", (15, 22))
    'Оплата по реф. АВК7Х2М за цемент марки М500…'
    """
    start, end = span
    left, right = max(0, start - AROUND), min(len(purpose), end + AROUND)
    if left:
        left = purpose.find(" ", left, start) + 1 or start
    if right < len(purpose):
        cut = purpose.rfind(" ", end, right)
        right = cut if cut > 0 else end
    text = " ".join(purpose[left:right].split())
    return f"{'…' if left else ''}{text}{'…' if right < len(purpose) else ''}"


class AccountBankStatementLine(models.Model):
    _inherit = "account.bank.statement.line"

    def _prepare_match_values(self, decision):
        """Extend to keep the proofs as facts, for sentences in the reader's language."""
        return {**super()._prepare_match_values(decision), "proof": encode_proof(decision.evidence)}

    def _prepare_match_candidates(self, decision, positions):
        """Extend to keep the proofs of the candidates."""
        values_list = super()._prepare_match_candidates(decision, positions)
        shown = [candidate for candidate in decision.candidates if candidate.allocations]
        for values, candidate in zip(values_list, shown, strict=True):
            values["proof"] = encode_proof(candidate.evidence)
        return values_list


class PaymentMatch(models.Model):
    _inherit = "payment.match"

    proof = fields.Text(readonly=True)
    why = fields.Char(compute="_compute_why", help="What speaks for the proposal, or why there is none.")

    @api.depends("candidate_id", "reason", "proof")
    @api.depends_context("lang")
    def _compute_why(self):
        for match in self:
            match.why = ", ".join(reason["text"] for reason in (match.candidate_id or match)._get_reasons())

    def _get_reasons(self) -> list[dict]:
        """What was found in the bank's data, as ``{"text", "against"}``."""
        self.ensure_one()
        return self._proof_in_words(self.proof)

    def _proof_in_words(self, proof) -> list[dict]:
        _ = self.env._
        reasons, purpose = [], self.purpose or ""
        for item in decode_proof(proof):
            if item.kind == "amount":
                continue  # told by the allocation, with its figures
            text = item.text
            if item.kind == "code":
                text = next(iter(references.find(item.text)), item.text)
            words = {
                "code": _("quotes %s", text),
                "number": _("quotes invoice number %s", text),
                "number_short": _("quotes short number %s", text),
                "number_closed": _("quotes %s, which is not open", text),
                "number_taken": _("quotes %s, which another payment has paid", text),
                "number_typo": _("quotes %s, nearly a number of ours", text),
                "date": _("quotes the date %s", text),
                "order": _("quotes order %s", text),
                "customer_named": _("names %s", text),
                "payer_tax_id": _("BIN/IIN %s is the customer's", text),
                "payer_account": _("account %s is the customer's", text),
                "payer_alias": _("the name «%s» was learned", text),
                "payer_name": _("the name «%s» agrees", text),
                "payer_fuzzy": _("the name «%s» is similar", text),
            }.get(item.kind, text)
            if item.span and item.field == "purpose":
                words = _("%(fact)s in «%(quote)s»", fact=words, quote=quote(purpose, item.span))
            reason = {"text": words, "against": item.kind in AGAINST}
            if reason not in reasons:  # a place may prove two documents
                reasons.append(reason)
        return reasons


class PaymentMatchCandidate(models.Model):
    _inherit = "payment.match.candidate"

    proof = fields.Text(readonly=True)
    why = fields.Char(compute="_compute_why")

    @api.depends("proof", "line_ids.amount")
    @api.depends_context("lang")
    def _compute_why(self):
        for candidate in self:
            candidate.why = ", ".join(reason["text"] for reason in candidate._get_reasons())

    def _get_reasons(self) -> list[dict]:
        """The proofs and what the amounts say, as ``{"text", "against"}``, strongest first."""
        self.ensure_one()
        match = self.match_id
        return match._proof_in_words(self.proof) + self._amount_in_words()

    def _get_paid_lines(self):
        """The parts that pay documents, without the fees and write-offs beside them."""
        paid = self.line_ids.filtered(lambda line: line.kind == "pay")
        return paid.with_prefetch(self.line_ids._prefetch_ids)  # filtered() reads only its own

    def _amount_in_words(self) -> list[dict]:
        _ = self.env._
        money = self.currency_id.format
        match, lines = self.match_id, self._get_paid_lines()
        applied = sum(lines.mapped("amount"))
        ordered = self._get_order_lines()
        if ordered:
            words = [
                {
                    "text": _(
                        "%(amount)s as an advance for order %(order)s of %(total)s",
                        amount=money(line.amount),
                        order=line.sale_order_id.sudo().name,  # sudo: whoever applies cash need not sell
                        total=money(line.sale_order_id.sudo().amount_total),
                    ),
                    "against": False,
                }
                for line in ordered
            ]
            rest = match.amount - applied - sum(ordered.mapped("amount"))
            if self.currency_id.compare_amounts(rest, 0) > 0:
                text = _("%s more than is open, stays as credit", money(rest))
                words.append({"text": text, "against": False})
            return words
        if not lines:  # an advance, or booked by a model
            outcomes = dict(self._fields["outcome"]._description_selection(self.env))
            text = self.reco_model_id.name or outcomes.get(self.outcome)
            return [{"text": text, "against": False}] if text else []
        if match.state == "applied":  # what was open then is not open now
            return [{"text": _("%s applied", money(applied)), "against": False}]
        gone = lines.filtered(lambda line: not line._is_still_open())
        if gone:
            names = ", ".join(dict.fromkeys(line.move_id.name or "" for line in gone))
            return [{"text": _("%s has been paid or changed since", names), "against": True}]
        compare = self.currency_id.compare_amounts
        foreign = lines.filtered(lambda line: line._is_foreign())
        if foreign:
            return foreign._foreign_in_words()
        residual = sum(lines.line_id.mapped("amount_residual_currency"))
        if compare(applied, match.amount) < 0:
            rest = money(match.amount - applied)
            return [{"text": _("%s more than is open, stays as credit", rest), "against": False}]
        if compare(applied, residual) < 0:
            rest = money(residual - applied)
            return [
                {
                    "text": _("%(rest)s of %(all)s stays open", rest=rest, all=money(residual)),
                    "against": False,
                }
            ]
        if compare(applied, match.amount) > 0:
            missing = money(applied - match.amount)
            return [{"text": _("%s less than the residual", missing), "against": False}]
        if len(lines) > 1:
            return [{"text": _("together the %s items make the amount", len(lines)), "against": False}]
        return [{"text": _("amount equals the residual"), "against": False}]


class PaymentMatchLine(models.Model):
    _inherit = "payment.match.line"

    def _is_still_open(self) -> bool:
        """Whether the item still bears this part (beside other proposals, which are only that)."""
        self.ensure_one()
        item, residual = self.line_id, self.line_id.amount_residual_currency
        currency, amount = self._get_claim()
        return (
            bool(item)
            and item.parent_state == "posted"
            and not item.reconciled
            and (residual > 0) == (amount > 0)
            and currency.compare_amounts(abs(amount), abs(residual)) <= 0
        )

    def _foreign_in_words(self) -> list[dict]:
        """What is paid of documents in another currency, at which rate, and what is the day's."""
        result = []
        for line in self:
            match, other = line.match_id, line.document_currency_id
            ours = match._convert_here(line.document_amount, other)
            result.append(
                {
                    "text": self.env._(
                        "pays %(paid)s of %(open)s with %(money)s; at the day's rate it would be %(ours)s",
                        paid=other.format(line.document_amount),
                        open=other.format(line.line_id.amount_residual_currency),
                        money=match.currency_id.format(line.amount),
                        ours=match.currency_id.format(ours),
                    ),
                    "against": False,
                }
            )
        return result
