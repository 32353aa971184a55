"""Members who bring friends: codes, points and their ledger, tiers, referrals."""
