//! Where people's files lie: a folder at a time, and the choice of one to move a file into.

use super::Chat;
use super::attend::{Answer, Failure};
use super::files::{PAGE, file_button};
use super::press::{OnFile, OnFolder, Press};
use super::prompts::Question;
use super::visitor::Visitor;
use crate::adapters::telegram::{Button, Outgoing};
use crate::domain::shared::{Counted, FileId, Folder, FolderId};
use crate::flows::files::{FilesQuery, Place};
use crate::protocols::stremio::stream::size;
use crate::texts::text;

/// Folders that are shown of one. Telegram takes a hundred buttons below a message.
const MOST_FOLDERS: usize = 40;

impl Chat {
    /// What lies in a folder, from its `from`th file on.
    pub(super) async fn show_folder(
        &self,
        visitor: &Visitor,
        at: Option<FolderId>,
        from: u32,
    ) -> Result<Outgoing, Failure> {
        let owner = visitor.person.id;
        let path = self.files.path(owner, at).await?;
        let folders = self.files.folders(owner, at).await?;
        let query = FilesQuery { owner, place: Place::In(at), search: String::new(), skip: from, limit: PAGE + 1 };
        let mut files = self.files.page(&query).await?;
        let has_more = files.len() > PAGE as usize;
        files.truncate(PAGE as usize);
        let heading = match path.last() {
            Some(folder) => folder.name.clone(),
            None => visitor.say(text("files-top")),
        };
        let below = if at.is_none() { self.summed(visitor).await? } else { named(&path) };
        let nothing = (folders.is_empty() && files.is_empty() && from == 0).then(|| visitor.say(text("files-none")));
        let words = [below].into_iter().chain(nothing).collect::<Vec<_>>().join("\n");
        let mut message = Outgoing::from(visitor.headed(&heading, words));
        if from == 0 {
            let shown = folders.iter().take(MOST_FOLDERS);
            message =
                message.column(shown.map(|counted| folder_button(counted, Press::Folder(Some(counted.folder.id), 0))));
        }
        message = message.column(files.iter().map(file_button));
        let earlier = (from > 0).then(|| Button::press("‹", Press::Folder(at, from.saturating_sub(PAGE)).data()));
        let later = has_more.then(|| Button::press("›", Press::Folder(at, from + PAGE).data()));
        message = message.row(earlier.into_iter().chain(later));
        message = message.row([visitor.button(text("button-new-folder"), Press::NewFolder(at))]);
        let Some(folder) = path.last() else { return Ok(message) };
        Ok(message
            .row([
                visitor.button(text("button-rename"), Press::OnFolder(folder.id, OnFolder::Rename)),
                visitor.button(text("button-delete"), Press::OnFolder(folder.id, OnFolder::Delete)),
            ])
            .row([visitor.button(text("button-back"), Press::Folder(folder.parent, 0))]))
    }

    async fn summed(&self, visitor: &Visitor) -> Result<String, Failure> {
        let sum = self.files.sum(visitor.person.id).await?;
        Ok(visitor.say(text("stats-files").with("count", sum.files).with("size", size(sum.bytes))))
    }

    /// Where to move a file: looks into a folder and offers what lies in it.
    pub(super) async fn choose_folder(
        &self,
        visitor: &Visitor,
        id: FileId,
        at: Option<FolderId>,
    ) -> Result<Outgoing, Failure> {
        let owner = visitor.person.id;
        let file = self.files.file(owner, id).await?;
        let path = self.files.path(owner, at).await?;
        let folders = self.files.folders(owner, at).await?;
        let here = match path.last() {
            Some(folder) => folder.name.clone(),
            None => visitor.say(text("files-top")),
        };
        let on = |what| Press::File(id, what);
        let shown = folders.iter().take(MOST_FOLDERS);
        let mut message = Outgoing::from(visitor.headed(&file.name, visitor.say(text("file-where"))))
            .column(shown.map(|counted| folder_button(counted, on(OnFile::Choose(Some(counted.folder.id))))))
            .row([visitor.button(text("button-here").with("folder", here), on(OnFile::MoveTo(at)))]);
        if let Some(folder) = path.last() {
            message = message.row([visitor.button(text("button-up"), on(OnFile::Choose(folder.parent)))]);
        }
        Ok(message.row([visitor.button(text("button-back"), on(OnFile::Card))]))
    }

    pub(super) fn ask_for_folder(&self, visitor: &Visitor, at: Option<FolderId>) -> Outgoing {
        self.prompts.ask(visitor.person.id, Question::NewFolder(at), visitor.now);
        visitor.tell(text("folder-name"))
    }

    pub(super) async fn new_folder(
        &self,
        visitor: &Visitor,
        parent: Option<FolderId>,
        name: &str,
    ) -> Result<Outgoing, Failure> {
        if name.is_empty() {
            return Ok(self.ask_for_folder(visitor, parent));
        }
        let folder = self.files.new_folder(visitor.person.id, name, parent).await?;
        self.show_folder(visitor, Some(folder.id), 0).await
    }

    pub(super) async fn rename_folder(&self, visitor: &Visitor, id: FolderId, name: &str) -> Result<Outgoing, Failure> {
        self.files.rename_folder(visitor.person.id, id, name).await?;
        self.show_folder(visitor, Some(id), 0).await
    }

    pub(super) async fn on_folder(&self, visitor: &Visitor, id: FolderId, on: OnFolder) -> Result<Answer, Failure> {
        let owner = visitor.person.id;
        match on {
            OnFolder::Rename => {
                self.files.folder(owner, id).await?;
                self.prompts.ask(owner, Question::NameOfFolder(id), visitor.now);
                Ok(Answer::Message(visitor.tell(text("folder-name"))))
            }
            // Only what is empty goes, so there is nothing to be asked before.
            OnFolder::Delete => {
                let folder = self.files.delete_folder(owner, id).await?;
                Ok(Answer::Instead(self.show_folder(visitor, folder.parent, 0).await?))
            }
        }
    }
}

fn named(path: &[Folder]) -> String {
    path.iter().map(|folder| folder.name.as_str()).collect::<Vec<_>>().join(" / ")
}

fn folder_button(counted: &Counted, press: Press) -> Button {
    let name: String = counted.folder.name.chars().take(60).collect();
    Button::press(format!("📁 {name} · {}", counted.files + counted.folders), press.data())
}
