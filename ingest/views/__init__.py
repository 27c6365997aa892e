"""What a person looks at: listings, pages, explanations, pictures, queries."""
