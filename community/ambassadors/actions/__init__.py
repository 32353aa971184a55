"""What ambassadors do, what becomes of the friends they bring, and the ledger of their points."""
