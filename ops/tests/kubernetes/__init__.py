"""Parts of the stage `kubernetes`: what is known of manifests without a cluster, and what real programs say to them."""
