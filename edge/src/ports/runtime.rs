//! Time, sleep and chance, from the runtime.

use crate::platform;
use courseferry_api::UnixTime;
use courseferry_ferry::Platform;
use std::time::Duration;
use worker::Delay;

/// The runtime.
#[derive(Debug, Clone, Copy)]
pub struct Runtime;

impl Platform for Runtime {
    fn now(&self) -> UnixTime {
        platform::now()
    }

    async fn sleep(&self, seconds: u32) {
        Delay::from(Duration::from_secs(seconds.into())).await;
    }

    fn random(&self) -> [u8; 32] {
        platform::random()
    }
}
