"""Jobs that outlive their request: what is kept of them, where documents lie, and who is told when they end."""
