"""``mingzhang export``: published tables as files for spreadsheets and other programs."""
