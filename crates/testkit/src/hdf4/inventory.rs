//! `CoreMetadata.0`: what the producer of a granule wrote about it.

/// The parts of the ECS inventory that tell one granule from another. Each text is written as a quoted
/// value; `None` leaves the object out.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Inventory {
    /// `LOCALGRANULEID`.
    pub file_name: Option<String>,
    /// `SHORTNAME`.
    pub short_name: Option<String>,
    /// `VERSIONID`, without quotes, as most producers write it.
    pub version: Option<String>,
    /// `RANGEBEGINNINGDATE`.
    pub begin: Option<String>,
    /// `RANGEENDINGDATE`.
    pub end: Option<String>,
    /// `HORIZONTALTILENUMBER` and `VERTICALTILENUMBER`, and the `TileID` of both.
    pub tile: Option<(u8, u8)>,
    /// `ASSOCIATEDPLATFORMSHORTNAME`, one for each.
    pub platforms: Vec<String>,
    /// `identifier_product_doi`.
    pub doi: Option<String>,
}

impl Inventory {
    /// The text as it stands in the file.
    pub fn to_text(&self) -> String {
        let quoted = |value: &Option<String>| value.as_ref().map(|value| format!("\"{value}\""));
        let group = |name: &str, objects: String| {
            format!(
                "  GROUP                  = {name}\n\n{objects}  END_GROUP              = {name}\n\n"
            )
        };
        let of = |name: &str, value: Option<String>| {
            value.map_or_else(String::new, |value| object(name, &value))
        };
        let platforms: String = (1..)
            .zip(&self.platforms)
            .map(|(class, platform)| {
                let inner = object("ASSOCIATEDPLATFORMSHORTNAME", &format!("\"{platform}\""));
                container("ASSOCIATEDPLATFORMINSTRUMENTSENSORCONTAINER", class, &inner)
            })
            .collect();
        let mut additional: Vec<(&str, String)> = Vec::new();
        if let Some((h, v)) = self.tile {
            additional.push(("HORIZONTALTILENUMBER", h.to_string()));
            additional.push(("VERTICALTILENUMBER", format!("{v:02}")));
            additional.push(("TileID", format!("51{h:03}{v:03}")));
        }
        additional.extend(
            self.doi
                .iter()
                .map(|doi| ("identifier_product_doi", doi.clone())),
        );
        let additional: String = (1..)
            .zip(&additional)
            .map(|(class, (name, value))| {
                let inner = format!(
                    "{}      GROUP                  = INFORMATIONCONTENT\n{}      \
                     END_GROUP              = INFORMATIONCONTENT\n\n",
                    object("ADDITIONALATTRIBUTENAME", &format!("\"{name}\"")),
                    object("PARAMETERVALUE", &format!("\"{value}\""))
                );
                container("ADDITIONALATTRIBUTESCONTAINER", class, &inner)
            })
            .collect();
        let body = [
            group(
                "ECSDATAGRANULE",
                of("LOCALGRANULEID", quoted(&self.file_name))
                    + &object(
                        "REPROCESSINGACTUAL",
                        "\"Synthetic sample made for testing\"",
                    ),
            ),
            group(
                "COLLECTIONDESCRIPTIONCLASS",
                of("SHORTNAME", quoted(&self.short_name)) + &of("VERSIONID", self.version.clone()),
            ),
            // In this order, as real files have it.
            group(
                "RANGEDATETIME",
                of("RANGEENDINGDATE", quoted(&self.end))
                    + &of("RANGEBEGINNINGDATE", quoted(&self.begin)),
            ),
            group("ASSOCIATEDPLATFORMINSTRUMENTSENSOR", platforms),
            group("ADDITIONALATTRIBUTES", additional),
        ]
        .concat();
        format!(
            "\nGROUP                  = INVENTORYMETADATA\n  GROUPTYPE            = MASTERGROUP\n\n\
             {body}END_GROUP              = INVENTORYMETADATA\n\nEND\n"
        )
    }
}

fn object(name: &str, value: &str) -> String {
    format!(
        "    OBJECT                 = {name}\n      NUM_VAL              = 1\n      \
         VALUE                = {value}\n    END_OBJECT             = {name}\n\n"
    )
}

fn container(name: &str, class: usize, inner: &str) -> String {
    format!(
        "    OBJECT                 = {name}\n      CLASS                = \"{class}\"\n\n{inner}    \
         END_OBJECT             = {name}\n\n"
    )
}
