//! Requests, responses, errors, and which handler answers which address.

pub mod error;
pub mod request;
pub mod response;
pub mod router;
