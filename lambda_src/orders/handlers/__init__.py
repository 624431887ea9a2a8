"""One module a Lambda function: event in, use case, answer out."""
