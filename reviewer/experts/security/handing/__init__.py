"""What a host hands to its plugins, and the walls that it puts around them."""
