// SPDX-License-Identifier: Apache-2.0
namespace TokenLedger.Execution;

/// <summary>
/// Equality of keys by content, so that a dictionary can be asked with a span. The hash is seeded anew in
/// every process, so keys cannot be chosen to collide; for the same reason nothing may enumerate by it.
/// </summary>
internal sealed class ByteSequenceComparer
    : IEqualityComparer<byte[]>, IAlternateEqualityComparer<ReadOnlySpan<byte>, byte[]>
{
    public static readonly ByteSequenceComparer Instance = new();

    public bool Equals(byte[]? x, byte[]? y) => x.AsSpan().SequenceEqual(y);

    public int GetHashCode(byte[] obj) => GetHashCode(obj.AsSpan());

    public byte[] Create(ReadOnlySpan<byte> alternate) => alternate.ToArray();

    public bool Equals(ReadOnlySpan<byte> alternate, byte[] other) => alternate.SequenceEqual(other);

    public int GetHashCode(ReadOnlySpan<byte> alternate)
    {
        var hash = default(HashCode);
        hash.AddBytes(alternate);
        return hash.ToHashCode();
    }
}
