//! Customers: made, found, opened, edited.

use crate::Outcome;
use crate::device::Device;
use crate::hands::{LONG, Named, SOON, spot, until};

/// What is typed for a new customer; what is empty is left out.
#[derive(Debug, Clone, Copy, Default)]
pub struct NewCustomer<'a> {
    /// The name.
    pub name: &'a str,
    /// An organisation rather than a person.
    pub organisation: bool,
    /// For a person: the organisation, made on the way.
    pub works_at: &'a str,
    /// A phone number.
    pub phone: &'a str,
    /// A mail address.
    pub mail: &'a str,
    /// A note.
    pub note: &'a str,
}

impl Device {
    /// Adds a customer and ends on its page.
    pub async fn add_customer(&self, new: &NewCustomer<'_>) -> Outcome {
        self.go("/customers").await?;
        self.press(self.word("customers.new")?).await?;
        let name = if new.organisation {
            self.press(self.word("vocabulary.kind.organisation")?).await?;
            self.word("customer.form.name_org")?
        } else {
            self.word("customer.form.name_person")?
        };
        self.fill(name, new.name).await?;
        if !new.works_at.is_empty() {
            self.fill(self.word("customer.form.organisation")?, new.works_at).await?;
            let create =
                self.words().filled("customer.form.organisation_create", &[("name", new.works_at)])?;
            self.press(&create).await?;
        }
        self.add_point("customer.form.add_phone", "customer.form.phone", new.phone).await?;
        self.add_point("customer.form.add_mail", "customer.form.mail", new.mail).await?;
        if !new.note.is_empty() {
            self.fill(self.word("customer.form.note")?, new.note).await?;
        }
        self.press(self.word("customer.form.save")?).await?;
        self.at_customer(new.name).await
    }

    async fn add_point(&self, add: &str, label: &str, value: &str) -> Outcome {
        if value.is_empty() {
            return Ok(());
        }
        let field = spot("field", self.word(label)?);
        if !self.is_at(&field).await? {
            self.press(self.word(add)?).await?;
        }
        self.fill_at(&field, value).await
    }

    /// Waits for the page of a customer.
    pub async fn at_customer(&self, name: &str) -> Outcome {
        let wanted = |titles: &[String]| titles.first().is_some_and(|title| title.starts_with(name));
        self.texts_until(".ch h1", SOON, wanted).await.map(drop)
    }

    /// Searches the customer list; the field keeps the text.
    pub async fn search(&self, text: &str) -> Outcome {
        let field = spot("field", self.word("customers.search")?);
        if !self.is_at(&field).await? {
            self.go("/customers").await?;
        }
        self.fill_at(&field, text).await
    }

    /// Searches until exactly these customers are listed.
    pub async fn search_finds(&self, text: &str, names: &[&str]) -> Outcome {
        self.search(text).await?;
        self.texts_until(".cust .cust-n b", SOON, |listed| listed == names).await.map(drop)
    }

    /// Searches until this customer is among those listed.
    pub async fn search_finds_too(&self, text: &str, name: &str) -> Outcome {
        self.search(text).await?;
        self.texts_until(".cust .cust-n b", SOON, |listed| listed.iter().any(|one| one == name))
            .await
            .map(drop)
    }

    /// Finds a customer by its name and opens it.
    pub async fn open_customer(&self, name: &str) -> Outcome {
        self.go("/customers").await?;
        self.search_finds_too(name, name).await?;
        self.tap_within("a.cust", name).await?;
        self.at_customer(name).await
    }

    /// Opens the form of the customer that is shown.
    pub async fn edit_customer(&self) -> Outcome {
        self.tap_css(".ch button[aria-haspopup='menu']").await?;
        self.tap(&spot("menuitem", self.word("customer.edit")?)).await?;
        self.see_at(&spot("button", self.word("customer.form.save")?), SOON).await
    }

    /// Saves the form of a customer and waits until it is closed.
    pub async fn save_customer(&self) -> Outcome {
        self.press(self.word("customer.form.save")?).await?;
        self.sheet_closed().await
    }

    /// How many customers the list says there are.
    pub async fn customer_count(&self) -> Outcome<usize> {
        self.go("/customers").await?;
        self.fill(self.word("customers.search")?, "").await?;
        let counts = self
            .texts_until(".list-t .count", LONG, |counts| counts.iter().any(|count| number(count).is_some()));
        Ok(counts.await?.iter().find_map(|count| number(count)).unwrap_or_default())
    }

    /// Waits until the list says that there are so many customers.
    pub async fn customers_are(&self, count: usize) -> Outcome {
        let what = || format!("{count} customers on {}", self.name());
        until(LONG, what, async || Ok((self.customer_count().await? == count).then_some(()))).await
    }

    /// Taps the first visible element that `css` selects and that contains `words`.
    pub async fn tap_within(&self, css: &str, words: &str) -> Outcome {
        self.tap_css_named(css, words, Named::Has).await
    }
}

/// A number as it is written for people.
pub(crate) fn number(text: &str) -> Option<usize> {
    let digits: String =
        text.chars().filter(|c| !matches!(c, ',' | '.' | '\u{202f}' | '\u{a0}' | '’')).collect();
    digits.trim().parse().ok()
}
