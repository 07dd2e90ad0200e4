import datetime

from .test_dunning_reminders import DunningCommon


class RecordsCommon(DunningCommon):
    """Two debtors as of the company's real today: promises and pauses are given now."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.today = cls.company._receivables_today()
        cls.company.dunning_user_id = cls.env.user
        cls.currency = cls.company.currency_id

    @classmethod
    def day(cls, number):
        return cls.today + datetime.timedelta(days=number)

    @classmethod
    def debt(cls, partner=None, amount=1000.0, late=5, **values):
        """An invoice that is late by so many days (negative: not yet due)."""
        return cls.invoice(partner or cls.alfa, amount, cls.day(-late), **values)

    @classmethod
    def paid(cls, moves, amount, day=0):
        wizard = (
            cls.env["account.payment.register"]
            .with_context(active_model="account.move", active_ids=moves.ids)
            .create({"amount": amount, "payment_date": cls.day(day), "group_payment": True})
        )
        return wizard._create_payments()

    @classmethod
    def promise(cls, moves=None, day=3, **values):
        return cls.env["payment.promise"].register(
            values.pop("partner", cls.alfa), cls.day(day), moves=moves, **values
        )

    def generate_today(self, day=0):
        return self.reminders.generate(self.company, self.day(day))

    def decision(self, partner=None, day=0):
        decided = self.company._decide_dunning(self.day(day), partner or self.alfa)
        self.assertEqual(len(decided), 1)
        return decided[0][1]
