//! Records: a number, a length, and so many bytes.

/// Bytes a record holds at most; what is longer goes on in CONTINUE records.
pub(crate) const MOST: usize = 8_224;

/// Records one after the other.
#[derive(Debug, Default)]
pub(crate) struct Records {
    bytes: Vec<u8>,
}

/// The fields of one record, little end first.
#[derive(Debug, Default)]
pub(crate) struct Fields(pub(crate) Vec<u8>);

impl Records {
    /// One more record.
    pub(crate) fn put(&mut self, number: u16, fields: &[u8]) {
        let fields = fields.get(..MOST).unwrap_or(fields);
        self.bytes.extend_from_slice(&number.to_le_bytes());
        let length = u16::try_from(fields.len()).unwrap_or(u16::MAX);
        self.bytes.extend_from_slice(&length.to_le_bytes());
        self.bytes.extend_from_slice(fields);
    }

    /// One of fields that are all two bytes wide.
    pub(crate) fn words(&mut self, number: u16, words: &[u16]) {
        let fields: Vec<u8> = words.iter().flat_map(|word| word.to_le_bytes()).collect();
        self.put(number, &fields);
    }

    pub(crate) fn finish(self) -> Vec<u8> {
        self.bytes
    }
}

impl Fields {
    pub(crate) fn byte(mut self, byte: u8) -> Self {
        self.0.push(byte);
        self
    }

    pub(crate) fn word(mut self, word: u16) -> Self {
        self.0.extend_from_slice(&word.to_le_bytes());
        self
    }

    pub(crate) fn words(mut self, words: &[u16]) -> Self {
        for word in words {
            self = self.word(*word);
        }
        self
    }

    pub(crate) fn long(mut self, long: u32) -> Self {
        self.0.extend_from_slice(&long.to_le_bytes());
        self
    }

    pub(crate) fn float(mut self, float: f64) -> Self {
        self.0.extend_from_slice(&float.to_le_bytes());
        self
    }

    pub(crate) fn bytes(mut self, bytes: &[u8]) -> Self {
        self.0.extend_from_slice(bytes);
        self
    }
}
