"""A year of reminders on Odoo's records, with two workers that may be killed at any statement."""
