"""The application for servers and for `flask …`."""

import gc
from importlib import import_module

gc.disable()  # nothing of a program is garbage while it is read, and looking for it takes a fifth of the start
app = import_module("community.app").create_app()
gc.enable()
