//! What the disk promises, and what it does not.

use super::*;

fn names(disk: &Disk) -> Vec<String> {
    disk.list(ROOT).unwrap().into_iter().map(|(name, _)| name).collect()
}

fn bytes(disk: &Disk, name: &str) -> Vec<u8> {
    let number = disk.look_up(ROOT, name).unwrap().number;
    disk.read(number, 0, u32::MAX).unwrap().to_vec()
}

/// A disk with a synced file of 2,048 ones.
fn disk() -> (Disk, Number) {
    let mut disk = Disk::new();
    let file = disk.make_file(ROOT, "file").unwrap().number;
    disk.write(file, 0, &[1; 2_048]).unwrap();
    disk.sync(file).unwrap();
    disk.sync(ROOT).unwrap();
    (disk, file)
}

/// What is left of the file over many losses of power.
fn over_many_losses(change: impl Fn(&mut Disk, Number)) -> Vec<Vec<u8>> {
    (0..200)
        .map(|seed| {
            let (mut disk, file) = disk();
            change(&mut disk, file);
            disk.lose_power(&mut Random::new(seed));
            bytes(&disk, "file")
        })
        .collect()
}

use crate::random::Random;

#[test]
fn what_is_synced_survives_every_loss() {
    let left = over_many_losses(|disk, file| {
        disk.write(file, 100, &[2; 1_000]).unwrap();
        disk.write(file, 2_000, &[3; 1_000]).unwrap();
        disk.sync(file).unwrap();
    });
    assert!(left.iter().all(|bytes| *bytes == left[0]));
    assert_eq!((left[0].len(), left[0][100], left[0][2_999]), (3_000, 2, 3));
}

#[test]
fn what_is_not_synced_is_lost_kept_or_torn() {
    let left = over_many_losses(|disk, file| disk.write(file, 256, &[2; 1_024]).unwrap());
    let count =
        |wanted: usize| left.iter().filter(|it| it.iter().filter(|it| **it == 2).count() == wanted).count();
    assert!(count(0) > 50, "mostly it is lost");
    assert!(count(1_024) > 20, "sometimes it is kept");
    // Torn where sectors end: 256 to 512, 512 to 1,024, 1,024 to 1,280.
    assert!(count(256) + count(512) + count(768) > 5, "sometimes it is torn");
    assert_eq!(count(0) + count(256) + count(512) + count(768) + count(1_024), left.len());
}

#[test]
fn a_file_that_was_cut_off_may_have_its_end_back() {
    let left = over_many_losses(|disk, file| {
        disk.resize(file, 10).unwrap();
    });
    assert!(left.iter().any(|bytes| bytes.len() == 10) && left.iter().any(|bytes| *bytes == [1; 2_048]));
    assert!(left.iter().all(|bytes| bytes.len() == 10 || *bytes == [1; 2_048]));
}

#[test]
fn a_new_name_is_safe_only_after_its_folder_is_synced() {
    let (mut kept, mut lost) = (0, 0);
    for seed in 0..100 {
        let (mut disk, _) = disk();
        let new = disk.make_file(ROOT, "new").unwrap().number;
        disk.write(new, 0, b"text").unwrap();
        disk.sync(new).unwrap();
        disk.lose_power(&mut Random::new(seed));
        if names(&disk) == ["file"] {
            lost += 1
        } else {
            kept += 1
        }
        let (mut disk, _) = self::disk();
        disk.make_file(ROOT, "new").unwrap();
        disk.sync(ROOT).unwrap();
        disk.lose_power(&mut Random::new(seed));
        assert_eq!(names(&disk), ["file", "new"]);
    }
    assert!(kept > 20 && lost > 20, "{kept} {lost}");
}

#[test]
fn a_rename_happened_whole_or_not_at_all() {
    for seed in 0..100 {
        let (mut disk, _) = disk();
        disk.rename((ROOT, "file"), (ROOT, "other")).unwrap();
        assert_eq!(names(&disk), ["other"]);
        disk.lose_power(&mut Random::new(seed));
        assert!(names(&disk) == ["file"] || names(&disk) == ["other"], "{:?}", names(&disk));
    }
}

#[test]
fn a_removed_file_may_come_back_with_its_bytes() {
    let mut came_back = 0;
    for seed in 0..100 {
        let (mut disk, _) = disk();
        disk.remove(ROOT, "file").unwrap();
        disk.lose_power(&mut Random::new(seed));
        if !names(&disk).is_empty() {
            came_back += 1;
            assert_eq!(bytes(&disk, "file"), [1; 2_048]);
        }
    }
    assert!(came_back > 20);
}

#[test]
fn a_full_disk_takes_nothing_new_and_a_read_only_one_nothing_at_all() {
    let (mut disk, file) = disk();
    disk.set_mood(Mood::Full);
    assert_eq!(disk.write(file, 0, b"x"), Err(Refusal::Full));
    assert_eq!(disk.make_file(ROOT, "new"), Err(Refusal::Full));
    assert_eq!((disk.sync(file), disk.resize(file, 5).map(|stat| stat.bytes)), (Ok(()), Ok(5)));
    disk.set_mood(Mood::ReadOnly);
    assert_eq!(disk.remove(ROOT, "file"), Err(Refusal::ReadOnly));
    assert_eq!(disk.read(file, 0, 9), Ok(&[1; 5][..]));
    disk.set_mood(Mood::Well);
    assert_eq!(disk.write(file, 0, b"x"), Ok(()));
}

#[test]
fn the_power_goes_after_so_many_changes_and_a_sync_after_that_counts_for_nothing() {
    let (mut disk, file) = disk();
    disk.die_after(2);
    disk.write(file, 0, &[9; 4]).unwrap();
    assert_eq!(disk.sync(file), Err(Refusal::Dead));
    assert!(disk.is_dead());
    let mut random = Random::new(1);
    assert_eq!(disk.lose_power(&mut random).changes, 1);
    assert!(!disk.is_dead());
}
