//! What cells look like: colour says where a number is from.

use rust_xlsxwriter::{Color, Format, FormatAlign, FormatBorder};

/// Where a cell's content is from.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Ink {
    /// From the MRV file.
    Input,
    /// From a table of the run.
    Run,
    /// A default value with its source.
    Default,
    /// A formula.
    Formula,
    /// The program's value, to compare with.
    Program,
    /// Words.
    Plain,
}

impl Ink {
    /// The colours, with what each means.
    pub const LEGEND: [(Self, &'static str); 5] = [
        (
            Self::Input,
            "from the MRV file: checked and signed by people",
        ),
        (Self::Run, "copied from a table of the run"),
        (Self::Default, "default value, with its source beside it"),
        (
            Self::Formula,
            "formula: change a cell above it and it follows",
        ),
        (
            Self::Program,
            "what the program computed on its own, to compare with",
        ),
    ];

    fn fill(self) -> Option<u32> {
        match self {
            Self::Input => Some(0x00FF_F2CC),
            Self::Run => Some(0x00E2_EFDA),
            Self::Default => Some(0x00FC_E4D6),
            Self::Formula => Some(0x00DD_EBF7),
            Self::Program => Some(0x00F2_F2F2),
            Self::Plain => None,
        }
    }
}

/// How a number is shown.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Shown {
    /// Whole numbers without separators: years, lines, counts.
    Whole,
    /// Whole tonnes with thousands separated.
    Tonnes,
    /// One decimal.
    Tenths,
    /// Four decimals: factors, percent, t.
    Factor,
    /// A difference: zero, or its size.
    Difference,
}

impl Shown {
    fn code(self) -> &'static str {
        match self {
            Self::Whole => "0",
            Self::Tonnes => "#,##0",
            Self::Tenths => "#,##0.0",
            Self::Factor => "#,##0.0000",
            Self::Difference => "0.0E+00;-0.0E+00;0",
        }
    }
}

const DARK: Color = Color::RGB(0x001F_3864);
const RED: Color = Color::RGB(0x00C0_0000);
const LINE: Color = Color::RGB(0x00BF_BFBF);

fn boxed() -> Format {
    Format::new()
        .set_border(FormatBorder::Thin)
        .set_border_color(LINE)
        .set_align(FormatAlign::Top)
        .set_font_size(10)
}

/// A number in a table.
pub(super) fn number(ink: Ink, shown: Shown) -> Format {
    filled(
        boxed()
            .set_num_format(shown.code())
            .set_align(FormatAlign::Right),
        ink,
    )
}

/// Words in a table.
pub(super) fn words(ink: Ink) -> Format {
    filled(
        boxed()
            .set_text_wrap()
            .set_align(FormatAlign::Left)
            .set_indent(1),
        ink,
    )
}

/// A total: words or a number that a reader looks for.
pub(super) fn strong(format: Format) -> Format {
    format.set_bold()
}

fn filled(format: Format, ink: Ink) -> Format {
    let format = match ink {
        Ink::Program => format.set_font_color(Color::RGB(0x0059_5959)),
        Ink::Input => format.set_font_color(Color::RGB(0x001F_4E9E)),
        _ => format,
    };
    match ink.fill() {
        Some(colour) => format.set_background_color(Color::RGB(colour)),
        None => format,
    }
}

/// The head of a column.
pub(super) fn head() -> Format {
    boxed()
        .set_bold()
        .set_text_wrap()
        .set_font_color(Color::White)
        .set_background_color(DARK)
        .set_align(FormatAlign::VerticalCenter)
        .set_indent(1)
}

/// The line that says that nothing here counts.
pub(super) fn banner() -> Format {
    Format::new()
        .set_bold()
        .set_font_size(12)
        .set_font_color(Color::White)
        .set_background_color(RED)
        .set_align(FormatAlign::VerticalCenter)
}

/// The title of a sheet.
pub(super) fn title() -> Format {
    Format::new()
        .set_bold()
        .set_font_size(14)
        .set_font_color(DARK)
}

/// The title of a table.
pub(super) fn heading() -> Format {
    Format::new()
        .set_bold()
        .set_font_size(11)
        .set_font_color(DARK)
}

/// One line that may run over the cells beside it.
pub(super) fn line() -> Format {
    Format::new()
        .set_italic()
        .set_font_size(9)
        .set_font_color(Color::RGB(0x0059_5959))
}

/// Running text.
pub(super) fn text() -> Format {
    Format::new()
        .set_text_wrap()
        .set_align(FormatAlign::Top)
        .set_align(FormatAlign::Left)
        .set_font_size(10)
}

/// What makes a difference stand out.
pub(super) fn alarm() -> Format {
    Format::new()
        .set_bold()
        .set_font_color(Color::White)
        .set_background_color(RED)
}
