"""The ports of the order system on AWS, named <technology>_<port>."""
