//! Somebody who writes without pause until the tab is gone, and what is left of that afterwards.

use super::customers::number;
use crate::Outcome;
use crate::device::Device;
use crate::failure::ensure;
use crate::hands::{LONG, SOON, until};
use crate::witness::{Heard, Witness};
use serde_json::json;

/// What is numbered n modulo this is: 0 a visit with its promise, 1 a customer, 2 a change of one field.
const KINDS: usize = 3;

/// What was found of what a writer wrote.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Left {
    /// Numbers of the visits.
    pub visits: Vec<usize>,
    /// Numbers of the promises that belong to visits.
    pub promises: Vec<usize>,
    /// Numbers of the customers.
    pub customers: Vec<usize>,
    /// The number in the field that is changed again and again; 0 before the first change.
    pub field: usize,
}

impl Device {
    /// Lets pages of this browser speak to a witness: the app's own policy lets them speak to its server
    /// only. To be asked for before the page is opened.
    pub async fn may_speak(&self) -> Outcome {
        self.start().await?;
        self.cdp("Page.setBypassCSP", json!({ "enabled": true })).await.map(drop)
    }

    /// Starts to write about the customer that is shown, each entry marked with `mark` and its number.
    pub async fn write_on(&self, witness: &Witness, customer: &str, mark: &str) -> Outcome {
        let saved = ["log.saved", "customer.form.saved", "common.saved_here"].map(|key| self.word(key));
        let saved: Vec<&str> = saved.into_iter().collect::<Outcome<_>>()?;
        let field = self.word("customer.form.position")?;
        let told = [
            json!(witness.url()),
            json!(customer),
            json!(mark),
            json!(saved),
            json!(field),
            json!(self.base()),
        ];
        self.script(include_str!("writer.js"), told.into()).await.map(drop)
    }

    /// The id of the customer that is shown.
    pub async fn customer_id(&self) -> Outcome<String> {
        let address = self.address().await?;
        let id = address.split("customers/").nth(1).and_then(|rest| rest.split(['/', '?']).next());
        Ok(id.ok_or("no customer is shown")?.to_owned())
    }

    /// Reads what is left of what was written about a customer with `mark`, until it is as it has to be
    /// after what was heard.
    pub async fn read_left(&self, customer: &str, mark: &str, heard: &Heard) -> Outcome<Left> {
        let prefix = format!("{mark}-");
        // Screens draw what they are answered: what is not as it has to be is looked at again.
        let look = async || {
            let left = self.look_at_left(customer, &prefix).await?;
            left.fits(heard).map(|()| Some(left))
        };
        until(SOON, || format!("what was written as {mark} on {}", self.name()), look).await
    }

    async fn look_at_left(&self, customer: &str, prefix: &str) -> Outcome<Left> {
        let of = async |place: &str, css: &str| -> Outcome<Vec<usize>> {
            self.go(place).await?;
            self.settled().await?;
            Ok(Self::numbers(&self.texts(css).await?, prefix))
        };
        let promises = of(&format!("customers/{customer}"), ".needs > li").await?;
        let details = of(&format!("customers/{customer}/details"), "main").await?;
        let visits = of(&format!("customers/{customer}/timeline"), ".evs > li").await?;
        self.search(prefix).await?;
        self.settled().await?;
        let customers = Self::numbers(&self.texts(".cust .cust-n b").await?, prefix);
        Ok(Left { visits, promises, customers, field: details.last().copied().unwrap_or_default() })
    }

    /// The numbers behind `prefix`, sorted.
    fn numbers(texts: &[String], prefix: &str) -> Vec<usize> {
        let number = |text: &String| -> Option<usize> {
            let rest = text.split_once(prefix)?.1;
            let end = rest.find(|c: char| !c.is_ascii_digit()).unwrap_or(rest.len());
            rest[..end].parse().ok()
        };
        let mut found: Vec<usize> = texts.iter().filter_map(number).collect();
        found.sort_unstable();
        found
    }

    /// How many records the sync centre says are on this device.
    pub async fn record_count(&self) -> Outcome<usize> {
        self.go("/sync").await?;
        let look = async || {
            let said = self.texts(".sh-v").await?.join(" ");
            Ok(said.split_whitespace().find_map(number))
        };
        until(LONG, || format!("a count of records on {}", self.name()), look).await
    }
}

impl Left {
    /// Records that these are.
    pub fn records(&self) -> usize {
        self.visits.len() + self.promises.len() + self.customers.len()
    }

    /// What was said to be saved is there; what was begun is whole or absent; nothing else is there.
    pub fn fits(&self, heard: &Heard) -> Outcome {
        ensure(self.visits == self.promises, || {
            format!("half an intent: visits {:?}, promises {:?}", self.visits, self.promises)
        })?;
        // The page may have said more before it died than was heard outside.
        let last = [self.visits.last(), self.customers.last(), Some(&self.field)];
        let last = last.into_iter().flatten().copied().max().unwrap_or_default();
        ensure(last >= heard.saved, || format!("{heard:?}, and left is {self:?}"))?;
        ensure(last <= heard.tried, || format!("{heard:?}, and more is left: {self:?}"))?;
        let wanted = Self::up_to(last);
        ensure(*self == wanted, || format!("{heard:?}; left is {self:?} instead of {wanted:?}"))
    }

    /// Everything up to a number.
    fn up_to(last: usize) -> Self {
        let of = |kind: usize| (1..=last).filter(|n| n % KINDS == kind).collect::<Vec<_>>();
        Self { visits: of(0), promises: of(0), customers: of(1), field: of(2).last().copied().unwrap_or(0) }
    }
}
