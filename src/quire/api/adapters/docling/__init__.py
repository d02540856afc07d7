"""The API of docling-serve: documents converted to Markdown, HTML, text and DoclingDocument, now or as tasks."""
