"""One file in, everything printed in it out, as raw rows."""
