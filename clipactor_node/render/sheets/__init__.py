"""Contact sheets and reports: bodies, clips and outfits on one page."""
