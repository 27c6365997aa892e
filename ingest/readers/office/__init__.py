"""Word processor files and workbooks."""
