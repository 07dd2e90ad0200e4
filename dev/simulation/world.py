"""The company, its customers of all kinds, and the invoices that the year will bring: fixed by the seed."""

import datetime
import random
from dataclasses import dataclass, field

from odoo import Command

from .copies import copy_drafts

FIRST = datetime.date(2026, 1, 26)
ZONE = "Asia/Almaty"
#: Reminders go in the afternoon of Almaty, the late morning of Lisbon: no quiet hour for anybody.
HOUR = 9
EUR_IN_USD = 2
#: Days of the year without messages, besides the weekends.
HOLIDAYS = (5, 42, 43, 100, 203, 310)


@dataclass(frozen=True, slots=True)
class Habit:
    """How a kind of customer behaves: odds of a day.

    ``early``: paying before the due date; ``pay``: from it on; ``prompted``: in the days after a letter.
    ``keeps``: the share of promises and instalments that are kept.
    """

    share: int
    early: float = 0.01
    pay: float = 0.05
    prompted: float = 0.1
    promise: float = 0.003
    keeps: float = 0.5
    plan: float = 0.002
    dispute: float = 0.003
    reply: float = 0.02


HABITS = {
    "punctual": Habit(16, early=0.12, pay=0.5),
    "forgetful": Habit(22, pay=0.02, prompted=0.35),
    "chronic": Habit(16, pay=0.02, prompted=0.04, promise=0.01, keeps=0.3),
    "problem": Habit(10, early=0, pay=0.002, prompted=0.002, promise=0, plan=0, reply=0),
    "disputing": Habit(10, pay=0.03, dispute=0.04, reply=0.1),
    "promising": Habit(12, pay=0.01, prompted=0.03, promise=0.08),
    "planning": Habit(8, pay=0.01, plan=0.06, keeps=0.75),
    "talkative": Habit(6, pay=0.03, reply=0.4),
}


@dataclass(slots=True)
class Customer:
    id: int
    kind: str
    #: whom invoices are made out to: the company itself or its people
    contacts: list[int]
    currency: str = "USD"
    terms: str = "one"
    habit: Habit = field(init=False)

    def __post_init__(self):
        self.habit = HABITS[self.kind]


@dataclass(slots=True)
class World:
    """Ids of what the year needs; records are browsed in each day's own transaction."""

    seed: int
    days: int
    company: int = 0
    receivable: int = 0
    customers: dict[int, Customer] = field(default_factory=dict)
    #: bank journal by currency name
    banks: dict[str, int] = field(default_factory=dict)
    #: drafts by the day on which they are posted
    drafts: dict[datetime.date, list[int]] = field(default_factory=dict)
    holidays: set[datetime.date] = field(default_factory=set)
    #: money on its way: {journal item: (amount in its currency, day)}
    transfers: dict[int, tuple] = field(default_factory=dict)
    #: what people will do on a day: [(what, argument)]
    agenda: dict[datetime.date, list[tuple]] = field(default_factory=dict)

    def chance(self, *of) -> random.Random:
        """Draws of their own for each purpose, so that one more of these changes none of those."""
        return random.Random(f"{self.seed}-{of}")

    def plan(self, day, what, *arguments):
        self.agenda.setdefault(day, []).append((what, *arguments))


def build(env, seed: int, customers: int, days: int) -> World:
    world = World(seed, days)
    _prepare_company(env, world)
    _add_customers(env, world, customers)
    _add_drafts(env, world)
    return world


def _prepare_company(env, world):
    company = env.company
    world.company = company.id
    company.write(
        {
            "email": "office@seller.example",
            "receivables_tz": ZONE,
            "dunning_enabled": True,
            "dunning_auto_send": True,
            "dunning_new_customers": True,
            "dunning_minimum": 20,
            "dunning_pdf_limit": 0,
            "dunning_user_id": env.ref("base.user_admin").id,
        }
    )
    euro = env.ref("base.EUR")
    euro.active = True
    env["res.currency.rate"].create(
        {"currency_id": euro.id, "name": FIRST - datetime.timedelta(400), "rate": 1 / EUR_IN_USD}
    )
    journals = env["account.journal"]
    world.banks["USD"] = journals.search([("type", "=", "bank"), ("company_id", "=", company.id)], limit=1).id
    world.banks["EUR"] = journals.create(
        {"name": "Bank in euro", "type": "bank", "code": "BEUR", "currency_id": euro.id}
    ).id
    world.holidays = {FIRST + datetime.timedelta(number) for number in HOLIDAYS}
    env["resource.calendar.leaves"].create(
        [
            {
                "name": "Holiday",
                "company_id": company.id,
                "date_from": datetime.datetime.combine(day, datetime.time()) - datetime.timedelta(hours=5),
                "date_to": datetime.datetime.combine(day, datetime.time(18, 59)),
            }
            for day in world.holidays
        ]
    )


def _add_customers(env, world, count):
    chance = world.chance("customers")
    kinds = [kind for kind, habit in HABITS.items() for _ in range(habit.share)]
    chance.shuffle(kinds)
    values, made = [], []
    for number in range(count):
        kind = kinds[number % len(kinds)]
        lang, document_lang = chance.choices(
            (("ru_RU", False), ("ru_RU", "kk"), ("en_US", False)), (50, 25, 25)
        )[0]
        email = chance.choices((f"c{number}@buyer.example", f"c{number}@bounce.example", False), (93, 3, 4))[
            0
        ]
        people = chance.randint(1, 3) if chance.random() < 0.1 else 0
        made.append((kind, chance.random() < 0.08, chance.random() < 0.12, people))
        values.append(
            {
                "name": f"{kind.capitalize()} {number}",
                "email": email,
                "is_company": True,
                "lang": lang,
                "document_lang": document_lang,
                "tz": "Europe/Lisbon" if chance.random() < 0.05 else False,
                "child_ids": [
                    Command.create(
                        {
                            "name": f"Person {number}.{place}",
                            "type": "invoice" if place == 0 else "contact",
                            "email": f"p{place}.{number}@buyer.example",
                            "lang": lang,
                        }
                    )
                    for place in range(people)
                ],
            }
        )
    partners = env["res.partner"].create(values)
    profiles = env["payer.profile"]._get_or_create(env.company, partners)
    profiles.filtered(lambda profile: chance.random() < 0.03).reminders_enabled = False
    for partner, (kind, foreign, instalments, _people) in zip(partners, made, strict=True):
        world.customers[partner.id] = Customer(
            partner.id,
            kind,
            partner.child_ids.ids or partner.ids,
            "EUR" if foreign else "USD",
            "three" if instalments else "one",
        )


def _add_drafts(env, world):
    """One draft of each sort by the ORM, its copies by SQL; they are posted through the ORM on their days."""
    company = env.company
    term = env["account.payment.term"].create(
        {
            "name": "In three parts",
            "line_ids": [
                Command.create({"value": "percent", "value_amount": part, "nb_days": days})
                for part, days in ((50, 10), (30, 25), (20, 40))
            ],
        }
    )
    terms = {"one": env.ref("account.account_payment_term_15days"), "three": term}
    world.receivable = company.partner_id.property_account_receivable_id.id
    partner = env["res.partner"].browse(next(iter(world.customers)))

    def draft(kind, currency, payment_term):
        return env["account.move"].create(
            {
                "move_type": kind,
                "partner_id": partner.id,
                "invoice_date": FIRST,
                "currency_id": env["res.currency"].search([("name", "=", currency)]).id,
                "invoice_payment_term_id": payment_term.id,
                "invoice_line_ids": [
                    Command.create({"name": "Cement", "price_unit": 100.0, "tax_ids": False})
                ],
            }
        )

    samples = {
        ("out_invoice", currency, name): draft("out_invoice", currency, payment_term)
        for currency in world.banks
        for name, payment_term in terms.items()
    }
    samples |= {
        ("out_refund", currency, "one"): draft("out_refund", currency, env["account.payment.term"])
        for currency in world.banks
    }
    env.flush_all()
    wanted = {sort: [] for sort in samples}
    for customer in world.customers.values():
        chance = world.chance("invoices", customer.id)
        for _number in range(max(1, round(chance.uniform(3, 6) * world.days / 365))):
            # Invoices are made out twice a week.
            day = FIRST + datetime.timedelta(chance.randrange(max(world.days - 20, 1)))
            day -= datetime.timedelta(day.weekday() % 3)
            contact = chance.choice(customer.contacts)
            wanted["out_invoice", customer.currency, customer.terms].append(
                (contact, day, chance.randint(1, 60))
            )
            if chance.random() < 0.06:
                later = day + datetime.timedelta(chance.randint(3, 30))
                wanted["out_refund", customer.currency, "one"].append((contact, later, chance.randint(1, 30)))
            if chance.random() < 0.05:
                # Now and then something in the other currency: two letters on one day are right then.
                other = "EUR" if customer.currency == "USD" else "USD"
                wanted["out_invoice", other, "one"].append((contact, day, chance.randint(1, 20)))
    for sort, rows in wanted.items():
        for move_id, (_contact, day, _factor) in zip(
            copy_drafts(env, samples[sort], rows, FIRST), rows, strict=True
        ):
            world.drafts.setdefault(day, []).append(move_id)
    env["account.move"].union(*samples.values()).unlink()
    env.invalidate_all()
