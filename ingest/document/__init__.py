"""The neutral model of a document that every reader fills and every recogniser reads."""
