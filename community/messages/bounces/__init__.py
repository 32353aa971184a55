"""Mails that came back: what a mail server or a reader told of an address, read from any shape that it takes."""
