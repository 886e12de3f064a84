"""Everything that draws or asks questions."""
