//! The life of a restore as a pure library: states, leases, window, retries, policy.
