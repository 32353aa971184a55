"""What is sent and told: mails and notices."""
