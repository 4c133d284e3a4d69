//! `tandem backup`

use std::path::PathBuf;
use std::time::Duration;

use anyhow::{Context as _, bail};
use clap::Args;
use protocol::time::UnixMillis;
use store::Store as _;
use store_sqlite::SqliteStore;

use super::{DataFolder, FilesPlace};
use crate::clock;
use crate::files::Place;
use crate::running::STORE_FILE;

/// The flags of `tandem backup`.
#[derive(Debug, Args)]
pub(super) struct Backup {
    /// The new file of the copy; one that is there already is left alone.
    file: PathBuf,
    #[command(flatten)]
    folder: DataFolder,
    #[command(flatten)]
    place: FilesPlace,
    /// Copies the files of messages into this folder as well; those that are there already are left alone.
    #[arg(long)]
    files_to: Option<PathBuf>,
}

impl Backup {
    /// Copies the data while a server may be writing. The files follow the messages: what a copied message names was
    /// kept before it, and stays unless it is taken back meanwhile.
    pub(super) async fn run(self) -> anyhow::Result<()> {
        let source = self.folder.data.join(STORE_FILE);
        if !source.is_file() {
            bail!("{} holds no data", self.folder.data.display());
        }
        let store = SqliteStore::open(&source)
            .with_context(|| format!("cannot open the data in {}", self.folder.data.display()))?;
        let file = self.file.display();
        let begun_at = clock::now();
        store.back_up(&self.file).await.with_context(|| format!("cannot write {file}"))?;
        let bytes = std::fs::metadata(&self.file).with_context(|| format!("cannot read {file}"))?.len();
        println!("{file}: {bytes} bytes in {:?}", since(begun_at));
        println!("put it in place of {STORE_FILE} in a data folder to go back to it");
        let place = self.place.or_inside(&self.folder.data);
        match &self.files_to {
            Some(folder) => {
                let begun_at = clock::now();
                let copied = Place::open(&place)?.copy_to(folder).await;
                let (count, bytes) = copied.context("the files of messages cannot be copied")?;
                let folder = folder.display();
                println!("{folder}: {count} more files, {bytes} bytes in {:?}", since(begun_at));
            }
            None => println!("the files of messages are in {place}: copy them too, or give --files-to"),
        }
        Ok(())
    }
}

fn since(begun_at: UnixMillis) -> Duration {
    Duration::from_millis(clock::now().since_ms(begun_at).unsigned_abs())
}
