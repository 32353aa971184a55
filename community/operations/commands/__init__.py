"""The commands of the place: its programs, members and their privacy, backups."""

from community.operations.commands.backups import backup, restore
from community.operations.commands.members import member
from community.operations.commands.programs import live, serve, worker

COMMANDS = (member, worker, serve, live, backup, restore)
