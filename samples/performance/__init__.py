"""Performance forms (绩效自评表, 绩效目标表): what they say (`draw`) and how they are laid out (`layouts`)."""
