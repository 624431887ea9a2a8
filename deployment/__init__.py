"""Commands for any environment: find the tools, bootstrap the state, plan, check the plan, review."""
