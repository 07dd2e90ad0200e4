"""What customers and our own people do on a day, before the jobs run; all by the ways that people use."""

import datetime
from collections import Counter, defaultdict

from .money import Money
from .staff import Staff

#: Days after a letter in which it still has an effect.
FRESH = 3


class Life(Staff):
    """One day; ``live`` does all of it in the transaction of ``env``."""

    def __init__(self, env, world, facts, today):
        # The chatter of invoices and bank lines is not in question here.
        self.env = env(context={**env.context, "tracking_disable": True, "mail_notrack": True})
        self.world, self.facts, self.today = world, facts, today
        self.chance = world.chance("life", today)
        self.counts = Counter()
        self.money = Money(self.env, world, today)
        self.written = self._get_written()

    def live(self) -> Counter:
        for day in sorted(day for day in self.world.agenda if day <= self.today):
            for what, *arguments in self.world.agenda.pop(day):
                getattr(self, f"do_{what}")(*arguments)
        self.post()
        self.customers()
        self.money.flush()
        self.our_people()
        self.counts.update(self.money.counts)
        return self.counts

    def happens(self, odds) -> bool:
        return self.chance.random() < odds

    def in_days(self, first, last):
        return self.today + datetime.timedelta(self.chance.randint(first, last))

    def _get_written(self):
        """{customer: the latest letter of the last days}"""
        found = {}
        for reminder in self.env["dunning.reminder"].search_fetch(
            [("state", "=", "sent"), ("date", ">=", self.today - datetime.timedelta(FRESH))],
            ["partner_id"],
            order="id",
        ):
            found[reminder.partner_id.id] = reminder
        return found

    def post(self):
        days = [day for day in self.world.drafts if day <= self.today]
        moves = self.env["account.move"].browse([move for day in days for move in self.world.drafts.pop(day)])
        if moves:
            moves.action_post()
            self.counts["documents"] += len(moves)

    # --- customers ---

    def customers(self):
        by_customer = defaultdict(list)
        for position in self.facts.positions.values():
            by_customer[position.customer].append(position)
        for number in sorted(by_customer):
            customer = self.world.customers[number]
            opened = by_customer[number]
            for position in opened:
                self.pay(customer, position)
            late = [position for position in opened if position.due < self.today]
            habit = customer.habit
            if late and self.happens(habit.promise):
                self.promise(customer, late)
            if late and self.happens(habit.plan):
                self.agree(customer, late)
            if opened and self.happens(habit.dispute):
                self.dispute(self.chance.choice(opened))
            if number in self.written and self.happens(habit.reply):
                self.reply(customer)
            elif self.happens(0.001):
                self.write_about_something(customer, opened)

    def pay(self, customer, position):
        habit = customer.habit
        if self.facts.moves.get(position.move) in ("promised", "planned", "disputed"):
            return
        if position.due > self.today:
            odds = habit.early if (position.due - self.today).days < 6 else habit.early / 20
        elif customer.id in self.written:
            odds = habit.prompted
        else:
            odds = habit.pay
        if not self.happens(odds):
            return
        amount = position.residual
        if self.happens(0.15):
            amount = round(amount / self.chance.choice((2, 3, 10)), 2)
        draw = self.chance.random()
        if draw < 0.04:
            # The bank's line says nothing of the invoice: somebody applies it some days later.
            line = self.money.receive_unknown(customer, position, amount)
            self.world.plan(self.in_days(2, 6), "apply", line, position.line)
            return
        self.money.pay(position, amount)
        if draw > 0.96:
            self.world.plan(self.in_days(4, 25), "take_back", position.move)

    def do_apply(self, line, item):
        self.money.apply(line, item)

    def do_take_back(self, move):
        self.money.take_back(move)

    def do_pay_promised(self, moves, amount):
        """What was promised comes: for these invoices, the oldest first, as far as they are open."""
        for position in sorted(
            self.facts.positions.values(), key=lambda one: (one.due, one.move, one.number)
        ):
            if position.move in moves and amount > 0:
                part = min(amount, position.residual)
                self.money.pay(position, part)
                amount -= part

    def promise(self, customer, late):
        position = self.chance.choice(late)
        move = self.env["account.move"].browse(position.move)
        if self.facts.moves.get(move.id) in ("planned", "promised"):
            return
        day = self.in_days(1, 12)
        amount = position.residual if self.happens(0.3) else None
        self.env["payment.promise"].register(move.commercial_partner_id, day, moves=move, amount=amount)
        self.counts["promises"] += 1
        if self.happens(customer.habit.keeps):
            paid_on = day - datetime.timedelta(self.chance.randint(0, 1))
            owed = sum(one.residual for one in self.facts.positions.values() if one.move == move.id)
            self.world.plan(
                max(paid_on, self.today + datetime.timedelta(1)), "pay_promised", {move.id}, amount or owed
            )

    def agree(self, customer, late):
        """A payment plan over all that is late in one currency."""
        late = [p for p in late if p.currency == late[0].currency and p.move not in self.facts.moves]
        moves = self.env["account.move"].browse({position.move for position in late})
        moves = moves.filtered(lambda move: move.state == "posted" and move.amount_residual > 0)
        moves -= self.env["payment.plan"].search([("state", "=", "active")]).move_ids
        if not moves:
            return
        plan = self.env["payment.plan"].create(
            {
                "move_ids": [(6, 0, moves.ids)],
                "count": self.chance.randint(2, 5),
                "first_date": self.in_days(1, 7),
                "every": self.chance.choice((7, 14)),
                "unit": "day",
            }
        )
        plan.action_divide()
        plan.action_confirm()
        self.counts["plans"] += 1
        for line in plan.line_ids:
            if not self.happens(customer.habit.keeps):
                break
            self.world.plan(line.date, "pay_promised", set(moves.ids), self.money.decimal(line.amount))

    def dispute(self, position):
        if position.move in self.facts.disputed or self.facts.moves.get(position.move):
            return
        move = self.env["account.move"].browse(position.move)
        amount = position.residual if self.happens(0.5) else round(position.residual / 3, 2)
        if amount > 0:
            dispute = self.env["invoice.dispute"].create(
                {
                    "move_id": move.id,
                    "amount": float(amount),
                    "reason": self.chance.choice(("price", "quality")),
                }
            )
            self.counts["disputes"] += 1
            self.world.plan(self.in_days(3, 30), "settle", dispute.id)

    def do_settle(self, dispute):
        dispute = self.env["invoice.dispute"].browse(dispute)
        dispute.action_reject() if self.happens(0.6) else dispute.action_withdraw()

    def reply(self, customer):
        reminder = self.written[customer.id]
        contact = self.chance.choice(customer.contacts)
        reminder.message_post(
            body="We are looking into it",
            author_id=contact,
            message_type="email",
            subtype_xmlid="mail.mt_comment",
        )
        self.counts["replies"] += 1
        self.world.plan(self.in_days(1, 9), "answer", reminder.id)

    def do_answer(self, reminder):
        reminder = self.env["dunning.reminder"].browse(reminder).exists()
        if self.happens(0.5):
            reminder.action_dismiss_replies()
        elif reminder:
            author = self.env.ref("base.partner_admin").id
            reminder.message_post(
                body="Thank you", author_id=author, message_type="comment", subtype_xmlid="mail.mt_comment"
            )

    def write_about_something(self, customer, opened):
        move = self.env["account.move"].browse(self.chance.choice(opened).move)
        move.message_post(
            body="Where is our order?",
            author_id=customer.contacts[0],
            message_type="email",
            subtype_xmlid="mail.mt_comment",
        )
        self.counts["letters of theirs"] += 1
