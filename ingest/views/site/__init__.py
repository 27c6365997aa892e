"""``mingzhang site``: a published file as web pages that need no server: overview, places, units, documents, findings."""
