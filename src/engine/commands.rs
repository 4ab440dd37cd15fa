//! What a person meant, made durable: drafts are checked, written in one commit, and can be taken back.

use super::failure::Outcome as Ended;
use super::workspace::Workspace;
use super::{Host, saved, used};
use crate::port::{Command, Done, FailureCode, Outcome, PersonAct};
use satchel_domain::task::done_writes;
use satchel_domain::{
    Code, InteractionDraft, Invalid, Kind, Participation, PartnerDraft, RecordId, Relationship, Revision,
    TaskDraft, Write, field,
};
use satchel_replica::{Change, Edit};

impl<H: Host> Workspace<H> {
    /// Carries out a command on records.
    pub(super) async fn carry_out(&self, command: Command) -> Ended<Done> {
        match command {
            Command::CreatePartner { draft } => self.create_partner(&draft).await,
            Command::EditPartner { id, seen, draft } => self.edit_partner(id, &seen, &draft).await,
            Command::LogInteraction { draft, follow_up, done } => self.log(&draft, follow_up, &done).await,
            Command::EditInteraction { id, seen, draft } => {
                check(draft.validate(self.now()))?;
                self.revise(id, Revision::of_interaction(&seen, &draft)).await
            }
            Command::Link { record, participation } => self.link(record, &participation, true).await,
            Command::Unlink { record, participation } => self.link(record, &participation, false).await,
            Command::CreateTask { draft } => {
                check(draft.validate())?;
                self.make(Kind::Task, draft.create()).await
            }
            Command::EditTask { id, seen, draft } => {
                check(draft.validate())?;
                self.revise(id, Revision::of_task(&seen, &draft)).await
            }
            Command::CreateView { draft } => self.create_view(&draft).await,
            Command::EditView { id, seen, draft } => self.edit_view(id, &seen, &draft).await,
            Command::WriteTable(table) => Ok(self.table(&table)),
            Command::CompleteTask { id, done } => {
                let done_ms = done.then(|| self.host.now_ms());
                self.edit(id, done_writes(done_ms)).await
            }
            Command::SetTiers { from } => self.set_tiers(from).await,
            Command::Opened { id } => self.use_partner(id, used::OPENED).await,
            Command::Delete { ids } => self.trash(&ids, true).await,
            Command::Bulk(bulk) => self.change_many(&bulk).await,
            Command::Merge(merge) => self.merge(&merge).await,
            Command::HandOver(given) => self.hand_over(&given).await,
            Command::Person(PersonAct::Gather { id }) => self.gather_person(id).await,
            Command::Person(PersonAct::Erase { id }) => self.erase_person(id).await,
            Command::Plan(act) => self.act_on_plan(&act).await,
            Command::Restore { ids } => self.trash(&ids, false).await,
            Command::KeepDraft { key, text } => self.keep_draft(&key, &text).await,
            Command::Review { choices } => self.review(&choices).await,
            Command::RestoreValue { record, entry, side } => self.restore_value(record, &entry, side).await,
            Command::LookForDevices => self.look_for_devices().await,
            Command::NameDevice { device, name } => self.name_device(&device, &name).await,
            Command::Compared { member, digits } => self.note_compared(member, digits.as_deref()).await,
            Command::RetryAside { id } => self.retry(id).await,
            Command::PutAwayLost { key } => self.put_away_lost(&key).await,
            Command::CreateWorkspace { .. }
            | Command::JoinWorkspace { .. }
            | Command::CreateSample { .. }
            | Command::Unlock { .. }
            | Command::RevealDeviceCode { .. }
            | Command::RevokeDevice { .. }
            | Command::JoinByRecovery { .. }
            | Command::Recover { .. }
            | Command::ChangePassphrase { .. }
            | Command::AdoptPassphrase { .. }
            | Command::MakeRecoveryCode
            | Command::KeepRecoveryCode { .. }
            | Command::AskPasskey { .. }
            | Command::KeepPasskey { .. }
            | Command::UnlockByPasskey(_)
            | Command::RemovePasskey { .. }
            | Command::InspectFiles
            | Command::ChooseSheet { .. }
            | Command::File(_)
            | Command::Import { .. }
            | Command::DropImport { .. }
            | Command::BackUp
            | Command::KeptBackup
            | Command::InspectBackup { .. }
            | Command::RestoreBackup { .. }
            | Command::DropBackup { .. }
            | Command::EraseDevice { .. }
            | Command::SwitchTo { .. }
            | Command::CreateBeside { .. }
            | Command::MovePartners { .. }
            | Command::Team(_)
            | Command::Undo { .. }
            | Command::DeleteWorkspace { .. }
            | Command::SaveSealed
            | Command::ReadInvitation { .. }
            | Command::AcceptInvitation(_)
            | Command::AcceptAsMyself(_)
            | Command::Discard => Err(FailureCode::Internal.into()),
        }
    }

    /// The device's clock as drafts are checked against it, ms since 1970 UTC.
    pub(super) fn now(&self) -> i64 {
        i64::try_from(self.host.now_ms()).unwrap_or(i64::MAX)
    }

    async fn create_partner(&self, draft: &PartnerDraft) -> Ended<Done> {
        check(draft.validate(self.now()))?;
        let draft = PartnerDraft { owner: draft.owner.or_else(|| self.creator()), ..draft.clone() };
        self.make(Kind::Partner, draft.create(&mut || self.random_u64())).await
    }

    async fn edit_partner(&self, id: RecordId, seen: &PartnerDraft, draft: &PartnerDraft) -> Ended<Done> {
        // What was wrong before is no reason to refuse a change elsewhere: it came so, and stays until it is mended.
        let before = seen.validate(self.now());
        check(draft.validate(self.now()).into_iter().filter(|found| !before.contains(found)).collect())?;
        let draft = self.with_other_organisation(id, draft);
        self.revise(id, Revision::of_partner(seen, &draft, &mut || self.random_u64())).await
    }

    /// Nobody works for herself: one who was an organisation herself a moment ago is found by its name.
    fn with_other_organisation(&self, id: RecordId, draft: &PartnerDraft) -> PartnerDraft {
        let book = self.book.borrow();
        let other = |firm: &RecordId| book.resolve(*firm) != book.resolve(id);
        PartnerDraft { organisation: draft.organisation.filter(other), ..draft.clone() }
    }

    async fn log(
        &self,
        draft: &InteractionDraft,
        follow_up: Option<TaskDraft>,
        done: &[RecordId],
    ) -> Ended<Done> {
        check(draft.validate(self.now()))?;
        self.stands(draft.partner)?;
        let id = self.new_id();
        let mut edits = vec![made(id, Kind::Interaction, draft.create())];
        edits.extend(self.tasks_with(id, follow_up, done)?);
        let undo = self.write(edits).await?;
        // The entry is there; that its customer counts as used only decorates.
        let _ = self.use_partner(draft.partner, used::LOGGED).await;
        Ok(Done { outcome: Outcome::Created(id), undo })
    }

    /// What a new entry does to tasks: what was promised becomes one, and those that it was for are done.
    pub(super) fn tasks_with(
        &self,
        entry: RecordId,
        follow_up: Option<TaskDraft>,
        done: &[RecordId],
    ) -> Ended<Vec<Edit>> {
        let mut edits = Vec::new();
        if let Some(task) = follow_up {
            check(task.validate())?;
            let task = TaskDraft { source: Some(entry), ..task };
            edits.push(made(self.new_id(), Kind::Task, task.create()));
        }
        let (book, now_ms) = (self.book.borrow(), self.host.now_ms());
        let open = done.iter().filter(|id| book.task(**id).is_some_and(|task| task.done_ms.is_none()));
        edits.extend(open.map(|id| written(*id, done_writes(Some(now_ms)))));
        Ok(edits)
    }

    /// What is logged of somebody in the trash would be shown nowhere.
    pub(super) fn stands(&self, partner: RecordId) -> Ended<()> {
        let book = self.book.borrow();
        match book.is_deleted(book.resolve(partner)) {
            Some(true) => {
                let said = Invalid { field: field::PARTNER.into(), code: Code::UnknownPartner };
                Err(vec![said].into())
            }
            _ => Ok(()),
        }
    }

    pub(super) async fn make(&self, kind: Kind, writes: Vec<Write>) -> Ended<Done> {
        let id = self.new_id();
        let undo = self.write(vec![made(id, kind, writes)]).await?;
        Ok(Done { outcome: Outcome::Created(id), undo })
    }

    pub(super) async fn edit(&self, id: RecordId, writes: Vec<Write>) -> Ended<Done> {
        if !self.book.borrow().contains(id) {
            return Err(FailureCode::NotFound.into());
        }
        if writes.is_empty() {
            return Ok(saved());
        }
        let undo = self.write(vec![written(id, writes)]).await?;
        Ok(Done { outcome: Outcome::Saved, undo })
    }

    /// Saves a form.
    pub(super) async fn revise(&self, id: RecordId, revision: Revision) -> Ended<Done> {
        if !self.book.borrow().contains(id) {
            return Err(FailureCode::NotFound.into());
        }
        if revision.is_empty() {
            return Ok(saved());
        }
        let undo = self.write(vec![revised(id, revision)]).await?;
        Ok(Done { outcome: Outcome::Saved, undo })
    }

    /// Adds a partner to a record or takes it off. The primary partner is changed by editing the record (D7).
    async fn link(&self, record: RecordId, participation: &Participation, present: bool) -> Ended<Done> {
        if participation.relationship == Relationship::Primary {
            let invalid = Invalid { field: "participants".into(), code: Code::Duplicate };
            return Err(vec![invalid].into());
        }
        self.edit(record, vec![participation.write(present)]).await
    }

    /// Reports truthfully how many there were to change (R38, D5).
    async fn trash(&self, ids: &[RecordId], deleted: bool) -> Ended<Done> {
        let changing: Vec<RecordId> = {
            let book = self.book.borrow();
            ids.iter().copied().filter(|id| book.is_deleted(*id) == Some(!deleted)).collect()
        };
        let edits = changing.iter().map(|id| written(*id, vec![Write::deleted(deleted)])).collect();
        let undo = self.write(edits).await?;
        let (changed, all) = (count(changing.len()), count(ids.len()));
        Ok(Done { outcome: Outcome::Trashed { changed, absent: all - changed }, undo })
    }
}

pub(super) fn made(id: RecordId, kind: Kind, writes: Vec<Write>) -> Edit {
    Edit { id, change: Change::Create(kind, writes) }
}

pub(super) fn written(id: RecordId, writes: Vec<Write>) -> Edit {
    Edit { id, change: Change::Write(writes) }
}

pub(super) fn revised(id: RecordId, revision: Revision) -> Edit {
    Edit { id, change: Change::Revise(revision) }
}

pub(super) fn count(len: usize) -> u32 {
    u32::try_from(len).unwrap_or(u32::MAX)
}

/// Nothing is written while something blocking is wrong; doubtful values are kept as they were told (D4).
pub(super) fn check(found: Vec<Invalid>) -> Ended<()> {
    if found.iter().any(|invalid| invalid.code.blocks()) { Err(found.into()) } else { Ok(()) }
}
