"""Who may do what: users, their sessions, service tokens, and the trail of what they did."""
