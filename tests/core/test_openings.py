"""Persons and machines: User-Agent strings as they stand in logs."""

import datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from core import openings

NOW = datetime.datetime(2026, 3, 10, 12, 0, 0)
MINUTE = datetime.timedelta(minutes=1)

MACHINES = [
    ("proxy", "Mozilla/5.0"),
    ("proxy", "Mozilla/5.0 (Windows NT 5.1; rv:11.0) Gecko Firefox/11.0 (via ggpht.com GoogleImageProxy)"),
    ("proxy", "YahooMailProxy; https://help.yahoo.com/kb/yahoo-mail-proxy-SLN28749.html"),
    ("proxy", "Mozilla/5.0 (compatible; Linux x86_64; Mail.RU_Bot/Img/2.0; +http://go.mail.ru/help/robots)"),
    ("proxy", "Mozilla/5.0 (compatible; YandexImageResizer/2.0; +http://yandex.com/bots)"),
    ("proxy", "Mozilla/5.0 (compatible; SeznamEmailProxy/2.0.154; +http://mail.seznam.cz)"),
    ("proxy", "Amazon CloudFront"),
    (
        "scanner",
        (
            "Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like Gecko) "
            "Chrome/42.0.2311.135 Safari/537.36 Edge/12.246 Mozilla/5.0"
        ),
    ),
    ("scanner", "Barracuda Sentinel (EE)"),
    ("scanner", "Mozilla/5.0 (compatible; BarracudaSentinel/1.0)"),
    ("scanner", "Mozilla/5.0 (compatible; ProofPoint URL Defense)"),
    ("scanner", "Mimecast Link Protection"),
    ("scanner", "Cisco IronPort Email Security"),
    ("scanner", "Mozilla/4.0 (compatible; ms-office; MSOffice rmj)"),
    ("scanner", "Microsoft Office Existence Discovery"),
    ("scanner", "Microsoft Office Protocol Discovery"),
    (
        "scanner",
        "Mozilla/5.0 (Windows NT 6.1; WOW64) AppleWebKit/534+ (KHTML, like Gecko) BingPreview/1.0b",
    ),
    (
        "scanner",
        ("Mozilla/5.0 (Windows NT 6.1; WOW64) SkypeUriPreview Preview/0.5 skype-url-preview@microsoft.com"),
    ),
    ("robot", "facebookexternalhit/1.1 (+http://www.facebook.com/externalhit_uatext.php)"),
    ("robot", "WhatsApp/2.23.20.0"),
    ("robot", "TelegramBot (like TwitterBot)"),
    ("robot", "Slackbot-LinkExpanding 1.0 (+https://api.slack.com/robots)"),
    ("robot", "Mozilla/5.0 (compatible; Googlebot/2.1; +http://www.google.com/bot.html)"),
    ("robot", "python-requests/2.26.0"),
    ("robot", "Python/3.9 aiohttp/3.8.1"),
    ("robot", "curl/8.4.0"),
    ("robot", "Go-http-client/1.1"),
    ("robot", "Apache-HttpClient/4.3.3 (Java/1.8.0_151)"),
    ("robot", ""),
    ("robot", "   "),
]
PERSONS = [
    (
        "desktop",
        (
            "Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like "
            "Gecko) Chrome/141.0.0.0 Safari/537.36"
        ),
    ),
    (
        "desktop",
        (
            "Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like Gecko) "
            "Chrome/120.0.0.0 YaBrowser/24.1.0.0 Safari/537.36"
        ),
    ),
    ("desktop", "Mozilla/5.0 (Windows NT 10.0; Win64; x64; rv:131.0) Gecko/20100101 Firefox/131.0"),
    ("desktop", "Mozilla/5.0 (Macintosh; Intel Mac OS X 10_15_7) AppleWebKit/605.1.15 (KHTML, like Gecko)"),
    ("desktop", "Mozilla/5.0 (X11; Linux x86_64; rv:128.0) Gecko/20100101 Firefox/128.0"),
    (
        "mobile",
        (
            "Mozilla/5.0 (iPhone; CPU iPhone OS 17_5 like Mac OS X) AppleWebKit/605.1.15 "
            "(KHTML, like Gecko) Mobile/15E148"
        ),
    ),
    (
        "mobile",
        (
            "Mozilla/5.0 (Linux; Android 14; SM-S918B) AppleWebKit/537.36 (KHTML, like Gecko) "
            "Chrome/126.0.0.0 Mobile Safari/537.36"
        ),
    ),
    # A telephone made by Cubot is no robot.
    (
        "mobile",
        (
            "Mozilla/5.0 (Linux; Android 9; CUBOT_X19) AppleWebKit/537.36 (KHTML, like "
            "Gecko) Chrome/96.0 Mobile Safari/537.36"
        ),
    ),
    ("mail_app", "Mozilla/5.0 (Windows NT 10.0; Win64; x64; rv:115.0) Gecko/20100101 Thunderbird/115.6.0"),
    (
        "mail_app",
        (
            "Mozilla/4.0 (compatible; MSIE 7.0; Windows NT 10.0; WOW64; Trident/8.0; .NET4.0C; "
            "Microsoft Outlook 16.0.5266; ms-office; MSOffice 16)"
        ),
    ),
]


def judged(agent, signal=openings.VERIFIED, method="GET", ago=MINUTE, **headers):
    headers = {name.replace("_", "-"): value for name, value in headers.items()}
    return openings.judge(signal, method, {"user-agent": agent, **headers}, NOW - ago, NOW)


@pytest.mark.parametrize(("kind", "agent"), MACHINES)
def test_machines_do_not_move_a_status(kind, agent):
    for signal in (openings.VERIFIED, openings.CLICK):
        opening = judged(agent, signal)
        assert (opening.client, opening.grade, opening.is_person) == (kind, openings.MACHINE, False)
        assert opening.reason


@pytest.mark.parametrize(("kind", "agent"), PERSONS)
def test_persons_do(kind, agent):
    for signal in (openings.VERIFIED, openings.CLICK):
        assert judged(agent, signal) == openings.Opening(signal, kind)


def test_head_opens_nothing():
    for method in ("HEAD", "OPTIONS", "POST"):
        assert judged(PERSONS[0][1], method=method) is None
        assert judged(PERSONS[0][1], openings.PORTAL, method) is None


@pytest.mark.parametrize("seconds", [0, 1, 4])
def test_too_fast_is_a_scanner(seconds):
    opening = judged(PERSONS[0][1], ago=datetime.timedelta(seconds=seconds))
    assert (opening.grade, opening.reason) == (openings.MACHINE, "too fast")
    assert judged(PERSONS[0][1], ago=datetime.timedelta(seconds=5)).is_person


def test_nobody_knows_when_it_was_sent():
    assert openings.judge(openings.CLICK, "GET", {"user-agent": PERSONS[0][1]}, None, NOW).is_person


@pytest.mark.parametrize(
    "headers",
    [
        {"sec_purpose": "prefetch;prerender"},
        {"purpose": "prefetch"},
        {"x_moz": "prefetch"},
        {"x_purpose": "preview"},
    ],
)
def test_prefetch_is_no_person(headers):
    assert judged(PERSONS[0][1], **headers).reason == "prefetch"


def test_whoever_has_signed_in_is_a_person():
    assert judged("curl/8.4.0", openings.PORTAL, ago=0 * MINUTE).grade == openings.PORTAL


def test_own_addresses():
    networks = ["10.0.0.0/8", "2a00:1450::/32", "203.0.113.7", "nonsense", ""]
    for address in ("10.1.2.3", "203.0.113.7", "2a00:1450::1", " 10.1.2.3 "):
        assert openings.is_internal(address, networks)
    for address in ("203.0.113.8", "2a00:1451::1", "", "unknown", "10.1.2"):
        assert not openings.is_internal(address, networks)


@given(st.text(), st.sampled_from(openings.GRADES[1:]), st.integers(0, 10_000))
def test_every_request_gets_a_grade_not_above_its_signal(agent, signal, seconds):
    opening = judged(agent, signal, ago=datetime.timedelta(seconds=seconds))
    assert opening.grade in (openings.MACHINE, signal)
    assert opening.client in ("desktop", "mobile", "mail_app", "proxy", "scanner", "robot", "other")
    assert opening.is_person == (not opening.reason)
