"""Identity: members, their passwords, sessions, tokens, roles and consents. Their pages stand in accounts/."""
