"""The front page of a site, and a member's own home at her week."""
