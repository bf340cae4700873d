"""Rosenblatt's and Widrow and Hoff's rules, step by step."""
