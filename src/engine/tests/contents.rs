//! The book keeps no content: whatever shows an interaction shows what was said, read from the store.

use super::world::Tab;
use super::{alone, person, run, talk};
use crate::port::{Answer, Command, Query, TimelineFilter, Window};
use satchel_domain::{Method, RecordId};

const PAGE: Window = Window { offset: 0, limit: 50 };
const AT_MS: i64 = 1_609_495_200_000;

fn timeline(partner: RecordId) -> Query {
    Query::Timeline { partner, filter: TimelineFilter::default(), window: PAGE }
}

async fn says(tab: &Tab, query: Query, text: &str) -> bool {
    format!("{:?}", tab.ask(query).await).contains(text)
}

#[test]
fn what_was_said_is_in_every_answer_that_shows_it_r10() {
    run(async {
        let (_device, tab) = alone().await;
        let id = tab.created(Command::CreatePartner { draft: person("客户一", "", "") }).await;
        let draft = talk(id, Method::Phone, AT_MS, "与客户讨论订单");
        let call = tab.created(Command::LogInteraction { draft, follow_up: None, done: Vec::new() }).await;
        let day = Query::Today { from_ms: AT_MS - 1_000, to_ms: AT_MS + 1_000 };
        for query in [timeline(id), Query::Partner { id }, Query::Record { id: call }, day] {
            assert!(says(&tab, query.clone(), "与客户讨论订单").await, "{query:?}");
        }
        tab.run(Command::Delete { ids: vec![call] }).await.expect("it is there");
        assert!(says(&tab, Query::Trash { window: PAGE }, "与客户讨论订单").await);
        assert!(says(&tab, Query::Record { id: call }, "与客户讨论订单").await, "in the trash, too");
    });
}

#[test]
fn a_watch_hears_of_a_content_alone() {
    run(async {
        let (_device, tab) = alone().await;
        let id = tab.created(Command::CreatePartner { draft: person("Anna", "", "") }).await;
        let seen = talk(id, Method::Phone, AT_MS, "before");
        let call = tab
            .created(Command::LogInteraction { draft: seen.clone(), follow_up: None, done: Vec::new() })
            .await;
        let watch = tab.watch(timeline(id));
        let heard = |text: &'static str| {
            tab.until(move |said| {
                said.answers.get(&watch).is_some_and(|answer| format!("{answer:?}").contains(text))
            })
        };
        heard("before").await;
        let draft = talk(id, Method::Phone, AT_MS, "after");
        tab.run(Command::EditInteraction { id: call, seen, draft }).await.expect("it is there");
        heard("after").await;
        assert!(matches!(tab.ask(timeline(id)).await, Answer::Timeline(timeline) if timeline.total == 1));
    });
}
