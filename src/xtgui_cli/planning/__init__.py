"""What a run will need and do, decided before it starts: pure functions of settings and data."""
