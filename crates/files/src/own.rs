//! Folders and files that this program writes to under a name that somebody else may have taken first.
//!
//! Beside a result lies a folder whose name anybody can guess. Made beforehand as a link, it would let the
//! program clear and overwrite what the link points to. Such places are therefore opened without following
//! a link, and taken only if they are the user's own.

use std::fs::{self, File, Metadata, OpenOptions};
use std::io::{self, ErrorKind};
use std::path::Path;

/// Who may look into a folder that is made.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Sight {
    /// Nobody but the user (mode 0700): it holds what is not finished.
    Private,
    /// Whoever the user lets see new folders (mode 0755): it holds results, and a group may share it.
    Usual,
}

impl Sight {
    #[cfg(unix)]
    fn mode(self) -> u32 {
        match self {
            Self::Private => 0o700,
            Self::Usual => 0o755,
        }
    }

    /// Rights that nobody may have in a folder or file that is taken.
    #[cfg(unix)]
    fn too_much(self) -> u32 {
        match self {
            Self::Private => 0o022,
            Self::Usual => 0o002,
        }
    }
}

/// Makes a folder, and those above it, or takes the one that is there if it is the user's own.
///
/// # Errors
/// Returns an error if the name is a link or no folder, if the folder is another user's or may be changed
/// by others, or if the system refuses.
pub fn own_folder(path: &Path, sight: Sight) -> io::Result<()> {
    if let Some(parent) = path
        .parent()
        .filter(|parent| !parent.as_os_str().is_empty())
    {
        fs::create_dir_all(parent)?;
    }
    match make(path, sight) {
        Ok(()) => Ok(()),
        Err(error) if error.kind() == ErrorKind::AlreadyExists => {
            check_own_folder(path, sight).map(|_| ())
        }
        Err(error) => Err(error),
    }
}

/// Whether a folder is there, and may be used as [`own_folder`] takes it.
///
/// # Errors
/// Returns an error as [`own_folder`] does for a folder that is there.
pub fn check_own_folder(path: &Path, sight: Sight) -> io::Result<bool> {
    let metadata = match fs::symlink_metadata(path) {
        Ok(metadata) => metadata,
        Err(error) if error.kind() == ErrorKind::NotFound => return Ok(false),
        Err(error) => return Err(error),
    };
    if !metadata.is_dir() {
        return Err(refused(what_it_is(&metadata), "expected a folder"));
    }
    check_owner(&metadata, sight)?;
    Ok(true)
}

/// Opens a file to be read and written, and makes it if it is not there, readable by the user alone.
///
/// # Errors
/// Returns an error if the name is a link or no file, if the file is another user's, may be changed by
/// others or has a second name, or if the system refuses.
pub fn own_file(path: &Path) -> io::Result<File> {
    let mut options = OpenOptions::new();
    options.read(true).write(true).create(true).truncate(false);
    #[cfg(unix)]
    {
        use std::os::unix::fs::OpenOptionsExt;
        // A pipe would be waited for.
        let flags = rustix::fs::OFlags::NOFOLLOW | rustix::fs::OFlags::NONBLOCK;
        options.mode(0o600).custom_flags(flags.bits().cast_signed());
    }
    let file = options
        .open(path)
        .map_err(|error| match fs::symlink_metadata(path) {
            Ok(there) if !there.is_file() => refused(what_it_is(&there), "expected a file"),
            _ => error,
        })?;
    let metadata = file.metadata()?;
    if !metadata.is_file() {
        return Err(refused(what_it_is(&metadata), "expected a file"));
    }
    check_owner(&metadata, Sight::Usual)?;
    #[cfg(unix)]
    if std::os::unix::fs::MetadataExt::nlink(&metadata) > 1 {
        return Err(refused(
            "a file with a second name",
            "expected one of its own",
        ));
    }
    Ok(file)
}

/// Whether a name is free or that of a file, not of a link or of something else.
///
/// # Errors
/// Returns an error if it is neither, or if the system refuses.
pub fn check_plain_file(path: &Path) -> io::Result<()> {
    match fs::symlink_metadata(path) {
        Ok(metadata) if metadata.is_file() => Ok(()),
        Ok(metadata) => Err(refused(what_it_is(&metadata), "expected a file")),
        Err(error) if error.kind() == ErrorKind::NotFound => Ok(()),
        Err(error) => Err(error),
    }
}

fn make(path: &Path, sight: Sight) -> io::Result<()> {
    let mut builder = fs::DirBuilder::new();
    #[cfg(unix)]
    std::os::unix::fs::DirBuilderExt::mode(&mut builder, sight.mode());
    #[cfg(not(unix))]
    let _ = sight;
    builder.create(path)
}

fn check_owner(metadata: &Metadata, sight: Sight) -> io::Result<()> {
    #[cfg(unix)]
    {
        use std::os::unix::fs::{MetadataExt, PermissionsExt};
        if metadata.uid() != rustix::process::geteuid().as_raw() {
            return Err(refused("another user's", "expected your own"));
        }
        if metadata.permissions().mode() & sight.too_much() != 0 {
            return Err(refused(
                "one that others may change",
                "expected one that only you may change (`chmod go-w`)",
            ));
        }
    }
    #[cfg(not(unix))]
    let _ = (metadata, sight);
    Ok(())
}

fn what_it_is(metadata: &Metadata) -> &'static str {
    match metadata.file_type() {
        kind if kind.is_symlink() => "a link",
        kind if kind.is_dir() => "a folder",
        kind if kind.is_file() => "a file",
        _ => "a pipe or a device",
    }
}

fn refused(found: &str, expected: &str) -> io::Error {
    let words =
        format!("this name is {found}, {expected}; it is not touched: look at it, then remove it");
    io::Error::new(ErrorKind::PermissionDenied, words)
}

#[cfg(all(test, unix))]
mod tests {
    use super::*;
    use std::os::unix::fs::{PermissionsExt, symlink};

    fn mode(path: &Path) -> u32 {
        path.metadata().unwrap().permissions().mode() & 0o777
    }

    #[test]
    fn a_folder_of_ones_own_is_made_private_and_taken_again() {
        let base = tempfile::tempdir().unwrap();
        let path = base.path().join("deep/work");
        assert!(!check_own_folder(&path, Sight::Private).unwrap());
        own_folder(&path, Sight::Private).unwrap();
        own_folder(&path, Sight::Private).unwrap();
        assert_eq!(mode(&path), 0o700);
        assert!(check_own_folder(&path, Sight::Private).unwrap());
        let usual = base.path().join("usual");
        own_folder(&usual, Sight::Usual).unwrap();
        assert_eq!(
            mode(&usual) & 0o722,
            0o700,
            "its own files are not others' to change"
        );
        // A folder of a group is taken for results, not for what is unfinished.
        fs::set_permissions(&usual, fs::Permissions::from_mode(0o775)).unwrap();
        own_folder(&usual, Sight::Usual).unwrap();
        assert!(own_folder(&usual, Sight::Private).is_err());
    }

    #[test]
    fn links_and_what_others_may_change_are_refused_and_left_alone() {
        let base = tempfile::tempdir().unwrap();
        let victim = base.path().join("victim");
        fs::create_dir(&victim).unwrap();
        let link = base.path().join("link");
        symlink(&victim, &link).unwrap();
        let dangling = base.path().join("dangling");
        symlink(base.path().join("gone"), &dangling).unwrap();
        for path in [&link, &dangling] {
            let error = own_folder(path, Sight::Private).unwrap_err();
            assert!(error.to_string().contains("is a link"), "{error}");
        }
        fs::write(base.path().join("file"), "x").unwrap();
        assert!(own_folder(&base.path().join("file"), Sight::Usual).is_err());
        let open = base.path().join("open");
        fs::create_dir(&open).unwrap();
        fs::set_permissions(&open, fs::Permissions::from_mode(0o777)).unwrap();
        let error = own_folder(&open, Sight::Private).unwrap_err();
        assert!(error.to_string().contains("others may change"), "{error}");
        assert!(!base.path().join("gone").exists());
    }

    #[test]
    fn a_file_is_opened_only_under_its_own_name() {
        let base = tempfile::tempdir().unwrap();
        let victim = base.path().join(".bashrc");
        fs::write(&victim, "mine").unwrap();
        let link = base.path().join("lock");
        symlink(&victim, &link).unwrap();
        let error = own_file(&link).unwrap_err();
        assert!(error.to_string().contains("is a link"), "{error}");
        assert!(check_plain_file(&link).is_err());
        fs::remove_file(&link).unwrap();
        fs::hard_link(&victim, &link).unwrap();
        assert!(
            own_file(&link)
                .unwrap_err()
                .to_string()
                .contains("second name")
        );
        fs::remove_file(&link).unwrap();
        assert!(
            own_file(base.path())
                .unwrap_err()
                .to_string()
                .contains("is a folder")
        );
        drop(own_file(&link).unwrap());
        assert_eq!(mode(&link), 0o600);
        check_plain_file(&link).unwrap();
        check_plain_file(&base.path().join("free")).unwrap();
        assert_eq!(fs::read(&victim).unwrap(), b"mine");
    }

    #[test]
    fn what_is_another_users_is_refused() {
        // Only root can give a folder away.
        if !rustix::process::geteuid().is_root() {
            return;
        }
        let base = tempfile::tempdir().unwrap();
        let theirs = base.path().join("theirs");
        fs::create_dir(&theirs).unwrap();
        std::os::unix::fs::chown(&theirs, Some(65_534), None).unwrap();
        let error = own_folder(&theirs, Sight::Private).unwrap_err();
        assert!(error.to_string().contains("another user's"), "{error}");
    }
}
