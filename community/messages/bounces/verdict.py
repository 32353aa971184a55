"""Whether an address is gone for good: the enhanced status code (RFC 3463), and the words of the server beside it.

Servers send 5.1.1 for a full mailbox, and 5.0.0 for somebody who is not there; so the words count too. Whatever
speaks of the sender, the message or the moment (blocked, spam, too large, full, later) says nothing about the address,
and neither does an answer to the message itself (RFC 5321: after DATA, or to MAIL): filters say "user unknown" there.
An unknown text counts as soft: it takes three of them to stop anything."""

import re

# RFC 3463 3.2: x.1.1 mailbox, x.1.2 system, x.1.6 moved, x.1.9 null address; 7505: x.1.10 null MX; x.4.4 no route
GONE = {"5.1.1", "5.1.2", "5.1.6", "5.1.9", "5.1.10", "5.4.4"}
_STATUS = re.compile(r"(?<![\d.])([245]\.\d{1,3}\.\d{1,3})(?![\d.])")
_REPLY = re.compile(r"(?<![\d.\w-])([45]\d\d)(?=[\s-])")
_FULL = (
    r"(mail)?box(es)? (is |are |for \S+ is )?(\w+ )?(full|exceed)|over.?quota",
    r"quota (exceed|full)|exceed\w* (\w+ )*quota",
    r"(disk|storage|mail) ?(space|quota|limit)|insufficient (system|disk) (storage|space)|not enough (storage|space)",
    r"full mailbox|too many (messages|mails) in|no space left",
)
_NOT_ABOUT_THE_ADDRESS = (
    *_FULL,
    r"black.?list|block.?list|\brbl\b|dnsbl|spamhaus|spamcop|barracuda|\bblocked\b|banned|bad reputation|reputation",
    r"\bspam|unsolicited|\bvirus|malware|infected|junk|phish",
    r"\bspf\b|\bdkim\b|\bdmarc\b|authenticat|reverse dns|\bptr\b|\brdns\b|helo",
    r"domain of sender|sender (address|domain)",
    r"relay(ing)?( access)? (denied|not|is prohibited)|not (permitted|allowed) to relay|relaying|relay not permitted",
    r"polic(y|ies)|content (reject|filter)|prohibited|not authori[sz]ed|unauthori[sz]ed|permission|access denied",
    r"too (large|big|many)|exceeds? (the )?(\w+ )*(size|limit|length)|message size|size limit",
    r"timed? ?out|time-?out|expired|retry|try again|temporar|later|deferred|greylist|gr[ae]ylist|too long",
    r"connection (refused|reset|lost|closed|dropped)|unreachable|loop|hop count|too many hops|no route to host",
    r"rate.?limit|throttl|too fast|frequen",
    r"command died|local configuration|(cannot|could ?n.t|can.t|failed to) (write|open|create|read)|input/output",
    r"^x-unix|pipe to \||system error|internal error|unknown mailer|gateway",
)
_NOT_NOW = r"suspend|inactive|disabled|not active|deactivated|locked|on hold|restrict"  # x.1.1 beside it knows better
_NOT_TO_RCPT = (
    r"in reply to (end of )?(data|mail from|helo|ehlo)|after (end of )?data|end of (message|data)|after mail from|"
    r">>> (data|mail from|\.)\b(?![\s\S]*>>> rcpt)|delivery error: dd|\[-?\d+\]( - mta|\s*$)"
)
_TO_RCPT = (  # the last: a server that names the address answers RCPT; after "said:" Postfix would have told
    r"in reply to rcpt|after rcpt|>>> rcpt|rcpt.(to|command)|smtp:rcpt|bad-mailbox|"
    r"(?<!said: )[45]\d\d[ -]<\S+@\S+>|recipient address rejected|invalid recipient"
)
_GONE = (
    r"(user|recipient|account|address|mailbox|addressee|subscriber|name|alias) (\S+ )?(is )?(unknown|invalid)\b",
    r"(unknown|invalid|illegal|bad|nonexist\w*|non-exist\w*|no such|no) (local |destination )?(or \w+ )?"
    r"(user|recipient|account|addresse?e?|mailbox|alias|person|subscriber|mail ?drop|local.?part)s?\b",
    r"(does ?n.t|does not|did not|doesn't|not) (exist|have an? \S+ account|be found)",
    r"(user|recipient|account|address|mailbox|e-?mail|person|inbox|customer|name)\b.{0,80}?\b(not|n.t) "
    r"(be )?(known|found|exist|valid|listed|a valid|our customer|recogni[sz]ed|in use|have)",
    r"not (a )?(known|valid|listed|our customer|recogni[sz]ed)\b|no (\w+ )?(mailbox|user|account) (here|by|with|found)",
    r"here by that name|見つかりません|no such|is not local|unknown (user|local)|not a user here|there is no",
    r"no longer (valid|available|in use|exist|with|on|an?)|has (moved|left)|moved to|address (has )?changed",
    r"(host|domain|name|system)( \S+)? (not found|unknown|does not exist|not known)|unknown (host|domain)|nxdomain",
    r"(couldn.t|could not|cannot|can.t|unable to) (find|look ?up|resolve|route)( \w+)* (host|domain|address|mx)",
    r"unrouteable|unroutable|bad destination|no mx|null mx|does ?n.t accept (e-?)?mail|does not accept (e-?)?mail",
    r"no smtp service|domain is not reachable|recipient address rejected(: access denied|\.?\s*$)",
    r"name service error|host or domain name not found|name or service not known|all relevant mx",
    r"returned to sender|delivery (to )?(the )?.{0,40}(mailbox|user) unavailable",
)
_NOWHERE = (
    r"(host|domain|system)( name)?( \S+)? (is )?(not found|unknown|does not exist|not known|not reachable)|nxdomain",
    r"unknown (host|domain)|host unknown|indicated no smtp service|no mx|null mx",
    r"name service error|name or service not known",
    r"recipient address rejected: access denied",  # Exchange Online, for who is not in its directory
    r"(couldn.t|could not|cannot|can.t|unable to) ((find|look ?up)( \w+)* (host|domain|mx)|resolve|route)",
    r"unrout|accept (e-?)?mail|all relevant mx",
)
_SOFT_WORDS, _HARD_WORDS, _NOWHERE_WORDS, _FULL_WORDS = (
    re.compile("|".join(words), re.IGNORECASE) for words in (_NOT_ABOUT_THE_ADDRESS, _GONE, _NOWHERE, _FULL)
)
_ONCE_MORE = re.compile(r"not\s+found,? try again", re.IGNORECASE)
_IN_NO_BOOK = re.compile(r"not (listed|recogni[sz]ed)|directory|address book|見つかりません", re.IGNORECASE)
_TO_THE_MESSAGE, _TO_THE_RECIPIENT, _FOR_NOW = (
    re.compile(words, re.IGNORECASE) for words in (_NOT_TO_RCPT, _TO_RCPT, _NOT_NOW)
)


def is_gone(status: str, words: str, around: str = "") -> bool:
    """Whether what a server said means that nobody is at this address, now and later.

    `around` is what the reporting server told besides: which command was answered, and whether a disk is full."""
    if status.startswith(("2.", "4.")) or _FULL_WORDS.search(f"{words}\n{around}"):
        return False
    if _NOWHERE_WORDS.search(words):
        return not _ONCE_MORE.search(words) and not _TO_THE_MESSAGE.search(words)
    if _SOFT_WORDS.search(words):
        return False
    if status in GONE:
        return True
    if status.startswith("5.7.") and _TO_THE_MESSAGE.search(around):
        return False
    if _FOR_NOW.search(words) or _TO_THE_MESSAGE.search(words) or not _HARD_WORDS.search(words):
        return False
    return bool(_TO_THE_RECIPIENT.search(f"{words}\n{around}") or _IN_NO_BOOK.search(words))


def status_in(words: str) -> str:
    """The enhanced status code in a server's words; from the plain reply code where it gives no other."""
    found = _STATUS.findall(words)
    if found:
        return str(next((status for status in found if not status.endswith("0.0")), found[0]))
    reply = _REPLY.search(words)
    return f"{reply[1][0]}.0.0" if reply else ""
