"""Live talk: a room for each club and site, streamed, and whole without a stream."""
