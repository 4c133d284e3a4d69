//! `tandem customer`

use std::io::BufWriter;
use std::path::PathBuf;

use anyhow::{Context as _, bail};
use clap::{Args, Subcommand};
use protocol::conversation::Side;
use protocol::id::CustomerId;
use store::{Erasure as _, StoreError};
use tokio::runtime::Handle;

use super::{DataFolder, FilesPlace};
use crate::clock;
use crate::export::Source;
use crate::files::Files;
use crate::recordings::Recordings;

/// The commands of `tandem customer`.
#[derive(Debug, Subcommand)]
pub(super) enum Command {
    /// Writes all that is known of a customer into one zip archive.
    Export(Export),
    /// Erases a customer with everything that belongs to them, for good. Of a server that runs, ask it instead:
    /// `DELETE /api/v1/customers/{id}` also closes their sockets and tells the consoles.
    Erase(Which),
}

/// Which customer, and where their data are.
#[derive(Debug, Args)]
pub(super) struct Which {
    /// The customer: `cus_…`.
    customer_id: String,
    #[command(flatten)]
    folder: DataFolder,
    #[command(flatten)]
    place: FilesPlace,
}

/// The flags of `tandem customer export`.
#[derive(Debug, Args)]
pub(super) struct Export {
    #[command(flatten)]
    which: Which,
    /// The new file of the archive; one that is there already is left alone.
    #[arg(long)]
    to: PathBuf,
}

impl Command {
    pub(super) async fn run(self) -> anyhow::Result<()> {
        match self {
            Self::Export(export) => export.run().await,
            Self::Erase(which) => which.erase().await,
        }
    }
}

impl Which {
    fn files(&self) -> anyhow::Result<Files> {
        Files::open(&self.folder.data, &self.place.or_inside(&self.folder.data), 0)
    }

    async fn erase(self) -> anyhow::Result<()> {
        let store = self.folder.open().await?;
        let files = self.files()?;
        let customer_id = CustomerId(self.customer_id);
        let erased = match store.erase_customer(&customer_id).await {
            Err(StoreError::NoCustomer) => bail!("there is no customer {customer_id}"),
            outcome => outcome?,
        };
        files.forget(&erased.attachment_ids).await;
        Recordings::open(&self.folder.data)?.forget(&erased.recording_ids).await;
        if erased.is_scrub_due {
            bail!(
                "{customer_id} is gone, but bytes of it are left until nobody else reads; the next start removes them"
            );
        }
        println!(
            "{customer_id} is gone, with {} conversations and {} files",
            erased.conversation_ids.len(),
            erased.attachment_ids.len()
        );
        Ok(())
    }
}

impl Export {
    async fn run(self) -> anyhow::Result<()> {
        let store = self.which.folder.open().await?;
        let files = self.which.files()?;
        let customer_id = CustomerId(self.which.customer_id);
        let Some(record) = store.customer_record(&customer_id).await? else {
            bail!("there is no customer {customer_id}");
        };
        let recordings = Recordings::open(&self.which.folder.data)?;
        let name = self.to.display().to_string();
        let target = std::fs::File::create_new(&self.to).with_context(|| format!("cannot make {name}"))?;
        let runtime = Handle::current();
        let writing = tokio::task::spawn_blocking(move || {
            let (store, place) = (&store, files.place());
            let (recordings, runtime) = (&recordings, &runtime);
            let source = Source { store, place, recordings, runtime, reader: Side::Agent, now: clock::now() };
            let count = source.write(&record, BufWriter::new(&target))?;
            target.sync_all()?;
            anyhow::Ok(count)
        });
        let count = writing.await?.with_context(|| format!("cannot write {name}"))?;
        println!("{name} holds all that is known of {customer_id}, with {count} files");
        Ok(())
    }
}
