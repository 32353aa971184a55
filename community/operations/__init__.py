"""What an operator needs: members, roles, jobs, outbox, health, export, erasure, the worker."""
