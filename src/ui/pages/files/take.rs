//! Taking files in: photos made small, everything else as it is, one after the other.

use super::taking::Taking;
use crate::port::{Command, Failure, FailureCode, FileAct, FileCard, MAX_FILE, Outcome};
use crate::ui::platform::picture::{self, JPEG};
use crate::ui::session::Session;
use leptos::task::spawn_local;
use satchel_domain::Picture;
use web_sys::{File, FileList};

/// The largest picture that is read to be made small, bytes.
const LARGEST_PICTURE: f64 = 60_000_000.0;

/// The files of an input, a drop or a paste.
pub(super) fn listed(list: Option<FileList>) -> Vec<File> {
    let Some(list) = list else { return Vec::new() };
    (0..list.length()).filter_map(|at| list.item(at)).collect()
}

/// Keeps files on this device, sealed; `kept` is called for each. What fails is told, and the rest goes on.
pub(super) fn take(session: Session, files: Vec<File>, taking: Taking, kept: impl Fn(FileCard) + 'static) {
    taking.begin();
    spawn_local(async move {
        for file in files {
            match keep(session, file).await {
                Ok(card) => kept(card),
                Err(code) => {
                    taking.failed();
                    session.toasts().failed(&Failure { code, invalid: Vec::new() });
                }
            }
        }
        taking.end();
    });
}

async fn keep(session: Session, file: File) -> Result<FileCard, FailureCode> {
    let (name, media, size) = (file.name(), file.type_(), file.size());
    let is_photo = media.starts_with("image/") && media != "image/svg+xml";
    let shrunk = match is_photo && size <= LARGEST_PICTURE {
        true => picture::shrink(&file).await,
        false => None,
    };
    let (act, files) = match shrunk {
        Some(shrunk) => {
            let picture = Some(Picture { width: shrunk.width, height: shrunk.height });
            let act = FileAct::Keep { name: as_jpeg(&name), media: JPEG.to_owned(), picture };
            (act, vec![shrunk.body, shrunk.preview])
        }
        // A photo that cannot be made small would keep the place where it was taken.
        None if is_photo => return Err(FailureCode::PhotoUnreadable),
        None if size > MAX_FILE as f64 => return Err(FailureCode::FileTooLarge),
        None => (FileAct::Keep { name, media, picture: None }, vec![file]),
    };
    match session.run_with(Command::File(act), &files).await {
        Ok(done) => match done.outcome {
            Outcome::FileKept(card) => Ok(card),
            _ => Err(FailureCode::Internal),
        },
        Err(failure) => Err(failure.code),
    }
}

fn as_jpeg(name: &str) -> String {
    let stem = name.rsplit_once('.').map_or(name, |(stem, _)| stem);
    format!("{stem}.jpg")
}

#[cfg(test)]
mod tests {
    use super::as_jpeg;

    #[test]
    fn a_photo_is_called_what_it_is() {
        assert_eq!(as_jpeg("IMG_1.HEIC"), "IMG_1.jpg");
        assert_eq!(as_jpeg("货架"), "货架.jpg");
    }
}
