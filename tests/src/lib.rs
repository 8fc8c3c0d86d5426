//! A faithful stand-in for Moodle, and the end-to-end, browser and fault suites.
