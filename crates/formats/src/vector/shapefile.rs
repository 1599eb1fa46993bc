//! What GDAL does not say of a shapefile: the encoding of its text, and whether its parts belong together.
//!
//! GDAL converts the text of a `.dbf` by its `.cpg` or language byte, and leaves out what it cannot
//! convert with no more than one warning a process. So the text is taken from GDAL byte by byte, as
//! ISO 8859-1, which loses nothing, and is read here: rightly, or not at all.

use std::path::{Path, PathBuf};

use encoding_rs::Encoding;
use oem_cp::code_table_type::TableType;

use crate::sources::sibling;

/// The open option with which GDAL hands over every byte of a `.dbf` as one letter.
pub(super) const BYTES: &str = "ENCODING=ISO-8859-1";

/// The text of one shapefile.
#[derive(Debug)]
pub(super) struct DbfText {
    encoding: Declared,
    /// What says so, in words.
    said_by: String,
    /// Where to say another.
    cpg: PathBuf,
}

enum Declared {
    /// By nothing: then it must be UTF-8, which other encodings hardly ever are by accident.
    Nothing,
    Web(&'static Encoding),
    Dos(&'static TableType),
}

impl std::fmt::Debug for Declared {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            Self::Nothing => f.write_str("Nothing"),
            Self::Web(encoding) => f.write_str(encoding.name()),
            Self::Dos(_) => f.write_str("Dos"),
        }
    }
}

impl DbfText {
    /// Of the layer of a shapefile, by the path of any of its parts, or of the folder they are in.
    ///
    /// # Errors
    /// Returns what is wrong, with what to do, if the parts count different numbers of records or the
    /// `.cpg` names no encoding.
    pub(super) fn of(path: &Path, layer: &str) -> Result<Self, String> {
        let stem = if path.is_dir() {
            path.join(layer)
        } else {
            path.with_extension("")
        };
        let part = |ending: &str| sibling(&stem, ending);
        let header = part("dbf").and_then(|dbf| std::fs::read(dbf).ok());
        let header = header.as_deref().unwrap_or_default();
        if let (Some(records), Some(shx)) = (records_of_dbf(header), part("shx")) {
            let shapes = std::fs::metadata(shx).map_or(0, |shx| shx.len().saturating_sub(100) / 8);
            if shapes != records {
                return Err(format!(
                    "the .dbf holds {records} records and the .shx {shapes}, so which attributes belong to which \
                     shape cannot be told; copy all files of the shapefile again from where they came from"
                ));
            }
        }
        let cpg = part("cpg");
        let place = cpg.clone().unwrap_or_else(|| stem.with_extension("cpg"));
        if let Some(cpg) = cpg {
            let bytes = std::fs::read(&cpg).unwrap_or_default();
            let text = String::from_utf8_lossy(&bytes);
            let label = text.trim_start_matches('\u{feff}').trim();
            let encoding = by_label(label).ok_or_else(|| {
                format!(
                    "{} names the encoding {label:?}, which is not known; write one word into it, such as UTF-8, \
                     windows-1251, GBK or 866",
                    cpg.display()
                )
            })?;
            return Ok(Self {
                encoding,
                said_by: format!("{label}, as {} says", file_name(&cpg)),
                cpg: place,
            });
        }
        let language = header.get(29).copied().unwrap_or(0);
        let (encoding, said_by) = match by_language_byte(language) {
            None => (
                Declared::Nothing,
                "UTF-8, and nothing says what it is: there is no .cpg file, and the .dbf has no language byte"
                    .to_owned(),
            ),
            Some(page) => (
                by_code_page(page).ok_or_else(|| {
                    format!(
                        "the language byte {language:#04x} of the .dbf means code page {page}, which this program \
                         does not read; convert it: ogr2ogr -lco ENCODING=UTF-8 converted.gpkg {}",
                        path.display()
                    )
                })?,
                format!("of code page {page}, as the language byte {language:#04x} of the .dbf says"),
            ),
        };
        Ok(Self {
            encoding,
            said_by,
            cpg: place,
        })
    }

    /// The text of bytes that GDAL handed over as letters of ISO 8859-1.
    ///
    /// # Errors
    /// Returns what is wrong, with what to do, if the bytes are no text of the encoding.
    pub(super) fn decode(&self, bytes_as_letters: &str) -> Result<String, String> {
        if bytes_as_letters.is_ascii() {
            return Ok(bytes_as_letters.to_owned());
        }
        let bytes: Option<Vec<u8>> = bytes_as_letters
            .chars()
            .map(|letter| u8::try_from(u32::from(letter)).ok())
            .collect();
        let bytes = bytes.ok_or_else(|| "GDAL did not hand over its bytes".to_owned())?;
        let text = match &self.encoding {
            Declared::Nothing => String::from_utf8(bytes.clone()).ok(),
            Declared::Web(encoding) => encoding
                .decode_without_bom_handling_and_without_replacement(&bytes)
                .map(std::borrow::Cow::into_owned),
            Declared::Dos(table) => table.decode_string_checked(&bytes),
        };
        text.ok_or_else(|| {
            let shown: String = bytes.iter().map(|byte| format!("{byte:02x} ")).take(24).collect();
            format!(
                "the bytes {}are not {}. Write the name of the encoding into {}, one word such as UTF-8, windows-1251 \
                 or GBK; if the text was cut off inside a letter, shorten it or make the field longer",
                shown,
                self.said_by,
                self.cpg.display()
            )
        })
    }
}

fn file_name(path: &Path) -> String {
    path.file_name()
        .map(|name| name.to_string_lossy().into_owned())
        .unwrap_or_default()
}

/// The number of records in the header of a `.dbf` (dBASE III and later).
fn records_of_dbf(header: &[u8]) -> Option<u64> {
    let bytes: [u8; 4] = header.get(4..8)?.try_into().ok()?;
    Some(u64::from(u32::from_le_bytes(bytes)))
}

/// The encoding that a `.cpg` file names.
fn by_label(label: &str) -> Option<Declared> {
    let upper = label.to_uppercase();
    if let Some(language) = upper.strip_prefix("LDID/") {
        return by_code_page(by_language_byte(language.trim().parse().ok()?)?);
    }
    let digits = ["ANSI", "OEM", "CP", "IBM", "MS", "WINDOWS"]
        .iter()
        .find_map(|prefix| upper.strip_prefix(prefix))
        .unwrap_or(&upper)
        .trim_start_matches([' ', '-', '_']);
    if let Ok(page) = digits.parse::<u32>() {
        return by_code_page(page);
    }
    let label = upper.replace(' ', "-");
    let label = if label.starts_with("8859") {
        format!("ISO-{label}")
    } else {
        label
    };
    // A .dbf is a file of single bytes; what else goes by such a label is a mistake.
    Encoding::for_label(label.as_bytes())
        .filter(|encoding| encoding.is_ascii_compatible() && *encoding != encoding_rs::REPLACEMENT)
        .map(Declared::Web)
}

fn by_code_page(page: u32) -> Option<Declared> {
    use encoding_rs as e;
    let encoding = match page {
        65001 => e::UTF_8,
        866 => e::IBM866,
        874 => e::WINDOWS_874,
        932 => e::SHIFT_JIS,
        936 => e::GBK,
        949 => e::EUC_KR,
        950 => e::BIG5,
        1250 => e::WINDOWS_1250,
        1251 => e::WINDOWS_1251,
        1252 => e::WINDOWS_1252,
        1253 => e::WINDOWS_1253,
        1254 => e::WINDOWS_1254,
        1255 => e::WINDOWS_1255,
        1256 => e::WINDOWS_1256,
        1257 => e::WINDOWS_1257,
        1258 => e::WINDOWS_1258,
        10000 => e::MACINTOSH,
        10007 => e::X_MAC_CYRILLIC,
        20866 => e::KOI8_R,
        21866 => e::KOI8_U,
        54936 => e::GB18030,
        28591 | 88591 => e::WINDOWS_1252,
        28592 | 88592 => e::ISO_8859_2,
        28595 | 88595 => e::ISO_8859_5,
        28597 | 88597 => e::ISO_8859_7,
        28599 | 88599 => e::WINDOWS_1254,
        28605 | 885915 => e::ISO_8859_15,
        _ => {
            let page = u16::try_from(page).ok()?;
            return oem_cp::code_table::DECODING_TABLE_CP_MAP
                .get(&page)
                .map(Declared::Dos);
        }
    };
    Some(Declared::Web(encoding))
}

/// The code page that a language byte means (the table of dBASE and Visual FoxPro, as GDAL and Esri use
/// it). 0x57 means the code page of the machine that wrote it, which nothing says.
fn by_language_byte(byte: u8) -> Option<u32> {
    Some(match byte {
        0x01 | 0x09 | 0x0b | 0x0d | 0x0f | 0x11 | 0x15 | 0x18 | 0x19 | 0x1b => 437,
        0x02 | 0x0a | 0x0e | 0x10 | 0x12 | 0x14 | 0x16 | 0x1a | 0x1d | 0x25 | 0x37 => 850,
        0x03 | 0x58 | 0x59 => 1252,
        0x04 => 10000,
        0x08 | 0x17 | 0x66 => 865,
        0x13 | 0x7b => 932,
        0x1c | 0x6c => 863,
        0x1f | 0x22 | 0x23 | 0x40 | 0x64 | 0x87 => 852,
        0x24 => 860,
        0x26 | 0x65 => 866,
        0x4d | 0x7a => 936,
        0x4e | 0x79 => 949,
        0x4f | 0x78 => 950,
        0x50 | 0x7c => 874,
        0x67 => 861,
        0x6a | 0x86 => 737,
        0x6b | 0x88 => 857,
        0x96 => 10007,
        0xc8 => 1250,
        0xc9 => 1251,
        0xca => 1254,
        0xcb => 1253,
        0xcc => 1257,
        _ => return None,
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn text(encoding: Declared) -> DbfText {
        DbfText {
            encoding,
            said_by: "what the test says".to_owned(),
            cpg: PathBuf::from("a.cpg"),
        }
    }

    fn letters(bytes: &[u8]) -> String {
        bytes.iter().map(|byte| char::from(*byte)).collect()
    }

    #[test]
    fn labels_of_many_programs_name_their_encoding() {
        // "Селенгэ" and "呼伦贝尔" as Python's str.encode gives them.
        let cp1251 = [0xd1, 0xe5, 0xeb, 0xe5, 0xed, 0xe3, 0xfd];
        for label in [
            "windows-1251",
            "1251",
            "CP1251",
            "ANSI 1251",
            "LDID/201",
            "cp1251 ",
        ] {
            let text = text(by_label(label.trim()).unwrap());
            assert_eq!(
                text.decode(&letters(&cp1251)).unwrap(),
                "Селенгэ",
                "{label}"
            );
        }
        let cp866 = [0x91, 0xa5, 0xab, 0xa5, 0xad, 0xa3, 0xed];
        for label in ["866", "OEM 866", "IBM866", "CP866"] {
            let text = text(by_label(label).unwrap());
            assert_eq!(text.decode(&letters(&cp866)).unwrap(), "Селенгэ", "{label}");
        }
        let gbk = [0xba, 0xf4, 0xc2, 0xd7, 0xb1, 0xb4, 0xb6, 0xfb];
        for label in ["GBK", "936", "GB2312", "LDID/77", "gb18030"] {
            let text = text(by_label(label).unwrap());
            assert_eq!(text.decode(&letters(&gbk)).unwrap(), "呼伦贝尔", "{label}");
        }
        // "Köln" in code page 850 and 437: a table of single bytes.
        for label in ["850", "CP437", "OEM 850"] {
            let text = text(by_label(label).unwrap());
            assert_eq!(
                text.decode(&letters(b"K\x94ln")).unwrap(),
                "Köln",
                "{label}"
            );
        }
        let latin = ["ISO-8859-1", "8859-1", "ISO 8859-1", "88591", "ISO88591"];
        for label in latin {
            let text = text(by_label(label).unwrap());
            assert_eq!(
                text.decode(&letters(b"K\xf6ln")).unwrap(),
                "Köln",
                "{label}"
            );
        }
        for label in ["", "ANSI", "UTF-16", "UTF-7", "99999", "my own"] {
            assert!(by_label(label).is_none(), "{label}");
        }
    }

    #[test]
    fn bytes_of_another_encoding_are_refused() {
        let cp1251 = letters(&[0xd1, 0xe5, 0xeb]);
        for declared in [
            Declared::Nothing,
            by_label("UTF-8").unwrap(),
            by_label("GBK").unwrap(),
        ] {
            let error = text(declared).decode(&cp1251).unwrap_err();
            assert!(
                error.contains("d1 e5 eb") && error.contains("a.cpg"),
                "{error}"
            );
        }
        assert_eq!(text(Declared::Nothing).decode("Uvs").unwrap(), "Uvs");
        let utf8 = letters("Увс".as_bytes());
        assert_eq!(text(Declared::Nothing).decode(&utf8).unwrap(), "Увс");
    }
}
