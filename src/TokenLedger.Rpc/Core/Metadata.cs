// SPDX-License-Identifier: Apache-2.0
using System.Collections;
using System.Text;

namespace Grpc.Core;

/// <summary>
/// Headers or trailers of a call: an ordered list of entries, a key may occur more than once. Keys are lower
/// case; a key that ends in <c>-bin</c> has bytes for a value, any other has printable ASCII. Not
/// thread-safe.
/// </summary>
public sealed class Metadata : IList<Metadata.Entry>
{
    /// <summary>What the key of an entry with bytes ends in.</summary>
    public const string BinaryHeaderSuffix = "-bin";

    /// <summary>The read-only list without entries.</summary>
    public static readonly Metadata Empty = new(readOnly: true);

    private readonly List<Entry> _entries = [];
    private readonly bool _readOnly;

    /// <summary>Creates a list without entries.</summary>
    public Metadata()
    {
    }

    private Metadata(bool readOnly) => _readOnly = readOnly;

    /// <inheritdoc/>
    public int Count => _entries.Count;

    /// <inheritdoc/>
    public bool IsReadOnly => _readOnly;

    /// <inheritdoc/>
    public Entry this[int index]
    {
        get => _entries[index];
        set => Writable()[index] = NotNull(value);
    }

    /// <summary>The last entry of this key, in any case of letters; null if there is none.</summary>
    public Entry? Get(string key) =>
        _entries.FindLast(entry => string.Equals(entry.Key, key, StringComparison.OrdinalIgnoreCase));

    /// <summary>The text of the last entry of this key; null if there is none.</summary>
    /// <exception cref="InvalidOperationException">The key is one of bytes.</exception>
    public string? GetValue(string key) => Get(key)?.Value;

    /// <summary>The bytes of the last entry of this key; null if there is none.</summary>
    public byte[]? GetValueBytes(string key) => Get(key)?.ValueBytes;

    /// <summary>All entries of this key, in order.</summary>
    public IEnumerable<Entry> GetAll(string key) =>
        _entries.Where(entry => string.Equals(entry.Key, key, StringComparison.OrdinalIgnoreCase));

    /// <summary>Appends an entry with text.</summary>
    public void Add(string key, string value) => Add(new Entry(key, value));

    /// <summary>Appends an entry with bytes.</summary>
    public void Add(string key, byte[] valueBytes) => Add(new Entry(key, valueBytes));

    /// <inheritdoc/>
    public void Add(Entry item) => Writable().Add(NotNull(item));

    /// <inheritdoc/>
    public void Insert(int index, Entry item) => Writable().Insert(index, NotNull(item));

    /// <inheritdoc/>
    public bool Remove(Entry item) => Writable().Remove(item);

    /// <inheritdoc/>
    public void RemoveAt(int index) => Writable().RemoveAt(index);

    /// <inheritdoc/>
    public void Clear() => Writable().Clear();

    /// <inheritdoc/>
    public bool Contains(Entry item) => _entries.Contains(item);

    /// <inheritdoc/>
    public int IndexOf(Entry item) => _entries.IndexOf(item);

    /// <inheritdoc/>
    public void CopyTo(Entry[] array, int arrayIndex) => _entries.CopyTo(array, arrayIndex);

    /// <inheritdoc/>
    public IEnumerator<Entry> GetEnumerator() => _entries.GetEnumerator();

    IEnumerator IEnumerable.GetEnumerator() => GetEnumerator();

    private static Entry NotNull(Entry entry)
    {
        ArgumentNullException.ThrowIfNull(entry);
        return entry;
    }

    private List<Entry> Writable() =>
        _readOnly ? throw new InvalidOperationException("This metadata is read-only.") : _entries;

    /// <summary>One key with its text or bytes. Immutable.</summary>
    public sealed class Entry
    {
        private readonly string? _text;
        private readonly byte[]? _bytes;

        /// <summary>An entry with text.</summary>
        /// <exception cref="ArgumentException">
        /// The key has other characters than <c>0-9 a-z _ - .</c> or ends in <c>-bin</c>, or the text is not
        /// printable ASCII (which HTTP/2 would refuse later, and which could split a header).
        /// </exception>
        public Entry(string key, string value)
            : this(Normalize(key), value, null)
        {
            ArgumentNullException.ThrowIfNull(value);
            if (IsBinary)
            {
                throw new ArgumentException(
                    "A key that ends in -bin needs bytes for its value.", nameof(key));
            }

            if (value.AsSpan().ContainsAnyExceptInRange(' ', '~'))
            {
                throw new ArgumentException(
                    "A text value must be printable ASCII; use a -bin key.", nameof(value));
            }
        }

        /// <summary>An entry with bytes, which are copied.</summary>
        /// <exception cref="ArgumentException">
        /// The key does not end in <c>-bin</c>, or is not valid.
        /// </exception>
        public Entry(string key, byte[] valueBytes)
            : this(Normalize(key), null, (byte[])NotNullBytes(valueBytes).Clone())
        {
            if (!IsBinary)
            {
                throw new ArgumentException("The key of an entry with bytes must end in -bin.", nameof(key));
            }
        }

        private Entry(string key, string? text, byte[]? bytes)
        {
            Key = key;
            _text = text;
            _bytes = bytes;
        }

        /// <summary>The key, in lower case.</summary>
        public string Key { get; }

        /// <summary>Whether the value is bytes.</summary>
        public bool IsBinary => Key.EndsWith(BinaryHeaderSuffix, StringComparison.Ordinal);

        /// <summary>The text.</summary>
        /// <exception cref="InvalidOperationException">The value is bytes.</exception>
        public string Value =>
            _text ?? throw new InvalidOperationException("The value of this entry is bytes.");

        /// <summary>The bytes, or the ASCII bytes of the text; a new array each time.</summary>
        public byte[] ValueBytes => _bytes is null ? Encoding.ASCII.GetBytes(_text!) : (byte[])_bytes.Clone();

        /// <inheritdoc/>
        public override string ToString() => IsBinary
            ? $"[Entry: key={Key}, valueBytes={Convert.ToHexString(_bytes!)}]"
            : $"[Entry: key={Key}, value={_text}]";

        /// <summary>
        /// An entry as the peer sent it: HTTP has checked the key, and the text is taken as it is.
        /// </summary>
        internal static Entry FromWire(string key, string text) => new(key, text, null);

        /// <summary>An entry as the peer sent it, with bytes that the entry may keep.</summary>
        internal static Entry FromWire(string key, byte[] bytes) => new(key, null, bytes);

        private static byte[] NotNullBytes(byte[] bytes)
        {
            ArgumentNullException.ThrowIfNull(bytes);
            return bytes;
        }

        private static string Normalize(string key)
        {
            ArgumentException.ThrowIfNullOrEmpty(key);
            foreach (var c in key)
            {
                if (!char.IsAsciiLetterOrDigit(c) && c is not ('_' or '-' or '.'))
                {
                    throw new ArgumentException($"'{key}' is no valid metadata key.", nameof(key));
                }
            }

            return key.ToLowerInvariant();
        }
    }
}
