"""How Overturn runs: images, manifests and the local stack."""
