"""Model and data hubs: what they have, and how it is downloaded completely."""
