"""OFD (GB/T 33190), the national format of fixed-layout documents -> Document."""
