//! Hints: a stream that says how far a space has come, and nothing about what changed.
//!
//! A lost hint costs latency only. The stream ends with the session, the membership or the server: a device
//! whose session another one ended hears of it at once.

use std::{convert::Infallible, time::Duration};

use axum::{
    extract::State,
    response::{
        Sse,
        sse::{Event, KeepAlive},
    },
};
use futures_util::stream::{Stream, unfold};
use satchel_wire::{AccountId, Hint, SpaceId};
use tokio::{
    sync::watch,
    time::{Instant, sleep_until},
};

use crate::{
    log::{News, TokenHash},
    problem::Problem,
    service::Shared,
    signed::{Bearer, Space},
};

/// Tells at once how far the space has come, and whenever it comes further.
pub(crate) async fn hints(
    State(service): State<Shared>,
    Bearer { token, session }: Bearer,
    Space(space): Space,
) -> Result<Sse<impl Stream<Item = Result<Event, Infallible>>>, Problem> {
    let now_ms = service.now_ms();
    // Membership first, so that strangers cost no watcher; then watch before looking, so that no
    // commit falls between, nor the end of the session.
    service.log().news(session.account, space).await??;
    let heads = service.log().watch(space).ok_or(Problem::TooMany { seconds: 60 })?;
    let endings = service.log().endings();
    service.log().session(token, now_ms).await?.ok_or(Problem::SessionNeeded)?;
    let news = service.log().news(session.account, space).await??;
    let left = Duration::from_millis(session.expires_ms.saturating_sub(now_ms));
    let until = Instant::now() + left;
    let (account, stopping) = (session.account, service.stopping());
    let beat = KeepAlive::new().interval(service.limits().heartbeat);
    let feed = Feed { service, token, account, space, heads, endings, stopping, told: None, news, until };
    Ok(Sse::new(unfold(feed, Feed::next)).keep_alive(beat))
}

/// One stream's state.
struct Feed {
    service: Shared,
    token: TokenHash,
    account: AccountId,
    space: SpaceId,
    heads: watch::Receiver<News>,
    endings: watch::Receiver<u64>,
    stopping: watch::Receiver<bool>,
    told: Option<News>,
    news: News,
    until: Instant,
}

impl Feed {
    /// The next hint, or the end.
    async fn next(mut self) -> Option<(Result<Event, Infallible>, Self)> {
        while self.told == Some(self.news) {
            self.wait().await?;
        }
        self.told = Some(self.news);
        let News { head, members } = self.news;
        let text = serde_json::to_string(&Hint { head, members }).ok()?;
        Some((Ok(Event::default().data(text)), self))
    }

    /// Waits for news; `None` at the end of the session, of the membership or of the server.
    async fn wait(&mut self) -> Option<()> {
        let ended = tokio::select! {
            changed = self.heads.changed() => changed.ok().map(|()| false)?,
            ended = self.endings.changed() => ended.ok().map(|()| true)?,
            _ = self.stopping.wait_for(|stopping| *stopping) => return None,
            () = sleep_until(self.until) => return None,
        };
        if ended {
            let now_ms = self.service.now_ms();
            self.service.log().session(self.token, now_ms).await.ok()??;
        }
        let told = *self.heads.borrow_and_update();
        if told.members > self.news.members {
            self.service.log().news(self.account, self.space).await.ok()?.ok()?;
        }
        let News { head, members } = self.news;
        self.news = News { head: told.head.max(head), members: told.members.max(members) };
        Some(())
    }
}
