"""Model and data hubs: what they hold, and getting it onto this disk whole."""
