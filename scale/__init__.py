"""At which rate of orders what breaks: AWS's quotas, settings for four rates, and a simulation of queue and stream."""
