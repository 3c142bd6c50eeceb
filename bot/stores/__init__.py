"""Stores: where cases live. Each passes ``tests/contracts/test_store_contract.py``."""
