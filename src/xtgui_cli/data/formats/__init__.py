"""Any local data file as rows of OpenAI messages: opened, recognized by content, converted."""
