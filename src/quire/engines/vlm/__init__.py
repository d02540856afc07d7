"""Vision-language models behind an OpenAI-compatible server: asked for a page, understood, and not believed blindly."""
