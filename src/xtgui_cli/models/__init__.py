"""What a model folder contains: files, weights, tokenizer, prompt template."""
