"""The decisions: what is certain is applied, what is likely is suggested, the rest is left.

Applied is only what names its documents by our code or their number, with an
agreeing amount and nothing that speaks against it, and what a company has come
to trust (`trust`). Everything else is a suggestion with its reasons, or manual.
What is ambiguous is never preselected.
"""

import contextlib
import gc
from collections.abc import Hashable, Iterable, Iterator, Sequence
from dataclasses import replace

from . import ambiguous, crossing, refunds
from .amounts import Amounts
from .answers import Answer, amount_evidence
from .extract import extract
from .index import Index
from .lists import Extraction
from .model import (
    APPLIED,
    MANUAL,
    SUGGESTED,
    Candidate,
    Decision,
    OpenItem,
    Payer,
    Settings,
    Transaction,
)
from .naming import BY_BARE, BY_CODE, BY_NUMBER, BY_ORDER, BY_SHORT, Named, resolve
from .near import nearly
from .payers import Known, identify, is_third_party
from .reasons import EARNABLE
from .unnamed import Unnamed


def match(
    transactions: Sequence[Transaction],
    open_items: Iterable[OpenItem],
    payers: Iterable[Payer] = (),
    settings: Settings | None = None,
) -> list[Decision]:
    """Decide every transaction against the open items.

    Earlier money is served first: what an earlier transaction (by date, then by
    place) takes is not given to a later one of the same call.

    :return: one decision per transaction, in the order of the transactions.
    """
    settings = settings or Settings()
    decisions: dict[int, Decision] = {}
    with _without_collection():
        open_items, payers = list(open_items), list(payers)
        matcher = _Matcher(Index(open_items, payers, settings), settings)
        if any(transaction.amount < 0 for transaction in transactions):
            credits = refunds.turned(open_items)
            matcher.back = credits and _Matcher(Index(credits, payers, settings), settings)
        for place in sorted(range(len(transactions)), key=lambda i: (transactions[i].date, i)):
            decisions[place] = matcher.decide(transactions[place])
    return [decisions[place] for place in range(len(transactions))]


@contextlib.contextmanager
def _without_collection() -> Iterator[None]:
    """No search for garbage while the dictionaries grow: it would walk all of them again and again."""
    enabled = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if enabled:
            gc.enable()


class _Matcher:
    def __init__(self, index: Index, settings: Settings):
        self.index, self.settings = index, settings
        self.earned = settings.earned & EARNABLE if settings.automation == "earned" else frozenset()
        self.amounts = Amounts(index, settings)
        self.unnamed = Unnamed(index, self.amounts)
        self.back: _Matcher | None = None  # of money that leaves

    def decide(self, transaction: Transaction) -> Decision:
        if transaction.amount <= 0 and (transaction.own_transfer or not transaction.amount or not self.back):
            return Decision(transaction.id, MANUAL, "outgoing")
        if transaction.own_transfer:
            return Decision(transaction.id, MANUAL, "own_transfer")
        if transaction.amount < 0:
            answer = self.back._answer(replace(transaction, amount=-transaction.amount))
            return refunds.turn_back(transaction.id, self._proposed(transaction, answer))
        decision = self._decide(transaction, self._answer(transaction))
        if decision.outcome == APPLIED:
            self.amounts.take(decision.allocations)
        return decision

    def _answer(self, transaction: Transaction) -> Answer:
        extraction = extract(transaction.purpose, transaction.amount)
        payer = identify(self.index, transaction, self.settings.fuzzy_threshold)
        named = resolve(self.index, transaction.purpose, extraction, payer.partners, self.amounts.live)
        if named.ambiguous:
            return ambiguous.decide(self.index, self.amounts, transaction, named, payer, extraction)
        if named.items:
            return self._by_name(transaction, named, payer, extraction)
        return self.unnamed.decide(transaction, named, payer, extraction)

    # --- documents are named -------------------------------------------------
    def _by_name(
        self, transaction: Transaction, named: Named, payer: Known, extraction: Extraction
    ) -> Answer:
        amount = self.index.amount(transaction.amount, transaction.currency)
        evidence = (*named.evidence, *named.unresolved, *named.taken, *payer.evidence)
        allocations, how = self.amounts.allocate(named.items, amount)
        if how not in ("exact", "instalment") and named.strongest() > BY_BARE:
            # What only might be a number (a quantity, a house) is one when the amount says so.
            firm = named.without(BY_BARE)
            firm_allocations, firm_how = self.amounts.allocate(firm.items, amount)
            if firm_how in ("exact", "instalment"):
                named, allocations, how = firm, firm_allocations, firm_how
        items = [item for group in named.items.values() for item in group]
        partners = named.partners()
        partner = next(iter(partners)) if len(partners) == 1 else None
        third = any(is_third_party(self.index, transaction, p, payer) for p in partners)
        if any(item.currency != transaction.currency for item in items):
            clear = not (third or extraction.refund or named.unresolved or named.taken)
            return crossing.decide(self.amounts, self.settings, transaction, items, evidence, clear)
        exact = how in ("exact", "instalment")
        if exact:
            evidence = (*evidence, amount_evidence(amount, allocations))
        doubts = self._doubts(named, items, how, partner, third, payer, extraction.refund)
        candidates = []
        if not exact or third:
            candidates, more = self._elsewhere(transaction, amount, named, payer, extraction, exact)
            doubts += more
        trusted = not doubts
        reason = self._trusted_reason(named, how) if trusted else doubts[0]
        chosen = Candidate(
            partner, allocations, self._score(named, payer, third, exact, trusted), reason, evidence
        )
        if trusted:
            return Answer(APPLIED, reason, (chosen,), True)
        if third and reason == "third_party" and self.settings.third_party == "manual":
            return Answer(MANUAL, reason, (chosen, *candidates))
        if candidates and candidates[0].reason == "number_typo":
            return Answer(SUGGESTED, "number_typo", (*candidates, chosen), True)
        if (
            not exact
            and partner is not None
            and (done := self._completed(transaction, items, amount, chosen, named))
        ):
            left = tuple(doubt for doubt in doubts if doubt not in (how, "partial_several"))
            return Answer(SUGGESTED, "sum_with_named", (done, chosen, *candidates), True, doubts=left)
        ranked = tuple(sorted([chosen, *candidates], key=lambda candidate: -candidate.score))
        clear = "amount_elsewhere" not in doubts
        return Answer(SUGGESTED, reason, ranked, clear, doubts=tuple(doubts))

    def _doubts(self, named: Named, items, how, partner, third, payer: Known, refund) -> list[str]:
        """The reasons not to apply without a look, the weightiest first."""
        exact = how in ("exact", "instalment")
        own = partner in payer.partners
        weakest = named.weakest()
        strong = weakest >= BY_NUMBER
        proven = exact and weakest == BY_SHORT and (own or (named.long and not third))
        if exact and weakest == BY_BARE and not third and named.strongest() >= BY_NUMBER:
            proven = True  # a member of a list whose others name the same customer
        elif own and exact and weakest == BY_BARE and payer.score >= 15:
            # A number beside one that a keyword names, or the only way to make the amount.
            proven = named.strongest() > BY_BARE or self._only_way(items, partner)
        # Digits alone, from somebody unknown, prove little when anything is amiss.
        loose = not own and not all(any(map(str.isalpha, item.number)) for item in items)
        unclear = (named.unresolved or named.taken) and named.strongest() < BY_CODE
        several = len(named.items) > 1
        found = (
            ("refund", refund),
            ("partner_missing", any(item.partner_id is None or item.partner_id is False for item in items)),
            ("several_customers", partner is None),
            ("partial_several", how == "partial" and several),
            (how, not exact and not (how == "partial" and several)),
            ("third_party", third and (self.settings.third_party != "apply" or not strong)),
            ("amount_differs", not exact and (third or unclear or named.unread)),
            ("order", weakest == BY_ORDER),
            ("number_short", weakest in (BY_SHORT, BY_BARE) and not proven and own),
            ("short_alone", weakest in (BY_SHORT, BY_BARE) and not proven and not own),
            ("amount_ambiguous", own and weakest == BY_BARE and not proven and exact),
            ("number_unclear", unclear),
            ("date_differs", named.date_differs and named.strongest() < BY_CODE),
            ("payer_unknown", loose and named.strongest() < BY_CODE and (not exact or named.date_differs)),
            ("credit_note", any(item.residual < 0 for item in items)),
        )
        return [reason for reason, holds in found if holds]

    def _only_way(self, items: list[OpenItem], partner: Hashable) -> bool:
        """Whether the customer has nothing else of this amount."""
        total = sum(self.amounts.residual(item) for item in items)
        return self.amounts.find(partner, items[0].currency, total).unique() is not None

    @staticmethod
    def _trusted_reason(named: Named, how: str) -> str:
        if named.weakest() < BY_NUMBER:
            return "number_payer"
        if how == "instalment":
            return "instalment"
        if len(named.items) > 1:
            return "several"
        return "code" if named.strongest() == BY_CODE else "number"

    @staticmethod
    def _score(named: Named, payer: Known, third: bool, exact: bool, trusted: bool) -> int:
        base = {BY_CODE: 99, BY_NUMBER: 97, BY_ORDER: 80}.get(named.weakest(), 75)
        if not third and payer.partners:
            base = min(base + 10, 100)
        # What speaks against it costs certainty; a wrong amount most.
        return max(base, 90) if trusted else max(base - (15 if exact else 35) - (10 if third else 0), 20)

    def _elsewhere(
        self, transaction, amount, named: Named, payer: Known, extraction, exact
    ) -> tuple[list, list]:
        """What else of the payer has the amount: candidates, and the doubts that they raise."""
        if len(payer.partners) != 1:
            return [], []
        (partner,) = payer.partners
        found = self.amounts.find(partner, transaction.currency, amount)
        others = [group for group in found.singles if group[0].document_key not in named.items]
        if not others:
            return [], []
        unique = found.unique()
        near = nearly(extraction, transaction.purpose, unique[0]) if unique and len(unique) == 1 else None
        evidence = (*payer.evidence, amount_evidence(amount))
        if near and not exact and partner not in named.partners():
            # The number is another customer's, and one typing error away from the payer's own.
            candidate = Candidate(partner, self.amounts.whole(unique), 70, "number_typo", (near, *evidence))
            return [candidate], ["amount_elsewhere"]
        candidates = [
            Candidate(partner, self.amounts.whole(group), 50, "amount_elsewhere", evidence)
            for group in others
        ]
        return candidates, ["amount_elsewhere"]

    def _completed(self, transaction, items, amount, chosen: Candidate, named: Named) -> Candidate | None:
        """The named documents and exactly one set of others that make the amount."""
        named_ids = {item.id for item in items}
        others = [
            item
            for item in self.amounts.open_items(chosen.partner_id, transaction.currency)
            if item.id not in named_ids
        ]
        total = sum(self.amounts.residual(item) for item in items)
        sets, complete = self.amounts.sums(others, amount - total, min_items=1)
        if len(sets) != 1 or not complete:
            return None
        allocations = self.amounts.whole([*items, *sets[0]])
        evidence = (*chosen.evidence, amount_evidence(amount, allocations))
        return Candidate(chosen.partner_id, allocations, chosen.score + 5, "sum_with_named", evidence)

    def _proposed(self, transaction: Transaction, answer: Answer) -> Decision:
        """A decision that nothing is applied by."""
        decision = self._decide(transaction, answer)
        return replace(decision, outcome=SUGGESTED, automatic_by="")

    # --- the answer ------------------------------------------------------------
    def _decide(self, transaction: Transaction, answer: Answer) -> Decision:
        """A suggestion, applied when every doubt about it has earned its trust."""
        outcome, automatic_by = answer.outcome, ""
        if outcome == APPLIED:
            automatic_by = "trusted"
        elif (
            outcome == SUGGESTED
            and answer.preselect
            and answer.candidates[0].allocations
            and {answer.reason, *answer.doubts} <= self.earned
            # What was earned on invoices is not earned on orders.
            and not any(
                key in self.index.items and self.index.items[key].is_order
                for key, _ in answer.candidates[0].allocations
            )
        ):
            outcome, automatic_by = APPLIED, "earned"
        if outcome == APPLIED and self.settings.automation == "off":
            outcome, automatic_by = SUGGESTED, ""
        candidates = answer.candidates[: self.settings.max_candidates]
        first = candidates[0] if candidates else None
        partner = answer.partner
        if first and (answer.preselect or len({candidate.partner_id for candidate in candidates}) == 1):
            partner = first.partner_id
        return Decision(
            transaction.id,
            outcome,
            answer.reason,
            first.score if first else 0,
            partner,
            first.allocations if first and answer.preselect else (),
            candidates,
            tuple(dict.fromkeys((*answer.evidence, *(first.evidence if first else ())))),
            automatic_by,
        )
