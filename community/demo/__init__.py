"""The demonstration community: texts written for this project, played into the rooms as if it had lived here."""
