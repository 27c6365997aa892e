"""Tables in, recognised statutory forms out."""
