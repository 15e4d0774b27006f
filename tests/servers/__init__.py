"""Real mail servers on loopback, and one that plays what goes wrong."""
