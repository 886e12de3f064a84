"""The wizard, step by step, and what follows it in the same session; the demo."""
