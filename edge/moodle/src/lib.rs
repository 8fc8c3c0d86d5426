//! Moodle's web services, sans-I/O: builds requests, parses answers, classifies errors.
