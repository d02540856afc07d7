"""Which weights exist, which language needs which, where they come from, and where they lie here."""
