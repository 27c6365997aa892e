"""What a document says of itself: title, unit, year, stage, the units that it takes in."""
