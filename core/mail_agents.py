"""Who fetches pictures and links of mails without a person behind it: a table, to be extended by a line.

A rule is (kind, name, text in the User-Agent, in lower case). The first that fits decides. A text that
begins with ``=`` is the whole User-Agent. Sources: the vendors' own pages where there are (Yahoo's is in
the string), else strings seen in mail logs, which ``tests/core/test_openings.py`` keeps in full.
"""

PROXY = "proxy"  # the mail service fetches for its users, often before or without their looking
SCANNER = "scanner"  # security software that opens what it is to let through
ROBOT = "robot"  # previews of chats, crawlers, scripts

MACHINES: tuple[tuple[str, str, str], ...] = (
    # Apple's Mail Privacy Protection loads all pictures of all mails and calls itself nothing else than this.
    (PROXY, "Apple Mail Privacy Protection", "=mozilla/5.0"),
    (PROXY, "Google image proxy", "googleimageproxy"),
    (PROXY, "Google image proxy", "ggpht.com"),
    # Gmail's own look at a picture when the mail arrives.
    (SCANNER, "Gmail at arrival", "edge/12.246 mozilla/5.0"),
    (PROXY, "Yahoo Mail proxy", "yahoomailproxy"),
    (PROXY, "Mail.ru proxy", "mail.ru_bot/img"),
    (PROXY, "Yandex Mail proxy", "yandeximageresizer"),
    (PROXY, "Seznam proxy", "seznamemailproxy"),
    (PROXY, "Superhuman proxy", "superhuman"),
    (PROXY, "Content network", "amazon cloudfront"),
    (SCANNER, "Barracuda", "barracuda"),
    (SCANNER, "Proofpoint", "proofpoint"),
    (SCANNER, "Mimecast", "mimecast"),
    (SCANNER, "Cisco IronPort", "ironport"),
    (SCANNER, "Symantec", "symantec"),
    (SCANNER, "Forcepoint", "forcepoint"),
    (SCANNER, "Sophos", "sophos"),
    (SCANNER, "Trend Micro", "trend micro"),
    (SCANNER, "Trend Micro", "trendmicro"),
    (SCANNER, "Kaspersky", "kaspersky"),
    (SCANNER, "Dr.Web", "drweb"),
    (SCANNER, "McAfee", "mcafee"),
    (SCANNER, "Fortinet", "fortiguard"),
    (SCANNER, "Check Point", "checkpoint"),
    (SCANNER, "Microsoft Safe Links", "safelinks"),
    (SCANNER, "Microsoft preview", "bingpreview"),
    (SCANNER, "Microsoft preview", "skypeuripreview"),
    # Office asks whether a link exists before it gives it to the browser; Outlook reading a mail is not it.
    (SCANNER, "Microsoft Office link check", "msoffice rmj"),
    (SCANNER, "Microsoft Office link check", "existence discovery"),
    (SCANNER, "Microsoft Office link check", "protocol discovery"),
    (ROBOT, "Chat preview", "facebookexternalhit"),
    (ROBOT, "Chat preview", "whatsapp/"),
    (ROBOT, "Chat preview", "viber/"),
    (ROBOT, "Chat preview", "slack-imgproxy"),
    (ROBOT, "Script", "python-"),
    (ROBOT, "Script", "python/"),
    (ROBOT, "Script", "aiohttp"),
    (ROBOT, "Script", "curl/"),
    (ROBOT, "Script", "wget/"),
    (ROBOT, "Script", "go-http-client"),
    (ROBOT, "Script", "okhttp/"),
    (ROBOT, "Script", "java/"),
    (ROBOT, "Script", "apache-httpclient"),
    (ROBOT, "Script", "libwww-perl"),
    (ROBOT, "Script", "node-fetch"),
    (ROBOT, "Script", "axios/"),
    (ROBOT, "Script", "headlesschrome"),
    # The name of nearly every other robot; last, because the ones above say more.
    (ROBOT, "Robot", "bot/"),
    (ROBOT, "Robot", "bot;"),
    (ROBOT, "Robot", "bot "),
    (ROBOT, "Robot", "robots"),
    (ROBOT, "Robot", "crawler"),
    (ROBOT, "Robot", "spider"),
    (ROBOT, "Robot", "scanner"),
    (ROBOT, "Robot", "preview"),
)

# What a person reads with, coarse: the first that fits.
PERSONS: tuple[tuple[str, str], ...] = (
    ("mail_app", "thunderbird"),
    ("mail_app", "microsoft outlook"),
    ("mail_app", "ms-office"),
    ("mail_app", "outlook-ios"),
    ("mail_app", "outlook-android"),
    ("mobile", "iphone"),
    ("mobile", "ipad"),
    ("mobile", "android"),
    ("mobile", "mobile"),
    ("desktop", "windows"),
    ("desktop", "macintosh"),
    ("desktop", "x11"),
    ("desktop", "linux"),
)
