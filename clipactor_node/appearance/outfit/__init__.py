"""Outfits: kinds of garments, those that have a name, and how one is built from a parsed sentence."""
