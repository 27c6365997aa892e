"""Worker and child processes with limits and isolation, which leave nothing behind."""
