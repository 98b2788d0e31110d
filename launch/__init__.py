"""Starts the product on a bare machine: environment, embedded services, processes. Knows no models."""
