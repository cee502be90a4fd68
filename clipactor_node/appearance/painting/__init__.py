"""An outfit on a body: colors and how far the cloth stands off."""
