"""Everything that can be set: typed sections, checked values, and layers of values."""
