//! A disk that keeps apart what was written and what was synced, so that it can lose power.
//!
//! It promises what POSIX promises and no more. Written bytes are on it after `fsync` of the file; until then each
//! write survives whole, in part (in sectors), or not at all. A name is on it after `fsync` of its folder; until then
//! making, renaming and removing it may have happened or not.

mod file;
mod folder;
mod layer;
mod loss;
mod mount;
#[cfg(test)]
mod tests;

pub(crate) use loss::Loss;
pub(crate) use mount::Mounted;

use std::collections::BTreeMap;
use std::path::Path;

use file::File;
use folder::Folder;

/// What a disk refuses, as the kernel names it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Refusal {
    /// ENOSPC
    Full,
    /// EROFS
    ReadOnly,
    /// EIO: the power is gone.
    Dead,
    /// ENOENT
    NotThere,
    /// EEXIST
    There,
    /// ENOTEMPTY
    NotEmpty,
    /// EINVAL: not for this kind of node.
    WrongKind,
}

/// What the disk takes.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Mood {
    /// Everything.
    Well,
    /// Nothing that needs more room.
    Full,
    /// Nothing that changes anything.
    ReadOnly,
    /// Nothing at all that changes anything: the power is gone, and what is synced no more never will be.
    Dead,
}

/// The number of a node; the root's is 1.
pub(crate) type Number = u64;

pub(crate) const ROOT: Number = 1;

#[derive(Debug)]
enum Node {
    File(File),
    Folder(Folder),
}

/// A disk.
#[derive(Debug)]
pub(crate) struct Disk {
    nodes: BTreeMap<Number, Node>,
    next: Number,
    mood: Mood,
    /// Changes to names that belong together, counted: a rename is two.
    renames: u64,
    /// Writes and syncs until the power goes.
    dies_after: Option<u64>,
    syncs: u64,
}

/// What `stat` tells of a node.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Stat {
    pub(crate) number: Number,
    pub(crate) is_folder: bool,
    pub(crate) bytes: u64,
}

type Outcome<T> = Result<T, Refusal>;

impl Disk {
    pub(crate) fn new() -> Self {
        let nodes = BTreeMap::from([(ROOT, Node::Folder(Folder::default()))]);
        Self { nodes, next: ROOT + 1, mood: Mood::Well, renames: 0, dies_after: None, syncs: 0 }
    }

    pub(crate) fn set_mood(&mut self, mood: Mood) {
        self.mood = mood;
    }

    /// The power goes after so many more writes and syncs.
    pub(crate) fn die_after(&mut self, changes: u64) {
        self.dies_after = Some(changes);
    }

    pub(crate) fn is_dead(&self) -> bool {
        self.mood == Mood::Dead
    }

    /// How many syncs there were.
    pub(crate) fn syncs(&self) -> u64 {
        self.syncs
    }

    pub(crate) fn stat(&self, number: Number) -> Outcome<Stat> {
        let (is_folder, bytes) = match self.nodes.get(&number).ok_or(Refusal::NotThere)? {
            Node::File(file) => (false, file.bytes().len() as u64),
            Node::Folder(_) => (true, 0),
        };
        Ok(Stat { number, is_folder, bytes })
    }

    pub(crate) fn look_up(&self, folder: Number, name: &str) -> Outcome<Stat> {
        let number = self.folder(folder)?.find(name).ok_or(Refusal::NotThere)?;
        self.stat(number)
    }

    /// The names in a folder, in order.
    pub(crate) fn list(&self, folder: Number) -> Outcome<Vec<(String, Stat)>> {
        let names = self.folder(folder)?.names();
        names.map(|(name, number)| Ok((name.clone(), self.stat(*number)?))).collect()
    }

    pub(crate) fn make_file(&mut self, folder: Number, name: &str) -> Outcome<Stat> {
        // What coordinates processes while they live has no use after a loss of power.
        let is_fleeting = name.ends_with("-shm");
        self.make(folder, name, Node::File(File::new(is_fleeting)))
    }

    pub(crate) fn make_folder(&mut self, folder: Number, name: &str) -> Outcome<Stat> {
        self.make(folder, name, Node::Folder(Folder::default()))
    }

    fn make(&mut self, folder: Number, name: &str, node: Node) -> Outcome<Stat> {
        self.require_room()?;
        if self.folder(folder)?.find(name).is_some() {
            return Err(Refusal::There);
        }
        let number = self.next;
        self.next += 1;
        self.nodes.insert(number, node);
        self.change_name(folder, name, Some(number), None)?;
        self.stat(number)
    }

    /// Takes a name away. The node stays as long as a loss of power could bring the name back.
    pub(crate) fn remove(&mut self, folder: Number, name: &str) -> Outcome<()> {
        self.require_writable()?;
        let found = self.look_up(folder, name)?;
        if found.is_folder && self.folder(found.number)?.names().next().is_some() {
            return Err(Refusal::NotEmpty);
        }
        self.change_name(folder, name, None, None)
    }

    pub(crate) fn rename(&mut self, from: (Number, &str), to: (Number, &str)) -> Outcome<()> {
        self.require_writable()?;
        let found = self.look_up(from.0, from.1)?;
        self.renames += 1;
        let rename = Some(self.renames);
        self.change_name(to.0, to.1, Some(found.number), rename)?;
        self.change_name(from.0, from.1, None, rename)
    }

    fn change_name(
        &mut self,
        folder: Number,
        name: &str,
        node: Option<Number>,
        rename: Option<u64>,
    ) -> Outcome<()> {
        self.folder_mut(folder)?.change(name, node, rename);
        Ok(())
    }

    pub(crate) fn read(&self, number: Number, offset: u64, count: u32) -> Outcome<&[u8]> {
        let bytes = self.file(number)?.bytes();
        let from = usize::try_from(offset).unwrap_or(usize::MAX).min(bytes.len());
        let end = from.saturating_add(count as usize).min(bytes.len());
        Ok(&bytes[from..end])
    }

    pub(crate) fn write(&mut self, number: Number, offset: u64, data: &[u8]) -> Outcome<()> {
        let is_fleeting = self.file(number)?.is_fleeting();
        if !is_fleeting {
            self.count_down();
            self.require_room()?;
        }
        let offset = usize::try_from(offset).map_err(|_| Refusal::WrongKind)?;
        self.file_mut(number)?.write(offset, data);
        Ok(())
    }

    pub(crate) fn resize(&mut self, number: Number, bytes: u64) -> Outcome<Stat> {
        let file = self.file(number)?;
        if !file.is_fleeting() {
            let grows = bytes > file.bytes().len() as u64;
            if grows { self.require_room()? } else { self.require_writable()? }
        }
        let bytes = usize::try_from(bytes).map_err(|_| Refusal::WrongKind)?;
        self.file_mut(number)?.resize(bytes);
        self.stat(number)
    }

    /// Brings a file's bytes, or a folder's names, to where no loss of power takes them away.
    pub(crate) fn sync(&mut self, number: Number) -> Outcome<()> {
        self.count_down();
        if self.mood == Mood::Dead {
            return Err(Refusal::Dead);
        }
        self.syncs += 1;
        match self.nodes.get_mut(&number).ok_or(Refusal::NotThere)? {
            Node::File(file) => file.sync(),
            Node::Folder(folder) => folder.sync(),
        }
        Ok(())
    }

    /// Writes everything on the disk into an ordinary folder, which is emptied first.
    pub(crate) fn copy_to(&self, target: &Path) -> std::io::Result<()> {
        if target.exists() {
            std::fs::remove_dir_all(target)?;
        }
        self.copy_folder(ROOT, target)
    }

    fn copy_folder(&self, folder: Number, target: &Path) -> std::io::Result<()> {
        std::fs::create_dir_all(target)?;
        let Some(Node::Folder(folder)) = self.nodes.get(&folder) else { return Ok(()) };
        for (name, number) in folder.names() {
            match self.nodes.get(number) {
                Some(Node::Folder(_)) => self.copy_folder(*number, &target.join(name))?,
                Some(Node::File(file)) if !file.is_fleeting() => {
                    std::fs::write(target.join(name), file.bytes())?;
                }
                Some(Node::File(_)) | None => {}
            }
        }
        Ok(())
    }

    fn count_down(&mut self) {
        if let Some(left) = &mut self.dies_after {
            *left = left.saturating_sub(1);
            if *left == 0 {
                self.mood = Mood::Dead;
                self.dies_after = None;
            }
        }
    }

    fn require_writable(&self) -> Outcome<()> {
        match self.mood {
            Mood::Well | Mood::Full => Ok(()),
            Mood::ReadOnly => Err(Refusal::ReadOnly),
            Mood::Dead => Err(Refusal::Dead),
        }
    }

    fn require_room(&self) -> Outcome<()> {
        self.require_writable()?;
        if self.mood == Mood::Full { Err(Refusal::Full) } else { Ok(()) }
    }

    fn file(&self, number: Number) -> Outcome<&File> {
        match self.nodes.get(&number).ok_or(Refusal::NotThere)? {
            Node::File(file) => Ok(file),
            Node::Folder(_) => Err(Refusal::WrongKind),
        }
    }

    fn file_mut(&mut self, number: Number) -> Outcome<&mut File> {
        match self.nodes.get_mut(&number).ok_or(Refusal::NotThere)? {
            Node::File(file) => Ok(file),
            Node::Folder(_) => Err(Refusal::WrongKind),
        }
    }

    fn folder(&self, number: Number) -> Outcome<&Folder> {
        match self.nodes.get(&number).ok_or(Refusal::NotThere)? {
            Node::Folder(folder) => Ok(folder),
            Node::File(_) => Err(Refusal::WrongKind),
        }
    }

    fn folder_mut(&mut self, number: Number) -> Outcome<&mut Folder> {
        match self.nodes.get_mut(&number).ok_or(Refusal::NotThere)? {
            Node::Folder(folder) => Ok(folder),
            Node::File(_) => Err(Refusal::WrongKind),
        }
    }
}
