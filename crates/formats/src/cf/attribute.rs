//! Attributes as text or numbers.

use netcdf::{AttributeValue, Variable};

/// A text attribute of a variable, without blanks around it.
pub(crate) fn text(variable: &Variable<'_>, name: &str) -> Option<String> {
    as_text(variable.attribute_value(name)?.ok()?)
}

/// A text attribute of the file.
pub(crate) fn global_text(file: &netcdf::File, name: &str) -> Option<String> {
    as_text(file.attribute(name)?.value().ok()?)
}

/// The first number of an attribute.
pub(crate) fn number(variable: &Variable<'_>, name: &str) -> Option<f64> {
    numbers(variable, name).first().copied()
}

/// All numbers of an attribute; none when it is text or absent.
pub(crate) fn numbers(variable: &Variable<'_>, name: &str) -> Vec<f64> {
    use AttributeValue as V;
    let Some(Ok(value)) = variable.attribute_value(name) else {
        return Vec::new();
    };
    match value {
        V::Uchar(x) => vec![f64::from(x)],
        V::Uchars(x) => x.into_iter().map(f64::from).collect(),
        V::Schar(x) => vec![f64::from(x)],
        V::Schars(x) => x.into_iter().map(f64::from).collect(),
        V::Ushort(x) => vec![f64::from(x)],
        V::Ushorts(x) => x.into_iter().map(f64::from).collect(),
        V::Short(x) => vec![f64::from(x)],
        V::Shorts(x) => x.into_iter().map(f64::from).collect(),
        V::Uint(x) => vec![f64::from(x)],
        V::Uints(x) => x.into_iter().map(f64::from).collect(),
        V::Int(x) => vec![f64::from(x)],
        V::Ints(x) => x.into_iter().map(f64::from).collect(),
        V::Ulonglong(x) => vec![x as f64],
        V::Ulonglongs(x) => x.into_iter().map(|x| x as f64).collect(),
        V::Longlong(x) => vec![x as f64],
        V::Longlongs(x) => x.into_iter().map(|x| x as f64).collect(),
        V::Float(x) => vec![f64::from(x)],
        V::Floats(x) => x.into_iter().map(f64::from).collect(),
        V::Double(x) => vec![x],
        V::Doubles(x) => x,
        V::Str(_) | V::Strs(_) => Vec::new(),
    }
}

fn as_text(value: AttributeValue) -> Option<String> {
    match value {
        AttributeValue::Str(text) => Some(text),
        AttributeValue::Strs(texts) => texts.into_iter().next(),
        _ => None,
    }
    .map(|text| text.trim_matches(['\0', ' ', '\n']).to_owned())
    .filter(|text| !text.is_empty())
}
