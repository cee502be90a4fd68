"""From a sentence to what it wishes somebody to wear."""
