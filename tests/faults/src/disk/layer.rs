//! The disk as the kernel sees it: FUSE requests in, answers out. Nothing is decided here.

use std::ffi::OsStr;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::{Duration, UNIX_EPOCH};

use fuser::{
    Errno, FileAttr, FileHandle, FileType, Filesystem, FopenFlags, Generation, INodeNo, LockOwner, OpenFlags,
    RenameFlags, ReplyAttr, ReplyCreate, ReplyData, ReplyDirectory, ReplyEmpty, ReplyEntry, ReplyOpen,
    ReplyStatfs, ReplyWrite, Request, TimeOrNow, WriteFlags,
};

use super::{Disk, Mood, Refusal, Stat};

/// The kernel is the only one who changes anything, so what it knows stays true.
const KNOWN_FOR: Duration = Duration::from_secs(60);
const BLOCK_BYTES: u32 = 4_096;

/// A disk behind a mount.
#[derive(Debug)]
pub(super) struct Layer(pub(super) Arc<Mutex<Disk>>);

impl Layer {
    fn disk(&self) -> MutexGuard<'_, Disk> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

fn errno(refusal: Refusal) -> Errno {
    match refusal {
        Refusal::Full => Errno::ENOSPC,
        Refusal::ReadOnly => Errno::EROFS,
        Refusal::Dead => Errno::EIO,
        Refusal::NotThere => Errno::ENOENT,
        Refusal::There => Errno::EEXIST,
        Refusal::NotEmpty => Errno::ENOTEMPTY,
        Refusal::WrongKind => Errno::EINVAL,
    }
}

fn attributes(stat: Stat) -> FileAttr {
    let (kind, perm) =
        if stat.is_folder { (FileType::Directory, 0o755) } else { (FileType::RegularFile, 0o644) };
    FileAttr {
        ino: INodeNo(stat.number),
        size: stat.bytes,
        blocks: stat.bytes.div_ceil(512),
        atime: UNIX_EPOCH,
        mtime: UNIX_EPOCH,
        ctime: UNIX_EPOCH,
        crtime: UNIX_EPOCH,
        kind,
        perm,
        nlink: 1,
        uid: 0,
        gid: 0,
        rdev: 0,
        blksize: BLOCK_BYTES,
        flags: 0,
    }
}

fn text(name: &OsStr) -> std::borrow::Cow<'_, str> {
    name.to_string_lossy()
}

fn entry(outcome: Result<Stat, Refusal>, reply: ReplyEntry) {
    match outcome {
        Ok(stat) => reply.entry(&KNOWN_FOR, &attributes(stat), Generation(0)),
        Err(refusal) => reply.error(errno(refusal)),
    }
}

fn empty(outcome: Result<(), Refusal>, reply: ReplyEmpty) {
    match outcome {
        Ok(()) => reply.ok(),
        Err(refusal) => reply.error(errno(refusal)),
    }
}

fn attribute(outcome: Result<Stat, Refusal>, reply: ReplyAttr) {
    match outcome {
        Ok(stat) => reply.attr(&KNOWN_FOR, &attributes(stat)),
        Err(refusal) => reply.error(errno(refusal)),
    }
}

impl Filesystem for Layer {
    fn lookup(&self, _request: &Request, parent: INodeNo, name: &OsStr, reply: ReplyEntry) {
        entry(self.disk().look_up(parent.0, &text(name)), reply);
    }

    fn getattr(&self, _request: &Request, ino: INodeNo, _fh: Option<FileHandle>, reply: ReplyAttr) {
        attribute(self.disk().stat(ino.0), reply);
    }

    fn setattr(
        &self,
        _request: &Request,
        ino: INodeNo,
        _mode: Option<u32>,
        _uid: Option<u32>,
        _gid: Option<u32>,
        size: Option<u64>,
        _atime: Option<TimeOrNow>,
        _mtime: Option<TimeOrNow>,
        _ctime: Option<std::time::SystemTime>,
        _fh: Option<FileHandle>,
        _crtime: Option<std::time::SystemTime>,
        _chgtime: Option<std::time::SystemTime>,
        _bkuptime: Option<std::time::SystemTime>,
        _flags: Option<fuser::BsdFileFlags>,
        reply: ReplyAttr,
    ) {
        let mut disk = self.disk();
        let outcome = match size {
            Some(size) => disk.resize(ino.0, size),
            None => disk.stat(ino.0),
        };
        attribute(outcome, reply);
    }

    fn mkdir(
        &self,
        _request: &Request,
        parent: INodeNo,
        name: &OsStr,
        _mode: u32,
        _umask: u32,
        reply: ReplyEntry,
    ) {
        entry(self.disk().make_folder(parent.0, &text(name)), reply);
    }

    fn unlink(&self, _request: &Request, parent: INodeNo, name: &OsStr, reply: ReplyEmpty) {
        empty(self.disk().remove(parent.0, &text(name)), reply);
    }

    fn rmdir(&self, _request: &Request, parent: INodeNo, name: &OsStr, reply: ReplyEmpty) {
        empty(self.disk().remove(parent.0, &text(name)), reply);
    }

    fn rename(
        &self,
        _request: &Request,
        parent: INodeNo,
        name: &OsStr,
        newparent: INodeNo,
        newname: &OsStr,
        flags: RenameFlags,
        reply: ReplyEmpty,
    ) {
        let (name, newname) = (text(name), text(newname));
        let mut disk = self.disk();
        if flags.contains(RenameFlags::RENAME_NOREPLACE) && disk.look_up(newparent.0, &newname).is_ok() {
            return reply.error(Errno::EEXIST);
        }
        empty(disk.rename((parent.0, &name), (newparent.0, &newname)), reply);
    }

    fn open(&self, _request: &Request, _ino: INodeNo, _flags: OpenFlags, reply: ReplyOpen) {
        // Pages stay with the kernel over a reopening: shared memory of several openers lies in them.
        reply.opened(FileHandle(0), FopenFlags::FOPEN_KEEP_CACHE);
    }

    fn create(
        &self,
        _request: &Request,
        parent: INodeNo,
        name: &OsStr,
        _mode: u32,
        _umask: u32,
        _flags: i32,
        reply: ReplyCreate,
    ) {
        match self.disk().make_file(parent.0, &text(name)) {
            Ok(stat) => reply.created(
                &KNOWN_FOR,
                &attributes(stat),
                Generation(0),
                FileHandle(0),
                FopenFlags::FOPEN_KEEP_CACHE,
            ),
            Err(refusal) => reply.error(errno(refusal)),
        }
    }

    fn read(
        &self,
        _request: &Request,
        ino: INodeNo,
        _fh: FileHandle,
        offset: u64,
        size: u32,
        _flags: OpenFlags,
        _lock_owner: Option<LockOwner>,
        reply: ReplyData,
    ) {
        match self.disk().read(ino.0, offset, size) {
            Ok(bytes) => reply.data(bytes),
            Err(refusal) => reply.error(errno(refusal)),
        }
    }

    fn write(
        &self,
        _request: &Request,
        ino: INodeNo,
        _fh: FileHandle,
        offset: u64,
        data: &[u8],
        _write_flags: WriteFlags,
        _flags: OpenFlags,
        _lock_owner: Option<LockOwner>,
        reply: ReplyWrite,
    ) {
        match self.disk().write(ino.0, offset, data) {
            Ok(()) => reply.written(u32::try_from(data.len()).unwrap_or(u32::MAX)),
            Err(refusal) => reply.error(errno(refusal)),
        }
    }

    fn flush(
        &self,
        _request: &Request,
        _ino: INodeNo,
        _fh: FileHandle,
        _lock_owner: LockOwner,
        reply: ReplyEmpty,
    ) {
        // Closing a file brings nothing to disk.
        reply.ok();
    }

    fn fsync(&self, _request: &Request, ino: INodeNo, _fh: FileHandle, _datasync: bool, reply: ReplyEmpty) {
        empty(self.disk().sync(ino.0), reply);
    }

    fn fsyncdir(
        &self,
        _request: &Request,
        ino: INodeNo,
        _fh: FileHandle,
        _datasync: bool,
        reply: ReplyEmpty,
    ) {
        empty(self.disk().sync(ino.0), reply);
    }

    fn readdir(
        &self,
        _request: &Request,
        ino: INodeNo,
        _fh: FileHandle,
        offset: u64,
        mut reply: ReplyDirectory,
    ) {
        let names = match self.disk().list(ino.0) {
            Ok(names) => names,
            Err(refusal) => return reply.error(errno(refusal)),
        };
        let from = usize::try_from(offset).unwrap_or(usize::MAX);
        for ((name, stat), next) in names.into_iter().zip(1..).skip(from) {
            let kind = if stat.is_folder { FileType::Directory } else { FileType::RegularFile };
            if reply.add(INodeNo(stat.number), next, kind, name) {
                break;
            }
        }
        reply.ok();
    }

    fn statfs(&self, _request: &Request, _ino: INodeNo, reply: ReplyStatfs) {
        let free = if self.disk().mood == Mood::Full { 0 } else { 1 << 20 };
        reply.statfs(1 << 20, free, free, 1 << 20, 1 << 20, BLOCK_BYTES, 255, BLOCK_BYTES);
    }
}
