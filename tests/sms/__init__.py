"""The SMS room."""
