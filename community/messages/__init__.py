"""What we send: the outbox, its classes, and the mails of an account."""
