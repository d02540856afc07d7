"""The API of Mistral's OCR: files that are uploaded, and documents that are read while the client waits."""
