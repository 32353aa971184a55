"""What an administrator does, and what happens when a member takes everything along or goes."""
