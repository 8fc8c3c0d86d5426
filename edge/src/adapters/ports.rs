//! The ferry on the real world.

use crate::{
    adapters::{
        client::ClientPort,
        d1::D1,
        remotes::RemotesPort,
        runtime::{Runtime, zone},
    },
    app::App,
    peers::Names,
};
use courseferry_api::UnixTime;
use courseferry_ferry::Ferry;
use courseferry_store::Store;

/// The ferry on the real world.
pub type PortFerry<'b, 'a> = Ferry<'b, Store<D1>, RemotesPort<'a>, ClientPort<'a>, Runtime>;

/// The implementations of the ferry's ports.
pub struct Ports<'a> {
    remotes: RemotesPort<'a>,
    client: ClientPort<'a>,
    zone: Box<dyn Fn(UnixTime) -> i32 + 'a>,
}

impl<'a> Ports<'a> {
    /// The remotes, the client Moodle and the site's time zone.
    pub fn new(app: &'a App, names: &'a Names) -> Self {
        let zone = Box::new(zone(&app.settings.timezone));
        Self { remotes: RemotesPort { config: &app.config, names }, client: ClientPort(app), zone }
    }

    /// The ferry on them.
    pub fn ferry<'b>(&'b self, app: &'b App) -> PortFerry<'b, 'a> {
        Ferry::new(&app.store, &self.remotes, &self.client, &Runtime, &app.settings, &self.zone)
    }
}
