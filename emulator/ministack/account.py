"""The AWS account of the emulator."""

ACCOUNT_ID = "000000000000"
