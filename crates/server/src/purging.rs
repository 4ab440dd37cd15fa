//! Forgetting erased records for good: at the start, and every six hours.

use std::{sync::Arc, time::Duration};

use tokio::{sync::watch, time::sleep};

use crate::{config::Clock, log::Log};

/// Graves are kept for months: a few hours more are nothing.
const EVERY: Duration = Duration::from_secs(6 * 60 * 60);

/// Purges until the server stops, or is gone.
pub(crate) async fn purge_regularly(log: Arc<dyn Log>, clock: Clock, mut stopping: watch::Receiver<bool>) {
    let purging = async {
        loop {
            purge(&*log, clock()).await;
            sleep(EVERY).await;
        }
    };
    tokio::select! {
        () = purging => {}
        _ = stopping.wait_for(|stopping| *stopping) => {}
    }
}

async fn purge(log: &dyn Log, now_ms: u64) {
    match log.purge(now_ms).await {
        Ok(0) => {}
        Ok(graves) => tracing::info!(graves, "erased records were forgotten"),
        Err(error) => tracing::warn!(%error, "erased records could not be forgotten; that can wait"),
    }
}

#[cfg(test)]
mod tests {
    use std::sync::atomic::{AtomicU64, Ordering};

    use satchel_ledger::GRAVE_MS;
    use satchel_wire::{PushMode, Stream};
    use tempfile::TempDir;

    use super::*;
    use crate::{
        log::conformance::{NOW, home},
        sqlite::{SqliteLog, SqliteOptions},
    };

    const HOUR: Duration = Duration::from_secs(60 * 60);

    /// The runtime's time is passed over; the test would never end if nothing came after the start.
    #[tokio::test(start_paused = true)]
    async fn it_purges_again_and_again_until_the_server_stops() {
        let folder = TempDir::new().expect("a temporary folder");
        let options = SqliteOptions::at(folder.path());
        let log: Arc<dyn Log> = Arc::new(SqliteLog::open(&options).expect("a new database"));
        let home = home(&*log, 1).await;
        let mut grave = home.write(1, None, b"grave");
        grave.header.stream = Stream::Grave;
        home.push(&*log, PushMode::Each, vec![grave]).await;

        let (now, (stop, stopping)) = (Arc::new(AtomicU64::new(NOW)), watch::channel(false));
        let clock = Arc::clone(&now);
        let clock = Arc::new(move || clock.load(Ordering::SeqCst));
        let purging = tokio::spawn(purge_regularly(Arc::clone(&log), clock, stopping));
        sleep(HOUR).await;
        assert_eq!(home.read_all(&*log, 0, 10).await.0.len(), 1, "too young at the start");
        now.store(NOW + GRAVE_MS, Ordering::SeqCst);
        while home.read_all(&*log, 0, 10).await.1.purge_floor == 0 {
            sleep(HOUR).await;
        }
        stop.send_replace(true);
        purging.await.expect("it ends");
    }
}
