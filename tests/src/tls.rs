//! TLS, as every real Moodle has it: under a certificate that is made for one run, which whoever asks must be told to
//! trust.

use axum::serve::Listener;
use std::{
    io,
    net::{Ipv4Addr, SocketAddr},
    sync::Arc,
};
use tokio::net::{TcpListener, TcpStream};
use tokio_rustls::{
    TlsAcceptor,
    rustls::{ServerConfig, pki_types::PrivatePkcs8KeyDer},
    server::TlsStream,
};

/// A certificate of this machine's own address, and its key.
#[derive(Debug, Clone)]
pub struct Certificate {
    pem: String,
    server: Arc<ServerConfig>,
}

impl Certificate {
    pub fn new() -> io::Result<Self> {
        let made = rcgen::generate_simple_self_signed([Ipv4Addr::LOCALHOST.to_string()]).map_err(io::Error::other)?;
        let key = PrivatePkcs8KeyDer::from(made.signing_key.serialize_der());
        let server = ServerConfig::builder().with_no_client_auth();
        let server = server.with_single_cert(vec![made.cert.der().clone()], key.into()).map_err(io::Error::other)?;
        Ok(Self { pem: made.cert.pem(), server: Arc::new(server) })
    }

    /// What others trust it by.
    pub fn pem(&self) -> &str {
        &self.pem
    }

    pub(crate) fn listen(&self, tcp: TcpListener) -> impl Listener<Addr = SocketAddr> {
        TlsListener { tcp, acceptor: TlsAcceptor::from(Arc::clone(&self.server)) }
    }
}

struct TlsListener {
    tcp: TcpListener,
    acceptor: TlsAcceptor,
}

impl Listener for TlsListener {
    type Io = TlsStream<TcpStream>;
    type Addr = SocketAddr;

    async fn accept(&mut self) -> (Self::Io, Self::Addr) {
        loop {
            let (stream, address) = Listener::accept(&mut self.tcp).await;
            // A connection that fails its handshake ends there; the next one is served.
            if let Ok(stream) = self.acceptor.accept(stream).await {
                return (stream, address);
            }
        }
    }

    fn local_addr(&self) -> io::Result<SocketAddr> {
        self.tcp.local_addr()
    }
}
