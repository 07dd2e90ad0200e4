"""Payments that name no document of ours: the payer and the amount have to tell."""

from collections.abc import Hashable
from dataclasses import replace
from decimal import Decimal
from itertools import islice

from .amounts import Amounts, Found
from .answers import Answer
from .index import Index
from .lists import DATE, Extraction
from .model import MANUAL, SUGGESTED, Candidate, Evidence, OpenItem, Transaction
from .naming import Named
from .near import nearly
from .payers import Known, named_customers
from .text import nfc


class Unnamed:
    def __init__(self, index: Index, amounts: Amounts):
        self.index, self.amounts = index, amounts

    def decide(self, transaction: Transaction, named: Named, payer: Known, extraction: Extraction) -> Answer:
        amount = self.index.amount(transaction.amount, transaction.currency)
        closed = (*named.taken, *named.unresolved)
        closed_reason = "already_paid" if named.taken else "reference_closed" if closed else ""
        mentioned = named_customers(self.index, transaction.purpose)
        if not payer.partners:
            answer = (
                None
                if closed or extraction.refund
                else self._by_customer(transaction, amount, mentioned, payer)
            )
            return answer or self._stranger(transaction, amount, closed_reason, closed)
        if len(payer.partners) > 1:
            candidates = self._shown(transaction, amount, payer)
            return Answer(MANUAL, "payer_ambiguous", candidates, False, (*closed, *payer.evidence))
        (partner,) = payer.partners
        found = self.amounts.find(partner, transaction.currency, amount)
        if not found.singles and not found.sums:
            others = {other: proof for other, proof in mentioned.items() if other != partner}
            answer = None
            if not closed and not extraction.refund:
                answer = self._by_customer(transaction, amount, others, payer)
            return answer or self._without_amount(transaction, amount, partner, payer, closed_reason, closed)
        if found.unique() is not None and not extraction.refund:
            answer = self._typo(transaction, amount, found, named, payer, extraction)
            if answer:
                return answer
        reason, candidates = self._ways(transaction, amount, found, payer, extraction)
        unique = reason in ("amount_unique", "sum_unique", "amount_by_name", "sum_by_name", "date_unique")
        if extraction.refund:
            return Answer(SUGGESTED, "refund", candidates, False, closed)
        if closed:
            # It says that it is for something else: shown, not preselected.
            return Answer(SUGGESTED, closed_reason, candidates, False, (*closed, *payer.evidence))
        if unique and self._contested(transaction, amount, partner, mentioned):
            return Answer(SUGGESTED, "payer_ambiguous", candidates)
        return Answer(SUGGESTED, reason, candidates, unique)

    def _ways(
        self, transaction, amount: Decimal, found: Found, payer: Known, extraction
    ) -> tuple[str, tuple[Candidate, ...]]:
        """The ways to make the amount, the best first, and the reason that says how good they are."""
        singles, sums = found.singles, found.sums
        base = 45 + payer.score
        if len(singles) == 1 and not sums:
            reason = "amount_unique" if payer.certain else "amount_by_name"
            return reason, (self._candidate(singles[0], amount, payer, base, reason),)
        if not singles and len(sums) == 1:
            reason = "sum_unproven"
            if found.complete:
                reason = "sum_unique" if payer.certain else "sum_by_name"
            return reason, (self._candidate(sums[0], amount, payer, base - 10, reason),)
        reason = "amount_ambiguous" if singles else "sum_ambiguous"
        candidates = [self._candidate(group, amount, payer, base - 20, reason) for group in singles]
        candidates += [self._candidate(group, amount, payer, base - 30, reason) for group in sums]
        for mention in extraction.mentions:
            of_date = [group for group in singles if mention.kind == DATE and group[0].date == mention.date]
            if len(of_date) == 1:
                text = nfc(transaction.purpose)[slice(*mention.span)]
                proof = Evidence("date", text, "purpose", mention.span)
                first = self._candidate(of_date[0], amount, payer, base - 5, "date_unique", (proof,))
                rest = [c for c in candidates if c.allocations != first.allocations]
                return "date_unique", (first, *rest)
        return reason, tuple(candidates)

    def _typo(
        self, transaction, amount, found: Found, named: Named, payer: Known, extraction
    ) -> Answer | None:
        unique = found.unique()
        if len({item.document_key for item in unique}) > 1 or payer.score < 15 or named.taken:
            return None
        near = nearly(extraction, transaction.purpose, unique[0])
        if not near or len(named.unresolved) > 1:
            return None
        meant = self._candidate(unique, amount, payer, 75, "number_typo", (near,))
        return Answer(SUGGESTED, "number_typo", (meant,), True)

    def _contested(self, transaction, amount, partner: Hashable, mentioned: dict) -> bool:
        """Whether the text names another customer who has this amount open as well."""
        return any(
            self.amounts.find(other, transaction.currency, amount).singles
            for other in mentioned
            if other != partner
        )

    def _by_customer(self, transaction, amount, mentioned: dict, payer: Known) -> Answer | None:
        """Somebody pays for a customer whom the text names."""
        ways = []
        for partner, proof in mentioned.items():
            found = self.amounts.find(partner, transaction.currency, amount)
            if found.singles or found.sums:
                ways.append((found, proof))
        if not ways:
            return None
        candidates = tuple(
            self._candidate(group, amount, payer, 50, "customer_named", (proof,))
            for found, proof in ways
            for group in [*found.singles, *found.sums]
        )
        sure = len(ways) == 1 and ways[0][0].unique() is not None and bool(ways[0][0].singles)
        return Answer(SUGGESTED, "customer_named", candidates, sure)

    def _without_amount(
        self, transaction, amount, partner, payer: Known, closed_reason: str, closed: tuple
    ) -> Answer:
        """Nothing makes the amount: the oldest first, and the only one preselected."""
        evidence = (*closed, *payer.evidence)
        debts = [item for item in self.amounts.open_items(partner, transaction.currency) if item.residual > 0]
        debts = [item for item in debts if not item.is_order] or debts
        if not debts:
            return Answer(MANUAL, closed_reason or "no_open_items", (), False, evidence, partner)
        allocations = self.amounts.fill(debts, amount)
        if len({item.document_key for item in debts}) == 1 and not closed:
            only = Candidate(partner, allocations, 30, "only_open", payer.evidence)
            return Answer(SUGGESTED, "only_open", (only,), True)
        candidate = Candidate(partner, allocations, 20, "oldest_first", payer.evidence)
        return Answer(MANUAL, closed_reason or "amount_differs", (candidate,), False, evidence, partner)

    def _stranger(self, transaction, amount, closed_reason: str, closed: tuple) -> Answer:
        same = self.index.by_amount.get((transaction.currency, amount), ())
        live = islice(filter(self.amounts.live, same), self.amounts.settings.max_candidates)
        candidates = tuple(self._candidate([item], amount, Known(), 20, "amount_only") for item in live)
        return Answer(MANUAL, closed_reason or "payer_unknown", candidates, False, closed)

    def _shown(self, transaction, amount, payer: Known) -> tuple[Candidate, ...]:
        """Of each customer whom the payer may be, what makes the amount."""
        candidates = []
        for partner in sorted(payer.partners, key=repr):
            found = self.amounts.find(partner, transaction.currency, amount)
            candidates += [
                self._candidate(group, amount, payer, 20 + payer.score, "payer_ambiguous")
                for group in [*found.singles, *found.sums]
            ]
        return tuple(candidates)

    def _candidate(self, items: list[OpenItem], amount, payer: Known, score, reason, proof=()) -> Candidate:
        ids = tuple(item.id for item in items)
        proof = tuple(replace(piece, items=ids) for piece in proof)
        evidence = (*proof, *payer.evidence, Evidence("amount", str(amount), "amount", None, ids))
        return Candidate(items[0].partner_id, self.amounts.whole(items), score, reason, evidence)
