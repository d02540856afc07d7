"""Page image → measures, a better image, and what is drawn on it besides text."""
