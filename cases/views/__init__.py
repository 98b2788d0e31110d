"""Pages and fragments of cases: scoped object, form, service, answer."""
