"""xtgui: from nothing to a chat with your own fine-tuned model, in a terminal."""

__version__ = "0.1.0"
