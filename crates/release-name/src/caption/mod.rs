//! What a caption says. A caption is read line by line:
//!
//! ```text
//! lines          what each line is: text, hashtags, pairs of label and value, technical words, boilerplate
//! labels         "Название", "Audio Language"      what a label announces
//! values         "01 to 05", "2567"                numbers and years behind labels
//! hashtags       "#GunturKaaram"                   titles that are tags, and titles in quotes
//! boilerplate    "Join @channel", "1h 54min"       lines that say nothing of the file
//! said           which fields a line may give
//! reader         what the lines say together
//! titles         titles compared, and titles that name nothing
//! ```

mod boilerplate;
mod hashtags;
mod labels;
mod lines;
mod reader;
mod said;
pub mod titles;
mod values;

pub use reader::{Caption, read};
