// SPDX-License-Identifier: Apache-2.0
using System.Collections.Immutable;
using System.Security.Cryptography;
using TokenLedger.Core;
using TokenLedger.Core.Codec;
using TokenLedger.Core.Consensus;

namespace TokenLedger.Storage.Guards;

/// <summary>
/// What a guard knows: for which network and key, how far was signed, and what was signed last. Immutable.
/// </summary>
/// <param name="GenesisHash">The network.</param>
/// <param name="VoteKey">Address of the key that it guards.</param>
/// <param name="Doubt">Why nothing may be signed; <see cref="GuardDoubt.None"/> when it may.</param>
/// <param name="Watermark">
/// The highest position released. What is not above it is released only if it was before.
/// </param>
/// <param name="Released">
/// The last subjects released, oldest first, at most <see cref="Limits.GuardReleasedVotes"/>: votes that are
/// said again after a restart.
/// </param>
/// <remarks>
/// Its bytes, integers big-endian:
/// <code>
/// offset  bytes
///      0      8  "TLGUARD1": the format and its version
///      8      1  doubt (GuardDoubt)
///      9     32  genesis hash
///     41     20  address of the vote key
///     61      8  watermark: epoch
///     69      8  watermark: view
///     77      1  watermark: rank, 0 or 1
///     78      4  number n of released subjects
///     82   49 n  the subjects, canonical (Core's FORMAT.md), oldest first, none above the watermark
///   82+49n   32  SHA-256 of everything before
/// </code>
/// </remarks>
public sealed record GuardState(
    Hash256 GenesisHash,
    Address VoteKey,
    GuardDoubt Doubt,
    GuardPosition Watermark,
    ImmutableArray<VoteSubject> Released)
{
    /// <summary>The most bytes that the form takes.</summary>
    public const int MaxBytes = FixedBytes + (Limits.GuardReleasedVotes * VoteSubject.Size);

    private const int FixedBytes = 82 + SHA256.HashSizeInBytes;

    private static ReadOnlySpan<byte> Magic => "TLGUARD1"u8;

    /// <summary>What the creation of a network writes: a key that has signed nothing.</summary>
    public static GuardState Initial(in Hash256 genesisHash, in Address voteKey) =>
        new(genesisHash, voteKey, GuardDoubt.None, default, []);

    /// <summary>The bytes above.</summary>
    public byte[] Encode()
    {
        var writer = new CanonicalWriter(MaxBytes);
        writer.Fixed(Magic, Magic.Length);
        writer.U8((byte)Doubt);
        writer.Hash(GenesisHash);
        writer.Address(VoteKey);
        writer.U64(Watermark.Epoch.Value);
        writer.U64(Watermark.View.Value);
        writer.U8(Watermark.Rank);
        writer.List(Released, static (to, subject) => subject.Write(to));
        writer.Fixed(SHA256.HashData(writer.Written), SHA256.HashSizeInBytes);
        return writer.ToArray();
    }

    /// <summary>Reads the bytes above.</summary>
    /// <exception cref="CanonicalFormatException">They are not those of a guard, or not whole.</exception>
    public static GuardState Decode(ReadOnlySpan<byte> bytes)
    {
        if (bytes.Length < FixedBytes
            || !SHA256.HashData(bytes[..^SHA256.HashSizeInBytes]).AsSpan().SequenceEqual(
                bytes[^SHA256.HashSizeInBytes..]))
        {
            throw new CanonicalFormatException("The guard's checksum does not hold.");
        }

        var reader = new CanonicalReader(bytes[..^SHA256.HashSizeInBytes]);
        if (!reader.Fixed(Magic.Length).SequenceEqual(Magic))
        {
            throw new CanonicalFormatException("This is no guard of a version that is known here.");
        }

        byte doubt = reader.U8();
        var state = new GuardState(
            reader.Hash(),
            reader.Address(),
            (GuardDoubt)doubt,
            new GuardPosition(new Epoch(reader.U64()), new View(reader.U64()), reader.U8()),
            reader.List(Limits.GuardReleasedVotes, VoteSubject.Read));
        reader.End();
        bool right = state.Doubt <= GuardDoubt.Ordered
            && state.Watermark.Rank <= 1
            && state.Released.All(subject => GuardPosition.Of(subject) <= state.Watermark);
        return right ? state : throw new CanonicalFormatException("The guard contradicts itself.");
    }

    /// <summary>
    /// Joins what two files say of one key, as it moves from one to the other: the higher watermark, and what
    /// was released under it.
    /// </summary>
    public static GuardState Join(GuardState a, GuardState b)
    {
        Invariant.Require(
            a.GenesisHash == b.GenesisHash && a.VoteKey == b.VoteKey, "both are of one key and network");
        return a.Watermark >= b.Watermark ? a : b;
    }
}
