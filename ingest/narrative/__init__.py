"""The grammar of the standard sentences: paragraphs -> claims."""
