//! The sync server's command line.

use std::{
    io::{IsTerminal, Write},
    net::{IpAddr, SocketAddr},
    path::PathBuf,
    process::ExitCode,
};

use clap::{Args, Parser, Subcommand};
use satchel_server::{Config, Origin, Quota, Running, Server, SqliteLog, SqliteOptions};
use tracing_subscriber::EnvFilter;

/// Satchel's sync server: stores sealed records, serves the app, cannot read a word.
#[derive(Parser)]
#[command(name = "satchel-server", version, about, args_conflicts_with_subcommands = true)]
struct Cli {
    #[command(subcommand)]
    command: Option<Command>,
    #[command(flatten)]
    serve: Serve,
}

#[derive(Subcommand)]
enum Command {
    /// Run this once after the data directory was restored from a copy, before starting the server:
    /// devices will then offer again what the copy lacks, and everybody signs in anew.
    Restore {
        /// The data directory.
        #[arg(long, value_name = "DIR")]
        data: PathBuf,
    },
}

#[derive(Args)]
struct Serve {
    /// Where to listen; port 0 takes one that is free.
    #[arg(long, value_name = "ADDRESS", default_value = "127.0.0.1:8474")]
    listen: SocketAddr,
    /// The data directory; made if it is not there.
    #[arg(long, value_name = "DIR", default_value = "data")]
    data: PathBuf,
    /// The built web app to serve.
    #[arg(long, value_name = "DIR")]
    app: Option<PathBuf>,
    /// The path under which everything is served.
    #[arg(long, value_name = "PATH", default_value = "/")]
    base_path: String,
    /// An origin under which people reach this server; may be given several times. A sign-in that
    /// names another host is refused. Without it: loopback.
    #[arg(long, value_name = "URL", value_delimiter = ',')]
    public_origin: Vec<Origin>,
    /// The origin of an app that is hosted elsewhere and syncs with this server; may be given several times.
    #[arg(long, value_name = "URL", value_delimiter = ',')]
    allow_origin: Vec<Origin>,
    /// The address of a proxy in front whose X-Forwarded-For is believed; may be given several times. Without
    /// it, no header changes where a request comes from.
    #[arg(long, value_name = "ADDRESS", value_delimiter = ',')]
    trusted_proxy: Vec<IpAddr>,
    /// The origin that the served app syncs with, if it is not this server.
    #[arg(long, value_name = "URL")]
    sync_origin: Option<Origin>,
    /// Most MiB of the database file; without it, as much as the disk holds.
    #[arg(long, value_name = "MIB")]
    max_data: Option<u64>,
    /// Most records of one space, of which each counts once.
    #[arg(long, value_name = "COUNT", default_value_t = Quota::default().records)]
    max_space_records: u64,
    /// Most MiB of sealed records in one space.
    #[arg(long, value_name = "MIB", default_value_t = Quota::default().bytes >> 20)]
    max_space: u64,
    /// Registrations and sign-in steps that one address may make a minute.
    #[arg(long, value_name = "COUNT", default_value_t = 60)]
    attempts_per_minute: u32,
}

fn main() -> ExitCode {
    let cli = Cli::parse();
    tracing_subscriber::fmt()
        .with_env_filter(EnvFilter::try_from_default_env().unwrap_or_else(|_| "info".into()))
        .with_writer(std::io::stderr)
        .with_ansi(std::io::stderr().is_terminal())
        .init();
    let outcome = match cli.command {
        Some(Command::Restore { data }) => restore(data),
        None => serve(cli.serve),
    };
    match outcome {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            tracing::error!("{error}");
            ExitCode::FAILURE
        }
    }
}

type Outcome = Result<(), Box<dyn std::error::Error>>;

fn restore(data: PathBuf) -> Outcome {
    let spaces = SqliteLog::renew_incarnations(&SqliteOptions::at(data))?;
    say(&format!("{spaces} spaces have a new incarnation; every session has ended"))
}

fn serve(serve: Serve) -> Outcome {
    tokio::runtime::Builder::new_multi_thread().enable_all().build()?.block_on(async {
        let running = Server::start(config(serve)).await?;
        say(&format!("satchel-server is ready at {}", running.url()))?;
        wait_for_signal().await?;
        stop(running).await;
        Ok(())
    })
}

fn config(serve: Serve) -> Config {
    let mut config = Config::local(serve.data);
    config.listen = serve.listen;
    config.app = serve.app;
    config.base_path = serve.base_path;
    config.public_hosts = serve.public_origin.iter().map(|o| o.host().to_owned()).collect();
    config.allow_origins = serve.allow_origin;
    config.trusted_proxies = serve.trusted_proxy;
    config.sync_origin = serve.sync_origin;
    config.storage.max_bytes = serve.max_data.map(|mib| mib.saturating_mul(1 << 20));
    config.storage.quota =
        Quota { records: serve.max_space_records, bytes: serve.max_space.saturating_mul(1 << 20) };
    config.limits.attempts = serve.attempts_per_minute;
    config.limits.attempts_per_minute = serve.attempts_per_minute;
    config
}

async fn stop(running: Running) {
    tracing::info!("stopping");
    running.stop().await;
}

/// One line for whoever started the server; a closed pipe is no reason to fail.
fn say(line: &str) -> Outcome {
    let mut out = std::io::stdout().lock();
    match writeln!(out, "{line}").and_then(|()| out.flush()) {
        Err(error) if error.kind() != std::io::ErrorKind::BrokenPipe => Err(error.into()),
        _ => Ok(()),
    }
}

#[cfg(unix)]
async fn wait_for_signal() -> std::io::Result<()> {
    use tokio::signal::unix::{SignalKind, signal};
    let mut terminate = signal(SignalKind::terminate())?;
    tokio::select! {
        interrupted = tokio::signal::ctrl_c() => interrupted,
        _ = terminate.recv() => Ok(()),
    }
}

#[cfg(not(unix))]
async fn wait_for_signal() -> std::io::Result<()> {
    tokio::signal::ctrl_c().await
}
