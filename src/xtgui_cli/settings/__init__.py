"""Everything that may be set: typed sections, checked values, and layers that become one value."""
