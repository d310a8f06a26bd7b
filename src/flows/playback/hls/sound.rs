//! A segment of a sound that is encoded anew: the film's own sound goes into ffmpeg as fMP4, AAC comes out. Nothing runs on from one segment to the next, so that a segment
//! is the same for everybody, and one that was left is nobody's.

use bytes::Bytes;
use rewrap::{Encoded, Film, Order, SegmentMaker};
use tokio::sync::mpsc;

use super::reading::Reading;
use crate::adapters::tools;
use crate::flows::playback::{Error, Found, Playback};
use crate::protocols::playlist::TrackName;

/// A sound that stands in front of its picture is looked for so many segments further in front.
const EARLIER: usize = 1;
/// A first sound that comes so much later than wanted was left behind, or the sound begins there.
const LATE_NS: i64 = 30_000_000;
/// A segment is as long as its key frames stand apart, a few seconds; the encoder's time and output have a bound. Of five minutes nothing would come.
const MOST_SECONDS: u64 = 300;

impl Playback {
    /// The segment with this number: one that was made lately, or a new one.
    pub(super) async fn encoded(
        &self,
        (found, name): (&Found, TrackName),
        (film, encoded): (&Film, &Encoded),
        number: usize,
    ) -> Result<Bytes, Error> {
        if encoded.order(number).is_none() {
            return Err(Error::NotFound);
        }
        let key = (found.entry.id, name, number);
        self.hls.sounds.get(key, async || self.encode(found, (film, encoded), number).await).await
    }

    async fn encode(&self, found: &Found, (film, encoded): (&Film, &Encoded), number: usize) -> Result<Bytes, Error> {
        let ffmpeg = self.hls.ffmpeg.as_ref().ok_or_else(|| {
            Error::NotHls("cannot: this sound must become AAC, and there is no ffmpeg on the server".to_owned())
        })?;
        let order = encoded.order(number).ok_or(Error::NotFound)?;
        if is_too_long(&order) {
            let why = format!("cannot: a segment of this sound is longer than {MOST_SECONDS} s, as its key frames are");
            return Err(Error::NotHls(why));
        }
        let aac = tools::Aac {
            sample_rate: order.sample_rate,
            channels: order.channels,
            first_sample: order.first_sample,
            samples: order.samples,
        };
        let turn = ffmpeg.turn().ok_or(Error::Busy { retry_after: tools::BUSY_FOR })?;
        // While Telegram is waited for nobody's turn passes.
        let first = self.source(found, (film, encoded), number, 0).await?;
        let turn = turn.await;
        let (sender, input) = mpsc::channel(1);
        let fed = self.feed(found, (film, encoded), number, (first, sender));
        let (made, fed) = tokio::join!(ffmpeg.aac(turn, aac, input), fed);
        // When the film cannot be read the encoder has too little: that is the reason, and its complaint is not.
        fed?;
        let made = made.map_err(|error| match error {
            // The film came too slowly, or too many others are at work.
            tools::Error::TooLong(_) => Error::Busy { retry_after: tools::BUSY_FOR },
            error => Error::NotEncoded(error.to_string()),
        })?;
        let whole = encoded.segment(number, &made.into());
        whole.ok_or_else(|| Error::NotEncoded("ffmpeg made too little of it".to_owned()))
    }

    /// What reads the film's own sound. When it returns, the first bytes are there.
    async fn source(
        &self,
        found: &Found,
        (film, encoded): (&Film, &Encoded),
        number: usize,
        earlier: usize,
    ) -> Result<(SegmentMaker, Option<Reading>), Error> {
        let maker = encoded.source(film, number, earlier).ok_or(Error::NotFound)?;
        let reading = Reading::begin(self, found, &maker).await?;
        Ok((maker, reading))
    }

    /// Hands the film's own sound to the encoder, until it wants no more.
    async fn feed(
        &self,
        found: &Found,
        (film, encoded): (&Film, &Encoded),
        number: usize,
        (first, sender): ((SegmentMaker, Option<Reading>), mpsc::Sender<Bytes>),
    ) -> Result<(), Error> {
        let order = encoded.order(number).ok_or(Error::NotFound)?;
        let wanted_ns = i128::from(order.first_sample) * 1_000_000_000 / i128::from(order.sample_rate);
        let init = rewrap::init_segment(&film.tracks[encoded.source_track()]);
        if sender.send(init).await.is_err() {
            return Ok(());
        }
        let mut first = Some(first);
        for earlier in 0..=EARLIER.min(number) {
            let (mut maker, mut reading) = match first.take() {
                Some(first) => first,
                None => self.source(found, (film, encoded), number, earlier).await?,
            };
            let is_last = earlier == EARLIER.min(number);
            loop {
                let is_missed = match maker.begins_ns() {
                    Some(begins) => i128::from(begins) > wanted_ns + i128::from(LATE_NS),
                    // All of it was read, and it stands further in front as a whole.
                    None => maker.wants().is_none(),
                };
                if is_missed && !is_last {
                    break;
                }
                while let Some(piece) = maker.pop() {
                    // Before the first frame there is nothing but a head, which every try has.
                    if sender.send(piece).await.is_err() {
                        return Ok(());
                    }
                }
                match &mut reading {
                    Some(reading) if maker.wants().is_some() => reading.feed(&mut maker).await?,
                    _ => return Ok(()),
                }
            }
        }
        Ok(())
    }
}

fn is_too_long(order: &Order) -> bool {
    order.samples > MOST_SECONDS * u64::from(order.sample_rate)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_segment_of_minutes_is_refused() {
        let order = |samples| Order { sample_rate: 48_000, channels: 2, first_sample: 0, samples };
        for (samples, expected) in [(6 * 48_000, false), (300 * 48_000, false), (301 * 48_000, true)] {
            assert_eq!(is_too_long(&order(samples)), expected, "{samples}");
        }
    }
}
