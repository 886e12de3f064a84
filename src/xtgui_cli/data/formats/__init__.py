"""Any local data file as rows of OpenAI messages: opened, recognised by content, converted."""
