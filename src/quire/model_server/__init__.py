"""A vLLM server of this machine's own: started, watched, started again when it crashes, ended with its group."""
