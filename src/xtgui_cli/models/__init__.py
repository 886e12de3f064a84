"""What a model folder is: files, weights, tokenizer, prompt template."""
