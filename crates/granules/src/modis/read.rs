//! Reading windows of a granule.

use hdf4::{Dataset, Element, Hdf4File, Layout, Scratch};
use nutag_grid::Window;

use super::{GranuleError, GranuleReader};
use crate::product::{QualityTable, QualityType, SampleType};

impl GranuleReader {
    /// Bytes of the file that a window of the layer needs, and of the quality layer if it was opened with.
    ///
    /// # Errors
    /// [`GranuleError::Window`] outside the tile, [`GranuleError::File`] when the file is damaged.
    pub fn window_stored_bytes(&self, window: Window) -> Result<u64, GranuleError> {
        let mut bytes = 0;
        for layer in self.layers() {
            let dataset = self.dataset(layer);
            self.check_window(dataset, window, window.cells())?;
            bytes += self
                .file
                .window_cost(dataset, &start(window), &count(window))?
                .stored_bytes;
        }
        Ok(bytes)
    }

    /// Reads a window of the layer into `out`, row-major, as 16-bit patterns of the file's own numbers
    /// (8-bit numbers are widened). Returns the parts of the window that are not in the file, counted from
    /// the window's own first row and column; `out` holds a fill code there, or else no meaning.
    ///
    /// # Errors
    /// [`GranuleError::Window`] for a window outside the tile or a buffer of another size,
    /// [`GranuleError::File`] when the file is damaged.
    pub fn read(
        &self,
        window: Window,
        out: &mut [u16],
        scratch: &mut Scratch,
    ) -> Result<Vec<Window>, GranuleError> {
        let layer = &self.layer;
        let dataset = self.dataset(layer);
        self.check_window(dataset, window, out.len())?;
        let (from, size) = (start(window), count(window));
        let filler = self.filler;
        let report = match self.sample_type {
            SampleType::I16 => {
                let out: &mut [i16] = bytemuck::cast_slice_mut(out);
                let filler = i16::try_from(filler).unwrap_or(i16::MAX);
                self.file
                    .read_window_with_fill_into(dataset, &from, &size, filler, out, scratch)?
            }
            SampleType::U16 => {
                let filler = u16::try_from(filler).unwrap_or(u16::MAX);
                self.file
                    .read_window_with_fill_into(dataset, &from, &size, filler, out, scratch)?
            }
            SampleType::I8 => {
                let mut narrow = vec![0_i8; out.len()];
                let filler = i8::try_from(filler).unwrap_or(i8::MAX);
                let report = self.file.read_window_with_fill_into(
                    dataset,
                    &from,
                    &size,
                    filler,
                    &mut narrow,
                    scratch,
                )?;
                out.iter_mut()
                    .zip(narrow)
                    .for_each(|(wide, narrow)| *wide = i16::from(narrow).cast_unsigned());
                report
            }
            SampleType::U8 => {
                let mut narrow = vec![0_u8; out.len()];
                let filler = u8::try_from(filler).unwrap_or(u8::MAX);
                let report = self.file.read_window_with_fill_into(
                    dataset,
                    &from,
                    &size,
                    filler,
                    &mut narrow,
                    scratch,
                )?;
                out.iter_mut()
                    .zip(narrow)
                    .for_each(|(wide, narrow)| *wide = u16::from(narrow));
                report
            }
        };
        self.missing_parts(dataset, window, report.missing_cells)
    }

    /// Reads a window of the quality layer into `out`, likewise, as the grades that `rule` gives its numbers.
    /// Cells in the parts that are returned have no grade.
    ///
    /// # Errors
    /// As [`GranuleReader::read`]; [`GranuleError::NoQuality`] when it was opened without.
    pub fn read_quality(
        &self,
        window: Window,
        rule: &QualityTable,
        out: &mut [u8],
        scratch: &mut Scratch,
    ) -> Result<Vec<Window>, GranuleError> {
        let Some((layer, number_type)) = &self.quality else {
            return Err(GranuleError::NoQuality {
                path: self.path.clone(),
                product: self.product_id.clone(),
            });
        };
        let dataset = self.dataset(layer);
        self.check_window(dataset, window, out.len())?;
        let (from, size) = (start(window), count(window));
        let part = Part {
            file: &self.file,
            dataset,
            from,
            size,
            rule,
        };
        let missing_cells = match number_type {
            // In place: no second buffer for the layers of most products.
            QualityType::Uint8 => {
                let report = self.file.read_window_with_fill_into(
                    dataset,
                    &from,
                    &size,
                    u8::MAX,
                    out,
                    scratch,
                )?;
                out.iter_mut()
                    .for_each(|number| *number = rule.grade(u32::from(*number)));
                report.missing_cells
            }
            QualityType::Int8 => {
                part.graded(i8::MAX, |n| u32::from(n.cast_unsigned()), out, scratch)?
            }
            QualityType::Int16 => {
                part.graded(i16::MAX, |n| u32::from(n.cast_unsigned()), out, scratch)?
            }
            QualityType::Uint16 => part.graded(u16::MAX, u32::from, out, scratch)?,
            QualityType::Int32 => part.graded(i32::MAX, i32::cast_unsigned, out, scratch)?,
            QualityType::Uint32 => part.graded(u32::MAX, |n| n, out, scratch)?,
        };
        self.missing_parts(dataset, window, missing_cells)
    }

    fn check_window(
        &self,
        dataset: &Dataset,
        window: Window,
        len: usize,
    ) -> Result<(), GranuleError> {
        if window.within(self.shape).is_ok() && len == window.cells() {
            return Ok(());
        }
        let (path, sds) = (self.path.clone(), dataset.name().to_owned());
        Err(GranuleError::Window {
            path,
            sds,
            shape: self.shape,
            window,
            len,
        })
    }

    /// The parts of a window that lie in chunks which are not in the file, relative to the window.
    fn missing_parts(
        &self,
        dataset: &Dataset,
        window: Window,
        cells: u64,
    ) -> Result<Vec<Window>, GranuleError> {
        if cells == 0 {
            return Ok(Vec::new());
        }
        let whole = Window {
            row0: 0,
            col0: 0,
            ..window
        };
        let Layout::Chunked { chunk_shape, .. } = dataset.layout() else {
            return Ok(vec![whole]);
        };
        let [rows, cols] = chunk_shape[..] else {
            return Ok(vec![whole]);
        };
        let mut missing = Vec::new();
        for down in window.row0 / rows..window.row_range().end.div_ceil(rows) {
            for across in window.col0 / cols..window.col_range().end.div_ceil(cols) {
                if self
                    .file
                    .chunk_stored_bytes(dataset, &[down, across])?
                    .is_none()
                {
                    let chunk = Window {
                        row0: down * rows,
                        col0: across * cols,
                        rows,
                        cols,
                    };
                    missing.extend(chunk.intersection(window).map(|part| Window {
                        row0: part.row0 - window.row0,
                        col0: part.col0 - window.col0,
                        ..part
                    }));
                }
            }
        }
        Ok(missing)
    }
}

/// A window of a quality layer, and the rule on its numbers.
struct Part<'a> {
    file: &'a Hdf4File,
    dataset: &'a Dataset,
    from: [usize; 2],
    size: [usize; 2],
    rule: &'a QualityTable,
}

impl Part<'_> {
    /// Reads it as numbers of one type and puts their grades into `out`. Returns how many cells are not in
    /// the file; those are read as `filler`.
    fn graded<E: Element + Copy>(
        &self,
        filler: E,
        pattern: impl Fn(E) -> u32,
        out: &mut [u8],
        scratch: &mut Scratch,
    ) -> Result<u64, GranuleError> {
        let mut numbers = vec![filler; out.len()];
        let report = self.file.read_window_with_fill_into(
            self.dataset,
            &self.from,
            &self.size,
            filler,
            &mut numbers,
            scratch,
        )?;
        for (grade, number) in out.iter_mut().zip(numbers) {
            *grade = self.rule.grade(pattern(number));
        }
        Ok(report.missing_cells)
    }
}

fn start(window: Window) -> [usize; 2] {
    [window.row0, window.col0]
}

fn count(window: Window) -> [usize; 2] {
    [window.rows, window.cols]
}
