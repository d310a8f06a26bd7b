//! What the repository promises of itself, read in its files. Nothing of the program is run or linked.

mod deployment;
mod floors;
