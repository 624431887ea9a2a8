"""The hosting of the order desk: bucket, distribution, edge function."""
