//! Listening, answering, and stopping without cutting anybody off.
//!
//! HTTP/1.1 by hyper itself, because the time that a peer may take for a request's head is bounded
//! only there. TLS and HTTP/2 belong to the proxy in front.

use std::{
    net::{IpAddr, SocketAddr},
    path::PathBuf,
    sync::Arc,
    time::Duration,
};

use axum::{Router, body::Body, extract::ConnectInfo};
use hyper::{Request, body::Incoming, server::conn::http1, service::service_fn};
use hyper_util::{
    rt::{TokioIo, TokioTimer},
    server::graceful::{GracefulShutdown, Watcher},
};
use tokio::{
    net::{TcpListener, TcpStream},
    sync::{Semaphore, watch},
    task::{JoinHandle, JoinSet},
    time::{sleep, timeout},
};
use tower::ServiceExt;

use crate::{
    app::{App, AppError},
    config::{Config, Limits, OriginError},
    forwarded,
    log::{Log, LogError},
    purging::purge_regularly,
    router::{Surroundings, router},
    service::Service,
    shares::Shares,
    sqlite::SqliteLog,
};

/// How long to wait when no connection can be accepted (out of file descriptors).
const ACCEPT_PAUSE: Duration = Duration::from_millis(100);

/// The sync server.
pub struct Server;

/// Why a server does not start.
#[derive(Debug, thiserror::Error)]
pub enum StartError {
    /// The data directory cannot be used.
    #[error("cannot open the data directory {path}: {cause}")]
    Storage {
        /// The directory.
        path: PathBuf,
        /// Why.
        #[source]
        cause: LogError,
    },
    /// The built web app cannot be served.
    #[error(transparent)]
    App(#[from] AppError),
    /// An origin cannot be sent in a header.
    #[error(transparent)]
    Origin(#[from] OriginError),
    /// The base path is not a path.
    #[error("not a base path: write it as / or /satchel/")]
    BasePath,
    /// The address cannot be listened on.
    #[error("cannot listen on {address}: {cause}")]
    Listen {
        /// The address.
        address: SocketAddr,
        /// Why.
        #[source]
        cause: std::io::Error,
    },
}

/// A server that runs. Dropping it stops it too, without waiting.
pub struct Running {
    address: SocketAddr,
    base_path: String,
    stop: watch::Sender<bool>,
    task: JoinHandle<((), ())>,
}

impl Running {
    /// Where it listens.
    pub fn address(&self) -> SocketAddr {
        self.address
    }

    /// Its address for a browser, with the base path and a slash at its end.
    pub fn url(&self) -> String {
        format!("http://{}{}/", self.address, self.base_path)
    }

    /// Ends the streams, lets requests in work finish (bounded), closes storage.
    pub async fn stop(self) {
        self.stop.send_replace(true);
        if self.task.await.is_err() {
            tracing::error!("the server ended by a panic");
        }
    }
}

impl Server {
    /// Opens storage, listens, and answers from now on. Runs inside a Tokio runtime.
    ///
    /// # Errors
    /// When the data directory, the app or the address cannot be used.
    pub async fn start(config: Config) -> Result<Running, StartError> {
        let around = surroundings(&config)?;
        let base_path = around.base_path.clone();
        let (listener, address) = listen(config.listen).await?;
        let log = open(&config).await?;
        let (stop, stopping) = watch::channel(false);
        let service = Arc::new(Service::new(
            Arc::clone(&log),
            public_hosts(&config, address),
            config.limits,
            Arc::clone(&config.clock),
            stopping.clone(),
        ));
        let router = router(service, around);
        let purging = purge_regularly(Arc::clone(&log), Arc::clone(&config.clock), stopping.clone());
        let front = Front { router, proxies: config.trusted_proxies.into() };
        let running = run(listener, front, config.limits, stopping, log);
        let task = tokio::spawn(async { tokio::join!(purging, running) });
        Ok(Running { address, base_path, stop, task })
    }
}

async fn open(config: &Config) -> Result<Arc<dyn Log>, StartError> {
    let options = config.storage.clone();
    let opening = tokio::task::spawn_blocking(move || SqliteLog::open(&options));
    match opening.await.unwrap_or(Err(LogError::Closed)) {
        Ok(log) => Ok(Arc::new(log)),
        Err(cause) => Err(StartError::Storage { path: config.storage.data.clone(), cause }),
    }
}

async fn listen(address: SocketAddr) -> Result<(TcpListener, SocketAddr), StartError> {
    let failed = |cause| StartError::Listen { address, cause };
    let listener = TcpListener::bind(address).await.map_err(failed)?;
    let bound = listener.local_addr().map_err(failed)?;
    Ok((listener, bound))
}

fn surroundings(config: &Config) -> Result<Surroundings, StartError> {
    let app = config.app.as_deref().map(|folder| App::open(folder, config.sync_origin.as_ref()));
    let allow_origins = config.allow_origins.iter().map(|origin| origin.header());
    Ok(Surroundings {
        app: app.transpose()?.map(Arc::new),
        allow_origins: allow_origins.collect::<Result<_, _>>()?,
        base_path: base_path(&config.base_path)?,
    })
}

/// Without the slash at its end; only what needs no escaping in a URL.
fn base_path(text: &str) -> Result<String, StartError> {
    let plain = |byte: u8| byte.is_ascii_alphanumeric() || b"-_.".contains(&byte);
    let base = text.trim_matches('/');
    let part = |part: &str| !part.is_empty() && part != ".." && part.bytes().all(plain);
    match base {
        "" => Ok(String::new()),
        base if base.split('/').all(part) => Ok(format!("/{base}")),
        _ => Err(StartError::BasePath),
    }
}

/// The hosts that a sign-in may name: those that were given, else loopback by all its names.
fn public_hosts(config: &Config, address: SocketAddr) -> Vec<String> {
    if !config.public_hosts.is_empty() {
        return config.public_hosts.clone();
    }
    if !address.ip().is_loopback() {
        tracing::warn!("no public origin was named: sign-ins work over loopback only");
    }
    let names = ["127.0.0.1", "localhost", "[::1]"];
    names.iter().map(|name| format!("{name}:{}", address.port())).collect()
}

/// What answers, and whose word counts for where a request comes from.
#[derive(Clone)]
struct Front {
    router: Router,
    proxies: Arc<[IpAddr]>,
}

async fn run(
    listener: TcpListener,
    front: Front,
    limits: Limits,
    mut stopping: watch::Receiver<bool>,
    log: Arc<dyn Log>,
) {
    let graceful = GracefulShutdown::new();
    let mut open = JoinSet::new();
    let room = Arc::new(Semaphore::new(limits.connections.all));
    let shares = Shares::new(limits.connections.each);
    loop {
        let turn = Arc::clone(&room).acquire_owned();
        let accepted = tokio::select! {
            accepted = async { (turn.await, listener.accept().await) } => accepted,
            _ = stopping.wait_for(|stopping| *stopping) => break,
        };
        while open.try_join_next().is_some() {}
        match accepted {
            (Ok(turn), Ok((socket, peer))) => {
                // Who has her share is hung up on; a proxy speaks for many.
                let trusted = front.proxies.contains(&peer.ip().to_canonical());
                let share = shares.take(peer.ip());
                if share.is_none() && !trusted {
                    continue;
                }
                let answering = answer(socket, peer, front.clone(), limits, graceful.watcher());
                open.spawn(async move {
                    answering.await;
                    drop((turn, share));
                });
            }
            _ => sleep(ACCEPT_PAUSE).await,
        }
    }
    drop((listener, front));
    if timeout(limits.stop, graceful.shutdown()).await.is_err() {
        tracing::warn!("requests were still in work when the time to stop was over");
    }
    open.shutdown().await;
    if let Err(error) = log.close().await {
        tracing::error!(%error, "storage did not close");
    }
}

/// Answers one connection until it ends.
async fn answer(socket: TcpStream, peer: SocketAddr, front: Front, limits: Limits, watcher: Watcher) {
    // Small answers must not wait for more; failing to say so costs time only.
    let _ = socket.set_nodelay(true);
    let service = service_fn(move |mut request: Request<Incoming>| {
        let from = forwarded::origin(peer.ip(), request.headers(), &front.proxies);
        request.extensions_mut().insert(ConnectInfo(SocketAddr::new(from, peer.port())));
        front.router.clone().oneshot(request.map(Body::new))
    });
    let connection = http1::Builder::new()
        .timer(TokioTimer::new())
        .header_read_timeout(limits.head)
        .serve_connection(TokioIo::new(socket), service);
    if let Err(error) = watcher.watch(connection).await {
        tracing::debug!(%error, "a connection broke");
    }
}
