"""Questions of permission: which functions answer them, what they ask, and what their answers say."""
