"""Pictures: taken in, made safe, kept under a random name, served in the width that a page needs."""
