"""A printed page, whichever reader saw it: its characters and rules -> lines and tables."""
