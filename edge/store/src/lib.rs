//! The SQL of the schedules: every statement beside its function, for D1 and for SQLite.
