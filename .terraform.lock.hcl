# `make lock` writes this file: the provider of all stacks, with the hash of its package for each platform.

provider "registry.terraform.io/hashicorp/aws" {
  version     = "5.100.0"
  constraints = "5.100.0"
  hashes = [
    "h1:edXOJWE4ORX8Fm+dpVpICzMZJat4AX0VRCAy/xkcOc0=", # linux_amd64
  ]
}
