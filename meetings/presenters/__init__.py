"""What the pages of meetings show: frozen values with their words ready, no queries, no HTML."""
