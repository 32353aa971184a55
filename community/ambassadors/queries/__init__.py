"""Reads of ambassadors, their ledger and the friends they brought."""
