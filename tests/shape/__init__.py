"""The code's own shape: what style and safety ask of every file, looked at by machine."""
