"""Answers of mail servers."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from core import delivery


@pytest.mark.parametrize(
    ("failure_type", "reason", "expected"),
    [
        ("mail_email_missing", "", "no_address"),
        ("mail_email_invalid", "At least one valid recipient address should be specified", "no_address"),
        ("mail_smtp", "[Errno 111] Connection refused", "postponed"),
        ("mail_from_missing", "You must either provide a sender address", "not_sent"),
        (
            "unknown",
            (
                "Mail Delivery Failed\nMail delivery failed via SMTP server 'None'.\n"
                "SMTPRecipientsRefused: {'a@b.example': (550, b'5.1.1 no such user')}"
            ),
            "refused",
        ),
        ("unknown", "SMTPRecipientsRefused: {'a@b.example': (450, b'4.2.0 Greylisted')}", "postponed"),
        ("unknown", "SMTPDataError: (452, b'4.3.1 Insufficient system storage')", "postponed"),
        ("unknown", "SMTPSenderRefused: (530, b'5.7.0 Authentication Required', 'a@b')", "refused"),
        ("unknown", "Запрос не выполнен: 421 service not available", "postponed"),
        ("unknown", "the message was refused, status 5.7.1", "refused"),
        ("unknown", "KeyError: 'x'", "not_sent"),
        ("mail_spam", "OutboundSpamException", "refused"),
    ],
)
def test_answers(failure_type, reason, expected):
    assert delivery.outcome(failure_type, reason) == expected


@pytest.mark.parametrize(
    ("action", "status", "expected"),
    [
        ("failed", "5.1.1", "bounced"),
        ("Failed", "4.4.7", "bounced"),  # the other side has given up
        ("delayed", "4.4.1", "postponed"),
        ("", "4.4.1", "postponed"),
        ("", "", "bounced"),
        ("delivered", "2.1.5", None),
        ("relayed", "2.1.9", None),
    ],
)
def test_reports(action, status, expected):
    assert delivery.report_outcome(action, status) == expected


@given(st.sampled_from(["unknown", "", "mail_smtp", "something new"]), st.text())
def test_every_failure_has_an_outcome(failure_type, reason):
    assert delivery.outcome(failure_type, reason) in ("postponed", "refused", "no_address", "not_sent")
