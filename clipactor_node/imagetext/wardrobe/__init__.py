"""The project's own image-text model of clothes, and the outfits it can propose from a sentence."""
