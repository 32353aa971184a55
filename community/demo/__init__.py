"""The demonstration community: articles, members and conversations written for this project."""
