"""What every implementation of a port must do, fake or adapter. A test class inherits a contract and provides it."""
