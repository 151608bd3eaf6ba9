"""What readers of a release see: made from the release's own tables, never from the warehouse."""
