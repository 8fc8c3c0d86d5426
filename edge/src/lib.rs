//! The Worker: routes, cron, D1, secrets.
