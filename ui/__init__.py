"""The look of the product: Jinja environment, form rendering, formatting. No models."""
