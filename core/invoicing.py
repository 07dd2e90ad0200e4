"""Which rule turns an order into an invoice, when, and why not another one."""

from dataclasses import dataclass
from decimal import Decimal

#: the conditions of a rule in the order in which they are looked at; the ceiling comes last
CONDITIONS = ("kind", "tags", "team", "contents", "first_order", "terms", "amount_from", "amount_to")
CEILING = "amount_to"

# What is done with an order now.
MAKE = "make"  # the invoice, or its next part
DOWN_PAYMENT = "down_payment"
BILL = "bill"  # send the счёт на оплату of a prepaid order
WAIT = "wait"  # for the delivery, or the money
NOTHING = "nothing"


@dataclass(frozen=True, slots=True)
class OrderFacts:
    """An order. Ids are the database's; ``amount`` is in the company's currency.

    ``contents``: "goods", "services", or "mixed". ``is_first``: the customer (the whole
    company) had no confirmed order before this one.
    """

    customer_kind: str
    tag_ids: frozenset[int]
    team_id: int
    amount: Decimal
    contents: str = "goods"
    is_first: bool = False
    term_id: int = 0


@dataclass(frozen=True, slots=True)
class RuleFacts:
    """The conditions of a rule; an empty one (``None``, empty set, 0) does not restrict.

    ``contents`` "goods": at least one good; "services": nothing but services.
    """

    id: int
    customer_kind: str | None = None
    tag_ids: frozenset[int] = frozenset()
    team_ids: frozenset[int] = frozenset()
    contents: str | None = None
    first_order: bool | None = None
    term_ids: frozenset[int] = frozenset()
    amount_from: Decimal = Decimal(0)
    amount_to: Decimal | None = None


@dataclass(frozen=True, slots=True)
class Choice:
    """The rule of an order.

    ``rule_id`` 0: none fits. ``above_ceiling``: no rule fits, and this one would but for its
    highest amount: a person decides. ``failed``: the rules looked at before, each with the
    condition that kept it out.
    """

    rule_id: int
    above_ceiling: bool = False
    failed: tuple[tuple[int, str], ...] = ()


def failed_condition(rule: RuleFacts, order: OrderFacts) -> str:
    """The first condition of the rule that does not hold, "" when all do."""
    if rule.customer_kind and rule.customer_kind != order.customer_kind:
        return "kind"
    if rule.tag_ids and not rule.tag_ids & order.tag_ids:
        return "tags"
    if rule.team_ids and order.team_id not in rule.team_ids:
        return "team"
    if rule.contents and (rule.contents == "services") != (order.contents == "services"):
        return "contents"
    if rule.first_order is not None and rule.first_order != order.is_first:
        return "first_order"
    if rule.term_ids and order.term_id not in rule.term_ids:
        return "terms"
    if order.amount < rule.amount_from:
        return "amount_from"
    if rule.amount_to is not None and order.amount > rule.amount_to:
        return CEILING
    return ""


def choose(rules: list[RuleFacts], order: OrderFacts) -> Choice:
    """The first rule in the given order whose conditions all hold.

    A ceiling lets a later rule have the order. When none takes it, the first rule that only
    its ceiling kept out has it, for a person to look at: such an order is not forgotten.
    """
    failed = []
    too_small = 0
    for rule in rules:
        condition = failed_condition(rule, order)
        if not condition:
            return Choice(rule.id, failed=tuple(failed))
        failed.append((rule.id, condition))
        if condition == CEILING and not too_small:
            too_small = rule.id
    return Choice(too_small, above_ceiling=bool(too_small), failed=tuple(failed))


@dataclass(frozen=True, slots=True)
class Progress:
    """How far a confirmed order is.

    ``has_deliverable``: something delivered (or rendered) can be invoiced now.
    ``has_goods``: something has to leave the warehouse.
    ``bill_sent``, ``is_paid``: of a prepaid order. ``has_down_payment``: its invoice was made.
    """

    has_goods: bool
    has_deliverable: bool
    has_down_payment: bool = False
    bill_sent: bool = False
    is_paid: bool = False


def next_action(moment: str, progress: Progress) -> str:
    """What the moment of a rule asks for now.

    :param moment: ``confirmation``, ``delivery``, ``down_payment``, ``prepayment``
    :return: MAKE, DOWN_PAYMENT, BILL, WAIT

    Services without goods count as rendered when their order is confirmed; those of a
    prepaid order when it is paid. Delivered goods are invoiced, paid or not.
    """
    if moment == "confirmation":
        return MAKE
    if moment == "down_payment" and not progress.has_down_payment:
        return DOWN_PAYMENT
    if moment == "prepayment":
        if not progress.bill_sent and not progress.is_paid and not progress.has_deliverable:
            return BILL
        if progress.has_goods:
            return MAKE if progress.has_deliverable else WAIT
        return MAKE if progress.is_paid else WAIT
    if progress.has_deliverable:
        return MAKE
    return WAIT
