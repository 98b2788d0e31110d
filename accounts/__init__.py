"""Users, boards, memberships and permissions."""
