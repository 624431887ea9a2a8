"""The account that the emulator plays."""

ACCOUNT_ID = "000000000000"
