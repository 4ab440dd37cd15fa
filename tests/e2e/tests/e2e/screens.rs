//! Every screen in four sizes, two themes and two languages: pictures to look at, nothing that shuts
//! people out (EXPERIENCE, accessibility: WCAG 2.2 AA), nothing wider than the narrowest phone.

use futures_util::future::try_join;
use satchel_e2e::content::{self, CHOSEN};
use satchel_e2e::device::Device;
use satchel_e2e::dress::{NARROWEST, SIZES, THEMES};
use satchel_e2e::failure::ensure;
use satchel_e2e::hands::{LONG, SOON, spot, until};
use satchel_e2e::say::{note, shown};
use satchel_e2e::stage::Stage;
use satchel_e2e::words::Language;
use satchel_e2e::{Outcome, Verdict, axe};
use std::collections::BTreeMap;
use std::fs;
use std::path::PathBuf;
use std::sync::Arc;

const PASSPHRASE: &str = "laterne kiesel ahorn 64";

/// The pictures that the README and the manifest show.
const README: [&str; 4] = [
    "today_landscape_light_en",
    "customer_desktop_light_zh-CN",
    "log_phone_dark_zh-CN",
    "today_phone_light_en",
];

/// Every screen, looked at.
pub(crate) async fn every_screen_is_fit_to_be_seen(stage: &Stage) -> Outcome<Verdict> {
    let server = stage.server()?;
    let url = server.url();
    let device = |name, language| stage.device(name, language, &url);
    let (en, zh) =
        (Gallery::new(stage, device("en", Language::En)?), Gallery::new(stage, device("zh", Language::Zh)?));
    // One language after the other would leave half of the machine idle.
    let (en, zh) = try_join(en.walk(stage), zh.walk(stage)).await?;
    let looks = en.looks + zh.looks;
    shown(&format!("{looks} pictures in {}", stage.settings.shots.display()));
    let wide: Vec<_> = en.wide.iter().chain(&zh.wide).collect();
    ensure(wide.is_empty(), || format!("wider than {} pixels: {wide:?}", NARROWEST.width))?;
    shown(&format!("nothing is wider than {} pixels, nor than a phone with text of 200 %", NARROWEST.width));
    copy_for_readme(stage)?;
    let mut faults = en.faults;
    faults.extend(zh.faults);
    for (fault, places) in faults.iter().take(40) {
        note(&format!("{fault}  ({} times, first on {})", places.len(), places[0]));
    }
    ensure(faults.is_empty(), || {
        format!(
            "axe: {} kinds of violations on {} screens",
            faults.len(),
            faults.values().map(Vec::len).sum::<usize>()
        )
    })?;
    match stage.settings.axe {
        Some(_) => shown(&format!("axe: {looks} screens looked at, 0 violations")),
        None => note("axe: skipped, SATCHEL_E2E_AXE is not given"),
    }
    Ok(Verdict::Shown)
}

/// The walk through all screens in one language.
struct Gallery {
    device: Arc<Device>,
    folder: PathBuf,
    axe: Option<PathBuf>,
    looks: usize,
    wide: Vec<String>,
    /// What is at fault, and where it was seen.
    faults: BTreeMap<String, Vec<String>>,
}

impl Gallery {
    fn new(stage: &Stage, device: Arc<Device>) -> Self {
        Self {
            device,
            folder: stage.settings.shots.clone(),
            axe: stage.settings.axe.clone(),
            looks: 0,
            wide: Vec::new(),
            faults: BTreeMap::new(),
        }
    }

    async fn walk(mut self, stage: &Stage) -> Outcome<Self> {
        self.welcome().await?;
        self.empty().await?;
        self.fill(stage).await?;
        self.places().await?;
        self.backup(stage).await?;
        self.customer().await?;
        self.sheets().await?;
        self.team(stage).await?;
        self.device.go("/").await?;
        self.device.lock().await?;
        self.look("lock").await?;
        self.device.press(self.device.word("onboarding.lock.forgot")?).await?;
        self.look("forgotten").await?;
        Ok(self)
    }

    async fn welcome(&mut self) -> Outcome {
        let device = Arc::clone(&self.device);
        device.open("").await?;
        let create = spot("button", device.word("onboarding.create.title")?).starts();
        device.see_at(&create, LONG).await?;
        self.look("welcome").await?;
        device.look_around().await?;
        self.look("sample").await?;
        device.add_another().await?;
        self.look("workspace-add").await?;
        let join = spot("button", device.word("onboarding.join.title")?).starts();
        device.tap(&join).await?;
        self.look("join").await?;
        device.press(device.word("common.back")?).await?;
        device.tap(&spot("button", device.word("onboarding.restore.title")?).starts()).await?;
        self.look("restore").await?;
        device.press(device.word("common.back")?).await?;
        device.tap(&create).await?;
        self.look("create").await?;
        device.fill(device.word("onboarding.name")?, "Demo").await?;
        device.fill(device.word("common.passphrase")?, PASSPHRASE).await?;
        device.fill(device.word("onboarding.again")?, PASSPHRASE).await?;
        device.press(device.word("onboarding.make")?).await?;
        device.see_at(&spot("button", device.word("onboarding.sheet.ready")?), LONG).await?;
        self.look("recovery").await?;
        device.press(device.word("onboarding.sheet.later")?).await?;
        device.at_work().await
    }

    async fn empty(&mut self) -> Outcome {
        self.place("today-empty", "/").await?;
        self.place("customers-empty", "/customers").await?;
        self.place("tasks-empty", "/tasks").await?;
        self.place("insights-empty", "/insights").await?;
        self.place("trash-empty", "/trash").await?;
        self.place("team-alone", "/team").await?;
        self.place("import", "/import").await
    }

    async fn fill(&mut self, stage: &Stage) -> Outcome {
        let device = Arc::clone(&self.device);
        let folder = stage.folder().join(format!("files-{}", device.name()));
        let [people, contacts, orders] = content::write_all(&folder)?;
        device.import(&[&people]).await?;
        device.inspect(&[&contacts, &orders], LONG).await?;
        self.look("import-look").await?;
        device.bring_in(LONG).await?;
        self.look("import-report").await?;
        let words = match device.words().language() {
            Language::En => ["Send the quote", "Call about delivery", "Bring samples"],
            Language::Zh => ["发送报价", "电话确认交货期", "带样品"],
        };
        device.open_customer(CHOSEN).await?;
        for (n, title) in words.into_iter().enumerate() {
            self.task(title, n).await?;
        }
        device.open_customer("Ella Brandt").await?;
        device.tap_css(".ch button[aria-haspopup='menu']").await?;
        device.tap(&spot("menuitem", device.word("customer.delete")?)).await?;
        let deleted = device.words().filled("customer.deleted", &[("name", "Ella Brandt")])?;
        device.see(&deleted).await?;
        self.look("told").await?;
        device.hide_toasts().await
    }

    async fn task(&self, title: &str, n: usize) -> Outcome {
        let device = &self.device;
        device.tap_css(".ch button[aria-haspopup='menu']").await?;
        device.tap(&spot("menuitem", device.word("customer.next_add")?)).await?;
        device.fill(device.word("tasks.what")?, title).await?;
        if n < 2 {
            device.set(&spot("field", device.word("tasks.due")?), &content::day(n as u64)).await?;
        }
        device.press(device.word("tasks.save")?).await?;
        device.sheet_closed().await
    }

    async fn places(&mut self) -> Outcome {
        let places = [
            ("today", "/"),
            ("customers", "/customers"),
            ("tasks", "/tasks"),
            ("plan", "/plan"),
            ("insights", "/insights"),
            ("trash", "/trash"),
            ("sync", "/sync"),
            ("settings", "/settings"),
            ("backup", "/backup"),
            ("more", "/more"),
            ("help", "/help"),
        ];
        for (name, path) in places {
            if name == "customers" {
                self.device.search("").await?;
            }
            self.place(name, path).await?;
            if name == "customers" {
                self.table().await?;
            }
        }
        Ok(())
    }

    /// The customers as a table, and the choice of its columns; on smaller screens they are a list still.
    async fn table(&mut self) -> Outcome {
        let device = Arc::clone(&self.device);
        device.press(device.word("customers.as_table")?).await?;
        self.look("customers-table").await?;
        self.sheet("columns", "/customers?sheet=columns").await?;
        device.go("/customers").await?;
        device.press(device.word("customers.as_list")?).await
    }

    async fn backup(&mut self, stage: &Stage) -> Outcome {
        let device = Arc::clone(&self.device);
        let file = device.back_up(&stage.folder().join(format!("kept-{}", device.name()))).await?;
        device.attach(&[&file]).await?;
        device.see_at(&spot("button", device.word("backup.look.merge")?), LONG).await?;
        self.look("backup-look").await?;
        device.press(device.word("backup.restore.another")?).await?;
        device.press(device.word("backup.delete.go")?).await?;
        self.look("backup-delete").await
    }

    async fn customer(&mut self) -> Outcome {
        self.device.open_customer(CHOSEN).await?;
        self.device.search("").await?;
        self.look("customer").await?;
        for (name, tab) in [("timeline", "timeline"), ("orders", "orders"), ("details", "details")] {
            self.device.tab(&format!("customer.tab_{tab}")).await?;
            self.look(name).await?;
        }
        self.device.tab("customer.tab_timeline").await
    }

    async fn sheets(&mut self) -> Outcome {
        let here = self.device.address().await?;
        let id = here.split('/').nth(2).unwrap_or_default().to_owned();
        for (name, query) in [
            ("log", format!("sheet=log&id={id}")),
            ("log-whom", "sheet=log".to_owned()),
            ("customer-new", "sheet=customer".to_owned()),
            ("customer-edit", format!("sheet=customer&id={id}")),
            ("person", format!("sheet=person&id={id}")),
            ("hand-over", format!("sheet=hand-over&id={id}")),
            ("hand-over-listed", "sheet=hand-over-listed".to_owned()),
            ("move", format!("sheet=move&id={id}")),
            ("territory", "sheet=territory".to_owned()),
            ("merge", format!("sheet=merge&id={id}")),
            ("bulk", "sheet=bulk".to_owned()),
            ("erasures", "sheet=erasures".to_owned()),
            ("task", format!("sheet=new-task&id={id}")),
            ("filter", "sheet=filter".to_owned()),
            ("find", "sheet=find".to_owned()),
            ("keys", "sheet=keys".to_owned()),
            ("recent", "sheet=recent".to_owned()),
            ("device", "sheet=device".to_owned()),
            ("passphrase", "sheet=passphrase".to_owned()),
            ("new-passphrase", "sheet=new-passphrase".to_owned()),
            ("recovery-code", "sheet=recovery-code".to_owned()),
            ("workspaces", "sheet=workspaces".to_owned()),
        ] {
            self.sheet(name, &format!("{here}?{query}")).await?;
        }
        for (name, css) in [("interaction", ".last3 a"), ("order", "a.ord")] {
            self.device.go(&format!("/customers/{id}")).await?;
            self.device.tap_css(css).await?;
            self.look(name).await?;
        }
        Ok(())
    }

    /// An invitation, whoever takes it up as a reader, and what she sees after she was removed.
    async fn team(&mut self, stage: &Stage) -> Outcome {
        let owner = Arc::clone(&self.device);
        self.sheet("invite", "/team?sheet=invite").await?;
        let link = owner.make_invitation(Some("Olga Berger"), "viewer", "Vera Lind").await?;
        self.look("invitation").await?;
        owner.press(owner.word("common.done")?).await?;
        let name = format!("guest-{}", owner.name());
        let guest = stage.device(&name, owner.words().language(), owner.home())?;
        guest.open_invitation(&link).await?;
        self.look_at(&guest, "invited").await?;
        guest.accept("Vera Lind", PASSPHRASE).await?;
        guest.go("/customers").await?;
        self.look_at(&guest, "reader").await?;
        drop(owner.invite(None, "editor", "Emil Sand").await?);
        owner.see_within("Vera Lind", LONG).await?;
        self.place("team", "/team").await?;
        owner.open_member("Vera Lind").await?;
        self.look("member").await?;
        owner.press(owner.word("team.member.remove")?).await?;
        self.look("member-remove").await?;
        owner.fill(owner.word("common.passphrase")?, PASSPHRASE).await?;
        owner.press(&owner.words().filled("team.member.remove_do", &[("name", "Vera Lind")])?).await?;
        guest.see_within(guest.word("team.removed.title")?, LONG).await?;
        self.look_at(&guest, "removed").await?;
        guest.close().await
    }

    async fn look_at(&mut self, device: &Arc<Device>, name: &str) -> Outcome {
        let own = std::mem::replace(&mut self.device, Arc::clone(device));
        let looked = self.look(name).await;
        self.device = own;
        looked
    }

    async fn sheet(&mut self, name: &str, address: &str) -> Outcome {
        self.device.go(address).await?;
        let open = async || Ok((!self.device.texts("[role='dialog']").await?.is_empty()).then_some(()));
        until(SOON, || format!("the sheet {name}"), open).await?;
        self.look(name).await
    }

    async fn place(&mut self, name: &str, path: &str) -> Outcome {
        self.device.go(path).await?;
        self.look(name).await
    }

    /// Looks at what is shown in every size and theme.
    async fn look(&mut self, name: &str) -> Outcome {
        self.device.dress(NARROWEST, THEMES[0]).await.map_err(|failure| format!("{name}: {failure}"))?;
        let wide = self.device.too_wide_by().await?;
        if wide > 0 {
            self.wide.push(format!("{name} by {wide}"));
        }
        self.enlarged(name).await?;
        for size in SIZES {
            for theme in THEMES {
                self.device.dress(size, theme).await.map_err(|failure| format!("{name}: {failure}"))?;
                let file = format!("{name}_{}_{theme}_{}", size.name, self.device.words().language().tag());
                self.device.picture(&self.folder.join(&file).with_extension("png")).await?;
                self.examine(&file).await?;
                self.looks += 1;
            }
        }
        Ok(())
    }

    /// With letters twice as large nothing runs out of the screen either (WCAG 1.4.4).
    async fn enlarged(&mut self, name: &str) -> Outcome {
        for size in &SIZES[..2] {
            self.device.dress(*size, THEMES[0]).await.map_err(|failure| format!("{name}: {failure}"))?;
            self.device.enlarge(200).await?;
            let wide = self.device.too_wide_by().await?;
            if wide > 0 {
                self.wide.push(format!("{name} at 200 % on {} by {wide}", size.name));
            }
            let file = format!("{name}_{}_200_{}", size.name, self.device.words().language().tag());
            self.device.picture(&self.folder.join(&file).with_extension("png")).await?;
            self.device.enlarge(100).await?;
        }
        Ok(())
    }

    async fn examine(&mut self, place: &str) -> Outcome {
        let Some(script) = &self.axe else { return Ok(()) };
        for fault in axe::violations(&self.device, script).await? {
            self.faults.entry(fault).or_default().push(place.to_owned());
        }
        Ok(())
    }
}

fn copy_for_readme(stage: &Stage) -> Outcome {
    let Some(images) = &stage.settings.images else { return Ok(()) };
    fs::create_dir_all(images)?;
    for name in README {
        fs::copy(
            stage.settings.shots.join(name).with_extension("png"),
            images.join(name).with_extension("png"),
        )?;
    }
    shown(&format!("{} pictures for the README and the manifest in {}", README.len(), images.display()));
    Ok(())
}
