"""The application for servers and for `flask …`."""

from community.app import create_app

app = create_app()
