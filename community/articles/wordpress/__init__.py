"""What a WordPress export (WXR) says, read without a database, and what it becomes as articles of ours."""
