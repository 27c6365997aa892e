"""What files there are to read, and which of them are new."""
