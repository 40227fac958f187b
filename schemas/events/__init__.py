"""Every event of every topic; one module a topic. `topics.yaml` says who writes and reads what."""
