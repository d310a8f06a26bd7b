//! Lists as lines, and lines as columns that go by their names: a column more, or another order, is no reason to fail.

use std::io::{self, BufRead, Read as _};

use super::{Error, Read};

/// A line of these lists has some hundred bytes; a "line" without end must not fill the memory.
const MOST_BYTES: u64 = 64 << 10;
/// Of a thousand rows; more bad ones, and it is another kind of list.
const MOST_BAD: u64 = 100;

/// Lines of a list, and a count of what became of them.
pub struct Lines<R> {
    list: &'static str,
    from: R,
    line: Vec<u8>,
    pub read: Read,
}

impl<R: BufRead> Lines<R> {
    pub fn new(list: &'static str, from: R) -> Self {
        Self { list, from, line: Vec::new(), read: Read::default() }
    }

    /// The next line that is text, without its end; others count as bad.
    pub fn next(&mut self) -> Result<Option<&str>, Error> {
        loop {
            self.line.clear();
            let taken = (&mut self.from).take(MOST_BYTES).read_until(b'\n', &mut self.line)?;
            if taken == 0 {
                return Ok(None);
            }
            self.read.rows += 1;
            let is_whole = self.line.last() == Some(&b'\n') || (taken as u64) < MOST_BYTES;
            if !is_whole {
                skip_line(&mut self.from)?;
            } else if std::str::from_utf8(&self.line).is_ok() {
                break;
            }
            self.read.bad += 1;
        }
        let text = std::str::from_utf8(&self.line).unwrap_or_default();
        Ok(Some(text.trim_end_matches(['\n', '\r'])))
    }

    /// Reads the headline.
    pub fn columns<const N: usize>(&mut self, names: [&'static str; N]) -> Result<Columns<N>, Error> {
        let list = self.list;
        let shape = |problem| Error::Shape { list, problem };
        let head = self.next()?.ok_or_else(|| shape("it is empty".to_owned()))?;
        let mut places = [0; N];
        for (place, name) in places.iter_mut().zip(names) {
            let found = head.split('\t').position(|column| column == name);
            *place = found.ok_or_else(|| shape(format!("it has no column {name}")))?;
        }
        self.read = Read::default();
        Ok(Columns(places))
    }

    /// What became of the list, unless it was not that list.
    pub fn done(self) -> Result<Read, Error> {
        let Read { rows, bad, .. } = self.read;
        let problem = if rows == 0 {
            "it holds no row".to_owned()
        } else if bad > rows / 1000 * MOST_BAD + MOST_BAD {
            format!("{bad} of {rows} rows cannot be read")
        } else {
            return Ok(self.read);
        };
        Err(Error::Shape { list: self.list, problem })
    }
}

fn skip_line(from: &mut impl BufRead) -> io::Result<()> {
    loop {
        let piece = from.fill_buf()?;
        let end = piece.iter().position(|byte| *byte == b'\n');
        let (taken, is_over) = (end.map_or(piece.len(), |end| end + 1), end.is_some() || piece.is_empty());
        from.consume(taken);
        if is_over {
            return Ok(());
        }
    }
}

/// Where the wanted columns stand.
pub struct Columns<const N: usize>([usize; N]);

impl<const N: usize> Columns<N> {
    /// The wanted cells of a line, `\N` as nothing; `None` when the line is too short.
    pub fn of<'l>(&self, line: &'l str) -> Option<[Option<&'l str>; N]> {
        let mut cells = [None; N];
        let mut found = 0;
        for (n, cell) in line.split('\t').enumerate() {
            if let Some(wanted) = self.0.iter().position(|place| *place == n) {
                cells[wanted] = (cell != "\\N" && !cell.is_empty()).then_some(cell);
                found += 1;
            }
        }
        (found == N).then_some(cells)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn columns_go_by_their_names_and_bad_lines_are_counted() {
        let long = "x".repeat(3 * MOST_BYTES as usize);
        let text = [b"b\tz\ta\r\n1\t\\N\t3\r\n", long.as_bytes(), b"\n\xff\xfe\nshort\n4\t5\t6"].concat();
        let mut lines = Lines::new("list", text.as_slice());
        let columns = lines.columns(["a", "b"]).expect("both are there");
        assert_eq!(columns.of(lines.next().expect("read").expect("a line")), Some([Some("3"), Some("1")]));
        assert_eq!(columns.of(lines.next().expect("read").expect("a line")), None);
        assert_eq!(columns.of(lines.next().expect("read").expect("a line")), Some([Some("6"), Some("4")]));
        assert_eq!(lines.next().expect("read"), None);
        assert_eq!(lines.done().expect("few are bad"), Read { rows: 5, kept: 0, bad: 2 });
    }

    #[test]
    fn another_list_is_refused_by_what_it_lacks() {
        let said = |text: &str, names: [&'static str; 1]| {
            let mut lines = Lines::new("title.basics", text.as_bytes());
            let columns = lines.columns(names).map(|_| ());
            columns.and_then(|()| lines.done().map(|_| ())).expect_err("it is refused").to_string()
        };
        assert_eq!(said("<html>", ["tconst"]), "title.basics is not what it should be: it has no column tconst");
        assert_eq!(said("", ["tconst"]), "title.basics is not what it should be: it is empty");
        assert_eq!(said("tconst\n", ["tconst"]), "title.basics is not what it should be: it holds no row");
    }
}
