//! Moodle's access control as a pure library: contexts, roles, capabilities, decisions, and the tokens that prove who asks.
