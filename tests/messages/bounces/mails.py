"""Mails that come back, in the shapes that servers give them. Written for these tests; nobody's real mail."""


def report(
    address: str, status: str = "5.1.1", said: str = "smtp; 550 5.1.1 User unknown", action: str = "failed"
) -> bytes:
    """A delivery report (RFC 3464)."""
    return f"""Return-Path: <>
From: Mail Delivery System <MAILER-DAEMON@mx.example.net>
To: hello@community.example
Subject: Undelivered Mail Returned to Sender
Message-ID: <{status}.{address}>
Date: Mon, 02 Nov 2026 10:00:00 +0000
Content-Type: multipart/report; report-type=delivery-status; boundary="b"

--b
Content-Type: text/plain

This is the mail system. Your message could not be delivered.

--b
Content-Type: message/delivery-status

Reporting-MTA: dns; mx.example.net

Final-Recipient: rfc822; {address}
Action: {action}
Status: {status}
Diagnostic-Code: {said}

--b
Content-Type: message/rfc822

From: hello@community.example
To: {address}
Subject: Your week

A mail of ours.
--b--
""".encode()


def complaint(address: str, kind: str = "abuse") -> bytes:
    """A reader pressed "spam" (RFC 5965)."""
    return f"""From: feedback@provider.example
To: hello@community.example
Subject: FW: Your week
Message-ID: <complaint.{kind}.{address}>
Content-Type: multipart/report; report-type=feedback-report; boundary="b"

--b
Content-Type: text/plain

This is a report.
--b
Content-Type: message/feedback-report

Feedback-Type: {kind}
User-Agent: Loop/1.0
Version: 1
Original-Rcpt-To: <{address}>

--b
Content-Type: message/rfc822

To: {address}
Subject: Your week

A mail of ours.
--b--
""".encode()


def free_text(address: str, said: str) -> bytes:
    """A server that writes as it likes."""
    return f"""From: Mailer-Daemon@mx.example.net
To: hello@community.example
Subject: Mail delivery failed: returning message to sender
Message-ID: <free.{address}>

A message that you sent could not be delivered. The following address failed:

  {address}
    SMTP error from remote mail server after RCPT TO:<{address}>:
    {said}

------ This is a copy of the message, including all the headers. ------

To: somebody-else@example.org
Subject: Your week
""".encode()


def answer(address: str, more: str = "Auto-Submitted: auto-replied") -> bytes:
    """An automatic answer of a person (RFC 3834), who may well quote a bounce."""
    return f"""From: {address}
To: hello@community.example
Subject: Out of office: Your week
Message-ID: <answer.{address}>
{more}

I am away until Monday. {address} does not exist on weekends. 550 5.1.1 User unknown.
""".encode()
