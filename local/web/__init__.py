"""The page of the order desk, as its deployed distribution serves it."""
