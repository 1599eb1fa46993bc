//! The paths of a pipeline file: where they may point.
//!
//! A relative path counts from the folder of the pipeline file and stays in it, unless the file
//! says with `root` that a folder above is its home. An absolute path says plainly what it is. So
//! a pipeline file from elsewhere reads nothing that its reader would not expect.

use std::path::{Component, Path, PathBuf};

use super::Config;
use nutag_frame::FileKey;
use nutag_problem::{Error, Problem};

/// What the paths of a pipeline file are.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Paths {
    /// As somebody wrote them, counted from the file's folder.
    AsWritten,
    /// As a run has left them, counted from where that was started: the home of the file that
    /// somebody wrote is not theirs.
    Resolved,
}

impl Config {
    /// Every path of an input.
    fn each_file(&mut self, each: &mut dyn FnMut(FileKey, &mut PathBuf)) {
        if let Some(npp) = &mut self.npp {
            each(FileKey::new("[npp] granules", "granule"), &mut npp.granules);
        }
        self.regions.files(each);
        if let Some(zones) = &mut self.zones {
            zones.files(each);
        }
        for section in self.sections_mut() {
            section.files(each);
        }
    }

    /// Every path of an input with its key.
    fn paths(&self) -> Vec<(FileKey, PathBuf)> {
        let mut paths = Vec::new();
        self.clone()
            .each_file(&mut |key, path| paths.push((key, path.clone())));
        paths
    }

    /// Makes paths count from the folder of the pipeline file.
    pub(super) fn resolve(&mut self, folder: &Path) {
        self.each_file(&mut |_, path| *path = folder.join(&*path));
    }

    /// The files, folders and patterns that inputs are read from.
    #[must_use]
    pub fn input_places(&self) -> Vec<PathBuf> {
        self.paths().into_iter().map(|(_, path)| path).collect()
    }

    /// Checks where the paths point.
    pub(super) fn check_paths(&self, file: &Path, paths: Paths) -> Result<(), Error> {
        let root = self.root.as_deref().unwrap_or(Path::new("."));
        for (FileKey { key, .. }, path) in self.paths() {
            let refused = |what: String, advice: &str| {
                Err(Problem::new(what)
                    .at(format!("{}, {key}", file.display()))
                    .advice(advice)
                    .asked())
            };
            let text = path.to_string_lossy();
            if text.contains("://") || text.starts_with("/vsi") {
                return refused(
                    format!("\"{text}\" is an address of the network or inside an archive"),
                    "this program reads files that are here: download or unpack it first, and name the file",
                );
            }
            if is_archive(&path) {
                return refused(
                    format!("\"{text}\" is an archive"),
                    "unpack it, and name what was in it",
                );
            }
            if paths == Paths::AsWritten && path.is_relative() && !is_inside(&path, root) {
                return refused(
                    format!(
                        "\"{text}\" leaves the folder of the pipeline file{}",
                        self.root.as_ref().map_or(String::new(), |root| {
                            format!(", and its root, \"{}\"", root.display())
                        })
                    ),
                    "write root = \"..\" at the head of the file, which says that the folder above is its home; or name an absolute path",
                );
            }
        }
        Ok(())
    }
}

/// Whether a path is that of an archive, by its ending.
pub(crate) fn is_archive(path: &Path) -> bool {
    const ENDINGS: [&str; 8] = ["tar", "tgz", "gz", "zip", "bz2", "xz", "7z", "rar"];
    let ending = path.extension().and_then(|ending| ending.to_str());
    ending.is_some_and(|ending| {
        ENDINGS
            .iter()
            .any(|known| ending.eq_ignore_ascii_case(known))
    })
}

/// The number of folders up, and the way down from there.
fn ways(path: &Path) -> (usize, Vec<Component<'_>>) {
    let (mut up, mut down) = (0, Vec::new());
    for component in path.components() {
        match component {
            Component::CurDir => {}
            Component::ParentDir => {
                if down.pop().is_none() {
                    up += 1;
                }
            }
            other => down.push(other),
        }
    }
    (up, down)
}

/// Whether a relative path stays inside `root`, both counted from the same folder, as they are
/// written: a link in it is the choice of whoever made it.
fn is_inside(path: &Path, root: &Path) -> bool {
    if root.is_absolute() {
        return false;
    }
    let ((up, down), (root_up, root_down)) = (ways(path), ways(root));
    if root_down.is_empty() {
        return up <= root_up;
    }
    up == root_up && down.starts_with(&root_down)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_path_stays_at_home() {
        for (path, root, inside) in [
            ("data/x.tif", ".", true),
            ("./a/../b", ".", true),
            ("../data/x.tif", ".", false),
            ("a/../../x", ".", false),
            ("../data/x.tif", "..", true),
            ("x", "..", true),
            ("../../x", "..", false),
            ("../../x", "../..", true),
            ("../data/x", "../data", true),
            ("../data/../x", "../data", false),
            ("../datax", "../data", false),
            ("x", "../data", false),
            ("data/x", "data", true),
        ] {
            assert_eq!(
                is_inside(Path::new(path), Path::new(root)),
                inside,
                "{path} in {root}"
            );
        }
    }
}
