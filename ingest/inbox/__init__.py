"""Which bytes are there, and which of them are new."""
