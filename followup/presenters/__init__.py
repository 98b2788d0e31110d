"""What monitoring pages show: frozen values, no queries, no markup."""
