//! A segment of a sound that is encoded anew: the film's own sound goes into ffmpeg as fMP4, AAC comes out. Nothing runs on from one segment to the next, so that a segment
//! is the same for everybody, and one that was left is nobody's.

use bytes::Bytes;
use rewrap::{Encoded, Film};
use tokio::sync::mpsc;

use super::reading::Reading;
use crate::adapters::tools;
use crate::flows::playback::{Error, Found, Playback};
use crate::protocols::playlist::TrackName;

/// A sound that stands in front of its picture is looked for so many segments further in front.
const EARLIER: usize = 1;
/// A first sound that comes so much later than wanted was left behind, or the sound begins there.
const LATE_NS: i64 = 30_000_000;

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
        let aac = tools::Aac {
            sample_rate: order.sample_rate,
            channels: order.channels,
            first_sample: order.first_sample,
            samples: order.samples,
        };
        let turn = ffmpeg.turn().ok_or(Error::Busy { retry_after: tools::BUSY_FOR })?.await;
        let (sender, input) = mpsc::channel(1);
        let (made, fed) = tokio::join!(ffmpeg.aac(turn, aac, input), self.feed(found, (film, encoded), number, sender));
        // When the film cannot be read the encoder has too little: that is the reason, and its complaint is not.
        fed?;
        let made = made.map_err(|error| Error::NotEncoded(error.to_string()))?;
        let whole = encoded.segment(number, &made.into());
        whole.ok_or_else(|| Error::NotEncoded("ffmpeg made too little of it".to_owned()))
    }

    /// Hands the film's own sound to the encoder, until it wants no more.
    async fn feed(
        &self,
        found: &Found,
        (film, encoded): (&Film, &Encoded),
        number: usize,
        sender: mpsc::Sender<Bytes>,
    ) -> Result<(), Error> {
        let order = encoded.order(number).ok_or(Error::NotFound)?;
        let wanted_ns = i128::from(order.first_sample) * 1_000_000_000 / i128::from(order.sample_rate);
        let init = rewrap::init_segment(&film.tracks[encoded.source_track()]);
        if sender.send(init).await.is_err() {
            return Ok(());
        }
        for earlier in 0..=EARLIER.min(number) {
            let Some(mut maker) = encoded.source(film, number, earlier) else { return Err(Error::NotFound) };
            let mut reading = Reading::begin(self, found, &maker).await?;
            let is_last = earlier == EARLIER.min(number);
            loop {
                let begins = maker.begins_ns();
                if !is_last && begins.is_some_and(|begins| i128::from(begins) > wanted_ns + i128::from(LATE_NS)) {
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
