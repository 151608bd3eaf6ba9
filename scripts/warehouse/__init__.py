"""What the commands in scripts/ share: landing files, their contracts, their profiles."""
