"""What is worn, from words: outfits, garments and how they are painted on a body. No torch."""
